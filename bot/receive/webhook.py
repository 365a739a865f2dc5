"""Owns taking updates by webhook: having it set, taking what comes, seeing that it still is set."""

import asyncio
import hashlib
import hmac
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Literal, TypeAlias

import msgspec
from telegram import WebhookInfo
from telegram.error import BadRequest

from bot.receive.connection_health import Health
from bot.receive.receiver import Receiver
from bot.send.client import TelegramBot
from bot.updates import ALLOWED_UPDATES

log = logging.getLogger(__name__)

CONNECTIONS_MAX = 100
CHECK_EVERY_S = 30.0

OTHER_WEBHOOK = (
    "Another program has given Telegram an address of its own for this bot, so updates go there. "
    "Stop the other one, then start this one again."
)


Acceptance: TypeAlias = Literal["accepted", "busy", "closed", "malformed"]
"""What became of a delivery; `web.webhook` says what each means to Telegram."""


def secret_of(token: str) -> str:
    """What Telegram's deliveries must carry: it follows from the token, so it needs no setting."""
    return hmac.new(token.encode(), b"viewbank webhook", hashlib.sha256).hexdigest()


class Webhook:
    """Telegram posts each update to our own address; a 200 confirms it."""

    def __init__(
        self,
        bot: TelegramBot,
        receiver: Receiver,
        health: Health,
        url: str,
        *,
        alive: Callable[[], bool],
        now_s: Callable[[], float] = time.time,
    ) -> None:
        """Use `start`, once the bot is connected.

        Args:
            bot: the bot.
            receiver: where updates go.
            health: where trouble is told.
            url: our own address, as Telegram reaches it.
            alive: false once the ledger takes nothing more.
            now_s: the wall clock, in epoch seconds: Telegram dates its troubles by it.
        """
        self._bot = bot
        self._intake = receiver
        self._health = health
        self._url = url
        self._alive = alive
        self._now_s = now_s
        self._open = False
        self._came_s = 0.0
        self._was_there = False
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to serve people."""
        self._open = True
        self._task = asyncio.create_task(self._watch_over(), name="webhook")

    async def take(self, body: bytes) -> Acceptance:
        """One delivery; answered when the update is safe with us."""
        if not self._open or not self._alive():
            return "closed"
        if self._intake.full:
            return "busy"
        try:
            held = self._intake.take(msgspec.json.decode(body, type=dict))
        except ValueError:  # msgspec's errors are ValueErrors too
            return "malformed"
        self._came_s = self._now_s()
        return "accepted" if await self._intake.safe([held]) else "closed"

    async def _watch_over(self) -> None:
        """Have the webhook set, and look now and then whether it still is."""
        is_set = False
        while not self._stopping.is_set():
            try:
                was_set = is_set or await self._set()
                is_set = self._check(await self._bot.get_webhook_info())
                if not is_set and was_set and not self._was_there:
                    raise BadRequest("the webhook is gone right after it was set")  # noqa: TRY301
                self._was_there = is_set
            except Exception as error:  # noqa: BLE001 - a bot that is deaf for good is the worst
                await self._health.failed(error)
                continue
            if is_set:
                with suppress(TimeoutError):
                    async with asyncio.timeout(CHECK_EVERY_S):
                        await self._stopping.wait()

    async def _set(self) -> bool:
        """What waits for a poll is not dropped: it comes here."""
        return await self._bot.set_webhook(
            self._url,
            max_connections=CONNECTIONS_MAX,
            allowed_updates=ALLOWED_UPDATES,
            secret_token=secret_of(self._bot.token),
        )

    def _check(self, info: WebhookInfo) -> bool:
        """Whether ours is set; what Telegram says of its deliveries is told as trouble."""
        if not info.url:
            log.warning("The webhook was gone; it is set again.")
            return False
        self._health.fine()
        if info.url != self._url:
            self._health.trouble = OTHER_WEBHOOK
            log.warning("%s", OTHER_WEBHOOK)
            return True
        failed_s = info.last_error_date.timestamp() if info.last_error_date else 0.0
        # What was delivered after the last failure, and a failure long ago, say that all is well.
        if failed_s > self._came_s and self._now_s() - failed_s < 2 * CHECK_EVERY_S:
            self._health.trouble = (
                f"Telegram can't deliver updates to PUBLIC_URL: {info.last_error_message}."
            )
            log.warning("%s", self._health.trouble)
        return True

    async def stop(self) -> None:
        """Take no more updates: Telegram keeps them, and tries again later."""
        self._open = False
        self._stopping.set()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def confirm(self) -> None:
        """Nothing to do: each delivery was answered by itself."""
