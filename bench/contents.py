"""All rows of the bench, in the order in which they run and are printed."""

from collections.abc import Callable

import msgspec

from bench.figures import Figure
from bench.logs import Bench
from bench.rows import (
    append,
    growth,
    history,
    memory,
    noisy_neighbours,
    order_burst,
    postbacks,
    replay,
    restart,
    snapshot,
    telegram,
    telegram_latency,
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
    "telegram-latency": telegram_latency.run,
    "telegram-start": telegram_start.run,
    "neighbours": noisy_neighbours.run,
    "postbacks": postbacks.run,
    "orders": order_burst.run,
}


def run_row(name: str, bench: object) -> list[Figure]:
    """Run one row; called in a process of its own."""
    return ROWS[name](msgspec.convert(bench, Bench))
