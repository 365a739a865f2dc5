"""A recorded run: everything that a busy ledger asks of its disk, in order.

The run has all that reaches the disk: batches of commands from many users, refusals, snapshots
between writes and during one, a torn tail that the next start cuts off. For one seed it is the same
every time.
"""

import asyncio
import os
import random
from pathlib import Path
from typing import NamedTuple

from chaos.crash_points.recorded_disk import Acknowledged, Operation, RecordingDisk
from chaos.invariants import state_digest
from ledger import commands as c
from ledger.ledger import Ledger
from ledger.projections import apply
from ledger.state import State
from ledger.store.file import LOG_NAME
from ledger.store.file_log import FileLog
from ledger.store.reader import LogReader
from ledger.store.record import Head
from ledger.store.snapshot import refresh
from personas.ledger_commands import FIRST_ID, LedgerUser, opening_commands

NOON_MS = 1_767_268_800_000


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


def record(folder: Path, seed: int, batches: int = 8, users: int = 12) -> Run:
    """Record a busy run in an empty folder, with these numbers of users and batches."""
    disk = RecordingDisk(folder)
    player = _Player(folder, seed, users, disk)
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
    """Sends the commands, with a clock of its own."""

    def __init__(self, folder: Path, seed: int, users: int, disk: RecordingDisk) -> None:
        self._folder = folder
        self._disk = disk
        self._dice = random.Random(seed)
        self._now_ms = NOON_MS
        self._users = [LedgerUser(FIRST_ID + number, str(seed), users) for number in range(users)]

    def _clock(self) -> int:
        return self._now_ms

    async def play(self, batches: int) -> None:
        ledger = await Ledger.open_folder(self._folder, self._clock, self._disk)
        for command in opening_commands():
            await self._execute(ledger, command)
        for number in range(batches):
            self._now_ms += 1000
            if number % 3 == 1:
                # A snapshot that reads lines whose write is not durable yet.
                self._disk.in_next_sync = lambda: refresh(self._folder, self._disk)
            busy = self._dice.sample(self._users, self._dice.randint(1, len(self._users)))
            commands = [user.next_command(ledger.state) for user in busy]
            commands += commands[:1]
            await asyncio.gather(*(self._execute(ledger, command) for command in commands))
        self._disk.in_next_sync = None
        refresh(self._folder, self._disk)
        await ledger.close()

    async def _execute(self, ledger: Ledger, command: c.AnyCommand) -> None:
        decision = await ledger.execute(command)
        if isinstance(decision, tuple):
            self._disk.operations.append(Acknowledged(decision[-1].seq))

    def tear(self) -> None:
        """Leave what a crash leaves: a beginning of the next line."""
        fd = self._disk.open(self._folder / LOG_NAME, os.O_WRONLY | os.O_APPEND)
        self._disk.write(fd, b'{"type":"ad_rewarded","seq":')
        os.close(fd)
