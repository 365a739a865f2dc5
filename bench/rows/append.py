"""The append rows: commands from decide to durable, many callers at once, and one alone."""

import asyncio
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from bench.figures import Figure, at_least, at_most
from bench.logs import Bench, borrowed
from bench.measure import Sample, in_turns
from bench.rivals.bare import BareFile
from bench.rivals.eventsourced import EventsourcedBook
from bench.rivals.predecessor import PredecessorFile
from bench.rivals.sqlite import SqliteBook
from bench.rows.append_parts import Parts, measure_parts
from bench.traffic import CommandClock, Traffic, for_commands
from ledger.ledger import Ledger
from ledger.store.file import LOG_NAME

COMMANDS = "commands/s"
BATCH = 256
ALONE_TURNS = 3
_MOST_CHANGES = 100


class Ours:
    """A running ledger on the log of middle size; its event loop waits between turns."""

    def __init__(self, runner: asyncio.Runner, folder: Path) -> None:
        """Open it."""
        self._runner = runner
        self.log = folder / LOG_NAME
        self.cores: list[float] = []
        """How many cores the process kept busy, in each repetition."""
        clock = CommandClock()
        self.ledger = runner.run(Ledger.open_folder(folder, clock))
        self._traffic = Traffic(self.ledger, clock)

    def rate(self, callers: int, commands: int) -> float:
        """Commands per second."""
        begun, used = perf_counter(), process_time()
        rate = self._runner.run(self._traffic.drive(callers, for_commands(commands)))
        self.cores.append((process_time() - used) / (perf_counter() - begun))
        return rate

    def alone(self, commands: int) -> float:
        """Seconds that one caller waits, the median."""
        return self._runner.run(self._alone(commands))

    async def _alone(self, commands: int) -> float:
        waited = []
        for _ in range(commands):
            command = self._traffic.next()
            begun = perf_counter()
            decision = await self.ledger.execute(command)
            waited.append(perf_counter() - begun)
            if not isinstance(decision, tuple):
                raise AssertionError(f"refused: {decision}")  # noqa: TRY004 - a refusal is no wrong type
        return median(waited)

    def newest_lines(self, count: int) -> list[bytes]:
        """The last lines of the log, for the bare loop to write as well."""
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - count * 300))
            lines = file.readlines()[1:]
        return (lines * (count // len(lines) + 1))[:count]

    def close(self) -> None:
        """Close it."""
        self._runner.run(self.ledger.close())


def run(bench: Bench) -> list[Figure]:
    """Everybody in turns, on the same disk."""
    sizes, folder = bench.sizes, bench.new_folder("append")
    made = bench.middle()
    parts = measure_parts(made.path, folder, sizes.commands)
    with asyncio.Runner() as runner, borrowed(made) as log_folder:
        ours = Ours(runner, log_folder)
        sqlite = SqliteBook(folder, sizes.users)
        saving, getting = (
            EventsourcedBook(bench.new_folder(f"append-{name}"), sizes.transactions)
            for name in ("save", "get")
        )
        bare = BareFile(folder / "bare")
        few, many = (
            PredecessorFile(folder / f"{users}.json", users) for users in sizes.predecessor_users
        )
        try:
            ours.rate(sizes.callers, sizes.callers)
            lines = ours.newest_lines(sizes.commands)
            found = in_turns(
                sizes.times,
                {
                    "ours": lambda: ours.rate(sizes.callers, sizes.commands),
                    "sqlite": lambda: sqlite.rate(sizes.transactions),
                    "save": lambda: saving.save_rate(sizes.transactions),
                    "get+save": lambda: getting.get_and_save_rate(sizes.transactions),
                    "bare": lambda: bare.rate(lines, BATCH),
                    "few": lambda: few.rate(min(_MOST_CHANGES, sizes.transactions)),
                    "many": lambda: many.rate(1),
                },
            )
            found |= in_turns(
                sizes.times * ALONE_TURNS,
                {
                    "alone": lambda: ours.alone(sizes.alone),
                    "one": lambda: median(bare.one(lines[0]) for _ in range(sizes.alone)),
                },
            )
        finally:
            ours.close()
            sqlite.close()
            saving.close()
            getting.close()
            bare.close()
    return _figures(bench, found, parts, median(ours.cores))


def _figures(bench: Bench, found: dict[str, Sample], parts: Parts, cores: float) -> list[Figure]:
    callers, users = bench.sizes.callers, bench.sizes.predecessor_users
    ours = found["ours"]
    us = 1_000_000 / ours.median
    limit = f"A command takes {us:.1f} µs: {parts.in_words(us)}. {cores:.2f} cores are busy."
    rows = (
        ("sqlite", "SQLite, WAL, FULL, one transaction each", at_least(12)),
        ("save", "eventsourcing on SQLite, save", at_least(20)),
        ("get+save", "eventsourcing on SQLite, get + save", None),
        ("bare", f"bare loop, {BATCH} lines per fdatasync", None),
        ("few", f"user_data.json rewritten, {users[0]:,} users", None),
        ("many", f"user_data.json rewritten, {users[1]:,} users", None),
    )
    figures = [
        Figure(
            key=f"append.{name}",
            what=f"Append, {callers} callers",
            unit=COMMANDS,
            ours=ours.median,
            spread=ours.spread,
            other=found[name].median,
            other_name=other,
            aim=aim,
            limit=limit,
        )
        for name, other, aim in rows
    ]
    alone, one = found["alone"], found["one"]
    latency = Figure(
        key="append.alone",
        what="Append, one caller waits",
        unit="ms",
        ours=alone.median * 1e3,
        spread=(alone.spread[0] * 1e3, alone.spread[1] * 1e3),
        other=one.median * 1e3,
        other_name="bare write + fdatasync",
        aim=at_most(1.5),
        limit=(
            f"{(alone.median - one.median) * 1e6:.0f} µs more than the disk takes: "
            f"{parts.work_us:.0f} µs of work, the rest is waking the writer thread and, "
            "when the disk has answered, the event loop."
        ),
    )
    return [*figures, *parts.figures(us), latency]
