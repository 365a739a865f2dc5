"""Webhook: set it, accept what Telegram delivers, and check now and then that it is still set."""

import asyncio
import hashlib
import hmac
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Literal, TypeAlias

from telegram.error import BadRequest

from bot.receive.connection_health import ConnectionHealth
from bot.receive.receiver import Receiver
from bot.send.client import BotClient, WebhookInfo
from bot.text.connection_texts import OTHER_WEBHOOK, UNDELIVERED, Problem
from bot.updates import ALLOWED_UPDATES, decode_update

log = logging.getLogger(__name__)

CONNECTIONS_MAX = 100
CHECK_EVERY_S = 30.0
CATCH_UP_S = 60.0
"""After the start, what waited at Telegram comes all at once."""


Acceptance: TypeAlias = Literal["accepted", "busy", "closed", "malformed"]
"""What became of a delivery; `web.webhook` says what each means to Telegram."""


def secret_of(token: str) -> str:
    """What Telegram's deliveries must carry: derived from the token, so it needs no setting."""
    return hmac.new(token.encode(), b"viewbank webhook", hashlib.sha256).hexdigest()


class Webhook:
    """Telegram posts each update to our own address; a 200 acknowledges it."""

    def __init__(
        self,
        bot: BotClient,
        receiver: Receiver,
        health: ConnectionHealth,
        url: str,
        *,
        secret: str,
        alive: Callable[[], bool],
        now_s: Callable[[], float] = time.time,
    ) -> None:
        """Use `start`, once the bot is connected.

        Args:
            bot: the bot.
            receiver: where updates go.
            health: where problems are noted.
            url: our own address, as Telegram reaches it.
            secret: what deliveries must carry.
            alive: false once the ledger accepts nothing more.
            now_s: the wall clock, in epoch seconds: Telegram dates failures by it.
        """
        self._bot = bot
        self._receiver = receiver
        self._health = health
        self._url = url
        self._secret = secret
        self._alive = alive
        self._now_s = now_s
        self._is_open = False
        self._opened_at_s = 0.0
        self._last_delivery_s = 0.0
        self._was_there = False
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to serve people."""
        self._is_open = True
        self._opened_at_s = asyncio.get_running_loop().time()
        self._task = asyncio.create_task(self._keep_set(), name="webhook")

    async def accept(self, body: bytes) -> Acceptance:
        """Accept one delivery; the answer comes when its update may be acknowledged."""
        if not self._is_open or not self._alive():
            return "closed"
        if self._receiver.is_full:
            return "busy"
        try:
            update = decode_update(body)
        except ValueError:
            return "malformed"
        in_flight = self._receiver.accept(update, body, sent_at_s=self._sent_at_s())
        self._last_delivery_s = self._now_s()
        return "accepted" if await self._receiver.ready_to_acknowledge([in_flight]) else "closed"

    def _sent_at_s(self) -> float | None:
        """When an update was sent that comes now, by the loop's clock, if that is known."""
        now_s = asyncio.get_running_loop().time()
        return now_s if now_s - self._opened_at_s > CATCH_UP_S else None

    async def _keep_set(self) -> None:
        """Have the webhook set, and look now and then whether it still is."""
        is_set = False
        while not self._stopping.is_set():
            try:
                if not is_set:
                    await self._set()
                is_set = self._check(await self._bot.get_webhook_info())
                if not is_set and not self._was_there:
                    raise BadRequest("the webhook is gone right after it was set")  # noqa: TRY301
                self._was_there = is_set
            except Exception as error:  # noqa: BLE001 - nothing may end the watch
                await self._health.failed(error)
                continue
            if is_set:
                with suppress(TimeoutError):
                    async with asyncio.timeout(CHECK_EVERY_S):
                        await self._stopping.wait()

    async def _set(self) -> None:
        await self._bot.set_webhook(
            self._url,
            secret=self._secret,
            connections_max=CONNECTIONS_MAX,
            allowed=ALLOWED_UPDATES,
        )

    def _check(self, info: WebhookInfo) -> bool:
        """Whether our webhook is set; failed deliveries that it reports are a problem."""
        if not info.url:
            log.warning("The webhook was gone; it is set again.")
            return False
        self._health.succeeded()
        if info.url != self._url:
            self._health.problem = OTHER_WEBHOOK
            log.warning("%s", OTHER_WEBHOOK)
            return True
        failed_s = info.last_error_date
        # A delivery after the last failure, or a failure long ago, says that all is well.
        now_s = self._now_s()
        # Our clock may have been set back since.
        last_s = min(self._last_delivery_s, now_s)
        if failed_s > last_s and now_s - failed_s < 2 * CHECK_EVERY_S:
            self._health.problem = Problem(UNDELIVERED, info.last_error_message)
            log.warning("%s", self._health.problem)
        return True

    def problem(self) -> Problem | None:
        """Nothing beyond what the connection's health says: each check is noted there."""
        return None

    def last_poll_age_s(self) -> None:
        """Nothing is polled."""
        return

    def last_delivery_age_s(self) -> float | None:
        """Seconds since the last update was delivered; None if none was."""
        return self._now_s() - self._last_delivery_s if self._last_delivery_s else None

    async def stop(self) -> None:
        """Accept no more updates: Telegram keeps them, and delivers them later."""
        self._is_open = False
        self._stopping.set()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def confirm(self) -> None:
        """Nothing to do: each delivery was acknowledged by itself."""
