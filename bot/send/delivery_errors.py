"""Delivery errors: was the message refused for good, may it be retried, may it have arrived?"""

from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from bot.send.api_answers import RetryAfter
from bot.send.http_errors import MaybeSent
from ledger import commands as c
from ledger.ledger import Ledger


def is_transient(error: TelegramError) -> bool:
    """Whether a retry may succeed: the connection was lost, or there were too many calls."""
    return (
        isinstance(error, RetryAfter)
        or (isinstance(error, NetworkError) and not isinstance(error, BadRequest))
        # What answered is not Telegram but a login page, for example.
        or type(error) is TelegramError
    )


def may_have_arrived(error: TelegramError) -> bool:
    """Whether the message may have been delivered although the answer was lost."""
    return isinstance(error.__cause__, MaybeSent)


def unreachable_reason(error: TelegramError) -> str:
    """`blocked` or `deactivated` when no message will reach this person; else empty."""
    words = str(error).lower()
    if isinstance(error, Forbidden):
        return "deactivated" if "deactivated" in words else "blocked"
    if isinstance(error, BadRequest) and "chat not found" in words:
        return "blocked"
    return ""


async def note_unreachable(ledger: Ledger, user_id: int, error: TelegramError) -> bool:
    """Record it in the ledger if the error says that a person is unreachable; true if it does."""
    reason = unreachable_reason(error)
    if reason:
        await ledger.execute(c.NoteUnreachable(by="system", user_id=user_id, reason=reason))
    return bool(reason)
