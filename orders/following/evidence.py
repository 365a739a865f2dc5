"""Evidence about unclear orders: what the provider's side shows, before an admin is asked.

There is no way to ask a panel for an order whose number was lost. But the order costs money: so the
balance is read again, and what other orders cost in between is taken into account. A later
order that the provider refuses because one is running for the same link points to it too. Neither
is proof, and an order is never sent again because of it.
"""

import asyncio
import logging
import random
from collections.abc import Callable

import msgspec

from ledger import commands as c
from ledger import events as e
from ledger.ledger import Ledger, LedgerFailed
from ledger.order_status import OrderStatus
from ledger.state import Order
from orders.following.costs import cost_micro, flow_micro
from orders.following.provider_account import ProviderAccount
from orders.periodic import Pause
from orders.provider_calls import CALL_BACKOFF
from orders.providers.base import Balance

log = logging.getLogger(__name__)

SETTLES_S = 15.0
"""A provider whose connection broke off may take the money a little later."""
TRIES_MAX = 6
"""How often the balance is asked for: with the pauses, for about three minutes."""
LINES_BACK_MAX = 200
LINES_READ_MAX = 50_000


class Before(msgspec.Struct, frozen=True):
    """Our account when an order was sent.

    Attributes:
        balance_micro: the balance as it should have been; None: not known.
        flow_micro: `ProviderAccount.flow_micro` at that moment.
    """

    balance_micro: int | None = None
    flow_micro: int = 0


