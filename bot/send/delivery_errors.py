"""Owns what it means that a message did not arrive."""

from telegram.error import (
    BadRequest,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.send.http_errors import NeverSent
from ledger import commands as c
from ledger.ledger import Ledger

_NEVER_LEFT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"})
"""What httpx, the library's own HTTP client, calls it when there was no connection to send by."""


def is_unreachable(error: TelegramError) -> str:
    """`blocked` or `deactivated` when no message will reach this person; else empty."""
    words = str(error).lower()
    if isinstance(error, Forbidden):
        return "deactivated" if "deactivated" in words else "blocked"
    if isinstance(error, BadRequest) and "chat not found" in words:
        return "blocked"
    return ""


def may_pass(error: TelegramError) -> bool:
    """Whether it is worth trying again: a lost connection, or too much at once."""
    return (
        isinstance(error, RetryAfter)
        or (isinstance(error, NetworkError) and not isinstance(error, BadRequest))
        # What answered is not Telegram: a login page, say.
        or type(error) is TelegramError
    )


def may_have_arrived(error: TelegramError) -> bool:
    """Whether the message may be there although the answer was lost."""
    cause = error.__cause__
    never_left = isinstance(cause, NeverSent) or type(cause).__name__ in _NEVER_LEFT
    return cause is not None and not never_left


def retry_after_s(error: RetryAfter) -> float:
    """How long Telegram asks to wait.

    The public name gives a number or a timedelta, after the environment, and warns of that.
    """
    return error._retry_after.total_seconds()  # noqa: SLF001


async def note_unreachable(ledger: Ledger, user_id: int, error: TelegramError) -> bool:
    """Note it in the ledger if that is what the error says; True if it does."""
    reason = is_unreachable(error)
    if reason:
        await ledger.execute(c.NoteUnreachable(by="system", user_id=user_id, reason=reason))
    return bool(reason)
