"""Owns the daily digest: once a UTC day, every admin is told the figures and the log's hash.

What an admin keeps in a chat is out of reach of whoever could change the file, so the hash there
is a witness (`verify --head`). The day is noted in the log once somebody has been told, so a
restart tells nobody twice; a crash in between may, which is better than not at all.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from telegram.error import TelegramError

from bot.send.client import BotClient
from bot.send.delivery_errors import note_unreachable
from bot.send.rate_limits import Priority
from bot.text.digest_texts import Figures, digest, take_figures
from ledger import commands as c
from ledger import events as e
from ledger.history import HistoryReader
from ledger.ledger import Ledger, LedgerFailed
from ledger.rules.decide import DAY_MS
from ledger.timestamps import day_of, to_text

log = logging.getLogger(__name__)

LOOK_EVERY_S = 3600.0
"""The longest it sleeps: a clock may be set, and an admin may become reachable."""


class DigestSender:
    """Sends the digest when a UTC day has ended, or at the start if that was missed."""

    def __init__(
        self,
        bot: BotClient,
        ledger: Ledger,
        log_path: Path,
        admin_ids: frozenset[int],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Use `start` to begin. `sleep` waits for so many seconds."""
        self._bot = bot
        self._ledger = ledger
        self._log_path = log_path
        self._admin_ids = sorted(admin_ids)
        self._sleep = sleep
        self._ads = 0
        self._counted_seq = 0
        self._wanted: tuple[int, asyncio.Future[int]] | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, with the one that is due, if any."""
        state = self._ledger.state
        self._ads = sum(user.ads_watched for user in state.users.values())
        self._counted_seq = state.seq
        self._ledger.follow(self._hear)
        self._task = asyncio.create_task(self._work(), name="daily digest")

    async def stop(self) -> None:
        """End, even in the middle: what nobody was told is told at the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _hear(self, event: e.AnyEvent) -> None:
        """Count ads as they reach the disk."""
        if event.seq <= self._counted_seq:
            return
        if isinstance(event, e.AdRewarded):
            self._ads += 1
        elif isinstance(event, e.OpeningBalanceRecorded):
            self._ads += event.ads_watched
        self._counted_seq = event.seq
        if self._wanted is not None and self._wanted[0] == event.seq:
            self._wanted[1].set_result(self._ads)
            self._wanted = None

    async def _work(self) -> None:
        while True:
            day = self.due_day()
            if day:
                try:
                    await self._send(day)
                except LedgerFailed:
                    return
                except Exception:
                    log.exception("The daily digest failed (tried again later).")
            left_ms = DAY_MS - self._ledger.now_ms() % DAY_MS
            await self._sleep(min(left_ms / 1000, LOOK_EVERY_S))

    def due_day(self) -> str:
        """The day whose digest is due now; empty if none is."""
        state = self._ledger.state
        yesterday = day_of(to_text(self._ledger.now_ms() - DAY_MS))
        if state.books.digest is not None:
            return yesterday if state.books.digest.day < yesterday else ""
        # The first one follows the first day on which somebody was there.
        if state.user_ids and day_of(state.users[state.user_ids[0]].join_date) <= yesterday:
            return yesterday
        return ""

    async def _send(self, day: str) -> None:
        figures = await self._figures()
        head_hash = await asyncio.to_thread(self._hash_of, figures.seq)
        text = digest(day, figures, head_hash)
        told = [await self._tell(admin_id, text) for admin_id in self._admin_ids]
        if not any(told):
            log.warning("The daily digest reached no admin; it is tried again later.")
            return
        await self._ledger.execute(
            c.NoteDigest(
                by="system",
                day=day,
                head_seq=figures.seq,
                head_hash=head_hash,
                people=figures.people,
                ads=figures.ads,
                orders=figures.orders,
            )
        )

    async def _figures(self) -> Figures:
        """Those of one instant, once all that they rest on is on the disk."""
        figures = take_figures(self._ledger.state, self._ads)
        if self._counted_seq < figures.seq:
            counted: asyncio.Future[int] = asyncio.get_running_loop().create_future()
            self._wanted = (figures.seq, counted)
            await self._ledger.settled()
            figures = figures._replace(ads=await counted)
        return figures

    def _hash_of(self, seq: int) -> str:
        with HistoryReader(self._log_path) as reader:
            return reader.event(seq).hash

    async def _tell(self, admin_id: int, text: str) -> bool:
        try:
            await self._bot.say(admin_id, text, priority=Priority.NOTICE)
        except TelegramError as error:
            if not await note_unreachable(self._ledger, admin_id, error):
                log.warning("The digest to %s could not be sent: %s", admin_id, error)
            return False
        return True
