"""Owns where an update's CPU time goes, station by station (`bench/telegram/meter.py`)."""

import signal

import msgspec

from bench.figures import Figure
from bench.logs import Bench
from bench.telegram.contestants import ours
from bench.telegram.drive import AtOnce
from bench.telegram.folder import shop
from bench.telegram.meter import REST, THREADS, Readings
from bench.telegram.pair import Pair, running

MEANINGS = {
    "poll": "asking for updates",
    "parse": "from JSON to our own objects",
    "receiver": "in order, confirmed when done",
    "match": "finding the handler",
    "handle": "the handler, and its words",
    "decide": "deciding and applying",
    "reply: call": "parameters, and reading the answer",
    "reply: gate": "on the disk, and its turn",
    REST: "tasks, and what has no line here",
    THREADS: "orders, histories",
}


def run(bench: Bench) -> list[Figure]:
    """One measurement of one bot; the wrapping costs some percent of its own."""
    sizes, made = bench.sizes, bench.middle()
    with (
        shop(made) as folder,
        running(ours(folder, made.users, metered=True)) as (pair,),
    ):
        pair.measure(AtOnce(sizes.people, 0, sizes.updates_of_slow))
        pair.until_quiet()
        before = _readings(pair)
        plan = AtOnce(sizes.people, sizes.people, sizes.updates)
        updates = pair.measure(plan).outcome.counts.updates
        parts_us = _readings(pair).since(before, updates)
    whole_us = sum(parts_us.values())
    return [
        Figure(
            key=f"telegram.part.{part}",
            what=f"  of it: {part}{f' ({MEANINGS[part]})' if part in MEANINGS else ''}",
            unit="µs",
            ours=us,
            other=whole_us,
            other_name="all CPU time of an update",
        )
        for part, us in parts_us.items()
    ]


def _readings(pair: Pair) -> Readings:
    return msgspec.json.decode(pair.ask(signal.SIGUSR1), type=Readings)
