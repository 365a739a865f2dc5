"""Shutdown: closes the rooms one by one, in reverse order of opening, within a time limit.

A supervisor (Docker, systemd) kills a process that has not ended some seconds after a signal.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

log = logging.getLogger(__name__)

STOP_WITHIN_S = 7.5
"""For all rooms together. Closing the ledger, which is last, and exiting come on top."""
ROOM_WITHIN_S = 2.0


class Shutdown:
    """What is to be closed, and how long that may take."""

    def __init__(self, rooms: AsyncExitStack, within_s: float = STOP_WITHIN_S) -> None:
        """The time limit starts when the first room is closed."""
        self._rooms = rooms
        self._within_s = within_s
        self._deadline_s: float | None = None

    def later(
        self, close: Callable[[], Awaitable[object]], at_most_s: float = ROOM_WITHIN_S
    ) -> None:
        """Have this called at the shutdown, in its turn."""
        self._rooms.push_async_callback(self._close, close, at_most_s)

    def later_cancel(self, task: "asyncio.Task[Any]") -> None:
        """Have a task cancelled at the shutdown, in its turn."""

        async def cancel() -> None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        self.later(cancel)

    async def _close(self, close: Callable[[], Awaitable[object]], at_most_s: float) -> None:
        """Close one room. A failure or a timeout is logged, and the next room is closed.

        No event is lost by that: whatever was answered is durable already.
        """
        now_s = asyncio.get_running_loop().time()
        if self._deadline_s is None:
            self._deadline_s = now_s + self._within_s
        left_s = max(self._deadline_s - now_s, 0.1)
        try:
            async with asyncio.timeout(min(at_most_s, left_s)):
                await close()
        except TimeoutError:
            log.warning("%s did not finish in time; continuing.", _name(close))
        except Exception:
            log.exception("%s failed; continuing.", _name(close))


def _name(close: Callable[[], Awaitable[object]]) -> str:
    return getattr(close, "__qualname__", repr(close))
