"""Long polling: ask Telegram for updates, and confirm them once they are done or persisted.

The polling is our own. python-telegram-bot's confirms updates before they are handled, and ends for
good, without a word, after a single 401 or 404, which anything between us and Telegram can give for
a moment.
"""

import asyncio
import logging

from telegram.error import TelegramError

from bot.receive.connection_health import ConnectionHealth, problem_of
from bot.receive.in_flight import InFlight
from bot.receive.poll_watch import PollWatch
from bot.receive.receiver import Receiver
from bot.send.client import BotClient
from bot.text.connection_texts import CONFLICT, Problem
from bot.updates import ALLOWED_UPDATES, decode_update

log = logging.getLogger(__name__)

LONG_POLL_S = 10
BATCH_MAX = 100
"""So many updates come with one poll at most. If there are as many, more are waiting."""


class Polling:
    """Each poll confirms the updates of the last one.

    Attributes:
        watch: when the last poll came back.
    """

    def __init__(
        self,
        bot: BotClient,
        receiver: Receiver,
        health: ConnectionHealth,
        watch: PollWatch | None = None,
    ) -> None:
        """Use `start`, once the bot is connected."""
        self.watch = watch or PollWatch()
        self._bot = bot
        self._receiver = receiver
        self._health = health
        self._offset: int | None = None
        self._batch: list[InFlight | None] = []
        self._emptied_at_s: float | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to serve people."""
        self.watch.start()
        self._task = asyncio.create_task(self._poll(), name="polling Telegram")

    async def _poll(self) -> None:
        """Receive updates until cancelled, whatever Telegram, or what is before it, answers."""
        webhook_gone = False
        while True:
            try:
                if not webhook_gone:
                    # With a webhook set, by whatever program, a poll gets nothing.
                    await self._bot.delete_webhook()
                    webhook_gone = True
                await self._receive_batch()
            except Exception as error:  # noqa: BLE001 - nothing may end the polling
                await self._health.failed(error)

    async def _receive_batch(self) -> None:
        # After a failure, ask without waiting: all is well again as soon as that is answered.
        # Another program's poll is noticed only by waiting.
        patient = self._health.problem is None or self._health.problem == CONFLICT
        received = await self._bot.get_updates(
            self._offset, LONG_POLL_S if patient else 0, ALLOWED_UPDATES
        )
        self._health.succeeded()
        self.watch.came_back()
        self._batch, last_id, problem = [], None, None
        for data, sent_at_s in zip(received, self._sent_at_s(len(received)), strict=True):
            try:
                update = decode_update(data)
            except ValueError as error:
                # Without a number, it can be confirmed only by confirming one that comes later.
                problem = error
                continue
            last_id = update.update_id
            self._batch.append(self._receiver.accept(update, data, sent_at_s=sent_at_s))
        if problem is not None:
            log.warning("Telegram sent something that is no update: %s", problem)
        if last_id is None and problem is not None:
            raise problem
        if last_id is not None:
            await self._receiver.ready_to_acknowledge(self._batch)
            self._acknowledge(last_id)
            await self._receiver.wait_for_room()

    def _sent_at_s(self, count: int) -> list[float | None]:
        """When so many updates were sent, by the loop's clock: after nothing was left at Telegram.

        Nobody knows more of those that have no date. At the start, not even that is known.
        """
        since_s, now_s = self._emptied_at_s, asyncio.get_running_loop().time()
        if count < BATCH_MAX:
            self._emptied_at_s = now_s
        if since_s is None:
            return [None] * count
        return [since_s + (now_s - since_s) * number / count for number in range(1, count + 1)]

    def _acknowledge(self, update_id: int) -> None:
        """The next poll confirms everything up to this one."""
        self._batch = []
        self._offset = update_id + 1

    def problem(self) -> Problem | None:
        """Why nothing comes in, beyond what the connection's health says; None if all is well."""
        return self.watch.problem()

    def last_poll_age_s(self) -> float | None:
        """Seconds since the last poll came back; None if none has."""
        return self.watch.age_s()

    def last_delivery_age_s(self) -> None:
        """Nothing is delivered."""
        return

    async def stop(self) -> None:
        """Receive no more updates."""
        self.watch.stop()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def confirm(self) -> None:
        """Confirm what is done, when nothing more will be."""
        batch = [one for one in self._batch if one is not None]
        if batch and await self._receiver.ready_to_acknowledge(batch):
            self._acknowledge(batch[-1].update.update_id)
        if self._offset is not None:
            try:
                await self._bot.get_updates(self._offset, 0, ALLOWED_UPDATES)
            except TelegramError as error:
                log.warning("The last updates may come once more: %s", problem_of(error))
