"""Owns the connection to Telegram: making it, losing it, and saying how it is."""

import asyncio
import logging
import time

from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.app import ALLOWED_UPDATES
from bot.context import BotApplication
from bot.joining import set_commands

log = logging.getLogger(__name__)

PAUSE_FIRST_S = 1.0
PAUSE_MAX_S = 30.0
TROUBLE_LASTS_S = 45.0
"""A poll that fails is tried again within 30 s; silence for longer than this means it works."""


class TokenRefused(Exception):  # noqa: N818 - says what is the matter
    """Telegram doesn't know the token."""


class TelegramLink:
    """Brings the bot's application up as soon as Telegram answers, and takes it down."""

    def __init__(self, app: BotApplication, admin_ids: frozenset[int]) -> None:
        """Not connected yet."""
        self._app = app
        self._admin_ids = admin_ids
        self._trouble = "The bot is not connected to Telegram yet."
        self._trouble_at: float | None = None
        self._up = False

    @property
    def username(self) -> str:
        """The bot's @name without the @, empty until Telegram has told it."""
        return self._app.bot.username if self._up else ""

    def trouble(self) -> str:
        """What is wrong with the connection, in one sentence; empty if nothing is."""
        if self._trouble_at is not None and time.monotonic() - self._trouble_at > TROUBLE_LASTS_S:
            return ""
        return self._trouble

    async def connect(self) -> None:
        """Keep trying until Telegram answers.

        Raises:
            TokenRefused: Telegram doesn't know the token.
        """
        pause_s = PAUSE_FIRST_S
        while True:
            try:
                await self._app.initialize()
                await set_commands(self._app.bot, self._admin_ids)
                break
            except InvalidToken:
                raise TokenRefused(
                    "Telegram doesn't know this BOT_TOKEN. Copy it once more from @BotFather."
                ) from None
            except (NetworkError, RetryAfter) as error:
                self._note(error)
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, PAUSE_MAX_S)
        self._up = True
        self._trouble = ""

    async def take_updates(self) -> None:
        """Begin to serve people."""
        await self._app.start()
        assert self._app.updater is not None  # noqa: S101 - the builder makes one
        await self._app.updater.start_polling(
            allowed_updates=list(ALLOWED_UPDATES), bootstrap_retries=-1, error_callback=self._note
        )

    def _note(self, error: TelegramError) -> None:
        self._trouble_at = time.monotonic()
        if isinstance(error, Conflict):
            self._trouble = (
                "Another program uses the same BOT_TOKEN right now, so updates go to either of "
                "the two. Stop the other one."
            )
        else:
            self._trouble = f"Telegram can't be reached ({type(error).__name__})."
        log.warning("%s", self._trouble)

    async def stop_taking(self) -> None:
        """Take no more updates, and finish those in hand."""
        if self._up:
            assert self._app.updater is not None  # noqa: S101 - the builder makes one
            await self._app.updater.stop()
            await self._app.stop()

    async def close(self) -> None:
        """Close the connections, once the last message is out."""
        if self._up:
            await self._app.shutdown()
