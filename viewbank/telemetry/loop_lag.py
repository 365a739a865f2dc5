"""Event loop lag: how late the loop calls a timer, which says how busy it is."""

import asyncio
from collections.abc import Callable

EVERY_S = 0.25


class LoopLag:
    """Measures in intervals, from `start` to `stop`."""

    def __init__(self, note: Callable[[float], None], every_s: float = EVERY_S) -> None:
        """`note` is called every `every_s` seconds with the lag in seconds."""
        self._note = note
        self._every_s = every_s
        self._next: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Measure the running loop."""
        self._schedule(asyncio.get_running_loop())

    def stop(self) -> None:
        """Measure no more."""
        if self._next is not None:
            self._next.cancel()

    def _schedule(self, loop: asyncio.AbstractEventLoop) -> None:
        due_s = loop.time() + self._every_s
        self._next = loop.call_at(due_s, self._measure, loop, due_s)

    def _measure(self, loop: asyncio.AbstractEventLoop, due_s: float) -> None:
        # A timer may be a tick of the clock early.
        self._note(max(0.0, loop.time() - due_s))
        self._schedule(loop)
