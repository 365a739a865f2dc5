"""Our account at the provider: the balance as last read, and how long it lasts."""

import asyncio
import random
from collections.abc import Callable

from ledger import events as e
from ledger.clocks.timestamps import DAY_MS, day_of, to_ms, to_text
from ledger.ledger import Ledger
from ledger.state import State
from orders.alerts import Alert, AlertCode, OnAlert, raise_alert
from orders.following.costs import flow_micro
from orders.periodic import Pause, Periodic
from orders.provider_calls import CALL_BACKOFF, ProviderCalls
from orders.providers.base import Balance, CallFailed, FollowingProvider

EVERY_S = 300.0
FRESH_MS = 60_000
"""Before an order is sent, a balance older than this is read again, in milliseconds."""
RATE_DAYS = 7
LOW_DAYS = 2


class ProviderAccount:
    """Reads the balance every few minutes, and when somebody needs it.

    Attributes:
        balance: as last read; None before that.
        read_at_ms: when that request was begun, in epoch milliseconds; 0 before that.
        problem: why the last call brought nothing; None if it did.
        flow_micro: by how much our orders should have lowered the balance since the start.
        flow_at_reading_micro: that, when the balance was read.
    """

    def __init__(
        self,
        ledger: Ledger,
        provider: FollowingProvider,
        calls: ProviderCalls,
        *,
        alert: OnAlert | None = None,
        pause: Pause = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Use this provider; the other arguments are as for the dispatcher."""
        self.balance: Balance | None = None
        self.read_at_ms = 0
        self.problem: CallFailed | None = None
        self.flow_micro = 0
        self._ledger = ledger
        self._provider = provider
        self._calls = calls
        self._alert = alert
        self._jitter = jitter
        self._lock = asyncio.Lock()
        self._failures = 0
        self._begun = 0
        self._tried_at_ms = 0
        self.flow_at_reading_micro = 0
        self._alerted_at_ms: int | None = None
        self._task = Periodic("the provider's balance", self._refresh, pause)

    def start(self) -> None:
        """Follow the orders, and read the balance from time to time."""
        self._ledger.follow(self._on_event)
        self._task.start()

    async def stop(self) -> None:
        """End it."""
        await self._task.stop()

    @property
    def expected_micro(self) -> int | None:
        """The balance as it should be now: as last read, less what was ordered since."""
        if self.balance is None:
            return None
        return self.balance.amount_micro - (self.flow_micro - self.flow_at_reading_micro)

    async def read(self) -> Balance | None:
        """The balance by a request that is begun from now on; None if it fails.

        Those who ask at the same time share a request.
        """
        begun = self._begun
        async with self._lock:
            if self._begun > begun:
                return self.balance if self.problem is None else None
            return await self._read()

    async def freshen(self) -> None:
        """Read the balance if that was not tried lately; wait for a call that is being made."""
        async with self._lock:
            if not 0 <= self._ledger.now_ms() - self._tried_at_ms < FRESH_MS:
                await self._read()

    def days_left(self, state: State, now_ms: int) -> float | None:
        """How many days the balance lasts at the rate of the last 7 days; None: can't be said."""
        since = day_of(to_text(now_ms - RATE_DAYS * DAY_MS))
        days = {day: one for day, one in state.books.order_days.items() if day >= since}
        charged_micro = sum(one.charged_micro for one in days.values())
        expected_micro = self.expected_micro
        if charged_micro <= 0 or expected_micro is None:
            return None
        span_ms = max(now_ms - to_ms(f"{min(days)}T00:00:00.000Z"), DAY_MS)
        return max(0, expected_micro) * span_ms / (charged_micro * DAY_MS)

    def _on_event(self, event: e.AnyEvent) -> None:
        self.flow_micro += flow_micro(self._ledger.state, event)

    async def _read(self) -> Balance | None:
        self._begun += 1
        begun_at_ms = self._tried_at_ms = self._ledger.now_ms()
        answer = await self._calls.read("balance", self._provider.balance)
        if isinstance(answer, CallFailed):
            self.problem = answer
            self._failures += 1
            return None
        self.balance, self.read_at_ms, self.problem = answer, begun_at_ms, None
        # By the end of the call: what was accepted meanwhile was most likely paid for before.
        self.flow_at_reading_micro = self.flow_micro
        self._failures = 0
        return answer

    async def _refresh(self) -> float:
        await self.read()
        if self.problem is not None:
            return CALL_BACKOFF.pause_s(
                self._failures, at_least_s=self.problem.retry_after_s, jitter=self._jitter()
            )
        self._alert_if_low()
        return EVERY_S

    def _alert_if_low(self) -> None:
        now_ms = self._ledger.now_ms()
        left = self.days_left(self._ledger.state, now_ms)
        if left is None or left >= LOW_DAYS:
            return
        if self._alerted_at_ms is not None and 0 <= now_ms - self._alerted_at_ms < DAY_MS:
            return
        self._alerted_at_ms = now_ms
        raise_alert(Alert(AlertCode.PROVIDER_BALANCE_LOW), self._alert)
