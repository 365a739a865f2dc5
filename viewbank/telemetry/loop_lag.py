"""Owns knowing how busy the event loop is: how late it does what was to be done at a set time."""

import asyncio
from collections.abc import Callable

EVERY_S = 0.25


class LoopLag:
    """Looks again and again, from `start` to `stop`."""

    def __init__(self, note: Callable[[float], None], every_s: float = EVERY_S) -> None:
        """`note` is told every `every_s` seconds how late the loop was, in seconds."""
        self._note = note
        self._every_s = every_s
        self._next: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Look at the loop that this is called in."""
        self._wait(asyncio.get_running_loop())

    def stop(self) -> None:
        """Look no more."""
        if self._next is not None:
            self._next.cancel()

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        due_s = loop.time() + self._every_s
        self._next = loop.call_at(due_s, self._look, loop, due_s)

    def _look(self, loop: asyncio.AbstractEventLoop, due_s: float) -> None:
        # A timer may be a tick of the clock early.
        self._note(max(0.0, loop.time() - due_s))
        self._wait(loop)
