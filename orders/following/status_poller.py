"""The status poller: follows accepted orders to their end, and looks again after it.

Orders are asked about in rounds. The next round begins a poll interval after the last one ended, so
nearly all running orders are due together: 2,000 of them cost 20 calls. Whose turn it is stands in
a heap: no round goes through all orders.
"""

import asyncio
import heapq
import logging
import random
import time
from collections.abc import Callable

from ledger import events as e
from ledger.clocks.timestamps import moment_ms
from ledger.ledger import Ledger, LedgerFailed
from ledger.order_status import ENDS
from ledger.state import Order
from orders.alerts import Alert, AlertCode, OnAlert, raise_alert
from orders.following.status_reader import StatusReader
from orders.following.status_reports import StatusReports
from orders.metrics_hooks import OrderHooks
from orders.periodic import Pause, Periodic
from orders.provider_calls import CALL_BACKOFF
from orders.providers.base import BATCH_MAX, CallFailed, StatusAnswer

log = logging.getLogger(__name__)

SLOWEST_POLL_S = 1800.0
AGE_SHARE = 20
"""An order is asked about after a twentieth of its age."""
LATE_LOOKS_S = (600, 3_600, 6 * 3_600, 24 * 3_600)
"""When an order is looked at again, in seconds after its end: providers change ends."""
ROUND_MAX_S = 60.0
"""So often, at least, it is looked whose turn it is."""
QUIET_FAILURES = 5
"""Admins are alerted after this many failed calls in a row."""
QUIET_S = 86_400.0
"""An alert is not repeated within this time, in seconds: a provider may fail every few minutes."""


