"""The restart row: user_data.json and the tail of the log, however long the log is."""

import asyncio
from pathlib import Path
from time import perf_counter

import msgspec

from bench.figures import Figure, at_most
from bench.logs import Bench, borrowed
from bench.measure import apart, in_turns
from bench.traffic import CommandClock, Traffic, for_commands
from ledger.ledger import Ledger
from ledger.store.file import LOG_NAME
from ledger.store.recovery import recover
from ledger.store.user_data import USER_DATA_NAME, UserData

CALLERS = 256


def run(bench: Bench) -> list[Figure]:
    """Write a tail, then start several times."""
    sizes, made = bench.sizes, bench.big()
    with borrowed(made) as folder:
        apart(_write_tail, str(folder), sizes.tail)
        found = in_turns(
            sizes.times,
            {
                "restart": lambda: apart(_restart, str(folder), sizes.tail),
                "decode": lambda: apart(_decode, str(folder)),
            },
        )
        log_bytes = (folder / LOG_NAME).stat().st_size
    restart, decode = found["restart"], found["decode"]
    return [
        Figure(
            key="restart",
            what=(
                f"Restart, {made.users:,} users, {made.events:,} events "
                f"({log_bytes / 1e9:.1f} GB), tail of {sizes.tail:,}"
            ),
            unit="s",
            ours=restart.median,
            spread=restart.spread,
            other=decode.median,
            other_name="decoding user_data.json alone",
            aim=at_most(1.5),
            limit=(
                f"{restart.median - decode.median:.2f} s beyond decoding: the tail's lines, and "
                "what is looked up (codes, orders of each person, sums), built anew from the books."
            ),
        )
    ]


def _write_tail(folder: str, events: int) -> None:
    async def write() -> None:
        clock = CommandClock()
        ledger = await Ledger.open_folder(Path(folder), clock)
        seq = ledger.head.seq
        await Traffic(ledger, clock).drive(CALLERS, for_commands(events))
        if ledger.head.seq < seq + events:
            raise AssertionError("the tail is too short")
        await ledger.close()

    asyncio.run(write())


def _restart(folder: str, tail: int) -> float:
    begun = perf_counter()
    recovered = recover(Path(folder))
    took_s = perf_counter() - begun
    if not recovered.from_seq or recovered.head.seq - recovered.from_seq < tail:
        raise AssertionError(f"it did not go on from user_data.json: {recovered.warning}")
    return took_s


def _decode(folder: str) -> float:
    path = Path(folder) / USER_DATA_NAME
    decode = msgspec.json.Decoder(UserData).decode
    begun = perf_counter()
    data = decode(path.read_bytes())
    took_s = perf_counter() - begun
    if not data.users:
        raise AssertionError("nobody is in the file")
    return took_s
