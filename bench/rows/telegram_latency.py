"""The latency row: from an update to its reply, at half of our bot's full rate.

The bare echo gets the same updates at the same moments. That leaves it less than half busy, so this
is the harder comparison of the two.
"""

from statistics import quantiles

from bench.figures import Figure, at_most
from bench.logs import Bench
from bench.measure import in_turns
from bench.rivals.bare import BareFile
from bench.telegram.contestants import AIOGRAM, ours
from bench.telegram.load import ClosedLoop, OpenLoop
from bench.telegram.pair import running
from bench.telegram.series import Series
from bench.telegram.shop_folder import shop

SYNCS = 300
WARM_UP_S = 0.3
_LINE = b"x" * 250


def run(bench: Bench) -> list[Figure]:
    """Ours and the echo in turns, at the same moments."""
    sizes, made = bench.sizes, bench.middle()
    sync_ms = _sync_p99_ms(bench)
    with shop(made) as folder, running(ours(folder, made.users), AIOGRAM) as pairs:
        quiet = pairs[0].until_quiet
        fast = Series(pairs[0], ClosedLoop(sizes.people, sizes.people, sizes.updates), quiet)
        for pair in pairs:
            pair.measure(ClosedLoop(sizes.people, 0, sizes.updates_of_slow))
        rate = fast.rate() / 2
        load = OpenLoop(rate, WARM_UP_S, sizes.open_loop_s, seed=1)
        mine, echo = (Series(pair, load, quiet) for pair in pairs)
        found = in_turns(sizes.times, {"ours": mine.p99_ms, "echo": echo.p99_ms})
    medians = [one.sample(lambda found: found.outcome.median_ms) for one in (mine, echo)]
    what = f"From an update to its reply, {rate:,.0f} updates/s (half load)"
    return [
        Figure(
            key="telegram.latency.p99",
            what=f"{what}: p99",
            unit="ms",
            ours=found["ours"].median,
            spread=found["ours"].spread,
            other=found["echo"].median,
            other_name="aiogram, bare echo, same moments",
            aim=at_most(3),
            limit=(
                f"One write and sync alone takes up to {sync_ms:.1f} ms (p99). Ours keeps "
                f"{mine.cores:.2f} cores busy, the echo "
                f"{echo.cores:.2f}."
            ),
        ),
        Figure(
            key="telegram.latency.median",
            what=f"{what}: median",
            unit="ms",
            ours=medians[0].median,
            spread=medians[0].spread,
            other=medians[1].median,
            other_name="aiogram, bare echo, same moments",
        ),
    ]


def _sync_p99_ms(bench: Bench) -> float:
    """What a write and sync alone takes."""
    bare = BareFile(bench.new_folder("telegram-latency") / "bare")
    try:
        return quantiles([bare.one(_LINE) for _ in range(SYNCS)], n=100)[-1] * 1e3
    finally:
        bare.close()
