"""Owns what every handler is given: the collaborators, and what a person is in the midst of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias
from uuid import uuid4

import msgspec
from telegram import CallbackQuery, Message, Update
from telegram.ext import Application, CallbackContext

from bot.telegram_bot import Keyboard, TelegramBot
from bot.video_links import Video
from ledger.book import Ledger
from ledger.projections import State, User


class AskedForLink(msgspec.Struct, frozen=True):
    """Buying: the next message is the video's link."""


class AskedForQuantity(msgspec.Struct, frozen=True):
    """Buying: the next message is how many views."""

    video: Video


class WritingToAdmin(msgspec.Struct, frozen=True):
    """The next message goes to the admins; once sent, only the rest of the same album does."""

    sent_album: str = ""


class AnsweringUser(msgspec.Struct, frozen=True):
    """An admin's next message goes to this person."""

    user_id: int


class SearchingUser(msgspec.Struct, frozen=True):
    """An admin's next message is an id or @username."""


class WritingBroadcast(msgspec.Struct, frozen=True):
    """An admin's next message is for everybody."""


Step: TypeAlias = (
    AskedForLink
    | AskedForQuantity
    | WritingToAdmin
    | AnsweringUser
    | SearchingUser
    | WritingBroadcast
)


def new_referral_code() -> str:
    """8 hex characters; the ledger refuses one that is taken."""
    return uuid4().hex[:8]


def new_order_id() -> str:
    """12 hex characters, as the predecessor's orders had."""
    return uuid4().hex[:12]


@dataclass(slots=True)
class Services:
    """The room's collaborators, passed in by `viewbank`.

    Attributes:
        log_path: `events.jsonl`, from which histories are read.
        ad_url: what the ad button opens.
        ad_key: signs ad sessions.
        steps: what people are in the midst of; only those who are have an entry.
    """

    ledger: Ledger
    log_path: Path
    admin_ids: frozenset[int]
    ad_url: str
    ad_key: bytes
    new_code: Callable[[], str] = new_referral_code
    new_order_id: Callable[[], str] = new_order_id
    steps: dict[int, Step] = field(default_factory=dict)


Bot: TypeAlias = TelegramBot


class Context(CallbackContext[Bot, dict[Any, Any], dict[Any, Any], Services]):
    """What a handler works with. `joined` says whether this very update let the person in."""

    joined: bool = False

    @property
    def services(self) -> Services:
        """The room's collaborators."""
        return self.bot_data

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        return self.bot_data.ledger

    async def books(self) -> State:
        """The state, once all that is in it is on the disk: what may be told to people."""
        await self.ledger.settled()
        return self.ledger.state

    async def reply(self, update: Update, text: str, keyboard: Keyboard | None = None) -> None:
        """Write to the person who caused the update, in their chat with the bot."""
        await self.bot.say(sender_id(update), text, keyboard)

    def is_admin(self, user_id: int) -> bool:
        """Whether this person is one of the admins."""
        return user_id in self.bot_data.admin_ids

    def step_of(self, user_id: int) -> Step | None:
        """What this person is in the midst of."""
        return self.bot_data.steps.get(user_id)

    def go_to(self, user_id: int, step: Step | None) -> None:
        """Let this person be in the midst of something, or of nothing."""
        if step is None:
            self.bot_data.steps.pop(user_id, None)
        else:
            self.bot_data.steps[user_id] = step


BotApplication: TypeAlias = Application[
    Bot, Context, dict[Any, Any], dict[Any, Any], Services, None
]


def sender_id(update: Update) -> int:
    """Who caused the update. Handlers are only given updates that a person caused."""
    assert update.effective_user is not None  # noqa: S101 - the handler table's filters see to it
    return update.effective_user.id


def message_of(update: Update) -> Message:
    """The message of a message update."""
    assert update.message is not None  # noqa: S101 - likewise
    return update.message


def press_of(update: Update) -> tuple[CallbackQuery, list[str]]:
    """The press of a button, and the parts of the button's data."""
    assert update.callback_query is not None  # noqa: S101 - likewise
    return update.callback_query, (update.callback_query.data or "").split(":")


def clean(text: str) -> str:
    """What people typed, as text that any file can hold: half a surrogate pair is replaced."""
    return text.encode("utf-8", "replace").decode()


def name_of(user: User) -> str:
    """How to call a person: their first name, their @username, or their number."""
    return user.first_name or (f"@{user.username}" if user.username else f"User {user.user_id}")
