"""The Telegram row: our whole bot beside bare echo bots, as fast as each of them can."""

from typing import NamedTuple

from bench.figures import Aim, Figure, at_least
from bench.logs import Bench
from bench.measure import in_turns
from bench.telegram.contestants import (
    AIOGRAM,
    STOCK,
    STOCK_AT_ONCE,
    Contestant,
    ours,
)
from bench.telegram.load import ClosedLoop
from bench.telegram.pair import running
from bench.telegram.series import Series
from bench.telegram.shop_folder import shop


class Rival(NamedTuple):
    """A bare echo beside our whole bot.

    Attributes:
        name: of its figure.
        words: for people.
        slow: fewer updates are enough to measure it.
    """

    name: str
    contestant: Contestant
    words: str
    aim: Aim | None = None
    slow: bool = False


RIVALS = (
    Rival("stock", STOCK, "python-telegram-bot, bare echo, one by one", at_least(2), slow=True),
    Rival("stock-64", STOCK_AT_ONCE, "python-telegram-bot, bare echo, 64 at once", slow=True),
    Rival("aiogram", AIOGRAM, "aiogram, bare echo", at_least(1.3)),
)
WRITES_MIN, WRITES_MAX = 0.2, 0.5
"""Outside of these shares of updates that write, the personas are not those of a shop."""


def run(bench: Bench) -> list[Figure]:
    """All of them in turns, each with the same number of people writing at once."""
    people = bench.sizes.people
    mine, others = _measure(bench)
    counts = [found.outcome.counts for found in mine.found]
    updates = sum(one.updates for one in counts)
    calls, writes = (sum(one.calls for one in counts), sum(one.writes for one in counts))
    if not WRITES_MIN < writes / updates < WRITES_MAX:
        raise AssertionError(f"the ledger writes for {writes} of {updates} updates")
    return [
        Figure(
            key=f"telegram.{rival.name}",
            what=f"The whole bot, {people} writing at once, {writes / updates:.0%} of it written",
            unit="updates/s",
            ours=mine.rates.median,
            spread=mine.rates.spread,
            other=echo.rates.median,
            other_name=rival.words,
            aim=rival.aim,
            limit=(
                f"An update takes {mine.cpu_us:.0f} µs of CPU and {calls / updates:.2f} calls to "
                f"Telegram; the echo's {echo.cpu_us:.0f} µs and one call. {mine.cores:.2f} cores "
                f"are busy, and {mine.server_cores:.2f} of the pretend Telegram's."
            ),
        )
        for rival, echo in zip(RIVALS, others, strict=True)
    ]


def _measure(bench: Bench) -> tuple[Series, list[Series]]:
    sizes, made = bench.sizes, bench.middle()
    contestants = [rival.contestant for rival in RIVALS]
    with shop(made) as folder, running(ours(folder, made.users), *contestants) as pairs:
        for pair in pairs:
            pair.measure(ClosedLoop(sizes.people, 0, sizes.updates_of_slow))
        slow = [False, *(rival.slow for rival in RIVALS)]
        series = [
            Series(
                pair,
                ClosedLoop(
                    sizes.people, sizes.people, sizes.updates_of_slow if is_slow else sizes.updates
                ),
                pairs[0].until_quiet,
            )
            for pair, is_slow in zip(pairs, slow, strict=True)
        ]
        in_turns(sizes.times, {str(number): one.rate for number, one in enumerate(series)})
    return series[0], series[1:]
