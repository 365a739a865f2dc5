"""Owns the connection to Telegram: making it, taking updates, losing it, and saying how it is.

The polling is our own. PTB's ends for good, and tells nobody, after a single 401 or 404, which
anything between us and Telegram can give for a moment.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.app import ALLOWED_UPDATES
from bot.context import BotApplication
from bot.joining import set_commands

log = logging.getLogger(__name__)

PAUSE_FIRST_S = 1.0
PAUSE_MAX_S = 30.0
LONG_POLL_S = 10

NO_SENSE = (TelegramError, LookupError, TypeError, ValueError, AttributeError)
"""What PTB raises when a call fails, or when the answer is not the Bot API's: a login page."""


class TokenRefused(Exception):  # noqa: N818 - says what is the matter
    """Telegram doesn't know the token."""


class TelegramLink:
    """Brings the bot's application up as soon as Telegram answers, and takes it down."""

    def __init__(
        self,
        app: BotApplication,
        admin_ids: frozenset[int],
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Not connected yet. `pause` waits for seconds before something is tried again."""
        self._app = app
        self._admin_ids = admin_ids
        self._pause = pause
        self._trouble = "The bot is not connected to Telegram yet."
        self._failures = 0
        self._up = False
        self._polling: asyncio.Task[None] | None = None
        self._offset: int | None = None

    @property
    def username(self) -> str:
        """The bot's @name without the @, empty until Telegram has told it."""
        return self._app.bot.username if self._up else ""

    def trouble(self) -> str:
        """What is wrong with the connection, in one sentence; empty if nothing is."""
        return self._trouble

    async def connect(self) -> None:
        """Keep trying until Telegram answers.

        Raises:
            TokenRefused: Telegram doesn't know the token.
        """
        while not self._up:
            try:
                await self._app.initialize()
                await set_commands(self._app.bot, self._admin_ids)
            except InvalidToken:
                raise TokenRefused(
                    "Telegram doesn't know this BOT_TOKEN. Copy it once more from @BotFather."
                ) from None
            except NO_SENSE as error:
                await self._note_and_pause(error)
            else:
                self._up = True
                self._note_success()

    async def take_updates(self) -> None:
        """Begin to serve people."""
        await self._app.start()
        self._polling = asyncio.create_task(self._poll(), name="polling Telegram")

    async def _poll(self) -> None:
        """Take updates until cancelled, whatever Telegram, or what is on the way to it, answers."""
        webhook_gone = False
        while True:
            try:
                if not webhook_gone:
                    # With a webhook set, by whatever program, Telegram gives nothing here.
                    webhook_gone = await self._app.bot.delete_webhook()
                await self._take_some()
            except Exception as error:  # noqa: BLE001 - a bot that is deaf for good is the worst
                await self._note_and_pause(error)

    async def _take_some(self) -> None:
        # After a failure, ask without waiting: all is well again as soon as that is answered.
        # Another program's poll is noticed only by waiting.
        conflict = self._trouble == CONFLICT
        updates = await self._app.bot.get_updates(
            offset=self._offset,
            timeout=LONG_POLL_S if conflict or not self._trouble else 0,
            allowed_updates=ALLOWED_UPDATES,
        )
        self._note_success()
        for update in updates:
            self._app.update_queue.put_nowait(update)
            self._offset = update.update_id + 1

    def _note_success(self) -> None:
        if self._failures:
            log.warning("Telegram answers again.")
        self._failures = 0
        self._trouble = ""

    async def _note_and_pause(self, error: Exception) -> None:
        self._trouble = _in_words(error)
        log.warning("%s", self._trouble)
        if not isinstance(error, TelegramError):
            log.warning("More of this, as it may be a fault of ours:", exc_info=error)
        pause_s = min(PAUSE_FIRST_S * 2 ** min(self._failures, 10), PAUSE_MAX_S)
        if isinstance(error, RetryAfter):
            # The public name warns that its type is going to change.
            pause_s = max(pause_s, error._retry_after.total_seconds())  # noqa: SLF001
        self._failures += 1
        await self._pause(pause_s)

    async def stop_taking(self) -> None:
        """Take no more updates, finish those in hand, and tell Telegram that they are done."""
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)
        if self._app.running:
            await self._app.stop()
        if self._offset is not None:
            try:
                await self._app.bot.get_updates(offset=self._offset, timeout=0)
            except NO_SENSE as error:
                log.warning("The last updates may come once more: %s", _in_words(error))

    async def close(self) -> None:
        """Close the connections, once the last message is out."""
        if self._up:
            await self._app.shutdown()


CONFLICT = (
    "Another program uses the same BOT_TOKEN right now, so updates go to either of the two. Stop "
    "the other one."
)


def _in_words(error: Exception) -> str:
    match error:
        case Conflict():
            return CONFLICT
        case InvalidToken():
            return (
                "Telegram doesn't know the BOT_TOKEN any more. If @BotFather has given a new one, "
                "set it and start again."
            )
        case RetryAfter():
            return "Telegram asks the bot to wait."
        case _ if type(error) is TelegramError or not isinstance(error, TelegramError):
            return f"What answers at Telegram's address is not Telegram ({type(error).__name__})."
        case _:
            return f"Telegram can't be reached ({type(error).__name__})."
