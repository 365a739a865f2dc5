"""Owns the ledger of a running program: one `Ledger`, opened from a folder, asked by all rooms.

`execute` decides and applies at once, in the event loop, and answers when the events are on the
disk. What is decided while the disk is busy goes into the next batch; a writer thread gives each
batch one write and one sync, and only then is anybody answered. So many commands share one sync
and the loop never waits for the disk. A disk that says no is the end: nobody waiting is answered
with success, and nothing more is taken.
"""

import asyncio
import logging
import queue
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

from ledger import commands as c
from ledger import events as e
from ledger.metrics_hooks import LedgerHooks
from ledger.projections import apply
from ledger.rules.decide import decide
from ledger.rules.decision import Decision
from ledger.state import State
from ledger.store.disk import Disk
from ledger.store.file import LOG_NAME, AppendTiming, LogWriter
from ledger.store.profiles import COMPACT_ABOVE, PROFILES_NAME, Profile, ProfileFile, note_profile
from ledger.store.record import Head
from ledger.store.snapshot import recover
from ledger.timestamps import Clock, wall_clock_ms

log = logging.getLogger(__name__)

Follower: TypeAlias = Callable[[e.AnyEvent], None]


class _Batch(NamedTuple):
    events: list[e.AnyEvent]
    profiles: list[Profile]


class LedgerFailed(Exception):  # noqa: N818 - says what is the matter
    """The disk said no. What was asked may or may not be in the log; the program must end."""


