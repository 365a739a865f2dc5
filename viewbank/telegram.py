"""Owns the Telegram side of the program: bot, inbox, and the way that updates come in."""

import asyncio
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ads.sessions import session_key
from bot.context import Services
from bot.dispatcher import Dispatcher
from bot.error_handler import ErrorHandler
from bot.handlers.bot_profile import publish
from bot.metrics_hooks import BotHooks
from bot.receive.connection import Connection
from bot.receive.connection_health import Health
from bot.receive.inbox import INBOX_NAME, Inbox
from bot.receive.polling import Polling
from bot.receive.receiver import Receiver
from bot.receive.webhook import Webhook, secret_of
from bot.send.client import TelegramBot
from bot.send.gate import OutgoingGate
from bot.send.rate_limits import TELEGRAM_LIMITS, RateLimits
from i18n import Translators
from ledger.ledger import Ledger
from viewbank.settings import Settings
from viewbank.shutdown import Shutdown
from web.webhook import WebhookDoor

FINISH_WITHIN_S = 3.0
"""What is in hand at the stop gets so long; the rest waits in the inbox for the next start."""


@dataclass(frozen=True)
class TelegramServices:
    """The parts, made and not begun.

    Attributes:
        bot: speaks to Telegram.
        link: makes the connection.
        health: how the connection is.
        gate: lets out what goes to Telegram.
        receiver: the updates in hand.
        way_in: how updates come: by polling, or by webhook.
        door: for updates that are posted to us; None with polling.
        translators: the texts in every language.
    """

    bot: TelegramBot
    link: Connection
    health: Health
    gate: OutgoingGate
    receiver: Receiver
    way_in: Polling | Webhook
    door: WebhookDoor | None
    translators: Translators

    def trouble(self) -> str:
        """What is wrong with the connection, in one sentence; empty if nothing is."""
        return self.health.trouble or self.gate.trouble()

    async def open(self, shutdown: Shutdown) -> None:
        """Begin to serve people: first those whom the last process has left waiting."""
        shutdown.later(self.way_in.confirm)
        shutdown.later(self._finish, FINISH_WITHIN_S + 1)
        self.receiver.recover()
        shutdown.later(self._stop_taking)
        await self.way_in.start()

    async def _stop_taking(self) -> None:
        """From now on nothing is waited out: an outage may last longer than there is time."""
        self.gate.stop()
        await self.way_in.stop()

    async def _finish(self) -> None:
        await self.receiver.close(FINISH_WITHIN_S)


async def make_telegram_services(
    settings: Settings,
    ledger: Ledger,
    hooks: BotHooks,
    shutdown: Shutdown,
    *,
    limits: RateLimits = TELEGRAM_LIMITS,
) -> TelegramServices:
    """Build it all; nothing is sent yet.

    Raises:
        OSError: the inbox can't be opened.
    """
    token = settings.require_token()
    gate = OutgoingGate(ledger, limits, hooks)
    bot = TelegramBot(token, settings.telegram_api_url, gate)
    services = _services(settings, ledger)
    app = Dispatcher(bot, services, ErrorHandler(gate))
    inbox = await asyncio.to_thread(_open_inbox, settings.data_dir, token)
    shutdown.later(inbox.close)

    def alive() -> bool:
        return ledger.failure is None and not ledger.closed

    health = Health(on_return=gate.try_now)
    receiver = Receiver(app, inbox, hooks, alive=alive)
    way_in: Polling | Webhook
    door: WebhookDoor | None = None
    if url := settings.webhook_url():
        way_in = Webhook(bot, receiver, health, url, alive=alive)
        door = WebhookDoor(secret=secret_of(token), take=way_in.take, networks=settings.webhook_ips)
    else:
        way_in = Polling(bot, receiver, health)
    link = Connection(bot, partial(publish, bot, services), health)
    return TelegramServices(bot, link, health, gate, receiver, way_in, door, services.translators)


def _open_inbox(folder: Path, token: str) -> Inbox:
    bot_id = int(token.partition(":")[0])
    return Inbox.open(folder / INBOX_NAME, bot_id)


def _services(settings: Settings, ledger: Ledger) -> Services:
    return Services(
        ledger=ledger,
        admin_ids=settings.admin_ids,
        ad_url=settings.require_ad_url(),
        ad_key=session_key(settings.require_token()),
    )
