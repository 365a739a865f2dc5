"""Reconciliation: once a day, our orders and the balance against the provider's.

What it sees: orders that the provider doesn't know, ends and charges that differ, and money that
came or went without an order of ours, such as a top-up.

What it can't see: orders that only the provider has, since there is no list of them. They show as a
balance that differs, and so do unclear orders that arrived. Neither does it see who else spends
from the same account, nor what an order cost whose rate has changed since. The balance is compared
if the last one is known and the log has not grown much while the program was down.
"""

import asyncio
import logging
import random
from collections.abc import Callable

from ledger import commands as c
from ledger.clocks.timestamps import DAY_MS, day_of, to_text
from ledger.event_types.catalogue import Mismatch
from ledger.ledger import Ledger
from ledger.order_status import OrderStatus
from ledger.reason_codes import MismatchCode, ReasonCode
from ledger.state import Order
from orders.following.comparison import TOLERANCE, mismatches
from orders.following.costs import cost_micro, flow_micro
from orders.following.provider_account import ProviderAccount
from orders.following.status_reader import StatusReader
from orders.following.status_reports import StatusReports
from orders.periodic import Pause, Periodic
from orders.provider_calls import CALL_BACKOFF
from orders.providers.base import (
    BATCH_MAX,
    Balance,
    CallFailed,
    OrderReport,
    StatusAnswer,
)

log = logging.getLogger(__name__)

LOOK_S = 600.0
"""How often it is looked whether a new day has begun."""
TRIES_MAX = 3
"""After this many failures in a row, what can't be read is left out."""
LINES_READ_MAX = 50_000
LOOKS_BACK_MS = 2 * DAY_MS
"""How far back a comparison goes at most: as long as orders that ended stay in memory."""


