"""Sends a message to everybody, one broadcast after the other, below the rate limits.

Who is next is durable before they are written to, so a restart continues behind them and nobody
gets the message twice. Those who were being written to at that moment are counted as unknown.

Who can't be reached at the moment doesn't hold up the others: they are retried beside the next
batches, up to a number of them.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from itertools import count
from typing import Any, Literal, TypeAlias

from telegram.error import BadRequest, TelegramError

from bot.context import translator_for
from bot.send.client import BotClient
from bot.send.delivery_errors import is_transient, may_have_arrived, note_unreachable
from bot.send.rate_limits import Priority
from bot.text.admin import broadcast_texts as texts
from i18n import Translators
from ledger import commands as c
from ledger import events as e
from ledger.ledger import Ledger
from ledger.state import Broadcast
from resilience.backoff import Backoff

log = logging.getLogger(__name__)

BATCH = 20
"""As many as the rate limits (`bot/send/rate_limits.py`) let leave in an idle second."""
BATCH_WITHIN_S = 3.0
"""Then the next batch begins, beside those that still wait."""
STRAGGLERS_MAX = 60
PROGRESS_EVERY_S = 3.0
BROADCAST_BACKOFF = Backoff(first_s=1.0, max_s=60.0)
TRIES_MAX = 5
"""For one person, each while Telegram answers other calls. While it doesn't, none is used up."""

_Outcome: TypeAlias = Literal["sent", "unreachable", "failed", "unknown"]
_Pause: TypeAlias = Callable[[float], Coroutine[Any, Any, object]]


