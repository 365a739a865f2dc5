"""The demo: the real bot with a stand-in for Telegram, the provider and the ad, on this machine."""

import asyncio
import os
import socket
import sys
from pathlib import Path

from bot.notify.cursor import NOTICES_NAME
from bot.receive.crash_count import RUNNING_SUFFIX
from bot.receive.inbox import INBOX_NAME
from bot.receive.set_aside import SET_ASIDE_NAME
from ledger import commands as c
from ledger.ledger import Ledger
from ledger.store.disk import Disk
from ledger.store.file import LOG_NAME, open_locked
from ledger.store.profiles import PROFILES_NAME
from ledger.store.user_data import USER_DATA_NAME
from sandbox.control_people import NewPerson
from sandbox.people import say
from sandbox.server import running
from viewbank.run import run
from viewbank.settings import Settings
from viewbank.telemetry.logs import set_up_logs
from web.texts import DEMO_NOTE

HOST = Settings().host
CHATS_NAME = "pretend_telegram.json"

ECONOMY = {
    "ad_reward_points": 50,
    "ad_cooldown_s": 5,
    "ad_watch_s": 3,
    "referral_after_ads": 2,
    "referral_welcome_points": 100,
}
"""Faster than the defaults, so that two minutes are enough to try everything."""

PEOPLE = (
    NewPerson("Anna", id=101, username="anna"),
    NewPerson("Ben", id=102, username="ben"),
)


def demo(*, port: int, chat_port: int, folder: Path, fresh: bool) -> int:
    """Run the demo until Ctrl-C. Returns the exit status.

    Raises:
        LogLocked: another demo runs in this folder.
        OSError: a port is taken, or the folder can't be written.
    """
    _require_ports(port, chat_port)
    if fresh:
        forget(folder)
    Disk().make_folder(folder)
    return asyncio.run(_demo(port, chat_port, folder))


def _require_ports(port: int, chat_port: int) -> None:
    """Check that both ports are free, before anything is opened.

    Raises:
        OSError: one is not; the text says how to use others.
    """
    for option, number in (("--chat-port", chat_port), ("--port", port)):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((HOST, number))
            except OSError as error:
                reason = os.strerror(error.errno or 0).lower()
                raise OSError(
                    f"The demo can't use port {number} ({option}): {reason}. If another demo is "
                    "running, stop it, or take free ports: python -m viewbank demo --port 0 "
                    "--chat-port 0"
                ) from None


def forget(folder: Path) -> None:
    """Delete the files that a demo keeps in a folder, and nothing else.

    Raises:
        LogLocked: a demo runs there.
        OSError: the folder can't be written.
    """
    disk = Disk()
    disk.make_folder(folder)
    fd = open_locked(folder / LOG_NAME, disk)
    try:
        disk.sweep(folder)
        # The log last: its lock keeps other processes out.
        for name in (
            PROFILES_NAME,
            USER_DATA_NAME,
            NOTICES_NAME,
            INBOX_NAME,
            Path(INBOX_NAME).with_suffix(RUNNING_SUFFIX).name,
            SET_ASIDE_NAME,
            CHATS_NAME,
            f"{LOG_NAME}.torn-*",
            LOG_NAME,
        ):
            for path in folder.glob(name):
                path.unlink()
    finally:
        os.close(fd)


async def _demo(port: int, chat_port: int, folder: Path) -> int:
    admin_ids = Settings().admin_ids
    async with running(
        port=chat_port,
        admin_ids=admin_ids,
        users=PEOPLE,
        state_file=folder / CHATS_NAME,
    ) as world:
        # As on Telegram, the bot can write to an admin only after their /start.
        for admin_id in admin_ids:
            if not world.sandbox.accounts[admin_id].started:
                say(world.sandbox, world.sandbox.accounts[admin_id], "/start")
        settings = Settings(
            bot_token=world.token,
            telegram_api_url=world.telegram_api_url,
            data_dir=folder,
            port=port,
            ad_url=world.ad_url,
            order_api_url=world.provider_url,
            log_level="WARNING",
        )

        set_up_logs(settings.log_level, settings.secrets())

        def say_hello(status_address: str) -> None:
            sys.stdout.write(
                f"\n{DEMO_NOTE.source}\n\n"
                f"  The chat (be a user, or the admin):  {world.url}/\n"
                f"  The status page:                     {status_address}/\n\n"
                f"Everything is kept in {folder}. Ctrl-C ends the demo.\n"
            )
            sys.stdout.flush()

        return await run(settings, demo=True, prepare=_prepare, on_ready=say_hello)


async def _prepare(ledger: Ledger) -> None:
    """Set the demo's economy, once: later changes by an admin stay."""
    for name, value in ECONOMY.items():
        await ledger.execute(
            c.ChangeSetting(by="system", name=name, value=value, key=f"demo:{name}")
        )
