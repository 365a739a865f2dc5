"""What the client shows of messages, answers, calls and orders, and the chat as text."""

from typing import Any

Json = dict[str, Any]


class Seen:
    """A message as it looked when it was seen."""

    def __init__(self, raw: Json) -> None:
        self.raw = raw
        self.id = int(raw["message_id"])
        self.by_bot = bool(raw["by_bot"])
        self.revision = int(raw["revision"])

    @property
    def text(self) -> str:
        """The text, or the caption."""
        return str(self.raw.get("text") or self.raw.get("caption") or "")

    @property
    def is_edited(self) -> bool:
        """Whether its text was changed."""
        return "edit_date" in self.raw

    @property
    def entities(self) -> list[Json]:
        """The formatting of the text or caption."""
        found: list[Json] = self.raw.get("entities") or self.raw.get("caption_entities") or []
        return found

    @property
    def rows(self) -> list[list[Json]]:
        """The inline keyboard, with all fields."""
        found: list[list[Json]] = self.raw.get("reply_markup", {}).get("inline_keyboard", [])
        return found

    @property
    def buttons(self) -> list[list[str]]:
        """The texts of the inline keyboard, row by row."""
        return [[str(button["text"]) for button in row] for row in self.rows]

    @property
    def reply_to(self) -> "Seen | None":
        """The message that it answers."""
        raw = self.raw.get("reply_to_message")
        return Seen({"by_bot": raw["from"]["is_bot"], "revision": 0, **raw}) if raw else None

    @property
    def album(self) -> str:
        """The id of its album; empty if it stands alone."""
        return str(self.raw.get("media_group_id", ""))

    @property
    def document_name(self) -> str:
        """The name of the file; empty when there is none."""
        return str(self.raw.get("document", {}).get("file_name", ""))

    @property
    def file_id(self) -> str:
        """The picture's or file's id."""
        if "document" in self.raw:
            return str(self.raw["document"]["file_id"])
        if "photo" in self.raw:
            return str(self.raw["photo"][-1]["file_id"])
        raise AssertionError(f"no file in {self!r}")

    def __contains__(self, part: str) -> bool:
        """`"points" in seen`: in the text, the caption or the file's name."""
        return part in self.text or part in self.document_name

    def __repr__(self) -> str:
        return f"<{'bot' if self.by_bot else 'person'} #{self.id}: {self.text!r}>"


class Answer:
    """The answer to a button press."""

    def __init__(self, raw: Json | None) -> None:
        self.answered = raw is not None
        self.text = str((raw or {}).get("text", ""))
        self.is_alert = bool((raw or {}).get("show_alert", False))
        self.url = str((raw or {}).get("url", ""))

    def __contains__(self, part: str) -> bool:
        return part in self.text

    def __repr__(self) -> str:
        return f"<{'alert' if self.is_alert else 'toast'}: {self.text!r}>"


class Call:
    """A call that the bot made."""

    def __init__(self, raw: Json) -> None:
        self.number = int(raw["number"])
        self.method = str(raw["method"])
        self.params: Json = raw["params"]
        self.ok = bool(raw.get("ok", True))
        self.code = int(raw.get("code", 0))
        self.description = str(raw.get("description", ""))
        self.result: Any = raw.get("result")

    def __repr__(self) -> str:
        outcome = "ok" if self.ok else f"{self.code} {self.description}"
        return f"<{self.number}. {self.method}({self.params}): {outcome}>"


class Order:
    """An order that the provider accepted."""

    def __init__(self, raw: Json) -> None:
        self.id = int(raw["order"])
        self.video = str(raw["video"])
        self.qty = int(raw["qty"])

    def __repr__(self) -> str:
        return f"<order {self.id}: {self.qty} x {self.video}>"


def chat_as_text(chat: Json) -> str:
    """The whole chat for a person who reads a failed test."""
    name = chat["user"]["first_name"]
    lines = [f"--- chat with {name} ({chat['user']['id']}) ---"]
    for raw in chat["messages"]:
        seen = Seen(raw)
        mark = " (edited)" if seen.is_edited else ""
        file = " [picture]" if "photo" in raw else f" [file {seen.document_name}]"
        file = file if "photo" in raw or "document" in raw else ""
        lines.append(f"{'bot' if seen.by_bot else name} #{seen.id}{mark}:{file} {seen.text}")
        lines += [f"    [{'] ['.join(row)}]" for row in seen.buttons]
    lines += [f"keyboard: [{'] ['.join(row)}]" for row in reply_rows(chat)]
    return "\n".join([*lines, "--- end ---"])


def reply_rows(chat: Json) -> list[list[str]]:
    """The texts of the keyboard below the input."""
    rows = (chat.get("reply_keyboard") or {}).get("keyboard", [])
    return [[str(button["text"]) for button in row] for row in rows]


def find_inline(messages: list[Json], button: str, on: int) -> tuple[int, Json] | None:
    """The newest inline button with this text or data, and the message it is on."""
    for raw in reversed(messages):
        if on and raw["message_id"] != on:
            continue
        for row in Seen(raw).rows:
            for found in row:
                if button in {found["text"], found.get("callback_data")}:
                    return int(raw["message_id"]), found
    return None
