"""Owns the wiring: which room gets what, the order of starting, and the order of stopping."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, Literal

from bot.app import build_bot
from bot.broadcasts import Broadcaster
from bot.context import BotApplication, Services
from bot.digest import DigestKeeper
from bot.notices import Notifier
from ledger.ad_sessions import session_key
from ledger.book import Ledger
from ledger.log import LOG_NAME
from orders.desk import OrderDesk
from orders.providers import Provider, SimpleProvider
from viewbank import __version__
from viewbank.settings import Settings, WrongSetting
from viewbank.snapshots import SnapshotKeeper
from viewbank.telegram_link import TelegramLink
from web.app import build_web
from web.server import WebServer
from web.sources import Sources

log = logging.getLogger(__name__)

CLOSE_WITHIN_S = 40.0
"""A room gets this long to finish what it holds; an order on its way may take 30 s."""


async def run(
    settings: Settings,
    *,
    mode_note: str = "",
    prepare: Callable[[Ledger], Awaitable[None]] | None = None,
    on_ready: Callable[[str], None] | None = None,
    stop: asyncio.Event | None = None,
) -> int:
    """Run bot, order desk and web server until a signal, or until the disk says no.

    Args:
        settings: from `viewbank.settings`.
        mode_note: what the status page says on top, if anything.
        prepare: called with the open ledger before anything else uses it.
        on_ready: called with the web server's address once Telegram is connected.
        stop: ends it, for those who can't send a signal.

    Returns:
        The exit status: 0 after a signal, 1 when the log could not be written.

    Raises:
        WrongSetting: orders can't be sent to the address that is set.
        LogLocked, BadLog, OSError: the ledger can't be opened, or the port is taken.
        TokenRefused: Telegram doesn't know the token.
    """
    provider = _provider(settings)
    stop = stop or asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    # Rooms are closed in the opposite order of opening: people first, the ledger last.
    async with AsyncExitStack() as rooms:
        ledger = await Ledger.open(settings.data_dir)
        rooms.push_async_callback(ledger.close)
        # What was loaded lives as long as the program; the collector need not look at it again,
        # which would hold everybody up (57 ms with a million people).
        gc.collect()
        gc.freeze()
        if prepare is not None:
            await prepare(ledger)
        ended = [asyncio.create_task(wait()) for wait in (stop.wait, ledger.failed.wait)]
        for task in ended:
            rooms.push_async_callback(_cancel, task)
        app = build_bot(
            _services(settings, ledger), settings.require_token(), settings.telegram_api_url
        )
        link = TelegramLink(app, settings.admin_ids)
        address = await _open_web(rooms, settings, _sources(ledger, link, mode_note))
        snapshots = SnapshotKeeper(settings.data_dir, ledger)
        snapshots.start()
        rooms.push_async_callback(_close, snapshots.stop)
        if await _connect(rooms, link, ended):
            await _open_for_people(rooms, settings, ledger, app, link, provider=provider)
            log.info("The bot is @%s and takes messages now.", link.username)
            if on_ready is not None:
                on_ready(address)
            await asyncio.wait(ended, return_when=asyncio.FIRST_COMPLETED)
        log.info("Stopping: finishing what is in hand.")
    if ledger.failure is None:
        return 0
    sys.stderr.write(
        f"Viewbank stops: the log can't be written ({ledger.failure}). Nothing that anybody was "
        "told of is lost. Make room or mend the disk, then start again.\n"
    )
    return 1


def _provider(settings: Settings) -> Provider:
    try:
        return SimpleProvider(settings.order_api_url)
    except ValueError as error:
        raise WrongSetting(f"ORDER_API_URL is set, but {error}") from None


def _services(settings: Settings, ledger: Ledger) -> Services:
    return Services(
        ledger=ledger,
        log_path=settings.data_dir / LOG_NAME,
        admin_ids=settings.admin_ids,
        ad_url=settings.require_ad_url(),
        ad_key=session_key(settings.require_token()),
    )


def _sources(ledger: Ledger, link: TelegramLink, mode_note: str) -> Sources:
    return Sources(
        ledger=ledger,
        version=__version__,
        started_at_ms=ledger.now_ms(),
        telegram_ok=link.trouble,
        # The demo's bot has no address that leads anywhere.
        bot_username=lambda: "" if mode_note else link.username,
        mode_note=mode_note,
    )


async def _open_web(rooms: AsyncExitStack, settings: Settings, sources: Sources) -> str:
    web = WebServer(build_web(sources), settings.host, settings.port)
    address = await web.start()
    rooms.push_async_callback(web.stop)
    log.info("The status page is at %s", address)
    return address


async def _connect(
    rooms: AsyncExitStack, link: TelegramLink, ended: list["asyncio.Task[Literal[True]]"]
) -> bool:
    """Connect to Telegram, however long that takes; False if the end comes first."""
    rooms.push_async_callback(_close, link.close)
    connecting = asyncio.create_task(link.connect(), name="connecting to Telegram")
    rooms.push_async_callback(_cancel, connecting)
    await asyncio.wait([connecting, *ended], return_when=asyncio.FIRST_COMPLETED)
    if connecting.done():
        connecting.result()
    return connecting.done()


async def _open_for_people(
    rooms: AsyncExitStack,
    settings: Settings,
    ledger: Ledger,
    app: BotApplication,
    link: TelegramLink,
    *,
    provider: Provider,
) -> None:
    """Those who follow the ledger first, so that they hear of whatever people cause."""
    notifier = Notifier(app.bot, ledger, settings.admin_ids)
    notifier.start()
    rooms.push_async_callback(_close, notifier.stop)
    broadcaster = Broadcaster(app.bot, ledger)
    broadcaster.start()
    rooms.push_async_callback(_close, broadcaster.stop)
    digests = DigestKeeper(app.bot, ledger, settings.data_dir / LOG_NAME, settings.admin_ids)
    digests.start()
    rooms.push_async_callback(_close, digests.stop)
    desk = OrderDesk(ledger, provider, alert=notifier.alert_admins)
    await desk.start()
    rooms.push_async_callback(_close, desk.stop)
    rooms.push_async_callback(_close, link.stop_taking)
    await link.take_updates()


async def _close(stop: Callable[[], Awaitable[None]]) -> None:
    """Close one room; what fails or takes too long is logged, and keeps no other from closing.

    The ledger, closed last, is safe whatever happens here: what was told is on the disk.
    """
    try:
        async with asyncio.timeout(CLOSE_WITHIN_S):
            await stop()
    except Exception:
        log.exception("%s did not end well; going on.", getattr(stop, "__qualname__", stop))


async def _cancel(task: "asyncio.Task[Any]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
