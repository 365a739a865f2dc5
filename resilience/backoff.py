"""Exponential backoff: how long to wait before the next try, by how many tries have failed.

Pure arithmetic. The caller counts the failures, draws the jitter and does the waiting.
"""

from dataclasses import dataclass

_DOUBLINGS_MAX = 64
"""More of them would overflow a float, and every sensible maximum is reached long before."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses that double from `first_s` up to `max_s`.

    Attributes:
        first_s: the pause after the first failure.
        max_s: no pause is longer, unless the other side asked for more.
        jitter_share: a pause may be this share longer, so that clients don't retry in step.
    """

    first_s: float
    max_s: float
    jitter_share: float = 0.0

    def pause_s(self, failures: int, *, at_least_s: float = 0.0, jitter: float = 0.0) -> float:
        """Seconds to wait after a number of failures in a row.

        Args:
            failures: 1 or more.
            at_least_s: the wait that the other side asked for, as in `Retry-After`. It may
                exceed `max_s`.
            jitter: a random number from 0 to 1.
        """
        doubled_s = self.first_s * 2.0 ** min(failures - 1, _DOUBLINGS_MAX)
        return max(min(doubled_s * (1 + self.jitter_share * jitter), self.max_s), at_least_s)
