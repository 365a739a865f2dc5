"""Owns the table of contents: every row of the bench, in the order it runs and is printed."""

from collections.abc import Callable

import msgspec

from bench.figures import Figure
from bench.logs import Bench
from bench.rows import (
    append,
    growth,
    history,
    memory,
    replay,
    restart,
    snapshot,
    telegram,
    telegram_afar,
    telegram_growth,
    telegram_latency,
    telegram_parts,
    telegram_start,
)

ROWS: dict[str, Callable[[Bench], list[Figure]]] = {
    "append": append.run,
    "replay": replay.run,
    "restart": restart.run,
    "snapshot": snapshot.run,
    "memory": memory.run,
    "history": history.run,
    "growth": growth.run,
    "telegram": telegram.run,
    "telegram-parts": telegram_parts.run,
    "telegram-afar": telegram_afar.run,
    "telegram-latency": telegram_latency.run,
    "telegram-growth": telegram_growth.run,
    "telegram-start": telegram_start.run,
}


def run_row(name: str, bench: object) -> list[Figure]:
    """One row; called in a process of its own."""
    return ROWS[name](msgspec.convert(bench, Bench))