class Ledger:
    """The truth of a running program. All methods are for its event loop's thread.

    Attributes:
        state: for reading only. It may be ahead of the disk: `await settled()` before telling
            anybody what is in it.
        head: where the log stands on the disk.
        failed: set when the disk has said no; `failure` says why.
    """

    def __init__(
        self, state: State, writer: LogWriter, profiles: Path, clock: Clock, hooks: LedgerHooks
    ) -> None:
        """Use `Ledger.open`."""
        self.state = state
        self.head = writer.head
        self.failed = asyncio.Event()
        self.failure: BaseException | None = None
        self._clock = clock
        self._hooks = hooks
        self._writer = writer
        self._profile_file = ProfileFile(profiles)
        self._loop = asyncio.get_running_loop()
        self._followers: list[Follower] = []
        self._closing = False
        # What the next batch will hold, and who waits for which seq, in that order.
        self._events: list[e.AnyEvent] = []
        self._profiles: list[Profile] = []
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._batches: queue.SimpleQueue[_Batch | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_loop, name="ledger-writer", daemon=True)
        self._thread.start()

    @classmethod
    async def open(
        cls,
        folder: Path,
        clock: Clock = wall_clock_ms,
        disk: Disk | None = None,
        hooks: LedgerHooks | None = None,
    ) -> "Ledger":
        """Lock the folder's log, recover the state, and cut off what a crash left unfinished.

        Args:
            folder: with the log, or for a new one.
            clock: gives the moment, in epoch milliseconds.
            disk: what makes bytes last.
            hooks: is told how the ledger's work goes.

        Raises:
            LogLocked: another process has the folder.
            BadLog: the log doesn't check.
            OSError: the disk says no.
        """
        state, writer, cut = await asyncio.to_thread(_open, folder, disk or Disk(), clock)
        ledger = cls(state, writer, folder / PROFILES_NAME, clock, hooks or LedgerHooks())
        try:
            if cut is not None:
                await ledger.execute(cut)
            elif state.seq == 0:
                await ledger.execute(c.StartLog(by="system"))
        except LedgerFailed:
            await ledger.close()
            raise
        return ledger

    def follow(self, follower: Follower) -> None:
        """Call `follower` with every event that is on the disk from now on, in order.

        It is called in the event loop and must not block.
        """
        self._followers.append(follower)

    @property
    def closed(self) -> bool:
        """Whether it takes nothing any more."""
        return self._closing

    def now_ms(self) -> int:
        """The ledger's clock, in epoch milliseconds."""
        return self._clock()

    async def execute(self, command: c.AnyCommand) -> Decision:
        """Do it, or refuse it; answered when the answer's ground is on the disk.

        Raises:
            LedgerFailed: the disk said no.
        """
        if self.failure is not None or self._closing:
            raise LedgerFailed("the ledger is closed") from self.failure
        decision = decide(self.state, command, self._clock())
        if isinstance(decision, tuple):
            for event in decision:
                apply(self.state, event)
            self._events.extend(decision)
            self._soon()
        else:
            self._hooks.refused(decision)
        # A refusal too may rest on something that is not on the disk yet.
        await self.settled()
        return decision

    async def settled(self) -> None:
        """Wait until everything that has been decided so far is on the disk.

        Raises:
            LedgerFailed: the disk said no.
        """
        if self.failure is not None:
            raise LedgerFailed("the ledger has stopped") from self.failure
        seq = self.state.seq
        if seq > self.head.seq:
            future = self._loop.create_future()
            self._waiting.append((seq, future))
            await future

    def note_profile(self, profile: Profile) -> None:
        """Remember what Telegram tells of a person, if it is news."""
        if note_profile(self.state, profile, profile.user_id) and not self._closing:
            self._profiles.append(profile)
            self._soon()

    async def close(self) -> None:
        """Write what waits, then give up the log. A second time does nothing."""
        if self._closing:
            return
        self._closing = True
        await self._quiet.wait()
        self._batches.put(None)
        await asyncio.to_thread(self._thread.join)
        self._writer.close()

    def _soon(self) -> None:
        """Have a batch written when the callbacks that are due now have added to it."""
        if self._quiet.is_set():
            self._quiet.clear()
            self._loop.call_soon(self._hand_over)

    def _hand_over(self) -> None:
        self._batches.put(_Batch(self._events, self._profiles))
        self._events, self._profiles = [], []

    def _write_loop(self) -> None:
        """The writer thread."""
        while (batch := self._batches.get()) is not None:
            try:
                if batch.events:
                    self._writer.append(batch.events)
                self._save_profiles(batch.profiles)
            except Exception as error:  # noqa: BLE001 - whatever it was, the disk is in doubt
                self._tell(self._fail, error)
                return
            self._tell(self._written, batch.events, self._writer.head, self._writer.took)

    def _tell(self, what: Callable[..., None], *args: object) -> None:
        try:
            self._loop.call_soon_threadsafe(what, *args)
        except RuntimeError:
            log.warning("The event loop ended before the ledger did.")

    def _save_profiles(self, profiles: list[Profile]) -> None:
        if profiles:
            try:
                self._profile_file.append(profiles)
            except (OSError, UnicodeError) as error:
                log.warning("Names could not be saved (they come back by themselves): %s", error)

    def _written(self, events: list[e.AnyEvent], head: Head, took: AppendTiming) -> None:
        self.head = head
        waiting = self._waiting
        while waiting and waiting[0][0] <= head.seq:
            future = waiting.popleft()[1]
            if not future.done():
                future.set_result(None)
        if self._events or self._profiles:
            self._loop.call_soon(self._hand_over)
        else:
            self._quiet.set()
        for event in events:
            for follower in self._followers:
                try:
                    follower(event)
                except Exception:
                    # The others still have to hear of it: the order desk must not miss an order.
                    log.exception("A follower failed at seq %s.", event.seq)
        if events:
            self._hooks.batch_written(events, took.write_s, took.sync_s)

    def _fail(self, error: BaseException) -> None:
        self.failure = error
        self.failed.set()
        self._quiet.set()
        log.critical("The log can't be written: %s. Nothing more is taken.", error)
        while self._waiting:
            future = self._waiting.popleft()[1]
            if not future.done():
                future.set_exception(LedgerFailed(f"the log can't be written: {error}"))


def _open(folder: Path, disk: Disk, clock: Clock) -> tuple[State, LogWriter, c.NoteTailCut | None]:
    writer = LogWriter(folder / LOG_NAME, disk)
    try:
        recovered = recover(folder)
        if recovered.warning:
            log.warning("%s.", recovered.warning)
        offset = recovered.head.size_bytes
        cut = writer.cut_tail(recovered.head, clock())
        if recovered.profile_lines > len(recovered.state.users) + COMPACT_ABOVE:
            ProfileFile(folder / PROFILES_NAME).compact()
    except BaseException:
        writer.close()
        raise
    if cut is None or recovered.head.seq == 0:
        # A log that broke off within its very first line simply starts.
        return recovered.state, writer, None
    length, kept_as = cut
    log.warning(
        "The last command was unfinished (%s bytes): cut off and kept in %s.", length, kept_as
    )
    note = c.NoteTailCut(by="system", offset_bytes=offset, length_bytes=length, kept_as=kept_as)
    return recovered.state, writer, note
