"""The order dispatcher: takes placed orders to the provider, and records its answers.

An order is durably `sending` before its request is made. After that it is sent again only if the
answer is `NotSent`. Whatever else goes wrong makes it unclear, and an admin decides.

A provider that reports what becomes of orders gets no order for a service and video of which
another one is not at its end.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Protocol, TypeAlias

from ledger import commands as c
from ledger import events as e
from ledger.ledger import Ledger, LedgerFailed
from ledger.order_status import OrderStatus
from ledger.reason_codes import ReasonCode
from orders.alerts import Alert, AlertCode, OnAlert, raise_alert
from orders.metrics_hooks import OrderHooks
from orders.periodic import Pause
from orders.provider_calls import ProviderCalls
from orders.providers.answers import OK, Accepted, Answer, NotSent, Rejected, Unclear
from orders.providers.base import OutgoingOrder, Provider
from orders.sending.answer_commands import command_for
from orders.sending.circuit_breaker import Cause, ProviderBreaker
from orders.sending.queue import OrderQueue, QueuedOrder
from orders.sending.sent_orders import SentOrders

log = logging.getLogger(__name__)

Turn: TypeAlias = tuple[Answer | None, bool]
"""What became of an order when it was its turn, and whether it waits for another turn."""


class Witness(Protocol):
    """Looks at the provider's account before and after orders (`orders.following.evidence`)."""

    async def prepare(self) -> None:
        """An order is about to be sent."""

    def before_sending(self, order_id: str) -> int | None:
        """This order is sent now. Our balance in millionths of the provider's currency, or None."""

    def not_sending(self, order_id: str) -> None:
        """This order is not sent after all."""

    def note_refused(self, order_id: str) -> None:
        """The provider refused an order because of one that runs; this unclear one may be it."""


