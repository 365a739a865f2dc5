"""Owns the victim: a process with a real ledger and a crowd of people who use it all at once.

It says on stdout, a line at a time and only after `execute` returned, what it was told:
`ok KEY FIRST_SEQ LAST_SEQ`, `known KEY` (a refusal: it was done before), or `no KEY REFUSAL`.
When its stdin ends it stops cleanly and says `live SHA256`, of its state. When the disk says no
it says so on stderr and ends with 1. Otherwise it goes on until it is killed.
"""

import argparse
import asyncio
import contextlib
import hashlib
import mmap
import os
import sys
from pathlib import Path

from chaos.faulty_disk import FAULTS, LOG_SLOT, MARKS_BYTES, USER_DATA_SLOT, MarkedDisk
from chaos.natural_keys import KNOWN, key_of_command
from ledger import commands as c
from ledger.ledger import Ledger, LedgerFailed
from ledger.store.snapshot import refresh
from ledger.store.user_data import encode
from personas.ledger_commands import FIRST_ID, Person, opening_commands

PEOPLE = 64
_REGULARS = 48
_SNAPSHOT_EVERY = 150


class Victim:
    """The ledger, the crowd, and what they are told."""

    def __init__(self, ledger: Ledger, folder: Path, user_data_disk: MarkedDisk) -> None:
        """With an open ledger."""
        self._ledger = ledger
        self._folder = folder
        self._user_data_disk = user_data_disk
        self._told = 0
        self._snapshot: asyncio.Task[None] | None = None

    async def live(self, person: Person) -> None:
        """One person's life: ask, hear, ask again."""
        with contextlib.suppress(LedgerFailed):
            while True:
                command = person.next_command(self._ledger.state)
                times = 2 if person.repeats() else 1
                await asyncio.gather(*(self.ask(command) for _ in range(times)))

    async def ask(self, command: c.AnyCommand) -> None:
        """Ask, and pass on what was heard."""
        key = key_of_command(command, self._ledger.state)
        decision = await self._ledger.execute(command)
        if isinstance(decision, tuple):
            self._say(f"ok {key} {decision[0].seq} {decision[-1].seq}")
        elif isinstance(decision, KNOWN):
            self._say(f"known {key}")
        else:
            self._say(f"no {key} {type(decision).__name__}")

    def _say(self, line: str) -> None:
        os.write(1, f"{line}\n".encode())
        self._told += 1
        if self._told % _SNAPSHOT_EVERY == 0 and (self._snapshot is None or self._snapshot.done()):
            self._snapshot = asyncio.create_task(self._refresh())

    async def _refresh(self) -> None:
        """As `ledger.store.snapshot` does in its own process; here it must die together with us."""
        try:
            await asyncio.to_thread(refresh, self._folder, self._user_data_disk)
        except OSError as error:
            sys.stderr.write(f"user_data.json was not written: {error}\n")

    async def rest(self) -> None:
        """Let a snapshot that is under way come to its end."""
        if self._snapshot is not None:
            await self._snapshot


async def work(options: argparse.Namespace) -> int:
    """Live until killed, told to stop, or failed by the disk."""
    marks = _marks(Path(options.marks))
    log_disk = MarkedDisk(
        marks,
        LOG_SLOT,
        options.fault if options.fault_in == "log" else None,
        after=options.after,
        hold_at=options.hold_at,
        part=options.part,
    )
    user_data_disk = MarkedDisk(
        marks, USER_DATA_SLOT, options.fault if options.fault_in == "user_data" else None
    )
    ledger = await Ledger.open_folder(options.folder, disk=log_disk)
    victim = Victim(ledger, options.folder, user_data_disk)
    try:
        for command in opening_commands():
            await victim.ask(command)
    except LedgerFailed:
        return await _give_up(ledger)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_reader(0, stop.set)
    # The regulars are the same each time; the others are new.
    ids = [FIRST_ID + (n if n < _REGULARS else options.round * 1000 + n) for n in range(PEOPLE)]
    crowd = [asyncio.create_task(victim.live(Person(one, options.seed))) for one in ids]
    ends = [asyncio.create_task(stop.wait()), asyncio.create_task(ledger.failed.wait())]
    await asyncio.wait([*crowd, *ends], return_when=asyncio.FIRST_COMPLETED)
    if ledger.failure is not None:
        return await _give_up(ledger)
    for task in (*crowd, *ends):
        task.cancel()
    ended = await asyncio.gather(*crowd, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception):
            raise error
    await ledger.close()
    await victim.rest()
    digest = hashlib.sha256(encode(ledger.state, ledger.head)).hexdigest()
    os.write(1, f"live {digest}\n".encode())
    return 0


def _marks(path: Path) -> mmap.mmap:
    with path.open("r+b") as file:
        return mmap.mmap(file.fileno(), MARKS_BYTES)


async def _give_up(ledger: Ledger) -> int:
    sys.stderr.write(f"the log can't be written: {ledger.failure}\n")
    await ledger.close()
    return 1


def main() -> None:
    """`python -m chaos.ledger_worker DIR --marks FILE --seed S --round N ...`."""
    parser = argparse.ArgumentParser(prog="python -m chaos.ledger_worker")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--marks", required=True)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--round", type=int, required=True)
    parser.add_argument("--hold-at", type=int, default=0)
    parser.add_argument("--part", type=float, default=0.5)
    parser.add_argument("--fault", choices=FAULTS)
    parser.add_argument("--fault-in", choices=["log", "user_data"], default="log")
    parser.add_argument("--after", type=int, default=0)
    sys.exit(asyncio.run(work(parser.parse_args())))


if __name__ == "__main__":
    main()
