"""The process that is killed, with a real ledger in it and many users who use it all at once.

It writes to stdout, a line at a time and only after `execute` has returned, what was decided:
`ok KEY FIRST_SEQ LAST_SEQ`, `known KEY` (a refusal: it was done before), or `no KEY REFUSAL`.
When its stdin ends it stops cleanly and writes `live SHA256`, of its state. When the disk fails it
says so on stderr and ends with 1. Otherwise it goes on until it is killed.
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
from personas.ledger_commands import FIRST_ID, LedgerUser, opening_commands

USERS = 64
_REGULARS = 48
_SNAPSHOT_EVERY = 150


class Worker:
    """The ledger, its users, and the acknowledgements to them."""

    def __init__(self, ledger: Ledger, folder: Path, user_data_disk: MarkedDisk) -> None:
        """With an open ledger."""
        self._ledger = ledger
        self._folder = folder
        self._user_data_disk = user_data_disk
        self._told = 0
        self._snapshot: asyncio.Task[None] | None = None

    async def use(self, user: LedgerUser) -> None:
        """Send one user's commands, each after the last one is decided."""
        with contextlib.suppress(LedgerFailed):
            while True:
                command = user.next_command(self._ledger.state)
                times = 2 if user.repeats() else 1
                await asyncio.gather(*(self.execute(command) for _ in range(times)))

    async def execute(self, command: c.AnyCommand) -> None:
        """Execute a command, and report the decision."""
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
        """As `ledger.store.snapshot` does in a process; here it must die together with us."""
        try:
            await asyncio.to_thread(refresh, self._folder, self._user_data_disk)
        except OSError as error:
            sys.stderr.write(f"user_data.json was not written: {error}\n")

    async def finish_snapshot(self) -> None:
        """Wait for a snapshot that is being written."""
        if self._snapshot is not None:
            await self._snapshot


async def work(options: argparse.Namespace) -> int:
    """Run until killed, stopped, or failed by the disk."""
    marks = _marks(Path(options.marks))
    log_disk = MarkedDisk(
        marks,
        LOG_SLOT,
        options.fault if options.fault_in == "log" else None,
        after=options.after,
        block_at=options.block_at,
        part=options.part,
    )
    user_data_disk = MarkedDisk(
        marks, USER_DATA_SLOT, options.fault if options.fault_in == "user_data" else None
    )
    ledger = await Ledger.open_folder(options.folder, disk=log_disk)
    worker = Worker(ledger, options.folder, user_data_disk)
    try:
        for command in opening_commands():
            await worker.execute(command)
    except LedgerFailed:
        return await _fail(ledger)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_reader(0, stop.set)
    # The regulars are the same in each round; the others are new.
    ids = [FIRST_ID + (n if n < _REGULARS else options.round * 1000 + n) for n in range(USERS)]
    users = [asyncio.create_task(worker.use(LedgerUser(one, options.seed))) for one in ids]
    ends = [asyncio.create_task(stop.wait()), asyncio.create_task(ledger.failed.wait())]
    await asyncio.wait([*users, *ends], return_when=asyncio.FIRST_COMPLETED)
    if ledger.failure is not None:
        return await _fail(ledger)
    for task in (*users, *ends):
        task.cancel()
    for result in await asyncio.gather(*users, return_exceptions=True):
        if isinstance(result, Exception):
            raise result
    await ledger.close()
    await worker.finish_snapshot()
    digest = hashlib.sha256(encode(ledger.state, ledger.head)).hexdigest()
    os.write(1, f"live {digest}\n".encode())
    return 0


def _marks(path: Path) -> mmap.mmap:
    with path.open("r+b") as file:
        return mmap.mmap(file.fileno(), MARKS_BYTES)


async def _fail(ledger: Ledger) -> int:
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
    parser.add_argument("--block-at", type=int, default=0)
    parser.add_argument("--part", type=float, default=0.5)
    parser.add_argument("--fault", choices=FAULTS)
    parser.add_argument("--fault-in", choices=["log", "user_data"], default="log")
    parser.add_argument("--after", type=int, default=0)
    sys.exit(asyncio.run(work(parser.parse_args())))


if __name__ == "__main__":
    main()