class EvidenceCollector:
    """Looks at the account before and after each order, and records it if the order is unclear."""

    def __init__(
        self,
        ledger: Ledger,
        account: ProviderAccount,
        *,
        pause: Pause = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """The arguments are as for the dispatcher."""
        self._ledger = ledger
        self._account = account
        self._pause = pause
        self._jitter = jitter
        self._stopping = False
        self._before: dict[str, Before] = {}
        self._refused: set[str] = set()
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self) -> None:
        """Follow the orders; begin with the unclear ones whose evidence is missing.

        To be called before the dispatcher starts: that finds further unclear orders.
        """
        self._ledger.follow(self._on_event)
        for order in self._ledger.state.orders.values():
            if order.status is OrderStatus.UNCLEAR and order.evidence_follows:
                self._gather_soon(order.order_id)

    async def stop(self) -> None:
        """End it. What is missing is looked for after the next start."""
        self._stopping = True
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def prepare(self) -> None:
        """An order is about to be sent: see that the balance is known."""
        await self._account.freshen()

    def before_sending(self, order_id: str) -> int | None:
        """An order is sent now. Returns the balance as it should be; None: not known."""
        before = Before(self._account.expected_micro, self._account.flow_micro)
        self._before[order_id] = before
        return before.balance_micro

    def not_sending(self, order_id: str) -> None:
        """This order is not sent after all."""
        self._before.pop(order_id, None)

    def note_refused(self, order_id: str) -> None:
        """The provider refused an order because of one that runs; this unclear one may be it."""
        if order_id not in self._refused:
            self._refused.add(order_id)
            self._gather_soon(order_id)

    def _on_event(self, event: e.AnyEvent) -> None:
        match event:
            case e.OrderUnclear(evidence_follows=True):
                self._gather_soon(event.order_id)
            case e.OrderAccepted() | e.OrderRejected():
                self._before.pop(event.order_id, None)
                self._refused.discard(event.order_id)
            case e.OrderNotSent():
                self._before.pop(event.order_id, None)
            case _:
                pass

    def _gather_soon(self, order_id: str) -> None:
        if self._stopping:
            return  # After the next start.
        running = self._tasks.get(order_id)
        if running is not None and not running.done():
            return  # It looks at the order again before it ends.
        task = asyncio.create_task(self._gather(order_id), name=f"evidence for {order_id}")
        self._tasks[order_id] = task
        task.add_done_callback(lambda ended: self._forget(order_id, ended))

    def _forget(self, order_id: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(order_id) is task:
            del self._tasks[order_id]

    async def _gather(self, order_id: str) -> None:
        try:
            while (order := self._unclear(order_id)) is not None:
                if order.evidence_follows:
                    await self._record(order_id, await self._of_account(order_id))
                elif order_id in self._refused:
                    await self._add_refusal(order)
                    return
                else:
                    return
        except LedgerFailed:
            log.error("No evidence for %s: the ledger has stopped.", order_id)  # noqa: TRY400

    def _unclear(self, order_id: str) -> Order | None:
        order = self._ledger.state.orders.get(order_id)
        return order if order is not None and order.status is OrderStatus.UNCLEAR else None

    async def _of_account(self, order_id: str) -> c.NoteEvidence:
        """What the account shows; without figures if it can't be read."""
        nothing = c.NoteEvidence(by="system", order_id=order_id)
        try:
            before = self._before.pop(order_id, None) or await self._before_restart(order_id)
            after = await self._balance_after()
            order = self._ledger.state.orders[order_id]
            return c.NoteEvidence(
                by="system",
                order_id=order_id,
                cost_micro=cost_micro(self._ledger.state, order),
                balance_before_micro=before.balance_micro,
                balance_after_micro=after.amount_micro if after else None,
                others_micro=self._account.flow_micro - before.flow_micro,
                currency=after.currency if after else "",
            )
        except LedgerFailed:
            raise
        except Exception:
            log.exception("No evidence for %s.", order_id)
            return nothing

    async def _balance_after(self) -> Balance | None:
        """The balance once it has settled; None if the provider can't be asked in time."""
        await self._pause(SETTLES_S)
        for failures in range(1, TRIES_MAX + 1):
            balance = await self._account.read()
            if balance is not None:
                return balance
            if failures < TRIES_MAX:
                await self._pause(CALL_BACKOFF.pause_s(failures, jitter=self._jitter()))
        return None

    async def _record(self, order_id: str, command: c.NoteEvidence) -> None:
        """Record evidence; an admin may have settled the order meanwhile.

        Raises:
            LedgerFailed: the log can't be written.
        """
        if order_id in self._refused:
            command = msgspec.structs.replace(command, refused_as_running=True)
            self._refused.discard(order_id)
        decision = await self._ledger.execute(command)
        if not isinstance(decision, tuple):
            log.info("Order %s: the evidence came too late: %s.", order_id, decision)

    async def _add_refusal(self, order: Order) -> None:
        """Record the refusal beside what is recorded already.

        Raises:
            LedgerFailed: the log can't be written.
        """
        known: e.AnyEvent | None = None
        if order.evidence_seq:
            await self._ledger.settled()
            known = await self._ledger.event(order.evidence_seq)
        command = c.NoteEvidence(by="system", order_id=order.order_id)
        if isinstance(known, e.OrderEvidenceFound):
            command = c.NoteEvidence(
                by="system",
                order_id=order.order_id,
                cost_micro=known.cost_micro,
                balance_before_micro=known.balance_before_micro,
                balance_after_micro=known.balance_after_micro,
                others_micro=known.others_micro,
                currency=known.currency,
            )
            if known.refused_as_running:
                self._refused.discard(order.order_id)
                return
        await self._record(order.order_id, command)

    async def _before_restart(self, order_id: str) -> Before:
        """What the log says of the moment when an order was sent, before this process began."""
        sending = await self._sending(order_id)
        if sending is None or self._ledger.head.seq - sending.seq > LINES_READ_MAX:
            return Before()
        flow = 0
        async for event in self._ledger.events_after(sending.seq):
            flow += flow_micro(self._ledger.state, event)
        # Followers have seen exactly these events, if they were there: see `Ledger.events_after`.
        return Before(sending.balance_micro, self._account.flow_micro - flow)

    async def _sending(self, order_id: str) -> e.OrderSending | None:
        """The line that says that this order is sent; None if it is too far back."""
        await self._ledger.settled()
        seq = self._ledger.state.orders[order_id].last_seq
        for _ in range(LINES_BACK_MAX):
            if not seq:
                return None
            event = await self._ledger.event(seq)
            if isinstance(event, e.OrderSending) and event.order_id == order_id:
                return event
            seq = event.prev if isinstance(event, e.UserEvent) else 0
        return None


async def close_without_evidence(ledger: Ledger) -> None:
    """Let the admins be asked about orders whose evidence nobody can gather any more.

    They were sent to a provider that could be asked, and there is another one now.

    Raises:
        LedgerFailed: the log can't be written.
    """
    waiting = [
        order.order_id
        for order in ledger.state.orders.values()
        if order.status is OrderStatus.UNCLEAR and order.evidence_follows
    ]
    for order_id in waiting:
        await ledger.execute(c.NoteEvidence(by="system", order_id=order_id))
