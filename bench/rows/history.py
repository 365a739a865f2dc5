"""The history rows: the first page of a user's history, read from the log's file."""

import os
import random
from pathlib import Path
from time import perf_counter

import msgspec

from bench.figures import Figure, at_most
from bench.logs import Bench
from bench.measure import Sample, apart
from ledger.history import Cursor, HistoryReader
from ledger.store.file import LOG_NAME
from ledger.store.file_log import FileLog
from ledger.store.recovery import recover

LINES_A_PAGE = 10


class Pages(msgspec.Struct):
    """Milliseconds per page: with the file out of the page cache, and once more."""

    cold_ms: list[float]
    warm_ms: list[float]


def run(bench: Bench) -> list[Figure]:
    """First pages of random users, as the bot reads them."""
    made = bench.big()
    found = apart(_read, made.folder, bench.sizes.histories)
    pages = msgspec.convert(found, Pages)
    cold, warm = Sample(pages.cold_ms), Sample(pages.warm_ms)
    what = f"/history, first page, {made.events:,} events"
    slowest = cold.spread[1]
    return [
        Figure(
            key="history.slowest",
            what=f"{what}, slowest of {len(cold.values):,} people",
            unit="ms",
            ours=slowest,
            other=warm.spread[1],
            other_name="the same pages again",
            aim=at_most(20, "ours"),
            limit=f"The median is {cold.median:.1f} ms; the slowest waits for the disk's reads.",
        ),
        Figure(
            key="history.median",
            what=f"{what}, median",
            unit="ms",
            ours=cold.median,
            spread=cold.spread,
            other=warm.median,
            other_name="the same pages again",
        ),
    ]


def _read(folder: str, people: int) -> Pages:
    users = recover(Path(folder)).state.users
    drawn = random.Random(1).sample(sorted(users), min(people, len(users)))
    newest = {user_id: Cursor(users[user_id].last_seq, users[user_id].balance) for user_id in drawn}
    path = Path(folder) / LOG_NAME
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return Pages(_pages_ms(path, newest), _pages_ms(path, newest))


def _pages_ms(path: Path, newest: dict[int, Cursor]) -> list[float]:
    took_ms, lines = [], 0
    with FileLog(path) as log:
        for user_id, cursor in newest.items():
            begun = perf_counter()
            page = HistoryReader(log).page(user_id, cursor, LINES_A_PAGE, moves_only=True)
            took_ms.append((perf_counter() - begun) * 1e3)
            lines += len(page.lines)
    if lines < len(newest):
        raise AssertionError(f"{len(newest)} people have only {lines} lines of history")
    return took_ms
