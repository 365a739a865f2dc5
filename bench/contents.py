"""Owns the table of contents: every row of the bench, in the order it runs and is printed."""

from collections.abc import Callable

import msgspec

from bench.figures import Figure
from bench.logs import Bench
from bench.rows import append, growth, history, memory, replay, restart, snapshot

ROWS: dict[str, Callable[[Bench], list[Figure]]] = {
    "append": append.run,
    "replay": replay.run,
    "restart": restart.run,
    "snapshot": snapshot.run,
    "memory": memory.run,
    "history": history.run,
    "growth": growth.run,
}


def run_row(name: str, bench: object) -> list[Figure]:
    """One row; called in a process of its own."""
    return ROWS[name](msgspec.convert(bench, Bench))
