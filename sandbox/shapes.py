"""The objects of the Bot API that the sandbox makes, and what it keeps of each person.

Field names are Telegram's; a field at its default is left out of the JSON, as Telegram does.
"""

from typing import Any, Literal

from msgspec import Struct, field

Json = dict[str, Any]
"""An object that only passes through, such as a validated keyboard."""


class Person(Struct, omit_defaults=True):
    """Telegram's User."""

    id: int
    is_bot: bool
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None

    @property
    def name(self) -> str:
        """First and last name, as clients show it."""
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name

    @property
    def language(self) -> str:
        """The two letters by which Telegram chooses what it shows of a bot: `pt` for `pt-br`."""
        return (self.language_code or "").partition("-")[0]


class Chat(Struct, omit_defaults=True):
    """A private chat, seen from the bot."""

    id: int
    type: str
    first_name: str | None = None
    last_name: str | None = None
    username: str | None = None


class Entity(Struct, omit_defaults=True):
    """A formatted part of a text; offset and length count UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    user: Person | None = None
    language: str | None = None
    custom_emoji_id: str | None = None


class PhotoSize(Struct, omit_defaults=True):
    """One size of a picture."""

    file_id: str
    file_unique_id: str
    width: int
    height: int
    file_size: int | None = None


class Document(Struct, omit_defaults=True):
    """A file sent as it is."""

    file_id: str
    file_unique_id: str
    file_name: str | None = None
    mime_type: str | None = None
    file_size: int | None = None


class Origin(Struct, omit_defaults=True):
    """Where a forwarded message comes from."""

    type: Literal["user"]
    date: int
    sender_user: Person


class Message(Struct, omit_defaults=True, rename={"sender": "from"}):
    """Telegram's Message; `reply_markup` is only ever an inline keyboard.

    `media_group_id` is that of its album. A story stands for all that can't be copied.
    """

    message_id: int
    date: int
    chat: Chat
    sender: Person
    edit_date: int | None = None
    forward_origin: Origin | None = None
    reply_to_message: "Message | None" = None
    text: str | None = None
    entities: list[Entity] = field(default_factory=list)
    photo: list[PhotoSize] = field(default_factory=list)
    document: Document | None = None
    caption: str | None = None
    caption_entities: list[Entity] = field(default_factory=list)
    story: Json | None = None
    media_group_id: str | None = None
    has_protected_content: bool = False
    reply_markup: Json | None = None


class Kept(Struct):
    """A message as the sandbox keeps it."""

    message: Message
    by_bot: bool
    revision: int = 0
    reply_to_id: int = 0
    has_reply_keyboard: bool = False
    """Telegram edits only messages without markup or with an inline keyboard."""


class Account(Struct):
    """A person, and the private chat with the bot."""

    person: Person
    is_admin: bool = False
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    messages: dict[int, Kept] = field(default_factory=dict)
    reply_keyboard: Json | None = None
    """The markup in force below the input, or a force-reply."""

    @property
    def chat(self) -> Chat:
        """The chat as Telegram shows it to the bot."""
        person = self.person
        return Chat(person.id, "private", person.first_name, person.last_name, person.username)


class Channel(Struct):
    """A public channel or group. `statuses`: what people are in it; who isn't there has left."""

    id: int
    name: str
    bot_is_admin: bool = True
    statuses: dict[int, str] = field(default_factory=dict)
    still_in: list[int] = field(default_factory=list)
    """Of those who are `restricted`: who is a member all the same."""


class Callback(Struct):
    """A press of an inline button, until and after its answer."""

    id: str
    user_id: int
    message_id: int
    data: str
    at: float
    answer: Json | None = None


class StoredFile(Struct):
    """An uploaded file, or an address that the bot gave instead (never fetched)."""

    file_id: str
    unique_id: str
    kind: Literal["photo", "document"]
    name: str
    mime: str
    content: bytes = b""
    source_url: str = ""
    width: int = 0
    height: int = 0

    @property
    def path(self) -> str:
        """What getFile names, to be put behind /file/bot<token>/."""
        return f"{self.kind}s/{self.unique_id}/{self.name}"
