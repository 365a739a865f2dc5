"""The circuit breaker for the order provider: how long to pause, and when to alert an admin.

What keeps an order from being sent (no connection, no funds, too many requests) is a problem of
the provider, not of the order. So all orders wait while one at a time is tried as a probe.
Otherwise every waiting order would be tried by itself, and the log would fill up with attempts.
"""

from collections.abc import Callable
from typing import TypeAlias

from ledger.reason_codes import ReasonCode
from orders.alerts import Alert, AlertCode
from orders.providers.answers import Answer, NotSent, Unclear
from resilience.backoff import Backoff
from resilience.circuit_breaker import CircuitBreaker

PROVIDER_BACKOFF = Backoff(first_s=5.0, max_s=300.0, jitter_share=0.25)
UNCLEAR_IN_A_ROW_MAX = 3
"""Each unclear order costs an admin's time: after this many, orders are sent one at a time."""
QUIET_TRIES = 5
"""An alert is raised after this many failed probes: shorter problems end by themselves."""
QUIET_MS = 3_600_000
"""An alert is not repeated within this time, in milliseconds."""

Cause: TypeAlias = ReasonCode | AlertCode


class ProviderBreaker:
    """The state of the provider, judged by its answers.

    Attributes:
        open_because: why orders wait; None while the breaker is closed and orders flow.
    """

    def __init__(self, jitter: Callable[[], float]) -> None:
        """`jitter` returns a number from 0 to 1."""
        self.open_because: Cause | None = None
        self._breaker = CircuitBreaker(PROVIDER_BACKOFF, jitter)
        self._unclear_in_a_row = 0
        self._alerted_at_ms: dict[Cause, int] = {}

    def pause_s(self) -> float:
        """How long to wait before the next probe: 5 seconds, doubling up to 5 minutes.

        The jitter adds up to a quarter. A provider that asks for a longer pause gets it.
        """
        return self._breaker.pause_s

    def note(self, answer: Answer, at_ms: int, *, probe: bool) -> Alert | None:
        """Learn from an answer. Returns an alert for the admins, if one is due now.

        Args:
            answer: what became of an order.
            at_ms: now, in epoch milliseconds.
            probe: whether the order was sent as a probe. Answers to orders that were in flight
                when the breaker opened say nothing about whether it can close.
        """
        self._unclear_in_a_row = self._unclear_in_a_row + 1 if isinstance(answer, Unclear) else 0
        if self.open_because is not None and not probe:
            return None
        if isinstance(answer, NotSent):
            return self._open(
                answer.reason_code,
                at_ms,
                needs_admin=answer.needs_admin,
                retry_after_s=answer.retry_after_s,
            )
        if self._unclear_in_a_row >= UNCLEAR_IN_A_ROW_MAX:
            return self._open(AlertCode.MANY_UNCLEAR, at_ms, needs_admin=True)
        if self._unclear_in_a_row and self.open_because is not None:
            return self._open(self.open_because, at_ms)
        self.open_because = None
        self._breaker.close()
        return None

    def _open(
        self, cause: Cause, at_ms: int, *, needs_admin: bool = False, retry_after_s: int = 0
    ) -> Alert | None:
        self.open_because = cause
        self._breaker.trip(at_ms / 1000, at_least_s=retry_after_s)
        alerted_at_ms = self._alerted_at_ms.get(cause)
        if alerted_at_ms is not None and 0 <= at_ms - alerted_at_ms < QUIET_MS:
            return None
        if not needs_admin and self._breaker.trips < QUIET_TRIES:
            return None
        self._alerted_at_ms[cause] = at_ms
        return Alert(cause)
