"""Owns the wiring: which room gets what, the order of starting, and the order of stopping."""

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

from bot.app import build_bot
from bot.broadcasts import Broadcaster
from bot.context import Services
from bot.notices import Notifier
from ledger.ad_sessions import session_key
from ledger.book import Ledger
from ledger.log import LOG_NAME
from orders.desk import OrderDesk
from orders.providers import SimpleProvider
from viewbank import __version__
from viewbank.logs import set_up_logs
from viewbank.settings import Settings
from viewbank.snapshots import SnapshotKeeper
from viewbank.telegram_link import TelegramLink
from web.app import build_web
from web.server import WebServer
from web.sources import Sources

log = logging.getLogger(__name__)


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
        LogLocked, BadLog, OSError: the ledger can't be opened, or the port is taken.
        TokenRefused: Telegram doesn't know the token.
    """
    set_up_logs(settings.log_level, settings.secrets())
    stop = stop or asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    folder = settings.data_dir
    async with AsyncExitStack() as rooms:
        ledger = await Ledger.open(folder)
        rooms.push_async_callback(ledger.close)
        if prepare is not None:
            await prepare(ledger)
        await _open_rooms(rooms, settings, folder, ledger, mode_note, on_ready, stop)
        return 0 if ledger.failure is None else 1


async def _open_rooms(
    rooms: AsyncExitStack,
    settings: Settings,
    folder: Path,
    ledger: Ledger,
    mode_note: str,
    on_ready: Callable[[str], None] | None,
    stop: asyncio.Event,
) -> None:
    """Open the rooms, wait for the end, and let the stack close them in the opposite order."""
    services = Services(
        ledger=ledger,
        log_path=folder / LOG_NAME,
        admin_ids=settings.admin_ids,
        ad_url=settings.require_ad_url(),
        ad_key=session_key(settings.require_token()),
    )
    app = build_bot(services, settings.bot_token, settings.telegram_api_url)
    link = TelegramLink(app, settings.admin_ids)
    web = WebServer(
        build_web(
            Sources(
                ledger=ledger,
                version=__version__,
                started_at_ms=ledger.now_ms(),
                telegram_ok=link.trouble,
                bot_username=lambda: link.username,
                mode_note=mode_note,
            )
        ),
        settings.host,
        settings.port,
    )
    address = await web.start()
    rooms.push_async_callback(web.stop)
    log.info("The status page is at %s", address)

    snapshots = SnapshotKeeper(folder, ledger)
    snapshots.start()
    rooms.push_async_callback(snapshots.stop)

    rooms.push_async_callback(link.close)
    connecting = asyncio.create_task(link.connect(), name="connecting to Telegram")
    rooms.push_async_callback(_cancel, connecting)
    ended = [asyncio.create_task(stop.wait()), asyncio.create_task(ledger.failed.wait())]
    for task in ended:
        rooms.push_async_callback(_cancel, task)
    await asyncio.wait([connecting, *ended], return_when=asyncio.FIRST_COMPLETED)
    if not connecting.done():
        return
    connecting.result()

    notifier = Notifier(app.bot, ledger, settings.admin_ids)
    notifier.start()
    rooms.push_async_callback(notifier.stop)
    broadcaster = Broadcaster(app.bot, ledger)
    broadcaster.start()
    rooms.push_async_callback(broadcaster.stop)
    desk = OrderDesk(ledger, SimpleProvider(settings.order_api_url))
    await desk.start()
    rooms.push_async_callback(desk.stop)
    rooms.push_async_callback(link.stop_taking)
    await link.take_updates()
    log.info("The bot is @%s and takes messages now.", link.username)
    if on_ready is not None:
        on_ready(address)
    await asyncio.wait(ended, return_when=asyncio.FIRST_COMPLETED)
    log.info("Stopping: finishing what is in hand.")
    if ledger.failure is not None:
        sys.stderr.write(
            f"Viewbank stops: the log can't be written ({ledger.failure}). Nothing that anybody "
            "was told of is lost. Make room or mend the disk, then start again.\n"
        )


async def _cancel(task: "asyncio.Task[object]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
