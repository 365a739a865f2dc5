"""Owns asking Telegram for updates, and confirming them once they are safe with us.

The polling is our own. PTB's confirms updates before they are handled, and ends for good, telling
nobody, after a single 401 or 404, which anything between us and Telegram can give for a moment.
"""

import asyncio
import logging
from collections.abc import Sequence

from bot.receive.connection_health import CONFLICT, NO_SENSE, Health, in_words
from bot.receive.in_flight import Held
from bot.receive.receiver import Receiver
from bot.send.client import TelegramBot
from bot.updates import ALLOWED_UPDATES

log = logging.getLogger(__name__)

LONG_POLL_S = 10


class Polling:
    """Long polling: the next question confirms the updates of the last one."""

    def __init__(self, bot: TelegramBot, receiver: Receiver, health: Health) -> None:
        """Use `start`, once the bot is connected."""
        self._bot = bot
        self._intake = receiver
        self._health = health
        self._offset: int | None = None
        self._batch: Sequence[Held | None] = ()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to serve people."""
        self._task = asyncio.create_task(self._poll(), name="polling Telegram")

    async def _poll(self) -> None:
        """Take updates until cancelled, whatever Telegram, or what is on the way to it, answers."""
        webhook_gone = False
        while True:
            try:
                if not webhook_gone:
                    # With a webhook set, by whatever program, Telegram gives nothing here. What
                    # waits for the webhook is not dropped: it comes here.
                    webhook_gone = await self._bot.delete_webhook()
                await self._take_some()
            except Exception as error:  # noqa: BLE001 - a bot that is deaf for good is the worst
                await self._health.failed(error)

    async def _take_some(self) -> None:
        # After a failure, ask without waiting: all is well again as soon as that is answered.
        # Another program's poll is noticed only by waiting.
        patient = not self._health.trouble or self._health.trouble == CONFLICT
        updates = await self._bot.get_raw_updates(
            self._offset, LONG_POLL_S if patient else 0, ALLOWED_UPDATES
        )
        self._health.fine()
        if updates:
            self._batch = [self._intake.take(update) for update in updates]
            await self._intake.safe(self._batch)
            self._note_safe(updates[-1]["update_id"])
            await self._intake.room()

    def _note_safe(self, update_id: int) -> None:
        self._batch = ()
        self._offset = update_id + 1

    async def stop(self) -> None:
        """Take no more updates."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def confirm(self) -> None:
        """Tell Telegram what is done, when all that will be done is."""
        held = [one for one in self._batch if one is not None]
        if held and await self._intake.safe(held):
            self._note_safe(held[-1].update_id)
        if self._offset is not None:
            try:
                await self._bot.get_raw_updates(self._offset, 0, ALLOWED_UPDATES)
            except NO_SENSE as error:
                log.warning("The last updates may come once more: %s", in_words(error))
