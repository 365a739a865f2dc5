"""The Telegram side of the program: its parts, made from the settings, and started in order."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ads.sessions import session_key
from bot.context import AD_PAGE_PATH, Context, Services
from bot.dispatcher import Dispatcher
from bot.error_handler import ErrorHandler
from bot.handlers import channel
from bot.handlers.bot_profile import publish
from bot.metrics_hooks import BotHooks
from bot.notify.ad_sittings import AdSittings
from bot.notify.set_aside_reports import SetAsideReports
from bot.receive.connection import Connection
from bot.receive.connection_health import ConnectionHealth
from bot.receive.inbox import INBOX_NAME, Inbox
from bot.receive.polling import Polling
from bot.receive.receiver import Receiver
from bot.receive.webhook import Webhook, secret_of
from bot.send.client import BotClient
from bot.send.gate import OutgoingGate
from bot.send.rate_limits import TELEGRAM_LIMITS, RateLimits
from bot.text.connection_texts import Problem
from i18n import Translator, Translators
from ledger.ledger import Ledger
from orders.desk import OrderDesk
from viewbank.ad_services import Ads, ads_of
from viewbank.order_provider import sells_views
from viewbank.settings import Settings
from viewbank.shutdown import Shutdown
from viewbank.telegram_networks import is_telegrams_own
from web.ad_traces import AdTraces
from web.webhook import WebhookEndpoint

log = logging.getLogger(__name__)

FINISH_WITHIN_S = 3.0
"""How long updates in flight may take at the stop; the rest stays in the inbox."""


@dataclass(frozen=True)
class TelegramServices:
    """The parts, made and not started.

    Attributes:
        bot: calls the Bot API.
        connection: connects the bot.
        health: the state of the connection.
        gate: lets calls leave.
        receiver: the updates in flight.
        set_aside: tells admins what is no longer tried.
        source: where updates come from: polling or a webhook.
        endpoint: where Telegram delivers updates; None with polling.
        translators: the texts in every language.
        ad_sittings: who is watching ads.
        services: what handlers work with.
        may_earn: whether the required channel lets a person earn.
    """

    bot: BotClient
    connection: Connection
    health: ConnectionHealth
    gate: OutgoingGate
    receiver: Receiver
    set_aside: SetAsideReports
    source: Polling | Webhook
    endpoint: WebhookEndpoint | None
    translators: Translators
    ad_sittings: AdSittings
    may_earn: Callable[[int], Awaitable[bool]]
    services: Services

    def problem(self) -> Problem | None:
        """What is wrong with the connection; None if nothing is."""
        return self.health.problem or self.source.problem() or self.gate.problem()

    def problem_in_words(self, t: Translator) -> str:
        """The same as one sentence; empty if nothing is wrong."""
        problem = self.problem()
        return problem.in_language(t) if problem is not None else ""

    def show_desk(self, desk: OrderDesk) -> None:
        """Let the admins see the provider's services and our account there."""
        self.services.catalogue, self.services.provider_account = desk.catalogue, desk.account

    async def open(self, shutdown: Shutdown) -> None:
        """Begin to serve people: first those whose updates the last process has left."""
        shutdown.later(self.source.confirm)
        shutdown.later(self._finish, FINISH_WITHIN_S + 1)
        self.receiver.recover()
        self.set_aside.start()
        shutdown.later(self.set_aside.stop)
        shutdown.later(self._stop_receiving)
        await self.source.start()

    async def _stop_receiving(self) -> None:
        """Stop receiving, and stop waiting for Telegram to recover: there is no time for that."""
        self.gate.stop()
        await self.source.stop()

    async def _finish(self) -> None:
        await self.receiver.close(FINISH_WITHIN_S)


