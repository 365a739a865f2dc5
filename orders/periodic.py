"""Work that is repeated in a task, with pauses whose length it says itself."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from ledger.ledger import LedgerFailed

log = logging.getLogger(__name__)

Pause: TypeAlias = Callable[[float], Awaitable[object]]
"""Waits for a number of seconds."""
AFTER_A_FAULT_S = 60.0


class Periodic:
    """A task that works, pauses and works again, until it is stopped or the ledger stops."""

    def __init__(self, name: str, work: Callable[[], Awaitable[float]], pause: Pause) -> None:
        """`work` returns after how many seconds it is to be done again."""
        self._name = name
        self._work = work
        self._pause = pause
        self._task: asyncio.Task[None] | None = None

    def start(self, first_pause_s: float = 0.0) -> None:
        """Start; the first work is done after this many seconds."""
        self._task = asyncio.create_task(self._run(first_pause_s), name=self._name)

    async def stop(self) -> None:
        """End it where it is. Fine before the start, and twice."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self, pause_s: float) -> None:
        try:
            while True:
                if pause_s > 0:
                    await self._pause(pause_s)
                pause_s = await self._once()
        except LedgerFailed:
            log.error("%s ends: the ledger has stopped.", self._name)  # noqa: TRY400

    async def _once(self) -> float:
        try:
            # Above zero, or a work that never waits would block the event loop.
            return max(await self._work(), 0.001)
        except LedgerFailed:
            raise
        except Exception:
            log.exception("%s failed; it goes on after a pause.", self._name)
            return AFTER_A_FAULT_S
