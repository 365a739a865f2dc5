"""Circuit breaker: stop calling a service that fails, then let one call at a time probe it.

Closed, calls leave freely. `trip` opens it: nothing may leave before `opens_at_s`. Then it is half
open: one call may leave as a probe, and the others wait for its outcome. A successful probe closes
the breaker, a failed one opens it again, for longer each time.

Pure: time is an argument, in seconds of any one clock. What counts as a failure or as a success,
and which call becomes the probe, is decided by its user.
"""

import math
from collections.abc import Callable

from resilience.backoff import Backoff


def no_jitter() -> float:
    """For pauses that need no jitter."""
    return 0.0


class CircuitBreaker:
    """The state of one service, as its callers see it.

    Attributes:
        opens_at_s: when a call may leave: always while closed, after a pause once tripped, never
            while a probe is out.
        pause_s: how long the last pause is; 0 while closed.
        trips: how often it was tripped since it was closed.
    """

    def __init__(self, backoff: Backoff, jitter: Callable[[], float] = no_jitter) -> None:
        """Closed; `jitter` draws a number from 0 to 1 for each pause."""
        self.opens_at_s = -math.inf
        self.pause_s = 0.0
        self.trips = 0
        self._backoff = backoff
        self._jitter = jitter
        self._probe: object = None

    @property
    def is_closed(self) -> bool:
        """Whether calls leave freely."""
        return self.trips == 0

    def trip(self, now_s: float, *, at_least_s: float = 0.0) -> None:
        """Open it, or open it again after a failed probe: each time in a row for longer."""
        self.trips += 1
        self._probe = None
        self.pause_s = self._backoff.pause_s(
            self.trips, at_least_s=at_least_s, jitter=self._jitter()
        )
        self.opens_at_s = now_s + self.pause_s

    def close(self) -> bool:
        """Let calls leave freely; true if it was not closed already."""
        was_open = not self.is_closed
        self.trips = 0
        self._probe = None
        self.pause_s = 0.0
        self.opens_at_s = -math.inf
        return was_open

    def start_probe(self, call: object) -> None:
        """This call leaves as the probe, and no other until its outcome is known."""
        self._probe = call
        self.opens_at_s = math.inf

    def is_probe(self, call: object) -> bool:
        """Whether this call is the probe that is out."""
        return call is self._probe

    def retry_now(self, now_s: float) -> None:
        """Let the next probe leave at once, if it is open: the pause or the last probe is over."""
        if not self.is_closed:
            self._probe = None
            self.opens_at_s = now_s
