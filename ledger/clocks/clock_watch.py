"""Notices when the clock was set: it is compared with one that nobody can set."""

import time
from collections.abc import Callable

from ledger.clocks.timestamps import Clock

STEP_MIN_MS = 2_000
"""Less is what time servers do all the time, gradually. But nothing gradual turns a clock back."""


def uptime_ms() -> int:
    """Milliseconds since the machine was started, its sleep included where the system tells."""
    clock_id = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime_ns(clock_id) // 1_000_000


class ClockWatch:
    """Compares each reading of the clock with the one before, or at first with the newest event.

    What passed between that event and this start is unknown, but it can't have been less than
    nothing.
    """

    def __init__(self, uptime: Clock | None) -> None:
        """`uptime`: the clock that nobody can set; None: a step forward can't be noticed."""
        self._uptime = uptime
        self._last_ms: int | None = None
        self._last_up_ms = 0

    def step_ms(self, now_ms: int, newest_ms: Callable[[], int | None]) -> int:
        """How far the clock was set, negative if back; 0 if it went on as it should.

        Args:
            now_ms: a reading of the clock.
            newest_ms: returns the moment of the newest event.
        """
        up_ms = self._uptime() if self._uptime is not None else None
        last_ms, last_up_ms = self._last_ms, self._last_up_ms
        self._last_ms, self._last_up_ms = now_ms, up_ms or 0
        if last_ms is None:
            last_ms = newest_ms()
        elif up_ms is not None:
            drift_ms = now_ms - last_ms - (up_ms - last_up_ms)
            if abs(drift_ms) >= STEP_MIN_MS:
                return drift_ms
        return 0 if last_ms is None else min(0, now_ms - last_ms)
