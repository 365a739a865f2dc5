"""Owns the way of an order from the ledger to the provider, and of the answer back.

An order is `sending` on the disk before its request leaves. From then on it is sent again only
when the answer is `NotSent`; whatever else goes wrong makes it unclear, and a person decides.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias, assert_never

from ledger import commands as c
from ledger import events as e
from ledger.ledger import Ledger, LedgerFailed
from orders.circuit_breaker import Trouble
from orders.metrics_hooks import OrderHooks
from orders.providers.answers import Accepted, Answer, NotSent, Rejected, Unclear
from orders.providers.simple import OutgoingOrder, Provider
from orders.queue import OrderQueue, Ticket

log = logging.getLogger(__name__)

Pause: TypeAlias = Callable[[float], Awaitable[object]]
Alert: TypeAlias = Callable[[str], None]

STOPPED_ON_THE_WAY = "The program stopped while this order was on its way."
OUR_FAULT = "Something went wrong in our program while this order was on its way."
TAKEN_AFTER_ALL = "The provider took order {order_id}, but it had been closed meanwhile."


class OrderDispatcher:
    """Sends every placed order, a few at a time, and one after the other for the same video.

    Attributes:
        ledger: asked before and after every request.
        provider: where orders go; its `send` is called in threads of the desk's own.
    """

    def __init__(
        self,
        ledger: Ledger,
        provider: Provider,
        *,
        workers: int = 4,
        pause: Pause = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        alert: Alert | None = None,
        hooks: OrderHooks | None = None,
    ) -> None:
        """Set the desk up; `start` opens it.

        Args:
            ledger: the ledger.
            provider: where orders go.
            workers: how many orders may be on their way at once.
            pause: waits so many seconds.
            jitter: a number from 0 to 1, for the length of pauses.
            alert: told, in the event loop, what an admin should know: in plain words, and
                seldom. It must not block.
            hooks: is told how the desk's work goes.
        """
        self.ledger = ledger
        self.provider = provider
        self._workers_wanted = workers
        self._pause = pause
        self._alert = alert
        self._hooks = hooks or OrderHooks()
        self._line = OrderQueue()
        self._trouble = Trouble(jitter)
        self._gate = asyncio.Lock()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="order-desk")
        self._workers: list[asyncio.Task[None]] = []
        self._serving: set[asyncio.Task[None]] = set()
        self._stopping = False

    @property
    def pending(self) -> int:
        """How many orders wait or are on their way."""
        return len(self._line)

    @property
    def trouble(self) -> str:
        """Why orders wait just now, in plain words; empty when all is well."""
        return self._trouble.reason

    async def start(self) -> None:
        """Take up what was left, then what comes.

        Raises:
            LedgerFailed: the disk said no.
        """
        self.ledger.follow(self._heard)
        left_over: list[str] = []
        for order in self.ledger.state.orders.values():
            if order.status == "sending":
                left_over.append(order.order_id)
            elif order.status == "placed":
                self._line.add(Ticket(order.order_id, order.video_key))
        for order_id in left_over:
            await self._note(order_id, Unclear(STOPPED_ON_THE_WAY))
        self._workers = [
            asyncio.create_task(self._work(), name=f"order-desk-{number}")
            for number in range(self._workers_wanted)
        ]

    async def stop(self) -> None:
        """Take nothing new, and wait for the orders that are on their way.

        That takes no longer than the provider's time-outs. What waits stays placed, on the disk.
        """
        self._stopping = True
        for worker in self._workers:
            if worker not in self._serving:
                worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        self._threads.shutdown(wait=False)

    def _heard(self, event: e.AnyEvent) -> None:
        if isinstance(event, e.OrderPlaced):
            self._line.add(Ticket(event.order_id, event.video_key))

    async def _work(self) -> None:
        """One of the workers: order after order, until the desk or the ledger stops."""
        try:
            while not self._stopping:
                ticket = await self._line.next()
                async with self._gate:
                    if self._trouble.reason:
                        # Whoever holds the gate tries alone; the others wait behind it.
                        await self._pause(self._trouble.pause_s())
                        await self._serve(ticket, probe=True)
                        continue
                await self._serve(ticket, probe=False)
        except LedgerFailed:
            log.error("An order desk worker ends: the ledger takes nothing more.")  # noqa: TRY400

    async def _serve(self, ticket: Ticket, *, probe: bool) -> None:
        """Serve one order, and let its video take its turn again, whatever happens.

        Raises:
            LedgerFailed: the disk said no.
        """
        worker = asyncio.current_task()
        assert worker is not None  # noqa: S101 - only workers come here
        self._serving.add(worker)
        answer: Answer | None = None
        try:
            answer = await self._send(ticket.order_id)
        except LedgerFailed:
            raise
        except Exception:
            log.exception("Order %s: the desk failed.", ticket.order_id)
        finally:
            self._serving.discard(worker)
            if isinstance(answer, NotSent):
                self._line.back(ticket)
            else:
                self._line.done(ticket)
        if answer is not None:
            self._tell(self._trouble.note(answer, self.ledger.now_ms(), probe=probe))

    async def _send(self, order_id: str) -> Answer | None:
        """Send an order and note the answer; None when it was not to be sent any more.

        Raises:
            LedgerFailed: the disk said no.
        """
        begun = await self.ledger.execute(c.SendOrder(by="system", order_id=order_id))
        if not isinstance(begun, tuple):
            log.info("Order %s is not sent: %s.", order_id, type(begun).__name__)
            return None
        order = self.ledger.state.orders[order_id]
        # A copy: what the ledger holds changes, and must not while a thread reads it.
        outgoing = OutgoingOrder(order_id, order.video_link, order.quantity)
        answer: Answer
        try:
            loop = asyncio.get_running_loop()
            began_s = loop.time()
            answer = await loop.run_in_executor(self._threads, self.provider.send, outgoing)
            self._hooks.answered(answer, loop.time() - began_s)
            await self._note(order_id, answer)
        except LedgerFailed:
            raise
        except Exception:
            log.exception("Order %s: a fault while it was on its way.", order_id)
            answer = Unclear(OUR_FAULT)
            await self._note(order_id, answer)
        return answer

    async def _note(self, order_id: str, answer: Answer) -> None:
        """Write down what became of an order.

        Raises:
            LedgerFailed: the disk said no.
        """
        decision = await self.ledger.execute(_command(order_id, answer))
        if isinstance(decision, tuple):
            return
        log.warning("Order %s: %s came too late: %s.", order_id, type(answer).__name__, decision)
        if isinstance(answer, Accepted):
            self._tell(TAKEN_AFTER_ALL.format(order_id=order_id))

    def _tell(self, what: str) -> None:
        if not what:
            return
        log.warning("%s", what)
        if self._alert is not None:
            try:
                self._alert(what)
            except Exception:
                log.exception("The admins could not be told.")


def _command(order_id: str, answer: Answer) -> c.AnyCommand:
    match answer:
        case Accepted():
            return c.AcceptOrder(
                by="provider",
                order_id=order_id,
                provider_order_id=answer.provider_order_id,
                answer=answer.answer,
            )
        case Rejected():
            return c.RejectOrder(
                by="provider", order_id=order_id, reason=answer.reason, answer=answer.answer
            )
        case Unclear():
            return c.NoteUnclear(
                by="provider" if answer.answered else "system",
                order_id=order_id,
                reason=answer.reason,
                answer=answer.answer,
            )
        case NotSent():
            return c.NoteNotSent(by="system", order_id=order_id, reason=answer.reason)
        case _:
            assert_never(answer)