class StatusPoller:
    """Asks the provider what became of orders, and has it recorded."""

    def __init__(
        self,
        ledger: Ledger,
        reader: StatusReader,
        reports: StatusReports,
        *,
        alert: OnAlert | None = None,
        hooks: OrderHooks | None = None,
        pause: Pause = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Create the poller; `start` starts it.

        Args:
            ledger: the ledger.
            reader: asks the provider.
            reports: records what it says.
            alert: as for the dispatcher, like `hooks`, `pause` and `jitter`.
            hooks: metrics hooks.
            pause: waits for a number of seconds.
            jitter: returns a number from 0 to 1.
            now_s: a clock that nobody sets, in seconds.
        """
        self._ledger = ledger
        self._reader = reader
        self._reports = reports
        self._alert = alert
        self._hooks = hooks or OrderHooks()
        self._jitter = jitter
        self._now_s = now_s
        self._heap: list[tuple[float, str]] = []
        self._due_s: dict[str, float] = {}
        self._failures = 0
        self._quiet_until_s = float("-inf")
        self._task = Periodic("the status poller", self._round, pause)

    @property
    def followed(self) -> int:
        """How many orders are asked about from time to time."""
        return len(self._due_s)

    def start(self) -> None:
        """Follow the orders there are, and new ones.

        The first round comes after a poll interval: a restart asks no sooner.
        """
        self._ledger.follow(self._on_event)
        for order in self._ledger.state.orders.values():
            if order.is_delivering:
                self._schedule(order.order_id, self._poll_s)
            elif order.followed and order.status in ENDS:
                wait_s = self._late_look_s(order)
                # One more look if all of them fell into the time in which nothing ran.
                self._schedule(order.order_id, self._poll_s if wait_s is None else wait_s)
        self._task.start(first_pause_s=self._tick_s())

    async def stop(self) -> None:
        """End it. What is not recorded is asked for again after the next start."""
        await self._task.stop()

    @property
    def _poll_s(self) -> int:
        return self._ledger.state.economy.order_poll_s

    def _tick_s(self) -> float:
        return min(float(self._poll_s), ROUND_MAX_S)

    def _on_event(self, event: e.AnyEvent) -> None:
        match event:
            case e.OrderAccepted(followed=True):
                self._schedule(event.order_id, 0.0)
            case e.OrderEndEvent() | e.OrderCorrected():
                self._schedule(event.order_id, float(max(LATE_LOOKS_S[0], self._poll_s)))
            case _:
                pass

    def _schedule(self, order_id: str, wait_s: float) -> None:
        """Give an order its turn after this time; an earlier plan is dropped."""
        due_s = self._due_s[order_id] = self._now_s() + wait_s
        heapq.heappush(self._heap, (due_s, order_id))

    def _take_due(self) -> list[Order]:
        """The next orders whose turn it is, at most `BATCH_MAX`; they have none planned then."""
        now_s, taken = self._now_s(), list[Order]()
        while self._heap and self._heap[0][0] <= now_s and len(taken) < BATCH_MAX:
            due_s, order_id = heapq.heappop(self._heap)
            if self._due_s.get(order_id) != due_s:
                continue  # There is another plan for it.
            del self._due_s[order_id]
            order = self._ledger.state.orders.get(order_id)
            if order is not None and order.followed:
                taken.append(order)
        return taken

    async def _round(self) -> float:
        """Ask about all whose turn it is. Returns the pause until the next round, in seconds."""
        while orders := self._take_due():
            ids = [order.order_id for order in orders]
            try:
                failed = await self._ask(orders)
            finally:
                for order_id in ids:
                    self._plan_next(order_id)
            if failed is not None:
                return self._after_failure(failed)
        return self._tick_s()

    async def _ask(self, orders: list[Order]) -> CallFailed | None:
        """Ask about these and record the answers; why that failed, if it did."""
        answers = await self._reader.many([order.provider_order_id for order in orders])
        if isinstance(answers, CallFailed):
            return answers
        self._failures = 0
        found = [
            (order.order_id, answers[order.provider_order_id])
            for order in orders
            if order.provider_order_id in answers
        ]
        self._hooks.polled(len(orders), len(orders) - len(found))
        failures = await asyncio.gather(*(self._record(*one) for one in found))
        return next((one for one in failures if one is not None), None)

    async def _record(self, order_id: str, answer: StatusAnswer) -> CallFailed | None:
        """Record an answer. Returns why the provider can't be asked for the others either."""
        try:
            failed = await self._reports.record(order_id, answer)
        except LedgerFailed:
            raise
        except Exception:
            log.exception("Order %s: its status could not be recorded.", order_id)
            return None
        about_the_order = failed is not None and failed.http_status and not failed.retry_after_s
        return None if about_the_order else failed

    def _plan_next(self, order_id: str) -> None:
        order = self._ledger.state.orders.get(order_id)
        if order is None or order_id in self._due_s:
            return  # It has left the memory, or an event has planned it meanwhile.
        if order.is_delivering:
            self._schedule(order_id, self._interval_s(order))
        elif order.status in ENDS:
            wait_s = self._late_look_s(order)
            if wait_s is not None:
                self._schedule(order_id, wait_s)

    def _interval_s(self, order: Order) -> float:
        """How long until an order is asked about again: longer for old ones."""
        age_s = (self._ledger.now_ms() - moment_ms(order.created_at)) / 1000
        return max(float(self._poll_s), min(age_s / AGE_SHARE, SLOWEST_POLL_S))

    def _late_look_s(self, order: Order) -> float | None:
        """How long until the next look at an order that has ended; None: there is none."""
        # Not below zero: a clock that was set back puts no look off for as long.
        since_s = max(0.0, (self._ledger.now_ms() - moment_ms(order.updated_at)) / 1000)
        left_s = (look_s - since_s for look_s in LATE_LOOKS_S if look_s > since_s)
        return max(next(left_s, 0.0), float(self._poll_s)) if since_s < LATE_LOOKS_S[-1] else None

    def _after_failure(self, failed: CallFailed) -> float:
        self._failures += 1
        if self._failures >= QUIET_FAILURES and self._now_s() >= self._quiet_until_s:
            self._quiet_until_s = self._now_s() + QUIET_S
            raise_alert(Alert(AlertCode.ORDERS_NOT_FOLLOWED), self._alert)
        pause_s = CALL_BACKOFF.pause_s(
            self._failures, at_least_s=failed.retry_after_s, jitter=self._jitter()
        )
        return max(pause_s, self._tick_s())
