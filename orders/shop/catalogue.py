"""The catalogue: the provider's services, and what their changes do to our offers."""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping

from ledger import events as e
from ledger.ledger import Ledger, LedgerFailed
from orders.periodic import Pause, Periodic
from orders.provider_calls import ProviderCalls
from orders.providers.base import CallFailed, FollowingProvider, Service
from orders.shop.offer_changes import change_for
from resilience.backoff import Backoff

log = logging.getLogger(__name__)

EVERY_S = 3600.0
_BACKOFF = Backoff(first_s=60.0, max_s=EVERY_S, jitter_share=0.25)


class Catalogue:
    """Reads the list of services every hour, and pauses offers that can't be sold as they are.

    A service that can't be read counts as gone: nobody knows what an order of it would cost. While
    the list itself can't be read, all offers stay as they are.

    Attributes:
        services: by the provider's number, as last read; empty before that.
        unreadable: how many further services could not be read.
        read_at_ms: when that was, in epoch milliseconds; 0 before that.
        problem: why the last call brought nothing; None if it did.
    """

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
        self.services: Mapping[str, Service] = {}
        self.unreadable = 0
        self.read_at_ms = 0
        self.problem: CallFailed | None = None
        self._ledger = ledger
        self._provider = provider
        self._calls = calls
        self._jitter = jitter
        self._stopping = False
        self._lock = asyncio.Lock()
        self._failures = 0
        self._task = Periodic("the catalogue", self._refresh_often, pause)
        self._compares: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Read the services, now and every hour; follow what admins change."""
        self._ledger.follow(self._on_event)
        self._task.start()

    async def stop(self) -> None:
        """End it."""
        self._stopping = True
        await self._task.stop()
        for task in self._compares:
            task.cancel()
        await asyncio.gather(*self._compares, return_exceptions=True)

    async def refresh(self) -> None:
        """Read the services now; `problem` says whether that worked.

        Raises:
            LedgerFailed: the log can't be written.
        """
        async with self._lock:
            answer = await self._calls.read("services", self._provider.services)
            if isinstance(answer, CallFailed):
                self.problem = answer
                self._failures += 1
                return
            self.services = {service.service_id: service for service in answer.services}
            self.unreadable = answer.unreadable
            self.read_at_ms = self._ledger.now_ms()
            self.problem = None
            self._failures = 0
        await self._compare()

    async def _refresh_often(self) -> float:
        await self.refresh()
        if self.problem is None:
            return EVERY_S
        return _BACKOFF.pause_s(
            self._failures, at_least_s=self.problem.retry_after_s, jitter=self._jitter()
        )

    def _on_event(self, event: e.AnyEvent) -> None:
        """What an admin changes may begin or end a pause."""
        by_admin = isinstance(event, e.OfferChanged) and event.by != "system"
        prices = isinstance(event, e.SettingChanged) and event.name == "point_value_micro"
        if (by_admin or prices) and not self._stopping:
            task = asyncio.create_task(self._compare_again(), name="offers compared")
            self._compares.add(task)
            task.add_done_callback(self._compares.discard)

    async def _compare_again(self) -> None:
        try:
            await self._compare()
        except LedgerFailed:
            log.error("Offers are not compared: the ledger has stopped.")  # noqa: TRY400

    async def _compare(self) -> None:
        """Change the offers that the services no longer agree with.

        Raises:
            LedgerFailed: the log can't be written.
        """
        if not self.read_at_ms:
            return
        state = self._ledger.state
        for service_id in list(state.offers):
            command = change_for(
                state.offers[service_id], self.services, state.economy.point_value_micro
            )
            if command is not None:
                decision = await self._ledger.execute(command)
                if not isinstance(decision, tuple):
                    log.warning("The offer %s stays as it is: %s.", service_id, decision)
