"""Updates from Telegram: their types, and the one decoding from bytes, which checks them.

The types have only the fields that the program looks at. python-telegram-bot makes objects of all
that Telegram may say, a hundred fields for each message: that was a quarter of the bot's work.
"""

import re
from typing import Annotated, Any, NamedTuple, TypeAlias

import msgspec

from bot.lenient_json import repaired

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")

UserId: TypeAlias = Annotated[int, msgspec.Meta(gt=0, lt=2**53)]
ChatId: TypeAlias = Annotated[int, msgspec.Meta(gt=-(2**53), lt=2**53)]


class Person(msgspec.Struct, frozen=True):
    """Who caused an update. Everything that people choose themselves is just text."""

    id: UserId
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    username: str = ""
    language_code: str = ""


class Chat(msgspec.Struct, frozen=True):
    """The chat of an update."""

    id: ChatId
    type: str

    @property
    def is_private(self) -> bool:
        """Whether it is a person's own chat with the bot: only those are served."""
        return self.type == "private"


class Entity(msgspec.Struct, frozen=True):
    """A part of a text with a meaning, as a link. Offset and length count UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str = ""


class Button(msgspec.Struct, frozen=True):
    """A button under a message."""

    callback_data: str = ""


class Buttons(msgspec.Struct, frozen=True):
    """The buttons under a message, in rows."""

    inline_keyboard: list[list[Button]] = []


class Message(msgspec.Struct, frozen=True, rename={"from_user": "from"}):
    """A message, a person's or the bot's own.

    Attributes:
        date: epoch seconds; 0 when Telegram no longer shows the message to the bot.
        media_group_id: the album it belongs to, if any.
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

    @property
    def looks_like_command(self) -> bool:
        """Whether it begins as a command does, in whatever alphabet: Telegram marks only a-z."""
        return bool(self.command or _COMMAND.match(self.text))


_COMMAND = re.compile(r"/\w+(?:@\w+)?(?:\s|$)")

_Present: TypeAlias = msgspec.Raw | msgspec.UnsetType
"""Whether something is there; what it is, nobody decodes."""


class NewMessage(Message, frozen=True):
    """A message that was just sent, with what a person can send besides text.

    All else that comes as a message is Telegram's own: a pin, a new group photo.
    """

    animation: _Present = msgspec.UNSET
    audio: _Present = msgspec.UNSET
    checklist: _Present = msgspec.UNSET
    contact: _Present = msgspec.UNSET
    dice: _Present = msgspec.UNSET
    document: _Present = msgspec.UNSET
    game: _Present = msgspec.UNSET
    location: _Present = msgspec.UNSET
    paid_media: _Present = msgspec.UNSET
    photo: _Present = msgspec.UNSET
    poll: _Present = msgspec.UNSET
    sticker: _Present = msgspec.UNSET
    story: _Present = msgspec.UNSET
    venue: _Present = msgspec.UNSET
    video: _Present = msgspec.UNSET
    video_note: _Present = msgspec.UNSET
    voice: _Present = msgspec.UNSET

    @property
    def has_content(self) -> bool:
        """Whether a person sent it; false for Telegram's own notes in a chat."""
        return self.content_kind != ""

    @property
    def content_kind(self) -> str:
        """Telegram's name for what it holds: `text`, `photo`, `story` ...; empty for nothing."""
        if self.text:
            return "text"
        kinds = (kind for kind in _KINDS_OF_CONTENT if getattr(self, kind) is not msgspec.UNSET)
        return next(kinds, "")


_KINDS_OF_CONTENT = sorted(set(NewMessage.__struct_fields__) - set(Message.__struct_fields__))


class Press(msgspec.Struct, frozen=True, rename={"from_user": "from"}):
    """The press of a button. Its data can be anything: a client may send whatever it likes."""

    id: str
    from_user: Person
    data: str = ""
    message: Message | None = None


class Member(msgspec.Struct, frozen=True):
    """Somebody's status in a chat, from now on."""

    status: str


class Membership(msgspec.Struct, frozen=True, rename={"from_user": "from"}):
    """The bot was blocked, unblocked, or added to a group."""

    chat: Chat
    from_user: Person
    new_chat_member: Member


class Update(msgspec.Struct, frozen=True):
    """One thing that happened; exactly one of its parts is there."""

    update_id: int
    message: NewMessage | None = None
    edited_message: Message | None = None
    callback_query: Press | None = None
    my_chat_member: Membership | None = None

    @property
    def kind(self) -> str:
        """Telegram's name for what it brings; `other` if it is nothing that we read."""
        return next((name for name in _KINDS if getattr(self, name) is not None), "other")

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


_KINDS = Update.__struct_fields__[1:]


class UnreadableUpdate(NamedTuple):
    """An update that is not what the Bot API promises. It will never be readable.

    Attributes:
        kind: Telegram's name for what it brings.
        reason: what is wrong with it.
    """

    update_id: int
    kind: str
    reason: str


def decode_update(data: bytes) -> Update | UnreadableUpdate:
    """An update from its JSON, checked. This is the only decoding that it gets.

    Raises:
        ValueError: it is no JSON, or has no number, so it is no update at all.
    """
    try:
        return _decode(data)
    except (ValueError, RecursionError):
        return _decode_repaired(repaired(data))


def _decode_repaired(data: bytes) -> Update | UnreadableUpdate:
    """For what is rare: broken text, and updates that don't fit.

    Raises:
        ValueError: as `decode_update`.
    """
    try:
        return _decode(data)
    except msgspec.ValidationError as error:
        fields: dict[str, Any] = msgspec.json.decode(data, type=dict)
        update_id = fields.pop("update_id", None)
        if type(update_id) is not int:
            raise ValueError("an update has a number, update_id") from None
        return UnreadableUpdate(update_id, next(iter(fields), "nothing"), str(error))


_decode = msgspec.json.Decoder(Update).decode
