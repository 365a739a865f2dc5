"""Poll watch: how long ago the last poll came back, and whether that is too long.

A poll that fails is noted by the connection's health. This is about polls that don't end, or are
not made: whatever the reason, the bot is deaf then, and has to say so.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from bot.text.connection_texts import POLL_OVERDUE, Problem

log = logging.getLogger(__name__)

POLL_OVERDUE_S = 60.0
"""Twice as long as the longest poll may take."""


class PollWatch:
    """Knows when the last poll came back."""

    def __init__(
        self,
        overdue_s: float = POLL_OVERDUE_S,
        *,
        now_s: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Nothing is overdue before `start`.

        Args:
            overdue_s: how old the last poll may be.
            now_s: a clock that nobody sets.
            pause: waits for a number of seconds.
        """
        self._overdue_s = overdue_s
        self._now_s = now_s
        self._pause = pause
        self._started_s: float | None = None
        self._last_s: float | None = None
        self._is_reported = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """The first poll is about to be made."""
        self._started_s = self._now_s()
        self._task = asyncio.create_task(self._report(), name="watching the polls")

    def stop(self) -> None:
        """No more polls are made."""
        self._started_s = None
        if self._task is not None:
            self._task.cancel()

    def came_back(self) -> None:
        """A poll was answered as Telegram answers."""
        self._last_s = self._now_s()
        if self._is_reported:
            self._is_reported = False
            log.warning("Polls to Telegram come back again.")

    def age_s(self) -> float | None:
        """Seconds since the last poll came back; None if none has."""
        return None if self._last_s is None else self._now_s() - self._last_s

    def problem(self) -> Problem | None:
        """That no poll came back for too long; None if all is well."""
        silent_s = self._silent_s()
        if silent_s <= self._overdue_s:
            return None
        return Problem(POLL_OVERDUE, str(int(silent_s)))

    def _silent_s(self) -> float:
        if self._started_s is None:
            return 0.0
        return self._now_s() - max(self._started_s, self._last_s or self._started_s)

    async def _report(self) -> None:
        """Log it once when polls are overdue, while those who poll wait for them."""
        while True:
            await self._pause(max(self._overdue_s - self._silent_s(), 0.0) + 1.0)
            problem = self.problem()
            if problem is not None and not self._is_reported:
                self._is_reported = True
                log.warning("%s", problem)
