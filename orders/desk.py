"""The order desk: everything that happens to orders after they were placed."""

import asyncio
import random
import time
from collections.abc import Callable

from ledger.ledger import Ledger
from orders.alerts import OnAlert
from orders.following.evidence import EvidenceCollector, close_without_evidence
from orders.following.provider_account import ProviderAccount
from orders.following.reconciliation import Reconciler
from orders.following.requests import OrderRequests
from orders.following.status_poller import StatusPoller
from orders.following.status_reader import StatusReader
from orders.following.status_reports import StatusReports
from orders.metrics_hooks import OrderHooks
from orders.periodic import Pause
from orders.provider_calls import ProviderCalls
from orders.providers.base import FollowingProvider, Provider
from orders.sending.dispatcher import OrderDispatcher
from orders.shop.catalogue import Catalogue


class OrderDesk:
    """Sends orders and, if the provider reports what becomes of them, follows them to their end.

    Attributes:
        dispatcher: sends the orders.
        catalogue: the provider's services; None if the provider doesn't follow orders, like the
            next two.
        account: our balance there.
        poller: asks for the status of orders.
    """

    def __init__(
        self,
        ledger: Ledger,
        provider: Provider,
        *,
        workers: int = 4,
        alert: OnAlert | None = None,
        hooks: OrderHooks | None = None,
        pause: Pause = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Create the desk; `start` starts it.

        Args:
            ledger: the ledger.
            provider: where orders are sent.
            workers: how many requests may be made at once, of all kinds together.
            alert: called in the event loop with what an admin should know. It must not block.
            hooks: metrics hooks.
            pause: waits for a number of seconds.
            jitter: returns a number from 0 to 1, for the length of pauses.
            now_s: a clock that nobody sets, in seconds.
        """
        self.catalogue: Catalogue | None = None
        self.account: ProviderAccount | None = None
        self.poller: StatusPoller | None = None
        self._ledger = ledger
        self._evidence: EvidenceCollector | None = None
        self._requests: OrderRequests | None = None
        self._reconciler: Reconciler | None = None
        calls = ProviderCalls(workers, hooks)
        if provider.follows and isinstance(provider, FollowingProvider):
            reader = StatusReader(provider, calls)
            reports = StatusReports(ledger, reader)
            account = ProviderAccount(
                ledger, provider, calls, alert=alert, pause=pause, jitter=jitter
            )
            self.account = account
            self.catalogue = Catalogue(ledger, provider, calls, pause=pause, jitter=jitter)
            self._evidence = EvidenceCollector(ledger, account, pause=pause, jitter=jitter)
            self._requests = OrderRequests(ledger, provider, calls, pause=pause, jitter=jitter)
            self.poller = StatusPoller(
                ledger,
                reader,
                reports,
                alert=alert,
                hooks=hooks,
                pause=pause,
                jitter=jitter,
                now_s=now_s,
            )
            self._reconciler = Reconciler(
                ledger, account, reader, reports, pause=pause, jitter=jitter
            )
        self.dispatcher = OrderDispatcher(
            ledger,
            provider,
            workers=workers,
            pause=pause,
            jitter=jitter,
            alert=alert,
            hooks=hooks,
            calls=calls,
            witness=self._evidence,
        )

    async def start(self) -> None:
        """Start all parts: who watches the account first, and who sends orders last.

        Raises:
            LedgerFailed: the log can't be written.
        """
        if self.account is None:
            await close_without_evidence(self._ledger)
        for part in self._parts:
            part.start()
        await self.dispatcher.start()

    async def stop(self) -> None:
        """Stop all parts. Waits for orders in flight only, see `OrderDispatcher.stop`."""
        for part in reversed(self._parts):
            await part.stop()
        await self.dispatcher.stop()

    @property
    def _parts(
        self,
    ) -> list[
        ProviderAccount | EvidenceCollector | OrderRequests | StatusPoller | Catalogue | Reconciler
    ]:
        parts = (
            self.account,
            self._evidence,
            self._requests,
            self.poller,
            self.catalogue,
            self._reconciler,
        )
        return [part for part in parts if part is not None]
