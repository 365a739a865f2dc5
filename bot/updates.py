"""Updates from Telegram: their types, and the one decoding from bytes, which checks them.

The types have only the fields that the program looks at. python-telegram-bot makes objects of all
that Telegram may say, a hundred fields for each message: that was a quarter of the bot's work.
"""

import re
from typing import Annotated, Any, NamedTuple, TypeAlias

import msgspec

from bot.lenient_json import repaired
from ledger.untrusted.typed_text import cleaned
from ledger.untrusted.untrusted_json import RepeatedKey, repeats_a_key

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
    caption_entities: list[Entity] = []
    media_group_id: str = ""
    reply_to_message: "Message | None" = None
    reply_markup: Buttons | None = None

    @property
    def text_with_links(self) -> str:
        """The text or caption, with the links that Telegram has marked in it.

        The address behind a linked text replaces the text, whatever that says: the address is what
        a tap opens. A marked link is separated from the words before it, and gets a scheme.
        """
        text, entities = self.text, self.entities
        if not text:
            text, entities = self.caption, self.caption_entities
        links = [entity for entity in entities if entity.type in {"text_link", "url"}]
        return _with_links(text, links) if links else text

    @property
    def command(self) -> str:
        """The command it begins with, as `start` or `start@some_bot`; empty if with none."""
        if self.entities:
            first = self.entities[0]
            begin, end = first.offset, first.offset + first.length
            # Pasted text can have a mark in front that nobody sees.
            if first.type == "bot_command" and (begin == 0 or not cleaned(self.text[:begin])):
                return self.text[begin + 1 : end]
        return ""

    @property
    def looks_like_command(self) -> bool:
        """Whether it begins as a command does, in whatever alphabet: Telegram marks only a-z."""
        return bool(self.command or _COMMAND.match(self.text))


_COMMAND = re.compile(r"/\w+(?:@\w+)?(?:\s|$)")

_HAS_SCHEME = re.compile(r"[^/?#.]*:", re.DOTALL)


def _with_links(text: str, links: list[Entity]) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    parts: list[str] = []
    done = 0
    for link in sorted(links, key=lambda entity: entity.offset):
        begin, end = 2 * link.offset, 2 * (link.offset + link.length)
        if not done <= begin < end <= len(units):
            continue  # inside the one before it, or not in the text at all
        shown = _decoded(units[begin:end])
        parts.append(_decoded(units[done:begin]))
        if link.type == "text_link":
            parts.append(f" {link.url} ")
        else:
            # What follows stays where it is: the mark leaves out an id's last `-` or `_`.
            parts.append(f" {shown}" if _HAS_SCHEME.match(shown) else f" https://{shown}")
        done = end
    return "".join([*parts, _decoded(units[done:])])


def _decoded(units: bytes) -> str:
    return units.decode("utf-16-le", "replace")


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
        update = _decode(data)
        if not repeats_a_key(data):
            return update
    except (ValueError, RecursionError):
        pass
    try:
        return _decode_repaired(repaired(data))
    except RepeatedKey as error:
        return _ambiguous(error)


def _ambiguous(error: RepeatedKey) -> UnreadableUpdate:
    """For an update with a key twice. If that is its number, the smaller one skips no other update.

    Raises:
        ValueError: as `decode_update`.
    """
    outermost = error.outermost
    numbers = [value for key, value in outermost if key == "update_id" and type(value) is int]
    if not numbers:
        raise ValueError("an update has a number, update_id") from None
    kinds = (key for key, _ in outermost if key != "update_id")
    return UnreadableUpdate(min(numbers), next(kinds, "nothing"), str(error))


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
