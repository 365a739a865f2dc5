"""Owns the ledger of a running program: one `Ledger`, opened from a folder, asked by all rooms.

`execute` decides and applies at once, in the event loop, and answers when the events are on the
disk. A writer thread takes everything that waits, writes it with one write and one sync, and
only then is anybody answered; so many commands share one sync and the loop never waits for the
disk. A disk that says no is the end: nobody waiting is answered with success, and nothing more
is taken.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from ledger import commands as c
from ledger import events as e
from ledger.decisions import Decision, decide
from ledger.disk import Disk
from ledger.lines import Head
from ledger.log import LOG_NAME, LogWriter
from ledger.moments import Clock, wall_clock_ms
from ledger.profiles import PROFILES_NAME, Profile, ProfileFile, note_profile, read_profiles
from ledger.projections import State, apply
from ledger.snapshot import recover

log = logging.getLogger(__name__)

Follower: TypeAlias = Callable[[e.AnyEvent], None]
_Batch: TypeAlias = tuple[tuple[e.AnyEvent, ...], tuple[Profile, ...]]


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

    def __init__(self, state: State, writer: LogWriter, profiles: Path, clock: Clock) -> None:
        """Use `Ledger.open`."""
        self.state = state
        self.head = writer.head
        self.failed = asyncio.Event()
        self.failure: BaseException | None = None
        self._clock = clock
        self._writer = writer
        self._profile_file = ProfileFile(profiles)
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[_Batch | None] = queue.SimpleQueue()
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._followers: list[Follower] = []
        self._closing = False
        self._thread = threading.Thread(target=self._write_loop, name="ledger-writer")
        self._thread.start()

    @classmethod
    async def open(
        cls, folder: Path, clock: Clock = wall_clock_ms, disk: Disk | None = None
    ) -> "Ledger":
        """Lock the folder's log, recover the state, and cut off what a crash left unfinished.

        Raises:
            LogLocked: another process has the folder.
            BadLog: the log doesn't check.
            OSError: the disk says no.
        """
        state, writer, cut = await asyncio.to_thread(_open, folder, disk or Disk(), clock)
        ledger = cls(state, writer, folder / PROFILES_NAME, clock)
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
            self._queue.put((decision, ()))
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
        if seq <= self.head.seq:
            return
        future = self._waiting.get(seq)
        if future is None:
            future = self._waiting[seq] = self._loop.create_future()
        await asyncio.shield(future)

    def note_profile(self, profile: Profile) -> None:
        """Remember what Telegram tells of a person, if it is news."""
        if note_profile(self.state, profile, profile.user_id):
            self._queue.put(((), (profile,)))

    async def close(self) -> None:
        """Write what waits, then give up the log."""
        self._closing = True
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)
        self._writer.close()

    def _write_loop(self) -> None:
        """The writer thread: everything that waits goes into one write and one sync."""
        going = True
        while going:
            batch = [self._queue.get()]
            while not self._queue.empty():
                batch.append(self._queue.get())
            if batch[-1] is None:
                going = False
            events = [event for item in batch if item for event in item[0]]
            try:
                if events:
                    head = self._writer.append(events)
                    self._tell(self._written, events, head)
                self._save_profiles([one for item in batch if item for one in item[1]])
            except Exception as error:  # noqa: BLE001 - whatever it was, the disk is in doubt
                self._tell(self._fail, error)
                return

    def _tell(self, what: Callable[..., None], *args: object) -> None:
        try:
            self._loop.call_soon_threadsafe(what, *args)
        except RuntimeError:
            log.warning("The event loop ended before the ledger did.")

    def _save_profiles(self, profiles: list[Profile]) -> None:
        if profiles:
            try:
                self._profile_file.append(profiles)
            except OSError as error:
                log.warning("Names could not be saved (they come back by themselves): %s", error)

    def _written(self, events: list[e.AnyEvent], head: Head) -> None:
        self.head = head
        for event in events:
            future = self._waiting.pop(event.seq, None)
            if future is not None and not future.done():
                future.set_result(None)
        for event in events:
            for follower in self._followers:
                follower(event)

    def _fail(self, error: BaseException) -> None:
        self.failure = error
        self.failed.set()
        log.critical("The log can't be written: %s. Nothing more is taken.", error)
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(LedgerFailed(f"the log can't be written: {error}"))
                future.exception()  # it was looked at, whether anybody still waits or not
        self._waiting.clear()


def _open(folder: Path, disk: Disk, clock: Clock) -> tuple[State, LogWriter, c.NoteTailCut | None]:
    writer = LogWriter(folder / LOG_NAME, disk)
    try:
        recovered = recover(folder)
        if recovered.warning:
            log.warning("%s.", recovered.warning)
        offset = recovered.head.size_bytes
        cut = writer.cut_tail(recovered.head, clock())
        profiles_path = folder / PROFILES_NAME
        ProfileFile(profiles_path).compact(*read_profiles(profiles_path))
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