class Found:
    """What a comparison has found so far."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.orders = 0
        self.charged_micro = 0
        self.mismatches: list[Mismatch] = []


class Reconciler:
    """Compares once a UTC day, for the first time when there is a day of orders."""

    def __init__(
        self,
        ledger: Ledger,
        account: ProviderAccount,
        reader: StatusReader,
        reports: StatusReports,
        *,
        pause: Pause = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """`reports` records what the comparison brings to light; the rest is as elsewhere."""
        self._ledger = ledger
        self._account = account
        self._reader = reader
        self._reports = reports
        self._jitter = jitter
        self._failures = 0
        self._flow_at_last: int | None = None
        self._task = Periodic("the reconciliation", self._look, pause)
        self._knows_flow = False

    def start(self) -> None:
        """Begin. The account must follow the orders already."""
        self._task.start()

    async def stop(self) -> None:
        """End it. A comparison that was begun is made again."""
        await self._task.stop()

    async def _look(self) -> float:
        if not self._knows_flow:
            self._flow_at_last = await self._flow_from_log()
            self._knows_flow = True
        if not self._is_due():
            return LOOK_S
        failed = await self._reconcile()
        if failed is None:
            self._failures = 0
            return LOOK_S
        self._failures += 1
        return CALL_BACKOFF.pause_s(
            self._failures, at_least_s=failed.retry_after_s, jitter=self._jitter()
        )

    async def _flow_from_log(self) -> int | None:
        """The account's flow at the last comparison, which was before this start."""
        last = self._ledger.state.books.reconciliation
        if last is None or self._ledger.head.seq - last.seq > LINES_READ_MAX:
            return None
        flow = 0
        async for event in self._ledger.events_after(last.seq):
            flow += flow_micro(self._ledger.state, event)
        # The account has followed exactly these events: see `Ledger.events_after`.
        return self._account.flow_micro - flow

    def _is_due(self) -> bool:
        books, now_ms = self._ledger.state.books, self._ledger.now_ms()
        if books.reconciliation is not None:
            # Not "before today": a clock that ran ahead must not put it off for as long.
            return books.reconciliation.day != day_of(to_text(now_ms))
        return bool(books.order_days) and min(books.order_days) < day_of(to_text(now_ms - DAY_MS))

    async def _reconcile(self) -> CallFailed | None:
        """Compare and record it. Returns why the provider could not be asked.

        Raises:
            LedgerFailed: the log can't be written.
        """
        found = Found()
        recent = self._recent_orders()
        for start in range(0, len(recent), BATCH_MAX):
            failed = await self._compare_orders(recent[start : start + BATCH_MAX], found)
            if failed is not None:
                return failed
        balance = await self._account.read()
        if balance is None and self._failures < TRIES_MAX:
            return self._account.problem or CallFailed(ReasonCode.ANSWER_UNREADABLE)
        if balance is not None:
            found.mismatches += self._balance_mismatch(balance)
        flow_now = self._account.flow_at_reading_micro
        await self._ledger.execute(
            c.NoteReconciled(
                by="system",
                day=day_of(to_text(self._ledger.now_ms())),
                orders=found.orders,
                charged_micro=found.charged_micro,
                balance_micro=balance.amount_micro if balance is not None else None,
                currency=balance.currency if balance is not None else "",
                mismatches=tuple(found.mismatches),
                mismatches_count=len(found.mismatches),
            )
        )
        self._flow_at_last = flow_now if balance is not None else None
        return None

    def _recent_orders(self) -> list[str]:
        """The orders of which anything was heard in the last day. Goes through all of them."""
        since = to_text(self._ledger.now_ms() - LOOKS_BACK_MS)
        return [
            order.order_id
            for order in self._ledger.state.orders.values()
            if order.followed and order.updated_at >= since
        ]

    async def _compare_orders(self, order_ids: list[str], found: Found) -> CallFailed | None:
        orders = self._ledger.state.orders
        known = [orders[one] for one in order_ids if one in orders]
        answers = await self._reader.many([order.provider_order_id for order in known])
        if isinstance(answers, CallFailed):
            return answers
        for order in known:
            answer = await self._settled_answer(order, answers.get(order.provider_order_id))
            if isinstance(answer, CallFailed):
                if not answer.http_status and self._failures < TRIES_MAX:
                    return answer
                continue  # The provider says nothing readable about this one.
            found.orders += 1
            if isinstance(answer, OrderReport):
                found.charged_micro += answer.charge_micro or 0
            found.mismatches += self._differs(order, answer)
        return None

    async def _settled_answer(
        self, order: Order, answer: StatusAnswer | None
    ) -> StatusAnswer | CallFailed:
        """What the provider says of an order, asked again if it differs from what we have."""
        if answer is not None:
            # First, so that only what stays different is listed.
            await self._reports.record(order.order_id, answer)
            if not self._differs(order, answer):
                return answer
        return await self._reader.one(order.provider_order_id)

    def _differs(self, order: Order, answer: StatusAnswer) -> list[Mismatch]:
        balance = self._account.balance
        currency = balance.currency if balance is not None else ""
        return mismatches(self._ledger.state, order, answer, currency)

    def _balance_mismatch(self, balance: Balance) -> list[Mismatch]:
        """Whether the balance is what the last one and our orders since then lead to."""
        last = self._ledger.state.books.reconciliation
        if last is None or last.balance_micro is None or self._flow_at_last is None:
            return []
        flow = self._account.flow_at_reading_micro - self._flow_at_last
        expected = last.balance_micro - flow
        margin = abs(flow) // TOLERANCE + self._in_flight_micro()
        if abs(balance.amount_micro - expected) <= margin:
            return []
        code = MismatchCode.BALANCE_DIFFERS
        return [Mismatch(code, ours_micro=expected, theirs_micro=balance.amount_micro)]

    def _in_flight_micro(self) -> int:
        """The cost of the orders of which nobody can say whether they were charged already."""
        state = self._ledger.state
        return sum(
            cost_micro(state, order) or 0
            for order in state.orders.values()
            if order.status is OrderStatus.SENDING
        )
