"""Flood meter: who sends faster than can be answered?

A flood is a rate, by the moments at which things were sent, not a number of updates that wait: they
may have waited at Telegram together, while the program was down.
"""

from collections.abc import Hashable

from bot.send.rate_limits import TELEGRAM_LIMITS, RateLimits

BURST = 30
"""So many updates of one person may come at once; the largest album has ten."""
PER_MESSAGE = 2
"""Then twice as many as messages to one chat may leave, because some taps are answered without."""
SWEEP_MIN = 1024


class FloodMeter:
    """A token bucket for each sender, stored as one number: when it will be full again.

    Full buckets are forgotten, so memory is bounded by how many send within half a minute.
    """

    def __init__(self, limits: RateLimits = TELEGRAM_LIMITS) -> None:
        """Nobody has sent anything. Where messages leave without a limit, nothing is a flood."""
        self._every_s = limits.chat_every_s / PER_MESSAGE
        self._full_at_s: dict[Hashable, float] = {}
        self._sweep_at = SWEEP_MIN
        self._newest_s = 0.0

    def __len__(self) -> int:
        """How many senders are remembered."""
        return len(self._full_at_s)

    def accepts(self, sender: Hashable, sent_at_s: float) -> bool:
        """Count one update, unless it is too much.

        Args:
            sender: whose it is. One sender's moments are all of the same clock.
            sent_at_s: when it was sent, in seconds.
        """
        full_at_s = max(self._full_at_s.get(sender, sent_at_s), sent_at_s) + self._every_s
        if full_at_s - sent_at_s > BURST * self._every_s:
            return False
        self._full_at_s[sender] = full_at_s
        self._newest_s = max(self._newest_s, sent_at_s)
        if len(self._full_at_s) >= self._sweep_at:
            self._sweep()
        return True

    def _sweep(self) -> None:
        newest_s = self._newest_s
        self._full_at_s = {who: at_s for who, at_s in self._full_at_s.items() if at_s > newest_s}
        # The next sweep is worth its cost only when as many have been added as were left.
        self._sweep_at = max(2 * len(self._full_at_s), SWEEP_MIN)
