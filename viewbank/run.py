"""Runs the program: wires the rooms, starts them in order, and stops them in reverse order."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Literal

from bot.notify.broadcaster import Broadcaster
from bot.notify.digest import DigestSender
from bot.notify.notifier import Notifier
from bot.receive.connection import Connection
from bot.send.rate_limits import TELEGRAM_LIMITS, RateLimits
from ledger.clocks.clock_watch import uptime_ms
from ledger.ledger import Ledger
from orders.desk import OrderDesk
from orders.providers.base import Provider
from viewbank import __version__, open_files
from viewbank.ad_services import ads_of, make_ad_endpoints
from viewbank.file_modes import tighten
from viewbank.order_provider import make_provider, wake_up
from viewbank.settings import Settings
from viewbank.shutdown import Shutdown
from viewbank.snapshot_schedule import SnapshotSchedule
from viewbank.telegram import TelegramServices, make_telegram_services
from viewbank.telemetry.gauges import (
    desk_gauges,
    ledger_gauges,
    notice_gauges,
    order_gauges,
    program_gauges,
    receiving_gauges,
    snapshot_gauges,
    web_gauges,
)
from viewbank.telemetry.metrics import Metrics
from web.ad_endpoints import AdEndpoints
from web.ad_traces import AdTraces
from web.app import build_web
from web.connections import ConnectionLimits
from web.dependencies import Dependencies
from web.server import WebServer

log = logging.getLogger(__name__)


async def run(
    settings: Settings,
    *,
    demo: bool = False,
    prepare: Callable[[Ledger], Awaitable[None]] | None = None,
    on_ready: Callable[[str], None] | None = None,
    stop: asyncio.Event | None = None,
    limits: RateLimits = TELEGRAM_LIMITS,
) -> int:
    """Run bot, order dispatcher and web server until a signal, or until the disk fails.

    Args:
        settings: from `viewbank.settings`.
        demo: whether the status page says that nothing is real.
        prepare: called with the open ledger before anything else uses it.
        on_ready: called with the web server's address once Telegram is connected.
        stop: ends it, for those who can't send a signal.
        limits: how many messages may leave for Telegram.

    Returns:
        The exit status: 0 after a signal, 1 when the log could not be written.

    Raises:
        WrongSetting: orders can't be sent to the address that is set.
        LogLocked, BadLog, OSError: the ledger can't be opened, or the port is in use.
        TokenRefused: Telegram doesn't know the token.
    """
    open_files.raise_limit()
    provider = make_provider(settings)
    for problem in tighten(settings.data_dir):
        log.warning("Please note: %s.", problem)
    stop = stop or asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    # Rooms are closed in reverse order of opening: what serves people first, the ledger last.
    async with AsyncExitStack() as rooms:
        metrics = Metrics(__version__)
        ledger = await Ledger.open_folder(settings.data_dir, hooks=metrics.ledger, uptime=uptime_ms)
        rooms.push_async_callback(ledger.close)
        shutdown = Shutdown(rooms)
        # What was loaded lives as long as the program. The collector need not traverse it again,
        # which would block the event loop (57 ms with a million people).
        gc.collect()
        gc.freeze()
        if prepare is not None:
            await prepare(ledger)
        ended = [asyncio.create_task(wait()) for wait in (stop.wait, ledger.failed.wait)]
        for task in ended:
            shutdown.later_cancel(task)
        ads = ads_of(settings)
        if ads.missing:
            log.warning("%s", ads.missing)
        traces = AdTraces(ledger)
        telegram = await make_telegram_services(
            settings,
            ledger,
            metrics.bot,
            shutdown,
            ads=ads,
            traces=traces,
            limits=limits,
            expect_order=wake_up(provider, metrics.orders),
        )
        endpoints = make_ad_endpoints(
            settings,
            ads,
            ledger,
            bot_username=lambda: telegram.connection.username,
            may_earn=telegram.may_earn,
            hooks=metrics.ads,
            traces=traces,
        )
        dependencies = _web_dependencies(ledger, telegram, metrics, endpoints, demo=demo)
        address = await _open_web(shutdown, settings, dependencies, metrics)
        snapshots = SnapshotSchedule(settings.data_dir, ledger)
        snapshots.start()
        shutdown.later(snapshots.stop)
        metrics.ask(lambda: program_gauges(ledger, telegram.problem))
        metrics.ask(lambda: receiving_gauges(telegram.source))
        metrics.ask(lambda: ledger_gauges(ledger))
        metrics.ask(lambda: snapshot_gauges(snapshots))
        metrics.loop_lag.start()
        rooms.callback(metrics.loop_lag.stop)
        if await _connect(shutdown, telegram.connection, ended):
            await _open_for_people(
                shutdown, settings, ledger, telegram, provider=provider, metrics=metrics
            )
            log.info("The bot is @%s and receives messages now.", telegram.connection.username)
            if on_ready is not None:
                on_ready(address)
            await asyncio.wait(ended, return_when=asyncio.FIRST_COMPLETED)
        log.info("Stopping: finishing what is in progress.")
    if ledger.failure is None:
        return 0
    for handler in logging.getLogger().handlers:
        handler.flush()  # so that what follows is the last line
    sys.stderr.write(
        f"Viewbank stops: the log can't be written ({ledger.failure}). Nothing that was "
        "acknowledged is lost. Free space or repair the disk, then start again.\n"
    )
    return 1


def _web_dependencies(
    ledger: Ledger,
    telegram: TelegramServices,
    metrics: Metrics,
    ads: AdEndpoints,
    *,
    demo: bool,
) -> Dependencies:
    return Dependencies(
        ledger=ledger,
        version=__version__,
        started_at_ms=ledger.now_ms(),
        telegram_problem=telegram.problem_in_words,
        last_poll_age_s=telegram.source.last_poll_age_s,
        last_delivery_age_s=telegram.source.last_delivery_age_s,
        # The demo's bot has no address that leads anywhere.
        bot_username=lambda: "" if demo else telegram.connection.username,
        demo=demo,
        metrics=metrics.expose,
        webhook=telegram.endpoint,
        ads=ads,
    )


async def _open_web(
    shutdown: Shutdown, settings: Settings, dependencies: Dependencies, metrics: Metrics
) -> str:
    usual = ConnectionLimits()
    limits = replace(
        usual, total=open_files.web_connections(usual.total), trusted=settings.trusted_proxy
    )
    web = WebServer(build_web(dependencies), settings.host, settings.port, limits)
    address = await web.start()
    shutdown.later(web.stop)
    metrics.ask(lambda: web_gauges(web.connections))
    log.info("The status page is at %s", address)
    return address


async def _connect(
    shutdown: Shutdown, connection: Connection, ended: list["asyncio.Task[Literal[True]]"]
) -> bool:
    """Connect to Telegram, however long that takes; false if the program ends before that."""
    shutdown.later(connection.close)
    connecting = asyncio.create_task(connection.connect(), name="connecting to Telegram")
    shutdown.later_cancel(connecting)
    await asyncio.wait([connecting, *ended], return_when=asyncio.FIRST_COMPLETED)
    if connecting.done():
        connecting.result()
    return connecting.done()


async def _open_for_people(
    shutdown: Shutdown,
    settings: Settings,
    ledger: Ledger,
    telegram: TelegramServices,
    *,
    provider: Provider,
    metrics: Metrics,
) -> None:
    """Start those that follow the ledger first, so that they miss no event."""
    bot = telegram.bot
    notifier = Notifier(
        bot,
        ledger,
        settings.admin_ids,
        settings.data_dir,
        telegram.translators,
        sittings=telegram.ad_sittings,
        ask_later=telegram.services.ask_later,
    )
    await notifier.start()
    shutdown.later(notifier.stop)
    metrics.ask(lambda: notice_gauges(notifier))
    broadcaster = Broadcaster(bot, ledger, telegram.translators)
    broadcaster.start()
    shutdown.later(broadcaster.stop)
    digests = DigestSender(bot, ledger, settings.admin_ids, telegram.translators)
    digests.start()
    shutdown.later(digests.stop)
    desk = OrderDesk(
        ledger,
        provider,
        workers=settings.order_requests_max,
        alert=notifier.alert_admins,
        hooks=metrics.orders,
    )
    metrics.ask(lambda: order_gauges(desk.dispatcher))
    metrics.ask(lambda: desk_gauges(desk))
    await desk.start()
    shutdown.later(desk.stop)
    telegram.show_desk(desk)
    await telegram.open(shutdown)
