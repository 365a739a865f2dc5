"""Connecting to Telegram: keep trying until it answers, then set up what the bot shows there.

What the bot shows is worth a moment, not a start: people are served whether or not it could be set,
and it is tried again beside that.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from itertools import count

from telegram.error import InvalidToken, TelegramError

from bot.receive.connection_health import ConnectionHealth
from bot.send.client import BotClient
from resilience.backoff import Backoff

log = logging.getLogger(__name__)

PUBLISH_WITHIN_S = 5.0
PUBLISH_BACKOFF = Backoff(first_s=10.0, max_s=3600.0)


class TokenRefused(Exception):  # noqa: N818 - says what is the matter
    """Telegram doesn't know the token."""


class Connection:
    """Connects the bot as soon as Telegram answers, and closes the connections."""

    def __init__(
        self, bot: BotClient, publish: Callable[[], Awaitable[None]], health: ConnectionHealth
    ) -> None:
        """Not connected yet. `publish` sets what Telegram shows of the bot."""
        self._bot = bot
        self._publish = publish
        self._health = health
        self._is_up = False
        self._publishing: asyncio.Task[None] | None = None

    @property
    def username(self) -> str:
        """The bot's @name without the @; empty until it is connected."""
        return self._bot.username if self._is_up else ""

    async def connect(self) -> None:
        """Keep trying until Telegram answers.

        Raises:
            TokenRefused: Telegram doesn't know the token.
        """
        await self._bot.open()
        while not self._is_up:
            try:
                await self._bot.get_me()
            except InvalidToken:
                raise TokenRefused(
                    "Telegram doesn't know this BOT_TOKEN. Copy it once more from @BotFather."
                ) from None
            except TelegramError as error:
                await self._health.failed(error)
            else:
                self._is_up = True
                self._health.succeeded()
        self._publishing = asyncio.create_task(self._keep_publishing(), name="publishing")
        await asyncio.wait([self._publishing], timeout=PUBLISH_WITHIN_S)

    async def _keep_publishing(self) -> None:
        """Set what Telegram shows of the bot, with retries."""
        for failures in count(1):
            try:
                await self._publish()
            except TelegramError as error:
                log.warning("What Telegram shows of the bot can't be set now: %s", error)
                await asyncio.sleep(PUBLISH_BACKOFF.pause_s(failures))
            else:
                return

    async def close(self) -> None:
        """Close the connections, once the last message is out."""
        if self._publishing is not None:
            self._publishing.cancel()
            await asyncio.gather(self._publishing, return_exceptions=True)
        await self._bot.close()
