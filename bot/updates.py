"""Owns what we read of an update: the few fields that anybody here looks at, checked as they come.

The library makes objects of all that Telegram may say, a hundred fields for each message. That was
a quarter of the bot's work, for things that nobody asks for.
"""

from typing import Annotated, Any, TypeAlias

import msgspec

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")

_CONTENT = frozenset(
    {
        "text",
        "animation",
        "audio",
        "checklist",
        "contact",
        "dice",
        "document",
        "game",
        "location",
        "paid_media",
        "photo",
        "poll",
        "sticker",
        "story",
        "venue",
        "video",
        "video_note",
        "voice",
    }
)
"""What a person can send. All else that comes as a message is Telegram's own: a pin, a call."""


UserId: TypeAlias = Annotated[int, msgspec.Meta(gt=0, lt=2**53)]
ChatId: TypeAlias = Annotated[int, msgspec.Meta(gt=-(2**53), lt=2**53)]


class Person(msgspec.Struct, frozen=True):
    """Who caused it. All that they choose themselves is just text."""

    id: UserId
    is_bot: bool = False
    first_name: str = ""
    username: str = ""
    language_code: str = ""


class Chat(msgspec.Struct, frozen=True):
    """Where it happened."""

    id: ChatId
    type: str

    @property
    def is_private(self) -> bool:
        """Whether it is a person's own chat with the bot: the only ones we serve."""
        return self.type == "private"


class Entity(msgspec.Struct, frozen=True):
    """A part of a text that means something. Offset and length count UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str = ""


class Button(msgspec.Struct, frozen=True):
    """A button under a message."""

    callback_data: str = ""


class Buttons(msgspec.Struct, frozen=True):
    """All of them, in rows."""

    inline_keyboard: list[list[Button]] = []


class Message(msgspec.Struct, frozen=True, rename={"from_user": "from"}):
    """A message, of a person or of ours.

    Attributes:
        date: epoch seconds; 0 when Telegram no longer shows us the message.
        media_group_id: the album it is of, if any.
        has_content: whether a person sent it; false for Telegram's own notes in a chat.
    """

    message_id: int
    chat: Chat
    date: int = 0
    from_user: Person | None = None
    text: str = ""
    caption: str = ""
    entities: list[Entity] = []
    media_group_id: str = ""
    reply_to_message: "Message | None" = None
    reply_markup: Buttons | None = None
    has_content: bool = False

    def part(self, entity: Entity) -> str:
        """The part of the text that an entity names."""
        units = self.text.encode("utf-16-le", "surrogatepass")
        part = units[2 * entity.offset : 2 * (entity.offset + entity.length)]
        return part.decode("utf-16-le", "replace")

    @property
    def command(self) -> str:
        """The command it begins with, as `start` or `start@some_bot`; empty if with none."""
        if self.entities:
            first = self.entities[0]
            if first.type == "bot_command" and first.offset == 0:
                return self.text[1 : first.length]
        return ""


class Press(msgspec.Struct, frozen=True, rename={"from_user": "from"}):
    """The press of a button. Its data can be anything: anybody's client may send any."""

    id: str
    from_user: Person
    data: str = ""
    message: Message | None = None


class Member(msgspec.Struct, frozen=True):
    """What somebody is in a chat now."""

    status: str


class Membership(msgspec.Struct, frozen=True, rename={"from_user": "from"}):
    """The bot was blocked, unblocked, or taken into a group."""

    chat: Chat
    from_user: Person
    new_chat_member: Member


class Update(msgspec.Struct, frozen=True):
    """One thing that happened; exactly one of its parts is there."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Press | None = None
    my_chat_member: Membership | None = None

    @property
    def _message(self) -> Message | None:
        return self.message or self.edited_message

    @property
    def person(self) -> Person | None:
        """Who caused it."""
        cause = self._message or self.callback_query or self.my_chat_member
        return cause.from_user if cause is not None else None

    @property
    def chat(self) -> Chat | None:
        """Where it happened; None for buttons under messages that the bot didn't send."""
        where = self._message or self.my_chat_member
        if where is None and self.callback_query is not None:
            where = self.callback_query.message
        return where.chat if where is not None else None


def read_update(raw: dict[str, Any]) -> Update:
    """What Telegram gave, checked.

    Raises:
        msgspec.ValidationError: it is not what the Bot API promises.
    """
    message = raw.get("message")
    if isinstance(message, dict):
        has_content = not _CONTENT.isdisjoint(message)
        raw = raw | {"message": message | {"has_content": has_content}}
    return msgspec.convert(raw, Update)


def kind_of(raw: dict[str, Any]) -> str:
    """Telegram's name for what an update brings: `message`, `callback_query` ..."""
    return next((name for name in raw if name != "update_id"), "nothing")
