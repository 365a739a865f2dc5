"""The demo: the real bot with a stand-in for Telegram, provider and ad networks, all local."""

import asyncio
import os
import secrets
import socket
import sys
from pathlib import Path
from typing import Literal

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
from sandbox.networks.network import NetworkConfig
from sandbox.people import say
from sandbox.server import Running, running
from viewbank.demo_shop import open_shop
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
    "order_poll_s": 2,
}
"""Faster than the defaults, so that two minutes are enough to try everything."""

AdMode = Literal["miniapp", "link"]

ZONE = "1000001"
BLOCK = "2000"
POSTBACK_QUERIES = {
    "monetag": "ymid={ymid}&event_type={event_type}&reward_event_type={reward_event_type}"
    "&zone_id={zone_id}&sub_zone_id={sub_zone_id}&request_var={request_var}"
    "&telegram_id={telegram_id}&estimated_price={estimated_price}",
    "adsgram": "userid=[userId]",
}
"""What an operator writes into the network's dashboard, behind the address."""
POSTBACK_REPEATS = 3

PEOPLE = (
    NewPerson("Anna", id=101, username="anna"),
    NewPerson("Ben", id=102, username="ben"),
)


def demo(*, port: int, chat_port: int, folder: Path, fresh: bool, ads: AdMode) -> int:
    """Run the demo until Ctrl-C. Returns the exit status.

    Raises:
        LogLocked: another demo runs in this folder.
        OSError: a port is taken, or the folder can't be written.
    """
    _require_ports(port, chat_port)
    if fresh:
        forget(folder)
    Disk().make_folder(folder)
    return asyncio.run(_demo(port or free_port(), chat_port, folder, ads))


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


async def _demo(port: int, chat_port: int, folder: Path, ads: AdMode) -> int:
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
        secret = secrets.token_urlsafe(24)
        settings = demo_settings(world, folder, port, ads=ads, postback_secret=secret)
        register_with_networks(world, settings.public_url, secret)
        set_up_logs(settings.log_level, settings.secrets())

        def say_hello(status_address: str) -> None:
            sys.stdout.write(
                f"\n{DEMO_NOTE.source}\n\n"
                f"  The chat (be a user, or the admin):  {world.url}/\n"
                f"  The status page:                     {status_address}/\n\n"
                f"Everything is kept in {folder}. Ctrl-C ends the demo.\n"
            )
            sys.stdout.flush()

        async def prepare(ledger: Ledger) -> None:
            await _prepare(ledger)
            await open_shop(ledger, world.sandbox.panel.state.services)

        return await run(settings, demo=True, prepare=prepare, on_ready=say_hello)


def free_port() -> int:
    """A port that nobody listens on: the ad page's address is needed before the server starts."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def demo_settings(
    world: Running, folder: Path, port: int, *, ads: AdMode, postback_secret: str
) -> Settings:
    """The settings of an operator in the pretend world."""
    return Settings(
        bot_token=world.token,
        telegram_api_url=world.telegram_api_url,
        web_app_script_url=world.web_app_script_url,
        # The bot polls: a webhook would need nothing here that polling does not show.
        telegram_updates="polling",
        data_dir=folder,
        host=HOST,
        port=port,
        public_url=f"http://{HOST}:{port}",
        ad_mode=ads,
        ad_url=world.ad_url,
        ad_zone_id=ZONE,
        ad_sdk_url=world.sdk_url("monetag"),
        adsgram_block_id=BLOCK,
        adsgram_sdk_url=world.sdk_url("adsgram"),
        ad_postback_secret=postback_secret,
        order_api_url=world.panel_url,
        order_api_kind="panel",
        order_api_key=world.panel_key,
        log_level="WARNING",
    )


def register_with_networks(world: Running, public_url: str, postback_secret: str) -> None:
    """Do what an operator does in the networks' dashboards: write down the postback address."""
    for name, network in world.sandbox.networks.by_name.items():
        address = f"{public_url}/postback/{name}/{postback_secret}"
        network.config = NetworkConfig(
            postback_url=f"{address}?{POSTBACK_QUERIES[name]}",
            zone=ZONE if name == "monetag" else "",
            repeats=POSTBACK_REPEATS,
        )


async def _prepare(ledger: Ledger) -> None:
    """Set the demo's economy, once: later changes by an admin stay."""
    for name, value in ECONOMY.items():
        await ledger.execute(
            c.ChangeSetting(by="system", name=name, value=value, key=f"demo:{name}")
        )
