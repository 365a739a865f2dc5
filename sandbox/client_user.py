"""A simulated Telegram user, driven by a test."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import aiohttp

from sandbox.client_view import Answer, Seen, chat_as_text, find_inline, reply_rows
from sandbox.client_wire import Json, Wire


class User:
    """One simulated user."""

    def __init__(self, wire: Wire, user_id: int) -> None:
        self._wire = wire
        self.id = user_id
        self._path = f"/users/{user_id}"
        self._seen = 0

    # Actions

    async def say(self, text: str, *, reply_to: Seen | int | None = None) -> Seen:
        """Send a text."""
        body = {"text": text, "reply_to": _message_id(reply_to)}
        return Seen(await self._wire.post(f"{self._path}/say", body))

    async def start(self, code_or_link: str = "") -> Seen:
        """Press START, or open an invite link."""
        code = code_or_link
        if "start=" in code:
            code = parse_qs(urlsplit(code).query)["start"][0]
        return await self.say(f"/start {code}".strip())

    async def press(
        self,
        button: str,
        *,
        on: Seen | int | None = None,
        wait_s: float | None = None,
        may_be_unanswered: bool = False,
    ) -> Answer:
        """Press a button by its text or callback data.

        Inline: on the newest message that has it, or on the message given; the press must be
        answered, as Telegram wants it, unless the test says otherwise. Below the input: a press
        simply says the button's text.
        """
        chat = await self._chat()
        found = find_inline(chat["messages"], button, _message_id(on))
        if found is None and on is None and any(button in row for row in reply_rows(chat)):
            await self.say(button)
            return Answer({"text": "", "show_alert": False, "url": ""})
        if found is None:
            raise AssertionError(f"no button {button!r} in sight:\n{chat_as_text(chat)}")
        message_id, pressed = found
        if "callback_data" not in pressed:
            raise AssertionError(f"{button!r} opens a link; use `await user.link({button!r})`")
        limit_s = 0.0 if may_be_unanswered and wait_s is None else wait_s
        body = {
            "message_id": message_id,
            "data": pressed["callback_data"],
            "wait_s": self._wire.wait_s if limit_s is None else limit_s,
        }
        answer = (await self._wire.post(f"{self._path}/press", body))["answer"]
        if answer is None and not may_be_unanswered:
            raise AssertionError(f"nobody answered {button!r}:\n{await self.transcript()}")
        return Answer(answer)

    async def send_photo(
        self, content: bytes, caption: str = "", *, name: str = "photo.png"
    ) -> Seen:
        """Send a picture."""
        return await self._send_file("photo", content, name, caption)

    async def send_document(self, content: bytes, name: str, caption: str = "") -> Seen:
        """Send a file."""
        return await self._send_file("document", content, name, caption)

    async def send_album(
        self, *contents: bytes, caption: str = "", reply_to: Seen | int | None = None
    ) -> list[Seen]:
        """Send pictures together."""
        form = aiohttp.FormData({"kind": "photo", "caption": caption})
        form.add_field("reply_to", str(_message_id(reply_to)))
        for number, content in enumerate(contents):
            form.add_field(f"part{number}", content, filename=f"photo{number}.png")
        answer = await self._wire.request("POST", f"{self._path}/albums", data=form)
        return [Seen(raw) for raw in answer["messages"]]

    async def share_story(self) -> Seen:
        """Send a story, which the bot can't copy."""
        return Seen(await self._wire.post(f"{self._path}/story"))

    async def delete(self, message: Seen) -> None:
        """Delete a message for both."""
        await self._wire.request("DELETE", f"{self._path}/messages/{message.id}")

    async def block(self) -> None:
        """Block the bot."""
        await self._wire.post(f"{self._path}/block")

    async def unblock(self) -> None:
        """Unblock the bot."""
        await self._wire.post(f"{self._path}/unblock")

    async def deactivate(self) -> None:
        """Delete the account."""
        await self._wire.post(f"{self._path}/deactivate")

    # Observations

    async def wait_for(self, *parts: str, timeout_s: float | None = None) -> Seen:
        """The bot's next message or edit with all these parts in it, after the last one seen."""
        limit_s = self._wire.wait_s if timeout_s is None else timeout_s
        deadline = _now() + limit_s
        after = self._seen
        while True:
            left_s = max(0.0, deadline - _now())
            answer = await self._wire.get(f"{self._path}/changes", after=after, wait_s=left_s)
            for change in answer["changes"]:
                after = change["revision"]
                if change["kind"] in {"message", "edited"} and change["data"]["message"]["by_bot"]:
                    seen = Seen(change["data"]["message"])
                    if all(part in seen for part in parts):
                        self._seen = after
                        return seen
            if _now() >= deadline:
                break
        wanted = " and ".join(map(repr, parts)) or "any message"
        raise AssertionError(f"waited {limit_s} s for {wanted}:\n{await self.transcript()}")

    async def unseen(self) -> list[Seen]:
        """The bot's messages and edits after the last one seen, without waiting for any."""
        answer = await self._wire.get(f"{self._path}/changes", after=self._seen)
        return [
            Seen(change["data"]["message"])
            for change in answer["changes"]
            if change["kind"] in {"message", "edited"} and change["data"]["message"]["by_bot"]
        ]

    async def skip(self) -> None:
        """Mark everything so far as seen: the next `wait_for` returns only new messages."""
        self._seen = int((await self._chat())["revision"])

    async def messages(self) -> list[Seen]:
        """The whole chat as it is now."""
        return [Seen(raw) for raw in (await self._chat())["messages"]]

    async def last(self) -> Seen:
        """The bot's newest message."""
        found = [seen for seen in await self.messages() if seen.by_bot]
        if not found:
            raise AssertionError("the bot has said nothing")
        return found[-1]

    async def keyboard(self) -> list[list[str]]:
        """The texts of the keyboard below the input, row by row; empty when there is none."""
        return reply_rows(await self._chat())

    async def link(self, button: str, *, on: Seen | int | None = None) -> str:
        """The address behind a link button."""
        chat = await self._chat()
        found = find_inline(chat["messages"], button, _message_id(on))
        if found is None or "url" not in found[1]:
            raise AssertionError(f"no link button {button!r} in sight:\n{chat_as_text(chat)}")
        return str(found[1]["url"])

    async def commands(self) -> list[str]:
        """The commands in this chat's menu."""
        return [str(command["command"]) for command in (await self._chat())["commands"]]

    async def description(self) -> str:
        """The description of the bot in the empty chat."""
        return str((await self._chat())["description"])

    async def download(self, seen: Seen) -> bytes:
        """The content of a picture or file in the chat."""
        return await self._wire.download(f"/sandbox/files/{seen.file_id}")

    async def transcript(self) -> str:
        """The chat as text, for people."""
        return chat_as_text(await self._chat())

    async def profile(self) -> Json:
        """The user's record in the sandbox: started, blocked and so on."""
        return await self._wire.get(self._path)

    async def _chat(self) -> Json:
        return await self._wire.get(f"{self._path}/messages")

    async def _send_file(self, kind: str, content: bytes, name: str, caption: str) -> Seen:
        form = aiohttp.FormData({"kind": kind, "caption": caption})
        form.add_field("file", content, filename=name)
        return Seen(await self._wire.request("POST", f"{self._path}/files", data=form))


def _message_id(given: Seen | int | None) -> int:
    return given.id if isinstance(given, Seen) else given or 0


def _now() -> float:
    return asyncio.get_running_loop().time()