class Broadcaster:
    """Sends broadcasts, and continues those that a restart interrupted."""

    def __init__(
        self,
        bot: BotClient,
        ledger: Ledger,
        translators: Translators,
        *,
        pause: _Pause = asyncio.sleep,
    ) -> None:
        """Use `start` to begin. `pause` waits for seconds before somebody is retried."""
        self._bot = bot
        self._ledger = ledger
        self._translators = translators
        self._waiting: asyncio.Queue[str] = asyncio.Queue()
        self._pause = pause
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Continue what was interrupted, and wait for more."""
        for broadcast_id, broadcast in self._ledger.state.broadcasts.items():
            if not broadcast.finished:
                self._waiting.put_nowait(broadcast_id)
        self._ledger.follow(self._note)
        self._task = asyncio.create_task(self._work(), name="broadcaster")

    def _note(self, event: e.AnyEvent) -> None:
        if isinstance(event, e.BroadcastStarted):
            self._waiting.put_nowait(event.broadcast_id)

    async def stop(self) -> None:
        """Finish the current batch; the rest follows after the next start."""
        self._stopping.set()
        self._waiting.put_nowait("")
        if self._task is not None:
            await self._task

    async def _work(self) -> None:
        while not self._stopping.is_set():
            broadcast_id = await self._waiting.get()
            if broadcast_id and not self._stopping.is_set():
                try:
                    await self._send(broadcast_id)
                except Exception:
                    log.exception("A message to everybody was interrupted; a restart continues it.")

    async def _send(self, broadcast_id: str) -> None:
        broadcast = self._ledger.state.broadcasts[broadcast_id]
        counts = {
            "sent": broadcast.sent,
            "unreachable": broadcast.unreachable,
            "failed": broadcast.failed,
        }
        cursor, shown_at = broadcast.cursor, 0.0
        sending: set[asyncio.Task[_Outcome]] = set()
        while cursor < broadcast.audience and not self._stopping.is_set():
            end = min(cursor + BATCH, broadcast.audience)
            await self._ledger.execute(
                c.ProgressBroadcast(by="system", broadcast_id=broadcast_id, cursor=end, **counts)
            )
            people = self._ledger.state.user_ids[cursor:end]
            sending |= {asyncio.create_task(self._send_to(broadcast, who)) for who in people}
            sending = await _settle(sending, counts)
            cursor = end
            now = asyncio.get_running_loop().time()
            if now - shown_at >= PROGRESS_EVERY_S and cursor < broadcast.audience:
                shown_at = now
                await self._show(broadcast_id)
        while sending:
            sending = await _settle(sending, counts, waiting_max=0)
        if cursor >= broadcast.audience:
            await self._ledger.execute(
                c.FinishBroadcast(by="system", broadcast_id=broadcast_id, **counts)
            )
            await self._show(broadcast_id)
        elif cursor:
            await self._ledger.execute(
                c.ProgressBroadcast(by="system", broadcast_id=broadcast_id, cursor=cursor, **counts)
            )

    async def _send_to(self, broadcast: Broadcast, user_id: int) -> _Outcome:
        """Send it to one person, retried if need be; once at most if it may have arrived."""
        if self._ledger.state.users[user_id].unreachable:
            return "unreachable"
        unsure = False
        for tries in range(1, TRIES_MAX + 1):
            try:
                await self._copy(broadcast, user_id)
            except TelegramError as error:
                problem = error
            else:
                return "sent"
            if await note_unreachable(self._ledger, user_id, problem):
                return "unreachable"
            lost = may_have_arrived(problem)
            if not is_transient(problem) or (unsure and lost):
                break
            unsure = unsure or lost
            if not await self._telegram_answers(tries):
                return "unknown"
        log.warning("A message to everybody did not reach %s: %s", user_id, problem)
        return "failed"

    async def _copy(self, broadcast: Broadcast, user_id: int) -> None:
        """Copy the message or the album, of which Telegram may leave out what is gone meanwhile."""
        source, first, more = broadcast.chat_id, broadcast.message_id, broadcast.more_message_ids
        if not more:
            await self._bot.copy(user_id, source, first, priority=Priority.BROADCAST)
            return
        ids = (first, *more)
        copies = await self._bot.copy_album(user_id, source, ids, priority=Priority.BROADCAST)
        if len(copies) < len(ids):
            raise BadRequest("a part of the album can't be copied any more")

    async def _telegram_answers(self, tries: int) -> bool:
        """Pause until Telegram answers something harmless; false if the stop comes first."""
        for failures in count(tries):
            if await self._stops_during(BROADCAST_BACKOFF.pause_s(failures)):
                return False
            try:
                await self._bot.get_me()
            except TelegramError as error:
                log.info("A message to everybody waits for Telegram: %s", type(error).__name__)
            else:
                break
        return True

    async def _stops_during(self, pause_s: float) -> bool:
        """Pause; true if the stop came meanwhile."""
        pausing = asyncio.ensure_future(self._pause(pause_s))
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait((pausing, stopping), return_when=asyncio.FIRST_COMPLETED)
        pausing.cancel()
        stopping.cancel()
        return self._stopping.is_set()

    async def _show(self, broadcast_id: str) -> None:
        """Show the progress in the message that had asked for confirmation."""
        chat_id, message_id = broadcast_id.split(":")[-2:]
        state = self._ledger.state
        t = translator_for(self._translators, state.users.get(int(chat_id)))
        text = texts.broadcast_progress(t, state.broadcasts[broadcast_id])
        try:
            await self._bot.edit(int(chat_id), int(message_id), text, priority=Priority.BROADCAST)
        except TelegramError as error:
            log.info("The progress of a message to everybody could not be shown: %s", error)


async def _settle(
    sending: set[asyncio.Task[_Outcome]],
    counts: dict[str, int],
    waiting_max: int = STRAGGLERS_MAX,
) -> set[asyncio.Task[_Outcome]]:
    """Wait for a batch for a moment, and as long as too many wait; count what is done.

    Returns:
        Those that still wait.
    """
    done, waiting = await asyncio.wait(sending, timeout=BATCH_WITHIN_S)
    while len(waiting) > waiting_max:
        more, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        done |= more
    for task in done:
        if (outcome := task.result()) != "unknown":
            counts[outcome] += 1
    return waiting
