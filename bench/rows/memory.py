"""The memory rows: bytes per user and per event, and how long a full collection takes."""

import gc
from pathlib import Path
from statistics import median

import msgspec

from bench.figures import Figure, at_most
from bench.logs import EVENTS_A_USER, Bench
from bench.measure import apart, memory_bytes, seconds
from bench.traffic import DAY_MS, ROUND_MS, reward
from bench.weigh import weigh
from ledger.clocks.timestamps import to_ms
from ledger.projections import apply
from ledger.rules.decide import decide
from ledger.store.recovery import recover

COLLECTIONS = 5
ADS_EACH = 3
LONGER = 3
"""How many times the events of the typical history the longer one has."""


class MeasuredStart(msgspec.Struct):
    """Memory of a started ledger, and how long a full collection takes."""

    state_bytes: int
    users: int
    orders: int
    seq: int
    collection_ms: float
    empty_collection_ms: float


def run(bench: Bench) -> list[Figure]:
    """Start from user_data.json, as the bot does, and measure the process."""
    sizes = bench.sizes
    big = _measured(bench.big().folder)
    typical_log = bench.log(sizes.users * EVENTS_A_USER, sizes.users)
    typical = _measured(typical_log.folder)
    longer = _measured(bench.log(sizes.users * EVENTS_A_USER * LONGER, sizes.users).folder)
    parts = apart(_parts, typical_log.folder)
    ad_bytes = apart(_bytes_an_ad, typical_log.folder, ADS_EACH)
    events = longer.seq - typical.seq
    orders = longer.orders - typical.orders
    event_bytes = (longer.state_bytes - typical.state_bytes) / events
    return [
        Figure(
            key="memory.user",
            what=f"Memory a user, {big.seq / big.users:.0f} events each, {big.users:,} users",
            unit="bytes",
            ours=big.state_bytes / big.users,
            aim=at_most(700, "ours"),
            limit=(
                f"In it are {big.orders / big.users:.2f} orders a user, which stay in memory. "
                f"Weighed object by object at {typical.users:,} users: {_in_words(parts, typical)}."
            ),
        ),
        Figure(
            key="memory.event",
            what=f"Memory an event beyond it, {events:,} more, {orders / events:.1%} new orders",
            unit="bytes",
            ours=event_bytes,
            aim=at_most(8, "ours"),
            limit=(
                f"{orders:,} of them are new orders, which stay in memory: if nothing else took "
                f"any, an order would take {event_bytes * events / max(1, orders):.0f} bytes."
            ),
        ),
        Figure(
            key="memory.ad",
            what=f"Memory an event beyond it, {typical.users * ADS_EACH:,} ads more",
            unit="bytes",
            ours=ad_bytes,
            aim=at_most(8, "ours"),
            limit="Numbers and moments that were shared, or small, become each person's own.",
        ),
        Figure(
            key="memory.collection",
            what=f"A full collection, {big.users:,} users",
            unit="ms",
            ours=big.collection_ms,
            other=big.empty_collection_ms,
            other_name="before they were there",
            aim=at_most(10, "ours"),
            limit=(
                f"{big.empty_collection_ms:.1f} ms of it are the program's own modules; the rest "
                "is every list and dict with tracked contents: of users, their friends and orders."
            ),
        ),
    ]


def _bytes_an_ad(folder: str, ads_each: int) -> float:
    """Bytes that a few more ads of every user add, per ad."""
    state = recover(Path(folder)).state
    gc.collect()
    before = memory_bytes()
    now_ms, applied = to_ms(state.books.at) + DAY_MS, 0
    for _ in range(ads_each):
        for user_id in state.users:
            now_ms += max(1, ROUND_MS // len(state.users))
            decision = decide(state, reward(state, user_id), now_ms)
            if isinstance(decision, tuple):
                for event in decision:
                    apply(state, event)
                applied += len(decision)
    if applied < ads_each * len(state.users):
        raise AssertionError("some ads were refused")
    gc.collect()
    return (memory_bytes() - before) / applied


def _parts(folder: str) -> dict[str, int]:
    return weigh(recover(Path(folder)).state)


def _in_words(parts: dict[str, int], big: MeasuredStart) -> str:
    """The largest parts, in bytes per user."""
    heavy = {name: size / big.users for name, size in parts.items()}
    return ", ".join(f"{name} {size:.0f}" for name, size in heavy.items() if size >= 1)


def _measured(folder: str) -> MeasuredStart:
    return msgspec.convert(apart(_start, folder), MeasuredStart)


def _start(folder: str) -> MeasuredStart:
    empty_ms = _collection_ms()
    before = memory_bytes()
    recovered = recover(Path(folder))
    gc.collect()
    state_bytes = memory_bytes() - before
    state = recovered.state
    return MeasuredStart(
        state_bytes,
        len(state.users),
        len(state.orders),
        recovered.head.seq,
        _collection_ms(),
        empty_ms,
    )


def _collection_ms() -> float:
    return median(seconds(gc.collect) for _ in range(COLLECTIONS)) * 1e3
