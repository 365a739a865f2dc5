"""Connecting to Telegram, and closing the connections."""

from collections.abc import Awaitable, Callable

from telegram.error import InvalidToken

from bot.receive.connection_health import NO_SENSE, Health
from bot.send.client import TelegramBot


class TokenRefused(Exception):  # noqa: N818 - says what is the matter
    """Telegram doesn't know the token."""


class Connection:
    """Brings the bot up as soon as Telegram answers, and takes it down."""

    def __init__(
        self, bot: TelegramBot, publish: Callable[[], Awaitable[None]], health: Health
    ) -> None:
        """Not connected yet. `publish` sets what Telegram shows of the bot."""
        self._bot = bot
        self._publish = publish
        self._health = health
        self._up = False

    @property
    def username(self) -> str:
        """The bot's @name without the @, empty until Telegram has told it."""
        return self._bot.username if self._up else ""

    async def connect(self) -> None:
        """Keep trying until Telegram answers.

        Raises:
            TokenRefused: Telegram doesn't know the token.
        """
        while not self._up:
            try:
                await self._bot.initialize()
                await self._publish()
            except InvalidToken:
                raise TokenRefused(
                    "Telegram doesn't know this BOT_TOKEN. Copy it once more from @BotFather."
                ) from None
            except NO_SENSE as error:
                await self._health.failed(error)
            else:
                self._up = True
                self._health.fine()

    async def close(self) -> None:
        """Close the connections, once the last message is out."""
        if self._up:
            await self._bot.shutdown()
        await self._bot.close_connections()
