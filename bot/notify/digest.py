"""The daily digest: once per UTC day, every admin gets the figures and the hash of the log.

Nobody who can change the log file can change an admin's chat, so the hash there proves a later
change (`verify --head`). The day is recorded in the log after at least one admin has got the
digest. So a restart sends nothing twice; a crash between the two may, which is better than sending
nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram.error import TelegramError

from bot.context import translator_for
from bot.send.client import BotClient
from bot.send.delivery_errors import note_unreachable
from bot.send.rate_limits import Priority
from bot.text.admin.digest_texts import Figures, digest, take_figures
from i18n import Html, Translators
from ledger import commands as c
from ledger import events as e
from ledger.clocks.timestamps import DAY_MS, day_of, to_text
from ledger.ledger import Ledger, LedgerFailed

log = logging.getLogger(__name__)

LOOK_EVERY_S = 3600.0
"""The longest sleep: the clock may be set, and an admin may become reachable."""


class DigestSender:
    """Sends the digest at the end of a UTC day, or at the start of the program if it is overdue."""

    def __init__(
        self,
        bot: BotClient,
        ledger: Ledger,
        admin_ids: frozenset[int],
        translators: Translators,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Create the sender; `start` sets it to work.

        Args:
            bot: sends the digest.
            ledger: has the figures, and records each digest.
            admin_ids: the readers.
            translators: the texts in all languages.
            sleep: waits for a number of seconds.
        """
        self._bot = bot
        self._ledger = ledger
        self._admin_ids = sorted(admin_ids)
        self._translators = translators
        self._sleep = sleep
        self._ads = 0
        self._counted_seq = 0
        self._wanted: tuple[int, asyncio.Future[int]] | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start; a digest that is due is sent at once."""
        state = self._ledger.state
        self._ads = sum(user.ads_watched for user in state.users.values())
        self._counted_seq = state.seq
        self._ledger.follow(self._hear)
        self._task = asyncio.create_task(self._work(), name="daily digest")

    async def stop(self) -> None:
        """Stop at once. A digest that was not recorded is sent after the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _hear(self, event: e.AnyEvent) -> None:
        """Count the ads of durable events."""
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
        """The day whose digest is due; empty if none is."""
        last = self._ledger.state.books.digest
        yesterday, begun = self._day_before(1), self._begun()
        if self._day_to_come():
            return yesterday
        if last is not None:
            return yesterday if last.day < yesterday else ""
        return yesterday if begun and begun <= yesterday else ""

    def _day_before(self, days: int) -> str:
        return day_of(to_text(self._ledger.now_ms() - days * DAY_MS))

    def _begun(self) -> str:
        """The day on which the first person joined, which the first digest is for."""
        state = self._ledger.state
        return day_of(state.users[state.user_ids[0]].join_date) if state.user_ids else ""

    def _day_to_come(self) -> str:
        """The day of the last digest, or of the beginning, if that is still to come.

        The clock was ahead then, or is behind now. Such a day counts as not told.
        """
        last = self._ledger.state.books.digest
        day = self._begun() if last is None else last.day
        return day if day > self._day_before(0) else ""

    async def _send(self, day: str) -> None:
        wrong_day = self._day_to_come()
        figures = await self._figures()
        head_hash = (await self._ledger.event(figures.seq)).hash
        texts = {}
        for admin_id in self._admin_ids:
            t = translator_for(self._translators, self._ledger.state.users.get(admin_id))
            texts[admin_id] = digest(t, day, figures, head_hash, wrong_day)
        delivered = await asyncio.gather(*(self._deliver(*one) for one in texts.items()))
        if not any(delivered):
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
        """The figures of one instant, as soon as all events up to then are durable."""
        figures = take_figures(self._ledger.state, self._ads)
        if self._counted_seq < figures.seq:
            counted: asyncio.Future[int] = asyncio.get_running_loop().create_future()
            self._wanted = (figures.seq, counted)
            await self._ledger.settled()
            figures = figures._replace(ads=await counted)
        return figures

    async def _deliver(self, admin_id: int, text: Html) -> bool:
        try:
            await self._bot.say(admin_id, text, priority=Priority.NOTICE)
        except TelegramError as error:
            if not await note_unreachable(self._ledger, admin_id, error):
                log.warning("The digest to %s could not be sent: %s", admin_id, error)
            return False
        return True
