"""The snapshot rows: another process writes user_data.json under load."""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

import msgspec

from bench.figures import Figure, at_least, at_most
from bench.logs import Bench, borrowed
from bench.measure import ROOT, Sample, apart
from bench.traffic import CommandClock, Traffic, for_seconds, until_done
from ledger.ledger import Ledger
from ledger.store.user_data import USER_DATA_NAME

TICK_S = 0.001
FEWEST_TICKS = 2_000
"""A 99.9th percentile needs as many; with fewer, the longest pause is reported."""


class Flow(msgspec.Struct):
    """Throughput for a while, and how long the event loop paused.

    Attributes:
        cores: how many cores the ledger's process kept busy.
    """

    rate: float
    cores: float
    p999_ms: float
    longest_ms: float


class Turns(msgspec.Struct):
    """Turns without and with a snapshot, and how long each snapshot took."""

    without: list[Flow] = []
    during: list[Flow] = []
    took_s: list[float] = []


def run(bench: Bench) -> list[Figure]:
    """One running ledger, in turns without and with a snapshot."""
    sizes, made = bench.sizes, bench.big()
    times = min(3, sizes.times)
    with borrowed(made) as folder:
        found = apart(_flow, str(folder), sizes.callers, sizes.drive_s, times)
    turns = msgspec.convert(found, Turns)
    rate_without = Sample([flow.rate for flow in turns.without])
    rate_during = Sample([flow.rate for flow in turns.during])
    pause_without = Sample([flow.p999_ms for flow in turns.without])
    pause_during = Sample([flow.p999_ms for flow in turns.during])
    took = Sample(turns.took_s)
    cores = [median(flow.cores for flow in flows) for flows in (turns.without, turns.during)]
    longest_ms = max(flow.longest_ms for flow in turns.during)
    what = f"Snapshot of {made.users:,} users, {sizes.callers} callers"
    return [
        Figure(
            key="snapshot.pause",
            what=f"{what}: loop's pause, p99.9",
            unit="ms",
            ours=pause_during.median,
            spread=pause_during.spread,
            other=pause_without.median,
            other_name="without a snapshot",
            aim=at_most(10, "ours"),
            limit=(
                f"The longest was {longest_ms:.1f} ms. Without any snapshot the loop pauses "
                f"{pause_without.median:.1f} ms: a round of {sizes.callers} callers is one turn of "
                f"it. It gets {cores[1]:.2f} cores beside the snapshot, {cores[0]:.2f} without."
            ),
        ),
        Figure(
            key="snapshot.rate",
            what=f"{what}: throughput",
            unit="commands/s",
            ours=rate_during.median,
            spread=rate_during.spread,
            other=rate_without.median,
            other_name="without a snapshot",
            aim=at_least(0.8),
            limit=(
                f"The ledger's process alone keeps {cores[0]:.2f} cores busy; beside a snapshot, "
                f"which wants a whole one, it gets {cores[1]:.2f} of {os.cpu_count()}."
            ),
        ),
        Figure(
            key="snapshot.time",
            what=f"{what}: from start to finish",
            unit="s",
            ours=took.median,
            spread=took.spread,
        ),
    ]


def _flow(folder: str, callers: int, drive_s: float, times: int) -> Turns:
    return asyncio.run(_measure(Path(folder), callers, drive_s, times))


async def _measure(folder: Path, callers: int, drive_s: float, times: int) -> Turns:
    clock = CommandClock()
    ledger = await Ledger.open_folder(folder, clock)
    traffic = Traffic(ledger, clock)
    turns = Turns()
    try:
        await traffic.drive(callers, for_seconds(drive_s / 5))
        for _ in range(times):
            turns.without.append(await _watched(traffic, callers, for_seconds(drive_s)))
            before = (folder / USER_DATA_NAME).stat().st_ino
            begun = perf_counter()
            snapshot = asyncio.create_task(_snapshot(folder))
            turns.during.append(await _watched(traffic, callers, until_done(snapshot)))
            await snapshot
            turns.took_s.append(perf_counter() - begun)
            if (folder / USER_DATA_NAME).stat().st_ino == before:
                raise AssertionError("no new user_data.json was written")
    finally:
        await ledger.close()
    return turns


async def _snapshot(folder: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ledger.store.snapshot", "--data", str(folder), cwd=ROOT
    )
    if await process.wait():
        raise AssertionError("the snapshot failed")


async def _watched(traffic: Traffic, callers: int, go_on: Callable[[], bool]) -> Flow:
    """Put load on the ledger, and see how late ticks of a millisecond come."""
    pauses_ms: list[float] = []

    async def tick() -> None:
        while True:
            begun = perf_counter()
            await asyncio.sleep(TICK_S)
            pauses_ms.append((perf_counter() - begun - TICK_S) * 1e3)

    ticker = asyncio.create_task(tick())
    begun, used = perf_counter(), process_time()
    rate = await traffic.drive(callers, go_on)
    cores = (process_time() - used) / (perf_counter() - begun)
    ticker.cancel()
    await asyncio.gather(ticker, return_exceptions=True)
    if not pauses_ms:
        raise AssertionError("the ticker never ticked")
    longest = max(pauses_ms)
    many = len(pauses_ms) >= FEWEST_TICKS
    return Flow(rate, cores, quantiles(pauses_ms, n=1000)[-1] if many else longest, longest)
