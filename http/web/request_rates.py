"""Request rates: how often one person, or one address, may ask.

A rate with a burst, as in a bucket that fills steadily. It is kept as the moment at which the
bucket would be full again (the generic cell rate algorithm), one number for each key.
"""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

KEYS_MAX = 20_000


class RequestRate:
    """A limit for each key.

    Attributes:
        refused: how many requests were refused since the start.
    """

    def __init__(
        self,
        per_s: float,
        burst: int,
        *,
        keys_max: int = KEYS_MAX,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """So many a second, and so many at once. Of too many keys, the longest unused is lost."""
        self.refused = 0
        self._gap_s = 1 / per_s
        self._ahead_max_s = (burst - 1) / per_s
        self._keys_max = keys_max
        self._clock = clock
        self._full_at_s: OrderedDict[object, float] = OrderedDict()

    def wait_s(self, key: object) -> float:
        """Count one request. 0 if it is allowed, else how long to wait; that one isn't counted."""
        now_s = self._clock()
        full_at_s = max(now_s, self._full_at_s.get(key, 0.0))
        wait_s = full_at_s - now_s - self._ahead_max_s
        if wait_s > 0:
            self.refused += 1
            return wait_s
        self._full_at_s[key] = full_at_s + self._gap_s
        self._full_at_s.move_to_end(key)
        if len(self._full_at_s) > self._keys_max:
            self._full_at_s.popitem(last=False)
        return 0.0

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._full_at_s)