async def make_telegram_services(
    settings: Settings,
    ledger: Ledger,
    hooks: BotHooks,
    shutdown: Shutdown,
    *,
    ads: Ads | None = None,
    traces: AdTraces | None = None,
    limits: RateLimits = TELEGRAM_LIMITS,
    expect_order: Callable[[], None] = lambda: None,
) -> TelegramServices:
    """Make all parts; nothing is sent yet. `expect_order` is as in `bot.context.Services`.

    `ads` says how ads are shown; None: as the settings say. `traces` is for the search for fraud.

    Raises:
        OSError: the inbox can't be opened.
    """
    token = settings.require_token()
    gate = OutgoingGate(ledger, limits, hooks, admin_ids=settings.admin_ids)
    bot = BotClient(token, settings.telegram_api_url, gate)
    services = _services(settings, ads or ads_of(settings), ledger, expect_order)
    if traces is not None:
        services.ad_sessions, services.ad_addresses = traces.sessions, traces.addresses
    dispatcher = Dispatcher(bot, services, ErrorHandler(gate))
    inbox = await asyncio.to_thread(_open_inbox, settings.data_dir, token)
    shutdown.later(inbox.close)

    def alive() -> bool:
        return ledger.failure is None and not ledger.closed

    health = ConnectionHealth(on_return=gate.retry_now)
    receiver = Receiver(
        dispatcher,
        inbox,
        hooks,
        alive=alive,
        admin_ids=settings.admin_ids,
        limits=limits,
        arrived=dispatcher.note_arrival,
    )
    services.set_aside = receiver
    reports = SetAsideReports(
        bot, ledger, settings.admin_ids, services.translators, inbox.set_aside
    )
    source: Polling | Webhook
    endpoint: WebhookEndpoint | None = None
    if url := settings.webhook_url():
        secret = secret_of(token)
        source = Webhook(bot, receiver, health, url, secret=secret, alive=alive)
        endpoint = WebhookEndpoint(
            secret=secret,
            accept=source.accept,
            networks=settings.webhook_ips,
            trusted=settings.trusted_proxy,
        )
        _warn_of_a_silent_proxy(settings)
    else:
        source = Polling(bot, receiver, health)

    async def may_earn(user_id: int) -> bool:
        return await channel.may_earn(user_id, Context(bot, services, user_id))

    connection = Connection(bot, partial(publish, bot, services), health)
    return TelegramServices(
        bot,
        connection,
        health,
        gate,
        receiver,
        reports,
        source,
        endpoint,
        services.translators,
        services.ad_sittings,
        may_earn,
        services,
    )


def _warn_of_a_silent_proxy(settings: Settings) -> None:
    """Telegram delivers by https, which we don't speak: so there is a proxy."""
    if not settings.webhook_ips or settings.trusted_proxy:
        return
    if is_telegrams_own(settings.telegram_api_url):
        log.warning(
            "WEBHOOK_IPS is set and TRUSTED_PROXY is not, so every update that comes through a "
            "reverse proxy is refused: who sends it, only the proxy can say. Set TRUSTED_PROXY to "
            "the proxy's address (127.0.0.1 if it runs on this machine) and start again."
        )


def _open_inbox(folder: Path, token: str) -> Inbox:
    bot_id = int(token.partition(":")[0])
    return Inbox.open(folder / INBOX_NAME, bot_id)


def _services(
    settings: Settings, ads: Ads, ledger: Ledger, expect_order: Callable[[], None]
) -> Services:
    page_url = f"{settings.public_url}{AD_PAGE_PATH}" if ads.networks else ""
    return Services(
        ledger=ledger,
        admin_ids=settings.admin_ids,
        # In `miniapp` mode, no ad is paid on the person's word.
        ad_url=settings.ad_url if settings.ad_mode == "link" else "",
        go_url=f"{settings.public_url}/go/" if settings.public_url else "",
        ad_page_url=page_url,
        ad_sittings=AdSittings(page_url),
        ad_key=session_key(settings.require_token()),
        expect_order=expect_order,
        sells_views=sells_views(settings),
        has_services=settings.order_api_kind != "simple",
    )
