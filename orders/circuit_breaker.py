"""Owns what the desk believes of the provider: all is well, or how long to leave it alone.

Causes that keep an order from being sent (no connection, no funds, too many requests) are the
provider's, not the order's. So the whole desk pauses and then tries with one order at a time;
otherwise every waiting order would try on its own, and fill the log with it.
"""

from collections.abc import Callable

from orders.providers.answers import Answer, NotSent, Unclear

PAUSE_MIN_S = 5.0
PAUSE_MAX_S = 300.0
UNCLEAR_IN_A_ROW_MAX = 3
"""Each unclear order costs a person's time: after so many in a row, one at a time is enough."""
QUIET_TRIES = 5
"""Short troubles pass by themselves: people hear of one that has lasted for so many tries."""
QUIET_MS = 3_600_000
"""The same trouble is not told again within this time, epoch milliseconds."""

MANY_UNCLEAR = "Several orders in a row are unclear. The desk sends more slowly."


class Trouble:
    """The provider's state of health, judged by its answers.

    Attributes:
        reason: what is wrong, in plain words; empty when all is well.
    """

    def __init__(self, jitter: Callable[[], float]) -> None:
        """`jitter` answers a number from 0 to 1."""
        self.reason = ""
        self._jitter = jitter
        self._tries = 0
        self._retry_after_s = 0
        self._unclear_in_a_row = 0
        self._told_at_ms: dict[str, int] = {}

    def pause_s(self) -> float:
        """How long to wait before the next try: 5 seconds, doubling to 5 minutes.

        The jitter makes it up to a quarter longer. A provider that asks for more gets more.
        """
        steps = min(self._tries - 1, 10)
        pause_s = PAUSE_MIN_S * (1 << steps) * (1 + self._jitter() / 4)
        return max(min(pause_s, PAUSE_MAX_S), self._retry_after_s)

    def note(self, answer: Answer, at_ms: int, *, probe: bool) -> str:
        """Learn from an answer; gives what an admin should be told now, mostly nothing.

        Args:
            answer: what became of an order.
            at_ms: now, epoch milliseconds.
            probe: whether the order was the one that is tried in a time of trouble. Others that
                were on their way when it began say nothing about how it goes on.
        """
        self._unclear_in_a_row = self._unclear_in_a_row + 1 if isinstance(answer, Unclear) else 0
        if self.reason and not probe:
            return ""
        if isinstance(answer, NotSent):
            return self._stumble(answer, at_ms)
        if self._unclear_in_a_row >= UNCLEAR_IN_A_ROW_MAX:
            return self._stumble(NotSent(MANY_UNCLEAR, needs_admin=True), at_ms)
        if self._unclear_in_a_row and probe:
            return self._stumble(NotSent(self.reason), at_ms)
        self.reason, self._tries, self._retry_after_s = "", 0, 0
        return ""

    def _stumble(self, cause: NotSent, at_ms: int) -> str:
        self.reason = cause.reason
        self._retry_after_s = cause.retry_after_s
        self._tries += 1
        told_at_ms = self._told_at_ms.get(cause.reason)
        if told_at_ms is not None and 0 <= at_ms - told_at_ms < QUIET_MS:
            return ""
        if not cause.needs_admin and self._tries < QUIET_TRIES:
            return ""
        self._told_at_ms[cause.reason] = at_ms
        return cause.reason
