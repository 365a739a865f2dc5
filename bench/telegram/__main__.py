"""One bot alone, to look at it closely: `python -m bench.telegram ours --profile FILE`."""

import argparse
import pstats
import signal
import tempfile
from contextlib import ExitStack

from bench.logs import Bench
from bench.measure import ROOT
from bench.sizes import QUICK
from bench.telegram.contestants import AT_ONCE, BOTS, ours
from bench.telegram.load import ClosedLoop, Load, OpenLoop
from bench.telegram.pair import running
from bench.telegram.shop_folder import shop

EVENTS_PER_USER = 10


def main() -> None:
    """Start one bot and its Telegram, put load on it, and print what was measured."""
    options = _options()
    load: Load = ClosedLoop(options.people, options.updates // 10, options.updates)
    if options.rate:
        load = OpenLoop(options.rate, 1.0, options.updates / options.rate, seed=1)
    with ExitStack() as stack:
        if options.bot == "ours":
            base = ROOT / ".bench"
            base.mkdir(exist_ok=True)
            logs = stack.enter_context(tempfile.TemporaryDirectory(prefix="run-", dir=base))
            made = Bench(logs, QUICK, logs).log(options.users * EVENTS_PER_USER, options.users)
            folder = stack.enter_context(shop(made))
            contestant = ours(folder, made.users, profile=options.profile)
        else:
            contestant = BOTS[options.bot]
        (pair,) = stack.enter_context(running(contestant))
        pair.measure(ClosedLoop(options.people, 0, options.updates // 4))
        for _ in range(options.times):
            pair.until_quiet()
            print(pair.measure(load).in_words())  # noqa: T201 - that is what it is for
        if options.profile:
            pair.end(signal.SIGTERM)
    if options.profile:
        pstats.Stats(options.profile).sort_stats("tottime").print_stats(40)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.telegram", description=main.__doc__)
    parser.add_argument("bot", choices=["ours", *BOTS])
    parser.add_argument("--people", type=int, default=AT_ONCE, help="who write at once")
    parser.add_argument("--updates", type=int, default=4_000, help="in one measurement")
    parser.add_argument("--times", type=int, default=3, help="measurements, one after the other")
    parser.add_argument(
        "--rate", type=float, default=0, help="updates per second, however fast the replies are"
    )
    parser.add_argument("--users", type=int, default=1_000, help="in our ledger")
    parser.add_argument("--profile", default="", metavar="FILE", help="cProfile, ours only")
    return parser.parse_args()


if __name__ == "__main__":
    main()
