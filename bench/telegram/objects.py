"""Telegram's objects, as far as the bench's bots get to see them."""

import html
import re
from typing import NamedTuple

import msgspec


class Person(msgspec.Struct, frozen=True):
    """Somebody, or the bot; their private chat with the bot has the same id."""

    id: int
    first_name: str
    username: str
    language_code: str = "en"
    is_bot: bool = False


class Chat(msgspec.Struct, frozen=True):
    """A private chat."""

    id: int
    first_name: str
    type: str = "private"


class Entity(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of a text that is a link, a command, bold ...; counted in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str = ""


class Button(msgspec.Struct, frozen=True):
    """A button under a message; without data if it opens a page."""

    text: str
    callback_data: str = ""


class Keyboard(msgspec.Struct, frozen=True):
    """The buttons under a message. A keyboard below the input has none."""

    inline_keyboard: list[list[Button]] = []


_read_keyboard = msgspec.json.Decoder(Keyboard).decode


class Message(msgspec.Struct, omit_defaults=True):
    """A message, people's or the bot's. `reply_markup`: as the bot gave it."""

    message_id: int
    sender: Person = msgspec.field(name="from")
    chat: Chat
    date: int
    text: str
    entities: list[Entity] = []
    edit_date: int = 0
    reply_markup: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET

    def button(self, prefix: str) -> str:
        """The data of its first button whose data starts with `prefix`; empty if none does."""
        if isinstance(self.reply_markup, msgspec.UnsetType):
            return ""
        rows = _read_keyboard(self.reply_markup).inline_keyboard
        every = (button.callback_data for row in rows for button in row)
        return next((data for data in every if data.startswith(prefix)), "")


class CallbackQuery(msgspec.Struct):
    """A press of a button."""

    id: str
    sender: Person = msgspec.field(name="from")
    message: Message
    data: str
    chat_instance: str = "1"


class Update(msgspec.Struct, omit_defaults=True):
    """What a bot gets from getUpdates."""

    update_id: int
    message: Message | None = None
    callback_query: CallbackQuery | None = None


class Shown(NamedTuple):
    """A text as people see it."""

    text: str
    entities: list[Entity]


_TAG = re.compile(r'<(/?)([a-z-]+)(?: href="([^"]*)")?>')
_KINDS = {"b": "bold", "i": "italic", "code": "code", "a": "text_link"}
_LINK = re.compile(r"https?://\S+")


def rendered(text: str) -> Shown:
    """A bot's HTML as Telegram shows it: the tags become entities."""
    if "<" not in text and "&" not in text:
        return Shown(text, [])
    shown, entities, open_tags = "", [], []
    begin = 0
    for tag in _TAG.finditer(text):
        shown += html.unescape(text[begin : tag.start()])
        begin = tag.end()
        if not tag[1]:
            open_tags.append((tag[2], _units(shown), html.unescape(tag[3] or "")))
            continue
        name, offset, url = open_tags.pop()
        if name != tag[2]:
            raise AssertionError(f"<{name}> ends with </{tag[2]}>")
        entities.append(Entity(_KINDS[name], offset, _units(shown) - offset, url))
    return Shown(shown + html.unescape(text[begin:]), entities)


def typed(text: str) -> Shown:
    """A text that somebody types: Telegram finds commands and links in it."""
    if text.startswith("/"):
        return Shown(text, [Entity("bot_command", 0, len(text.split(" ", 1)[0]))])
    link = _LINK.search(text)
    return Shown(text, [Entity("url", link.start(), len(link[0]))] if link else [])


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
