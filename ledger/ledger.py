"""The ledger of a running program: every room asks it, and it alone changes points.

`execute` decides and applies at once, in the event loop, and returns when the events are durable.
What is decided while the store is busy goes into the next batch. The writer thread gives each
batch one write and one sync, so many commands share one sync and the loop never waits for the
disk. A store that fails is the end: nobody waiting is answered with success, and no further
command is accepted.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

from ledger import commands as c
from ledger import events as e
from ledger.clocks.clock_watch import ClockWatch
from ledger.clocks.steady_time import newest_ms
from ledger.clocks.timestamps import Clock, wall_clock_ms
from ledger.closed_orders import read_order
from ledger.history import Cursor, HistoryPage, HistoryReader
from ledger.metrics_hooks import LedgerHooks
from ledger.opening import Opened, open_store
from ledger.profile_changes import ProfileChanges
from ledger.projections import apply
from ledger.ranges import Until
from ledger.rules.decide import decide
from ledger.rules.decision import Decision
from ledger.state import Order, State
from ledger.store.base import LogStore
from ledger.store.disk import Disk
from ledger.store.file import LOG_NAME, FileLogStore
from ledger.store.profiles import Profile, note_profile
from ledger.store.reader import reader_behind
from ledger.store.record import BadRecord, Head, parse_record
from ledger.writer import Batch, BatchWriter, Written

log = logging.getLogger(__name__)

Follower: TypeAlias = Callable[[e.AnyEvent], None]


class LedgerFailed(Exception):  # noqa: N818 - says what is the matter
    """The store failed. What was asked may or may not be in the log; the program must end."""


class Ledger:
    """The truth of a running program. All methods are for its event loop's thread.

    Attributes:
        state: for reading only. It may be ahead of the log: `await settled()` before telling
            anybody what is in it.
        head: the log's last durable line.
        failed: set when the store has failed; `failure` says why.
    """

    def __init__(
        self,
        store: LogStore,
        opened: Opened,
        clock: Clock,
        hooks: LedgerHooks,
        uptime: Clock | None = None,
    ) -> None:
        """Use `Ledger.open` or `Ledger.open_folder`."""
        self.state: State = opened.state
        self.head: Head = opened.head
        self.failed = asyncio.Event()
        self.failure: BaseException | None = None
        self._store = store
        self._clock = clock
        self._watch = ClockWatch(uptime)
        self._hooks = hooks
        self._loop = asyncio.get_running_loop()
        self._followers: list[Follower] = []
        self._closing = False
        # The next batch, and who waits for which seq, in that order.
        self._events: list[e.AnyEvent] = []
        self._profiles: list[Profile] = []
        self._profile_changes = ProfileChanges()
        self._profile_timer: asyncio.TimerHandle | None = None
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._idle = asyncio.Event()
        self._idle.set()
        self._writer = BatchWriter(store, opened.head, opened.profiles, self._written, self._fail)

    @classmethod
    async def open(
        cls,
        store: LogStore,
        folder: Path | None = None,
        clock: Clock = wall_clock_ms,
        hooks: LedgerHooks | None = None,
        uptime: Clock | None = None,
    ) -> "Ledger":
        """Open the store for writing and recover the state.

        Args:
            store: keeps the log. It is the ledger's from now on, which closes it.
            folder: where the profiles and `user_data.json` are; None: there are none.
            clock: gives the moment, in epoch milliseconds.
            hooks: is called with figures about the ledger's work.
            uptime: shows when the other clock was set, see `ledger.clocks.clock_watch`.

        Raises:
            LogLocked: another process writes the log.
            BadLog: the log doesn't check.
            OSError: the store can't be used.
            LedgerFailed: the first line could not be written.
        """
        opened = await asyncio.to_thread(open_store, store, folder)
        ledger = cls(store, opened, clock, hooks or LedgerHooks(), uptime)
        try:
            if opened.first_command is not None:
                await ledger.execute(opened.first_command)
        except LedgerFailed:
            await ledger.close()
            raise
        return ledger

    @classmethod
    async def open_folder(
        cls,
        folder: Path,
        clock: Clock = wall_clock_ms,
        disk: Disk | None = None,
        hooks: LedgerHooks | None = None,
        uptime: Clock | None = None,
    ) -> "Ledger":
        """As `open`, with the log in a file of this folder.

        Args:
            folder: the data folder; it is made where it is missing.
            clock: as for `open`.
            disk: makes bytes durable.
            hooks: as for `open`.
            uptime: as for `open`.

        Raises:
            LogLocked, BadLog, OSError, LedgerFailed: as for `open`.
        """
        store = FileLogStore(folder / LOG_NAME, disk, clock)
        return await cls.open(store, folder, clock, hooks, uptime)

    def follow(self, follower: Follower) -> None:
        """Call `follower` with every event that becomes durable from now on, in order.

        It is called in the event loop and must not block.
        """
        self._followers.append(follower)

    @property
    def closed(self) -> bool:
        """Whether it accepts no more commands."""
        return self._closing

    @property
    def size_bytes(self) -> int:
        """The size of the log."""
        return self._store.size_bytes

    def now_ms(self) -> int:
        """The ledger's clock, in epoch milliseconds."""
        return self._clock()

    async def execute(self, command: c.AnyCommand) -> Decision:
        """Decide a command; returns when everything that the answer rests on is durable.

        Raises:
            LedgerFailed: the store failed.
        """
        if self.failure is not None or self._closing:
            raise LedgerFailed("the ledger is closed") from self.failure
        at_ms = self._clock()
        step_ms = self._watch.step_ms(at_ms, partial(newest_ms, self.state))
        if step_ms:
            self._carry_out(
                decide(self.state, c.NoteClockStep(by="system", step_ms=step_ms), at_ms)
            )
        decision = decide(self.state, command, at_ms)
        self._carry_out(decision)
        # A refusal too may rest on something that is not durable yet.
        await self.settled()
        return decision

    def _carry_out(self, decision: Decision) -> None:
        if isinstance(decision, tuple):
            for event in decision:
                apply(self.state, event)
            self._events.extend(decision)
            self._write_soon()
        else:
            self._hooks.refused(decision)

    async def settled(self) -> None:
        """Wait until everything that has been decided so far is durable.

        Raises:
            LedgerFailed: the store failed.
        """
        if self.failure is not None:
            raise LedgerFailed("the ledger has stopped") from self.failure
        seq = self.state.seq
        if seq > self.head.seq:
            future = self._loop.create_future()
            self._waiting.append((seq, future))
            await future

    def note_profile(self, profile: Profile) -> None:
        """Remember what Telegram says of a person, if that is new."""
        user = self.state.users.get(profile.user_id)
        chosen = user is not None and user.language_choice != profile.language_choice
        if note_profile(self.state, profile, profile.user_id) and not self._closing:
            changes = self._profile_changes
            self._write_profiles(changes.note(profile, self._loop.time(), at_once=chosen))
            next_s = changes.next_s() if self._profile_timer is None else None
            if next_s is not None:
                self._profile_timer = self._loop.call_at(next_s, self._write_due_profiles)

    def _write_due_profiles(self) -> None:
        self._profile_timer = None
        if self._closing:
            return
        self._write_profiles(self._profile_changes.due(self._loop.time()))
        if (next_s := self._profile_changes.next_s()) is not None:
            self._profile_timer = self._loop.call_at(next_s, self._write_due_profiles)

    def _write_profiles(self, profiles: list[Profile]) -> None:
        if profiles:
            self._profiles += profiles
            self._write_soon()

    # Reading the log

    async def history(
        self, user_id: int, newest: Cursor | None, limit: int, *, moves_only: bool = False
    ) -> HistoryPage:
        """A page of a person's history, newest first.

        Args:
            user_id: the person, who must have joined.
            newest: where to begin; None: with the newest event.
            limit: how many lines at most.
            moves_only: leave out events that didn't change the balance.

        Raises:
            LookupError: the cursor is not one of this person's.
            BadRecord: a line can't be read.
            LedgerFailed: the store failed.
        """
        start = newest or self._newest(user_id)
        await self.settled()
        page = HistoryReader(self._store).page
        return await asyncio.to_thread(page, user_id, start, limit, moves_only=moves_only)

    async def history_at(self, user_id: int, until: Until) -> Cursor | None:
        """Where a person's history up to a line or moment begins; None: there was nothing yet.

        Raises:
            LookupError, BadRecord, LedgerFailed: as for `history`.
        """
        newest = self._newest(user_id)
        await self.settled()
        cursor_at = HistoryReader(self._store).cursor_at
        return await asyncio.to_thread(cursor_at, user_id, newest, until)

    def _newest(self, user_id: int) -> Cursor:
        user = self.state.users[user_id]
        return Cursor(user.last_seq, user.balance)

    async def event(self, seq: int) -> e.AnyEvent:
        """The durable event with this number.

        Raises:
            LookupError: the log has no such line, or it can't be read.
        """
        line = await asyncio.to_thread(self._store.record, seq)
        try:
            return parse_record(line)
        except BadRecord as error:
            raise LookupError(f"line {seq} can't be read: {error}") from None

    async def order(self, order_id: str) -> Order | None:
        """An order, however long ago it was closed; None if there never was one with this id.

        Raises:
            BadRecord: a line of the log can't be read.
            LedgerFailed: the store failed.
        """
        await self.settled()
        order = self.state.orders.get(order_id)
        closed = self.state.closed_orders.get(order_id)
        if order is not None or closed is None:
            return order
        return await asyncio.to_thread(read_order, self._store, order_id, closed)

    async def events_after(self, seq: int) -> AsyncIterator[e.AnyEvent]:
        """All durable events behind line `seq`, up to those that followers have been called with.

        Nothing is awaited between the last look at `head` and the end. So who follows as soon as
        the iteration ends misses no event, and gets none twice.

        Raises:
            LookupError: the log has no such line, or it can't be read.
            BadLog: a line behind it doesn't check.
            OSError: the log can't be read.
        """
        while seq < self.head.seq:
            try:
                reader = await asyncio.to_thread(reader_behind, self._store, seq)
            except BadRecord as error:
                raise LookupError(f"line {seq} can't be read: {error}") from None
            batches, begun_seq = reader.batches(), seq
            while (batch := await asyncio.to_thread(next, batches, None)) is not None:
                for event in batch:
                    if event.seq <= self.head.seq:
                        seq = event.seq
                        yield event
            if seq == begun_seq:
                raise LookupError(f"the log has no line {seq + 1}")

    # Writing the log

    async def close(self) -> None:
        """Write what is pending, then close the store. A second call does nothing."""
        if self._closing:
            return
        self._closing = True
        if self._profile_timer is not None:
            self._profile_timer.cancel()
        if self.failure is None:
            self._write_profiles(self._profile_changes.rest())
        await self._idle.wait()
        await self._writer.close()

    def _write_soon(self) -> None:
        """Have a batch written when the callbacks that are due now have added to it."""
        if self._idle.is_set():
            self._idle.clear()
            self._loop.call_soon(self._hand_over)

    def _hand_over(self) -> None:
        self._writer.write(Batch(self._events, self._profiles))
        self._events, self._profiles = [], []

    def _written(self, written: Written) -> None:
        self.head = written.head
        waiting = self._waiting
        while waiting and waiting[0][0] <= self.head.seq:
            future = waiting.popleft()[1]
            if not future.done():
                future.set_result(None)
        if self._events or self._profiles:
            self._loop.call_soon(self._hand_over)
        else:
            self._idle.set()
        events = written.batch.events
        for event in events:
            for follower in self._followers:
                try:
                    follower(event)
                except Exception:
                    # The others must still get it: the order dispatcher must not miss an order.
                    log.exception("A follower failed at seq %s.", event.seq)
        if events:
            self._hooks.batch_written(events, *written.timing)

    def _fail(self, error: BaseException) -> None:
        self.failure = error
        self.failed.set()
        self._idle.set()
        log.critical("The log can't be written: %s. No further command is accepted.", error)
        while self._waiting:
            future = self._waiting.popleft()[1]
            if not future.done():
                future.set_exception(LedgerFailed(f"the log can't be written: {error}"))
