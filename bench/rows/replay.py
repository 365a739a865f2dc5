"""The replay rows: a whole log, read from its first line, with more or fewer checks."""

from pathlib import Path
from time import perf_counter

from bench.figures import Figure, at_least
from bench.logs import Bench
from bench.measure import Sample, apart, in_turns
from bench.rivals.bare import chain_rate, decode_rate
from bench.rivals.eventsourced import EventsourcedBook
from ledger.audit.verify import verify
from ledger.store.file import LOG_NAME
from ledger.store.rebuild import rebuild

EVENTS = "events/s"


def run(bench: Bench) -> list[Figure]:
    """Each repetition in a process of its own, in turns."""
    folder = bench.middle().folder
    rival = bench.new_folder("replay")
    apart(_fill, str(rival), bench.sizes.rival_events)
    found = in_turns(
        bench.sizes.times,
        {
            "rebuild": lambda: apart(_rebuild_rate, folder),
            "library": lambda: apart(_library_rate, str(rival)),
            "decode": lambda: apart(_decode_rate, folder),
            "chain": lambda: apart(_chain_rate, folder),
            "verify": lambda: apart(_verify_rate, folder),
        },
    )
    return _figures(found, bench.sizes.events)


def _figures(found: dict[str, Sample], events: int) -> list[Figure]:
    rebuild_, verify_ = found["rebuild"], found["verify"]
    decode, chain, library = (found[name].median for name in ("decode", "chain", "library"))
    what = f"Replay of {events:,} events, all checked"
    each_us = {name: 1e6 / sample.median for name, sample in found.items()}
    rest_us = each_us["rebuild"] - each_us["decode"] - each_us["chain"]
    limit = (
        f"An event takes {each_us['rebuild']:.2f} µs: decoding {each_us['decode']:.2f}, the chain "
        f"{each_us['chain']:.2f}, and {rest_us:.2f} for applying it and checking its place."
    )
    verify_limit = (
        f"An event takes {each_us['verify']:.2f} µs, of which decoding {each_us['decode']:.2f} and "
        f"the chain {each_us['chain']:.2f}; the rest is every rule of the books, asked once more."
    )
    ours = {"unit": EVENTS, "ours": rebuild_.median, "spread": rebuild_.spread}
    return [
        Figure(
            key="replay.rate",
            what=what,
            aim=at_least(600_000, "ours"),
            other=library,
            other_name="eventsourcing, notification log into a dict",
            limit=limit,
            **ours,  # type: ignore[arg-type] # a dict of unlike values
        ),
        Figure(
            key="replay.decode",
            what=what,
            other=decode,
            other_name="decoding alone, msgspec",
            **ours,  # type: ignore[arg-type] # likewise
        ),
        Figure(
            key="replay.verify",
            what="verify: every rule of the books as well",
            unit=EVENTS,
            ours=verify_.median,
            spread=verify_.spread,
            other=chain,
            other_name="the chain alone, ten lines of Python",
            aim=at_least(1_000_000, "ours"),
            limit=verify_limit,
        ),
    ]


def _rebuild_rate(folder: str) -> float:
    begun = perf_counter()
    rebuilt = rebuild(Path(folder))
    took_s = perf_counter() - begun
    if not rebuilt.state.users:
        raise AssertionError("nobody is in the state")
    return rebuilt.head.seq / took_s


def _verify_rate(folder: str) -> float:
    begun = perf_counter()
    report = verify(Path(folder))
    took_s = perf_counter() - begun
    if not report.holds or not report.compared_seq:
        raise AssertionError(f"{report}")
    return report.head.seq / took_s


def _decode_rate(folder: str) -> float:
    return decode_rate(Path(folder) / LOG_NAME)


def _chain_rate(folder: str) -> float:
    return chain_rate(Path(folder) / LOG_NAME)


def _fill(folder: str, events: int) -> None:
    book = EventsourcedBook(Path(folder), max(1, events // 10))
    book.fill(events)
    book.close()


def _library_rate(folder: str) -> float:
    book = EventsourcedBook(Path(folder), 0)
    rate = book.replay_rate()
    book.close()
    return rate
