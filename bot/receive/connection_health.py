"""Health of the connection to Telegram: what is wrong with it, and how long to back off."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError

from bot.send.api_answers import RetryAfter
from bot.text.connection_texts import (
    ASKED_TO_WAIT,
    CONFLICT,
    NOT_CONNECTED,
    NOT_TELEGRAM,
    REFUSED,
    TOKEN_UNKNOWN,
    UNREACHABLE,
    WEBHOOK_SET,
    Problem,
)
from resilience.backoff import Backoff

log = logging.getLogger(__name__)

RECONNECT_BACKOFF = Backoff(first_s=1.0, max_s=30.0)
CONFLICT_PAUSE_MAX_S = 5.0
"""Shorter than a quiet poll: of two programs each disturbs the other, and both go on saying so."""
ASKED_PAUSE_MAX_S = 300.0
"""A pause that Telegram asks for is believed up to here: a mistake must not end the polling."""


class ConnectionHealth:
    """What is wrong with the connection, if anything.

    Attributes:
        problem: what is wrong, for the status page; None if nothing is.
    """

    def __init__(
        self,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
        *,
        on_return: Callable[[], None] = lambda: None,
    ) -> None:
        """Not connected yet.

        Args:
            pause: waits for a number of seconds before something is retried.
            on_return: called when Telegram answers again after a failure.
        """
        self.problem: Problem | None = NOT_CONNECTED
        self._pause = pause
        self._on_return = on_return
        self._failures = 0

    def succeeded(self) -> None:
        """Telegram has answered."""
        if self._failures:
            log.warning("Telegram answers again.")
            self._on_return()
        self._failures = 0
        self.problem = None

    async def failed(self, error: Exception) -> None:
        """Note what is wrong, and pause: longer after each failure in a row."""
        self.problem = problem_of(error)
        log.warning("%s", self.problem)
        if not isinstance(error, TelegramError):
            log.warning("More of this, as it may be a fault of ours:", exc_info=error)
        self._failures += 1
        asked_s = min(error.wait_s, ASKED_PAUSE_MAX_S) if isinstance(error, RetryAfter) else 0.0
        pause_s = RECONNECT_BACKOFF.pause_s(self._failures, at_least_s=asked_s)
        if isinstance(error, Conflict):
            pause_s = min(pause_s, CONFLICT_PAUSE_MAX_S)
        await self._pause(pause_s)


def problem_of(error: Exception) -> Problem:
    """What an error means for the connection."""
    match error:
        case Conflict() if "webhook" in str(error).lower():
            return WEBHOOK_SET
        case Conflict():
            return CONFLICT
        case InvalidToken():
            return TOKEN_UNKNOWN
        case RetryAfter():
            return ASKED_TO_WAIT
        case BadRequest():
            return Problem(REFUSED, str(error))
        case _ if type(error) is TelegramError or not isinstance(error, TelegramError):
            return Problem(NOT_TELEGRAM, type(error).__name__)
        case _:
            return Problem(UNREACHABLE, type(error).__name__)
