"""The circuit breaker for the order provider: how long to pause, and when to alert an admin.

What keeps an order from being sent (no connection, no funds, too many requests) is a problem of
the provider, not of the order. So all orders wait while one at a time is tried as a probe.
Otherwise every waiting order would be tried by itself, and the log would fill up with attempts.

What one customer can provoke must not make the others wait, though. An order that is held while
another is accepted has a problem of its own, whatever the provider calls it; and unclear orders
of one person alone say nothing about the provider.
"""

from collections.abc import Callable
from typing import TypeAlias

from ledger.reason_codes import ReasonCode
from orders.alerts import Alert, AlertCode
from orders.providers.answers import Accepted, Answer, NotSent, Unclear
from resilience.backoff import Backoff
from resilience.circuit_breaker import CircuitBreaker

PROVIDER_BACKOFF = Backoff(first_s=5.0, max_s=300.0, jitter_share=0.25)
UNCLEAR_IN_A_ROW_MAX = 3
"""Each unclear order costs an admin's time: after this many, orders are sent one at a time."""
QUIET_TRIES = 5
"""An alert is raised after this many failed probes: shorter problems end by themselves."""
QUIET_MS = 86_400_000
"""An alert is not repeated within this time, in milliseconds."""

Cause: TypeAlias = ReasonCode | AlertCode

_MAY_BE_ITS_OWN = frozenset(
    {
        ReasonCode.PROVIDER_FUNDS_EMPTY,
        ReasonCode.PROVIDER_SETTINGS_WRONG,
        ReasonCode.PROVIDER_MAINTENANCE,
    }
)
"""What may be said of one order alone: by the provider, of one that costs more than what is left;
by the program, of one for a service that isn't set up."""


class ProviderBreaker:
    """The state of the provider, judged by its answers.

    Attributes:
        open_because: why orders wait; None while the breaker is closed and orders flow.
    """

    def __init__(self, jitter: Callable[[], float]) -> None:
        """`jitter` returns a number from 0 to 1."""
        self.open_because: Cause | None = None
        self._breaker = CircuitBreaker(PROVIDER_BACKOFF, jitter)
        self._jitter = jitter
        self._unclear_in_a_row = 0
        self._unclear_people: set[int | None] = set()
        self._held: set[str] = set()
        self._own_tries: dict[str, int] = {}
        self._alerted_at_ms: dict[Cause, int] = {}

    def pause_s(self) -> float:
        """How long to wait before the next probe: 5 seconds, doubling up to 5 minutes.

        The jitter adds up to a quarter. A provider that asks for a longer pause gets it.
        """
        return self._breaker.pause_s

    def was_held(self, order_id: str) -> bool:
        """Whether this order has shown what it has to show; another one is the better probe."""
        return order_id in self._held

    def own_pause_s(self, order_id: str) -> float:
        """How long this order waits by itself, 0 if it waits with all others."""
        tries = self._own_tries.get(order_id, 0)
        return PROVIDER_BACKOFF.pause_s(tries, jitter=self._jitter()) if tries else 0.0

    def forget(self, order_id: str) -> None:
        """This order waits no more."""
        self._held.discard(order_id)
        self._own_tries.pop(order_id, None)

    def note(
        self,
        answer: Answer,
        at_ms: int,
        *,
        probe: bool,
        order_id: str = "",
        user_id: int | None = None,
    ) -> Alert | None:
        """Learn from an answer. Returns an alert for the admins, if one is due now.

        Args:
            answer: what became of an order.
            at_ms: now, in epoch milliseconds.
            probe: whether the order was sent as a probe. Answers to orders that were in flight
                when the breaker opened say nothing about whether it can close.
            order_id: the order.
            user_id: whose it is; None counts as somebody else each time.
        """
        self._count_unclear(answer, user_id)
        if self._is_its_own(answer, order_id):
            return None
        if self.open_because is not None and not probe:
            return None
        if isinstance(answer, NotSent):
            return self._open(
                answer.reason_code,
                at_ms,
                needs_admin=answer.needs_admin,
                retry_after_s=answer.retry_after_s,
            )
        if self._many_are_unclear():
            return self._open(AlertCode.MANY_UNCLEAR, at_ms, needs_admin=True)
        if self._unclear_in_a_row and self.open_because is not None:
            return self._open(self.open_because, at_ms)
        self.open_because = None
        self._breaker.close()
        return None

    def _count_unclear(self, answer: Answer, user_id: int | None) -> None:
        if isinstance(answer, Unclear):
            self._unclear_in_a_row += 1
            self._unclear_people.add(user_id)
        else:
            self._unclear_in_a_row = 0
            self._unclear_people.clear()

    def _many_are_unclear(self) -> bool:
        """Whether the last answers were all unclear, and not to one person alone."""
        several = len(self._unclear_people) > 1 or None in self._unclear_people
        return self._unclear_in_a_row >= UNCLEAR_IN_A_ROW_MAX and several

    def _is_its_own(self, answer: Answer, order_id: str) -> bool:
        """Whether an order is held that was held before others were accepted."""
        if isinstance(answer, Accepted):
            for held_id in self._held:
                self._own_tries.setdefault(held_id, 0)
        if not isinstance(answer, NotSent):
            self.forget(order_id)
            return False
        if answer.reason_code not in _MAY_BE_ITS_OWN:
            return False
        self._held.add(order_id)
        if order_id not in self._own_tries:
            return False
        self._own_tries[order_id] += 1
        return True

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
