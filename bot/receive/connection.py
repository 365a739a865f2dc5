"""Connecting to Telegram: keep trying until it answers, then set up what the bot shows there."""

from collections.abc import Awaitable, Callable

from telegram.error import InvalidToken, TelegramError

from bot.receive.connection_health import ConnectionHealth
from bot.send.client import BotClient


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
                await self._publish()
            except InvalidToken:
                raise TokenRefused(
                    "Telegram doesn't know this BOT_TOKEN. Copy it once more from @BotFather."
                ) from None
            except TelegramError as error:
                await self._health.failed(error)
            else:
                self._is_up = True
                self._health.succeeded()

    async def close(self) -> None:
        """Close the connections, once the last message is out."""
        await self._bot.close()
