"""Owns the recorded run: everything that a busy ledger asks of its disk, in order.

The run has all that reaches the disk: batches of commands from many people, refusals, snapshots
between the writes and in the midst of one, a torn tail that the next start cuts off. It is the
same every time, for one seed.
"""

# ruff: noqa: D102 - `Disk` says what each method does

import asyncio
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

from chaos.invariants import state_digest
from ledger import commands as c
from ledger.ledger import Ledger
from ledger.projections import State, apply
from ledger.store.disk import Disk
from ledger.store.file import LOG_NAME
from ledger.store.file_log import FileLog
from ledger.store.reader import LogReader
from ledger.store.record import Head
from ledger.store.snapshot import refresh
from personas.ledger_commands import FIRST_ID, Person, opening_commands

NOON_MS = 1_767_268_800_000


class Write(NamedTuple):
    """Bytes for a file, which is known by a number: names come and go."""

    file: int
    offset_bytes: int
    data: bytes


class Cut(NamedTuple):
    """A file is cut off behind its first bytes."""

    file: int
    size_bytes: int


class Sync(NamedTuple):
    """A file's bytes are on the disk."""

    file: int


class Create(NamedTuple):
    """A new, empty file."""

    name: str
    file: int


class Rename(NamedTuple):
    """A file has another name."""

    source: str
    target: str


class Remove(NamedTuple):
    """A name is gone."""

    name: str


class SyncFolder(NamedTuple):
    """The names are on the disk."""


class Told(NamedTuple):
    """Not the disk's: somebody was told of everything up to this line."""

    seq: int


Operation: TypeAlias = Write | Cut | Sync | Create | Rename | Remove | SyncFolder | Told


class RecordingDisk(Disk):
    """The real disk, and a list of all that was done, each thing noted when it was complete."""

    def __init__(self, folder: Path) -> None:
        """Records what happens in this folder."""
        self.operations: list[Operation] = []
        self.in_next_sync: Callable[[], object] | None = None
        self._folder = folder
        self._names: dict[str, int] = {}
        self._fds: dict[int, int] = {}

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        fd = super().open(path, flags, mode)
        if path.name not in self._names:
            self._names[path.name] = file = len(self.operations)
            self.operations.append(Create(path.name, file))
        elif flags & os.O_TRUNC:
            self.operations.append(Cut(self._names[path.name], 0))
        self._fds[fd] = self._names[path.name]
        return fd

    def put(self, fd: int, data: bytes | memoryview) -> int:
        # All our files are only ever added to.
        offset_bytes = os.fstat(fd).st_size
        count = super().put(fd, data)
        self.operations.append(Write(self._fds[fd], offset_bytes, bytes(data[:count])))
        return count

    def sync(self, fd: int) -> None:
        hook, self.in_next_sync = self.in_next_sync, None
        if hook is not None:
            hook()
        super().sync(fd)
        self.operations.append(Sync(self._fds[fd]))

    def fsync(self, fd: int) -> None:
        super().fsync(fd)
        self.operations.append(Sync(self._fds[fd]))

    def truncate(self, fd: int, size_bytes: int) -> None:
        super().truncate(fd, size_bytes)
        self.operations.append(Cut(self._fds[fd], size_bytes))

    def rename(self, source: Path, target: Path) -> None:
        super().rename(source, target)
        self._names[target.name] = self._names.pop(source.name)
        self.operations.append(Rename(source.name, target.name))

    def remove(self, path: Path) -> None:
        super().remove(path)
        if self._names.pop(path.name, None) is not None:
            self.operations.append(Remove(path.name))

    def sync_folder(self, folder: Path) -> None:
        super().sync_folder(folder)
        if folder == self._folder:
            self.operations.append(SyncFolder())


class Run(NamedTuple):
    """A recorded run.

    Attributes:
        operations: in the order in which they were complete.
        log: the log's bytes at the end.
        ends_bytes: where in it each line ends, by its number; line 0 ends at 0.
        states: the digest of the state behind each command, by the number of its last line.
    """

    operations: list[Operation]
    log: bytes
    ends_bytes: list[int]
    states: dict[int, str]


def record(folder: Path, seed: int, batches: int = 8, people: int = 12) -> Run:
    """Play a busy run in an empty folder: so many people, in so many batches."""
    disk = RecordingDisk(folder)
    player = _Player(folder, seed, people, disk)
    asyncio.run(player.play(batches))
    player.tear()
    asyncio.run(player.play(batches // 2))
    log = (folder / LOG_NAME).read_bytes()
    ends = [0]
    for line in log.splitlines(keepends=True):
        ends.append(ends[-1] + len(line))
    return Run(disk.operations, log, ends, _states(folder / LOG_NAME))


def _states(log: Path) -> dict[int, str]:
    """Built the plain way, event by event from the first."""
    state, reader = State(), LogReader(FileLog(log))
    states = {0: state_digest(state, Head())}
    for command in reader.commands():
        for event in command:
            apply(state, event)
        states[reader.head.seq] = state_digest(state, reader.head)
    return states


class _Player:
    """Plays, with a clock of its own."""

    def __init__(self, folder: Path, seed: int, people: int, disk: RecordingDisk) -> None:
        self._folder = folder
        self._disk = disk
        self._dice = random.Random(seed)
        self._now_ms = NOON_MS
        self._people = [Person(FIRST_ID + number, str(seed), people) for number in range(people)]

    def _clock(self) -> int:
        return self._now_ms

    async def play(self, batches: int) -> None:
        ledger = await Ledger.open_folder(self._folder, self._clock, self._disk)
        for command in opening_commands():
            await self._ask(ledger, command)
        for number in range(batches):
            self._now_ms += 1000
            if number % 3 == 1:
                # A snapshot that reads lines whose write is not on the disk yet.
                self._disk.in_next_sync = lambda: refresh(self._folder, self._disk)
            asking = self._dice.sample(self._people, self._dice.randint(1, len(self._people)))
            commands = [person.next_command(ledger.state) for person in asking]
            commands += commands[:1]
            await asyncio.gather(*(self._ask(ledger, command) for command in commands))
        self._disk.in_next_sync = None
        refresh(self._folder, self._disk)
        await ledger.close()

    async def _ask(self, ledger: Ledger, command: c.AnyCommand) -> None:
        decision = await ledger.execute(command)
        if isinstance(decision, tuple):
            self._disk.operations.append(Told(decision[-1].seq))

    def tear(self) -> None:
        """Leave what a crash leaves: a beginning of the next line."""
        fd = self._disk.open(self._folder / LOG_NAME, os.O_WRONLY | os.O_APPEND)
        self._disk.write(fd, b'{"type":"ad_rewarded","seq":')
        os.close(fd)
