"""Owns what it means that a message did not arrive."""

from telegram.error import (
    BadRequest,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from ledger import commands as c
from ledger.book import Ledger

_NEVER_LEFT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout"})
"""What PTB's HTTP client (httpx) calls it when there was no connection to send by."""


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
    return isinstance(error, RetryAfter) or (
        isinstance(error, NetworkError) and not isinstance(error, BadRequest)
    )


def may_have_arrived(error: TelegramError) -> bool:
    """Whether the message may be there although the answer was lost."""
    cause = error.__cause__
    return cause is not None and type(cause).__name__ not in _NEVER_LEFT


def why_not_reached(error: TelegramError) -> str:
    """The same in words for an admin."""
    reasons = {"blocked": "they have blocked the bot", "deactivated": "their account is gone"}
    return reasons.get(is_unreachable(error), str(error))


async def note_unreachable(ledger: Ledger, user_id: int, error: TelegramError) -> bool:
    """Note it in the ledger if that is what the error says; True if it does."""
    reason = is_unreachable(error)
    if reason:
        await ledger.execute(c.NoteUnreachable(by="system", user_id=user_id, reason=reason))
    return bool(reason)
