"""Owns how the connection to Telegram is, in one sentence, and the pauses after failures."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError

from bot.send.delivery_errors import retry_after_s

log = logging.getLogger(__name__)

PAUSE_FIRST_S = 1.0
PAUSE_MAX_S = 30.0

NO_SENSE = (TelegramError, LookupError, TypeError, ValueError, AttributeError)
"""What PTB raises when a call fails, or when the answer is not the Bot API's: a login page."""

CONFLICT_PAUSE_MAX_S = 5.0
"""Shorter than a quiet poll: of two programs each disturbs the other, and both go on saying so."""

CONFLICT = (
    "Another program uses the same BOT_TOKEN right now, so updates go to either of the two. Stop "
    "the other one."
)
WEBHOOK_SET = (
    "Another program has given Telegram an address of its own for this bot, so no updates come "
    "here. Stop the other one, then start this one again."
)


class Health:
    """What is wrong, if anything."""

    def __init__(
        self,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
        *,
        on_return: Callable[[], None] = lambda: None,
    ) -> None:
        """Not connected yet.

        Args:
            pause: waits for so many seconds before something is tried again.
            on_return: called when Telegram answers again after a failure.
        """
        self.trouble = "The bot is not connected to Telegram yet."
        self._pause = pause
        self._on_return = on_return
        self._failures = 0

    def fine(self) -> None:
        """Telegram has answered."""
        if self._failures:
            log.warning("Telegram answers again.")
            self._on_return()
        self._failures = 0
        self.trouble = ""

    async def failed(self, error: Exception) -> None:
        """Say what is wrong, and pause: longer after each failure in a row."""
        self.trouble = in_words(error)
        log.warning("%s", self.trouble)
        if not isinstance(error, TelegramError):
            log.warning("More of this, as it may be a fault of ours:", exc_info=error)
        pause_s = min(PAUSE_FIRST_S * 2 ** min(self._failures, 10), PAUSE_MAX_S)
        if isinstance(error, Conflict):
            pause_s = min(pause_s, CONFLICT_PAUSE_MAX_S)
        if isinstance(error, RetryAfter):
            pause_s = max(pause_s, retry_after_s(error))
        self._failures += 1
        await self._pause(pause_s)


def in_words(error: Exception) -> str:
    """One sentence for the status page: no token, no address in it."""
    match error:
        case Conflict() if "webhook" in str(error).lower():
            return WEBHOOK_SET
        case Conflict():
            return CONFLICT
        case InvalidToken():
            return (
                "Telegram doesn't know the BOT_TOKEN any more. If @BotFather has given a new one, "
                "set it and start again."
            )
        case RetryAfter():
            return "Telegram asks the bot to wait."
        case BadRequest():
            return f"Telegram refuses what the bot asks for ({error})."
        case _ if type(error) is TelegramError or not isinstance(error, TelegramError):
            return f"What answers at Telegram's address is not Telegram ({type(error).__name__})."
        case _:
            return f"Telegram can't be reached ({type(error).__name__})."
