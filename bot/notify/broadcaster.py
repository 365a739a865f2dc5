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
from typing import Any, TypeAlias

from telegram.error import BadRequest, TelegramError

from bot.context import translator_for
from bot.notify.broadcast_run import BroadcastRun, Outcome
from bot.send.client import BotClient
from bot.send.delivery_errors import is_transient, may_have_arrived, note_unreachable
from bot.send.gate import GivenUpError
from bot.send.rate_limits import Priority
from bot.text.admin import broadcast_texts as texts
from i18n import Translators
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
STRAGGLERS_WITHIN_S = 10.0
"""Then the next broadcast begins, beside those who still wait for this one."""
STOP_WITHIN_S = 1.0
SHOW_WITHIN_S = 0.5
"""These two are how long the stop waits for those who are being written to, and for the last
progress."""
PROGRESS_EVERY_S = 3.0
BROADCAST_BACKOFF = Backoff(first_s=1.0, max_s=60.0)
TRIES_MAX = 5
"""For one person, each while Telegram answers other calls. While it doesn't, none is used up."""

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
        self._finishing: set[asyncio.Task[None]] = set()
        self._showing: dict[str, asyncio.Task[None]] = {}

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
        if self._finishing:
            await asyncio.wait(self._finishing)
        if self._showing:
            await asyncio.wait(self._showing.values(), timeout=SHOW_WITHIN_S)
        for showing in list(self._showing.values()):
            showing.cancel()

    async def _work(self) -> None:
        while not self._stopping.is_set():
            broadcast_id = await self._waiting.get()
            if broadcast_id and not self._stopping.is_set():
                try:
                    await self._send(broadcast_id)
                except Exception:
                    log.exception("A message to everybody was interrupted; a restart continues it.")

    async def _send(self, broadcast_id: str) -> None:
        """Write to everybody. Those who then still wait hold up no other broadcast."""
        run = BroadcastRun(broadcast_id, self._ledger.state.broadcasts[broadcast_id])
        broadcast, shown_at = run.broadcast, 0.0
        while run.cursor < broadcast.audience and not self._stopping.is_set():
            end = min(run.cursor + BATCH, broadcast.audience)
            await self._ledger.execute(run.progress(end))
            people = self._ledger.state.user_ids[run.cursor : end]
            run.sending |= {asyncio.create_task(self._send_to(broadcast, who)) for who in people}
            await self._settle(run, BATCH_WITHIN_S, STRAGGLERS_MAX)
            run.cursor = end
            now = asyncio.get_running_loop().time()
            if now - shown_at >= PROGRESS_EVERY_S and run.cursor < broadcast.audience:
                shown_at = now
                self._show_soon(broadcast_id)
        finishing = asyncio.create_task(self._finish(run), name="the end of a broadcast")
        self._finishing.add(finishing)
        finishing.add_done_callback(self._finishing.discard)
        await asyncio.wait([finishing], timeout=STRAGGLERS_WITHIN_S)

    async def _finish(self, run: BroadcastRun) -> None:
        """Wait for those that still wait, and record how it ended."""
        try:
            await self._settle(run, 0.0, 0)
            if self._stopping.is_set():
                await self._break_off(run)
            if run.cursor >= run.broadcast.audience and not run.sending:
                await self._ledger.execute(run.finish())
                self._show_soon(run.broadcast_id)
            elif run.cursor:
                await self._ledger.execute(run.progress(run.cursor))
        except asyncio.CancelledError:
            _log_broken_off(run)
            raise
        except Exception:
            log.exception("The end of a message to everybody could not be recorded.")

    async def _settle(self, run: BroadcastRun, within_s: float, waiting_max: int) -> None:
        """Wait for those who are written to: this long, and then until few enough are left.

        If not one has been settled by then, the trouble is not theirs, and nobody is added to them.
        The stop ends the waiting.
        """
        stopping = asyncio.create_task(self._stopping.wait())
        loop = asyncio.get_running_loop()
        ends_s, settled = loop.time() + within_s, 0
        while not self._stopping.is_set():
            settled += run.count_ended()
            left_s = ends_s - loop.time()
            is_enough = left_s <= 0 and settled and len(run.sending) <= waiting_max
            if not run.sending or is_enough:
                break
            await asyncio.wait(
                [*run.sending, stopping],
                timeout=left_s if left_s > 0 else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
        stopping.cancel()

    async def _break_off(self, run: BroadcastRun) -> None:
        """Give those who are being written to a moment; the others don't get it, or twice."""
        if run.sending:
            await asyncio.wait(run.sending, timeout=STOP_WITHIN_S)
        run.count_ended()
        for task in run.sending:
            task.cancel()
        if run.sending:
            _log_broken_off(run)
            await asyncio.gather(*run.sending, return_exceptions=True)

    async def _send_to(self, broadcast: Broadcast, user_id: int) -> Outcome:
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
            if isinstance(problem, GivenUpError):
                break
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

    def _show_soon(self, broadcast_id: str) -> None:
        """Show the progress beside everything else: whoever is shown it may be in trouble."""
        if (showing := self._showing.get(broadcast_id)) is not None:
            showing.cancel()
        showing = asyncio.create_task(self._show(broadcast_id), name="a broadcast's progress")
        self._showing[broadcast_id] = showing
        showing.add_done_callback(lambda ended: self._forget(broadcast_id, ended))

    def _forget(self, broadcast_id: str, showing: "asyncio.Task[None]") -> None:
        if self._showing.get(broadcast_id) is showing:
            del self._showing[broadcast_id]

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


def _log_broken_off(run: BroadcastRun) -> None:
    log.warning(
        "A message to everybody was being sent to %s people at the stop. "
        "Whether it has reached them is not known.",
        len(run.sending),
    )