class OrderDispatcher:
    """Sends every placed order: a few at once, but one after the other for the same key.

    Attributes:
        ledger: gets a command before and after every request.
        provider: where orders are sent; its `send` is called in the dispatcher's own threads.
    """

    def __init__(
        self,
        ledger: Ledger,
        provider: Provider,
        *,
        workers: int = 4,
        pause: Pause = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        alert: OnAlert | None = None,
        hooks: OrderHooks | None = None,
        calls: ProviderCalls | None = None,
        witness: Witness | None = None,
    ) -> None:
        """Create the dispatcher; `start` starts it.

        Args:
            ledger: the ledger.
            provider: where orders are sent.
            workers: how many orders may be in flight at once.
            pause: waits for a number of seconds.
            jitter: returns a number from 0 to 1, for the length of pauses.
            alert: called in the event loop with what an admin should know. It must not block.
            hooks: metrics hooks.
            calls: limits the requests to the provider; its own if there are no others.
            witness: gathers evidence for orders that become unclear.
        """
        self.ledger = ledger
        self.provider = provider
        self._workers_wanted = workers
        self._pause = pause
        self._alert = alert
        self._hooks = hooks or OrderHooks()
        self._queue = OrderQueue()
        self._breaker = ProviderBreaker(jitter)
        self._gate = asyncio.Lock()
        self._calls = calls or ProviderCalls(workers)
        self._witness = witness
        self._sent = SentOrders(self._queue, follows=provider.follows)
        self._workers: list[asyncio.Task[None]] = []
        self._busy_workers: set[asyncio.Task[None]] = set()
        self._returns: set[asyncio.Task[None]] = set()
        self._fresh_at_gate = 0
        self._pause_is_over = False
        self._stopping = False

    @property
    def pending(self) -> int:
        """How many orders wait or are in flight."""
        return len(self._queue)

    @property
    def paused_because(self) -> Cause | None:
        """Why all orders wait now; None if they don't."""
        return self._breaker.open_because

    async def start(self) -> None:
        """Start sending: first the orders that were left over, then new ones.

        Raises:
            LedgerFailed: the log can't be written.
        """
        self.ledger.follow(self._on_event)
        self._sent.start(self.ledger.state)
        in_flight_at_crash: list[str] = []
        for order in self.ledger.state.orders.values():
            if order.status is OrderStatus.SENDING:
                in_flight_at_crash.append(order.order_id)
            elif order.status is OrderStatus.PLACED:
                self._queue.add(
                    QueuedOrder(order.order_id, order.video_key, order.user_id, order.service_id)
                )
        for order_id in in_flight_at_crash:
            await self._record(order_id, Unclear(ReasonCode.PROGRAM_STOPPED))
        self._workers = [
            asyncio.create_task(self._work(), name=f"order-sender-{number}")
            for number in range(self._workers_wanted)
        ]

    async def stop(self) -> None:
        """Take no more orders, and wait for those in flight.

        That takes no longer than the provider's timeouts, which is longer than a stop may take
        (`viewbank.shutdown`): an order that is still in flight then is `sending` in the log, and
        unclear at the next start. Orders that wait stay placed, in the log.
        """
        self._stopping = True
        for task in self._returns:
            task.cancel()
        for worker in self._workers:
            if worker not in self._busy_workers:
                worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        self._calls.close()

    def _on_event(self, event: e.AnyEvent) -> None:
        if isinstance(event, e.OrderPlaced):
            self._queue.add(
                QueuedOrder(event.order_id, event.video_key, event.user_id, event.service_id)
            )
        else:
            self._sent.note(event, self.ledger.state)

    async def _work(self) -> None:
        """Send order after order, until the dispatcher or the ledger stops."""
        try:
            while not self._stopping:
                queued = await self._queue.next()
                async with self._turn(queued):
                    if self._breaker.open_because is not None:
                        # Only the worker with the lock sends probes; the others wait for it.
                        await self._probe(queued)
                        continue
                    self._pause_is_over = False
                await self._process(queued, probe=False)
        except LedgerFailed:
            log.error("An order worker ends: the ledger has stopped.")  # noqa: TRY400

    @contextlib.asynccontextmanager
    async def _turn(self, queued: QueuedOrder) -> AsyncIterator[None]:
        """The lock, and a note of who waits for it with an order that was not held yet."""
        is_fresh = not self._breaker.was_held(queued.order_id)
        self._fresh_at_gate += is_fresh
        try:
            await self._gate.acquire()
        finally:
            self._fresh_at_gate -= is_fresh
        try:
            yield
        finally:
            self._gate.release()

    async def _probe(self, queued: QueuedOrder) -> None:
        """Send one order after a pause; one that was held before lets others go first.

        Raises:
            LedgerFailed: the log can't be written.
        """
        if not self._pause_is_over:
            await self._pause(self._breaker.pause_s())
        self._pause_is_over = bool(self._breaker.was_held(queued.order_id) and self._fresh_at_gate)
        if self._pause_is_over:
            self._queue.back(queued)
        else:
            await self._process(queued, probe=True)

    async def _process(self, queued: QueuedOrder, *, probe: bool) -> None:
        """Send one order, and give its key the next turn in any case.

        Raises:
            LedgerFailed: the log can't be written.
        """
        worker = asyncio.current_task()
        assert worker is not None  # noqa: S101 - only workers call this
        self._busy_workers.add(worker)
        answer: Answer | None = None
        waits = False
        alert: Alert | None = None
        try:
            answer, waits = await self._send(queued)
        except LedgerFailed:
            raise
        except Exception:
            log.exception("Order %s: the dispatcher failed.", queued.order_id)
        finally:
            self._busy_workers.discard(worker)
            alert = self._learn(queued, answer, probe=probe)
            if not waits:
                self._breaker.forget(queued.order_id)
                self._queue.done(queued)
            elif pause_s := self._breaker.own_pause_s(queued.order_id):
                self._set_aside(queued, pause_s)
            else:
                self._queue.back(queued)
        if alert is not None:
            self._raise_alert(alert)

    def _learn(self, queued: QueuedOrder, answer: Answer | None, *, probe: bool) -> Alert | None:
        """Judge the provider by an answer."""
        if answer is None:
            return None
        return self._breaker.note(
            answer,
            self.ledger.now_ms(),
            probe=probe,
            order_id=queued.order_id,
            user_id=queued.user_id,
        )

    def _set_aside(self, queued: QueuedOrder, pause_s: float) -> None:
        """Let an order with a problem of its own wait by itself."""
        self._queue.set_aside(queued)
        task = asyncio.create_task(self._take_back(queued, pause_s), name="an order set aside")
        self._returns.add(task)
        task.add_done_callback(self._returns.discard)

    async def _take_back(self, queued: QueuedOrder, pause_s: float) -> None:
        await self._pause(pause_s)
        self._queue.take_back(queued)

    async def _send(self, queued: QueuedOrder) -> Turn:
        """Send an order and record the answer; None if there was no request.

        Raises:
            LedgerFailed: the log can't be written.
        """
        if self._witness is not None:
            await self._witness.prepare()
        async with self._calls.slots:
            if self._queue.is_held(queued.key):
                return None, True  # Since its turn, an admin found that an unclear one arrived.
            outgoing = await self._begin(queued.order_id)
            if outgoing is None:
                return None, False
            answer = await self._exchange(outgoing)
        return answer, await self._note(queued, answer)

    async def _begin(self, order_id: str) -> OutgoingOrder | None:
        """Record that an order is sent now; None if it is not to be sent any more.

        Raises:
            LedgerFailed: the log can't be written.
        """
        balance_micro = self._witness.before_sending(order_id) if self._witness else None
        decision = await self.ledger.execute(
            c.SendOrder(by="system", order_id=order_id, balance_micro=balance_micro)
        )
        if not isinstance(decision, tuple):
            log.info("Order %s is not sent: %s.", order_id, type(decision).__name__)
            if self._witness is not None:
                self._witness.not_sending(order_id)
            return None
        order = self.ledger.state.orders[order_id]
        # A copy, because the ledger may change the order while a thread reads it.
        return OutgoingOrder(
            order_id, order.video_link, order.quantity, order.service_id, order.comments
        )

    async def _exchange(self, outgoing: OutgoingOrder) -> Answer:
        """Make the request. Whatever goes wrong, the order may have left."""
        loop = asyncio.get_running_loop()
        started_s = loop.time()
        try:
            answer = await self._calls.run(partial(self.provider.send, outgoing))
            if not isinstance(answer, Answer):
                raise TypeError(f"{type(answer).__name__} is no answer")  # noqa: TRY301 - as all other faults
        except Exception:
            log.exception("Order %s: a fault while it was in flight.", outgoing.order_id)
            return Unclear(ReasonCode.PROGRAM_FAULT)
        self._hooks.answered(answer, loop.time() - started_s)
        return answer

    async def _note(self, queued: QueuedOrder, answer: Answer) -> bool:
        """Record an answer; whether the order waits for another turn.

        Raises:
            LedgerFailed: the log can't be written.
        """
        order_id = queued.order_id
        try:
            await self._record(order_id, self._beside_ours(queued, answer))
        except LedgerFailed:
            raise
        except Exception:
            log.exception("Order %s: its answer could not be recorded.", order_id)
            await self._record(order_id, Unclear(ReasonCode.PROGRAM_FAULT))
        # Not by the answer: the ledger rejects an order whose attempts are used up.
        order = self.ledger.state.orders.get(order_id)
        return order is not None and order.status is OrderStatus.PLACED

    def _beside_ours(self, queued: QueuedOrder, answer: Answer) -> Answer:
        """What an answer means beside our other orders that the provider has, or may have."""
        if isinstance(answer, Accepted):
            number = answer.provider_order_id
            if self._sent.claim(number, queued.order_id):
                return answer
            # What is reported of that number is about the other one. Is there one for this?
            return Unclear(ReasonCode.ANSWER_CONTRADICTORY, answer.answer, OK, answered=True)
        return self._unless_ours_runs(queued, answer)

    def _unless_ours_runs(self, queued: QueuedOrder, answer: Answer) -> Answer:
        """A refusal because of an order that runs says something about an unclear one of ours."""
        unclear = self._sent.unclear(queued.key)
        if not (isinstance(answer, Rejected) and unclear):
            return answer
        if answer.reason_code is not ReasonCode.EARLIER_ORDER_RUNNING:
            return answer
        self._sent.hold_for(queued.key, unclear)
        if self._witness is not None:
            for order_id in unclear:
                self._witness.note_refused(order_id)
        return NotSent(answer.reason_code, answer=answer.answer, http_status=answer.http_status)

    async def _record(self, order_id: str, answer: Answer) -> None:
        """Record what became of an order.

        Raises:
            LedgerFailed: the log can't be written.
        """
        decision = await self.ledger.execute(
            command_for(order_id, answer, follows=self.provider.follows)
        )
        if isinstance(decision, tuple):
            return
        log.warning("Order %s: %s came too late: %s.", order_id, type(answer).__name__, decision)
        if isinstance(answer, Accepted):
            self._raise_alert(Alert(AlertCode.ACCEPTED_AFTER_CLOSED, order_id))

    def _raise_alert(self, alert: Alert) -> None:
        raise_alert(alert, self._alert)
