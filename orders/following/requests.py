"""What people ask of an accepted order: to cancel it, or to fill it up again.

The provider is asked at least once, which is harmless: it refuses what it has done already. The
order's status shows what comes of it.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from functools import partial

from ledger import commands as c
from ledger import events as e
from ledger.ledger import Ledger, LedgerFailed
from ledger.reason_codes import OrderRequest, ReasonCode
from ledger.rules.orders import ANSWER_LENGTH_MAX
from ledger.state import Order
from orders.periodic import Pause
from orders.provider_calls import ProviderCalls
from orders.providers.base import Asked, CallFailed, FollowingProvider
from resilience.backoff import Backoff

log = logging.getLogger(__name__)

REQUEST_BACKOFF = Backoff(first_s=10.0, max_s=1800.0, jitter_share=0.25)


class OrderRequests:
    """Passes requests on to the provider, each until it is answered."""

    def __init__(
        self,
        ledger: Ledger,
        provider: FollowingProvider,
        calls: ProviderCalls,
        *,
        pause: Pause = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """The arguments are as for the dispatcher."""
        self._ledger = ledger
        self._provider = provider
        self._calls = calls
        self._pause = pause
        self._jitter = jitter
        self._stopping = False
        self._tasks: dict[tuple[str, OrderRequest], asyncio.Task[None]] = {}

    @property
    def waiting(self) -> int:
        """How many requests have no answer."""
        return len(self._tasks)

    def start(self) -> None:
        """Follow new requests; begin with those that have no answer."""
        self._ledger.follow(self._on_event)
        for order in self._ledger.state.orders.values():
            for what, granted in order.requests.items():
                if granted is None:
                    self._ask_soon(order.order_id, what)

    async def stop(self) -> None:
        """End it. What has no answer is asked for after the next start."""
        self._stopping = True
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _on_event(self, event: e.AnyEvent) -> None:
        if isinstance(event, e.OrderRequestMade):
            self._ask_soon(event.order_id, event.what)

    def _ask_soon(self, order_id: str, what: OrderRequest) -> None:
        if self._stopping:
            return  # After the next start.
        key = order_id, what
        running = self._tasks.get(key)
        if running is not None and not running.done():
            return
        task = asyncio.create_task(self._ask(order_id, what), name=f"{what} of {order_id}")
        self._tasks[key] = task
        task.add_done_callback(lambda ended: self._forget(key, ended))

    def _forget(self, key: tuple[str, OrderRequest], task: asyncio.Task[None]) -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key]

    async def _ask(self, order_id: str, what: OrderRequest) -> None:
        failures = 0
        try:
            while (order := self._unanswered(order_id, what)) is not None:
                answer = await self._answer(order, what)
                if isinstance(answer, Asked):
                    await self._note(order_id, what, answer)
                    return
                failures += 1
                await self._pause(
                    REQUEST_BACKOFF.pause_s(
                        failures, at_least_s=answer.retry_after_s, jitter=self._jitter()
                    )
                )
        except LedgerFailed:
            log.error("Order %s: no %s: the ledger has stopped.", order_id, what)  # noqa: TRY400

    def _unanswered(self, order_id: str, what: OrderRequest) -> Order | None:
        order = self._ledger.state.orders.get(order_id)
        asked = order is not None and order.requests.get(what, False) is None
        return order if asked else None

    async def _answer(self, order: Order, what: OrderRequest) -> Asked | CallFailed:
        if what is OrderRequest.CANCEL and not order.is_delivering:
            return Asked(accepted=False)  # It has come to its end meanwhile.
        id_ = order.provider_order_id
        call = self._provider.cancel if what is OrderRequest.CANCEL else self._provider.refill
        answers = await self._calls.read(what.value, partial(call, [id_]))
        if isinstance(answers, CallFailed):
            return answers
        # An answer that says nothing about the one order it was about can't be read.
        return answers.get(id_) or CallFailed(ReasonCode.ANSWER_UNREADABLE)

    async def _note(self, order_id: str, what: OrderRequest, answer: Asked) -> None:
        """Record the answer.

        Raises:
            LedgerFailed: the log can't be written.
        """
        await self._ledger.execute(
            c.NoteRequestAnswer(
                by="provider",
                order_id=order_id,
                what=what,
                granted=answer.accepted,
                provider_ref=answer.provider_ref,
                answer=answer.text[:ANSWER_LENGTH_MAX],
            )
        )
