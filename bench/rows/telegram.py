"""Owns the Telegram row: our whole bot beside bare echo bots, as fast as each of them can."""

from bench.figures import Figure, at_least
from bench.logs import Bench
from bench.telegram.contestants import aiogram, stock, stock_at_once
from bench.telegram.series import Rival, Series, contest

RIVALS = (
    Rival("stock", stock(), "python-telegram-bot, bare echo, one by one", at_least(2), slow=True),
    Rival("stock-64", stock_at_once(), "python-telegram-bot, bare echo, 64 at once", slow=True),
    Rival("aiogram", aiogram(), "aiogram, bare echo", at_least(1.3)),
)
FEWEST_WRITES, MOST_WRITES = 0.2, 0.5


def run(bench: Bench) -> list[Figure]:
    """All of them in turns, each with the same number of people writing at once."""
    people = bench.sizes.people
    mine, others = contest(bench, RIVALS, people)
    counts = [found.outcome.counts for found in mine.found]
    updates = sum(one.updates for one in counts)
    calls, writes = (sum(one.calls for one in counts), sum(one.writes for one in counts))
    if not FEWEST_WRITES < writes / updates < MOST_WRITES:
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
                f"Telegram; the echo's {echo.cpu_us:.0f} µs and one call. {_cores(mine)}"
            ),
        )
        for rival, echo in zip(RIVALS, others, strict=True)
    ]


def _cores(mine: Series) -> str:
    far = mine.median(lambda found: found.telegram_cores)
    return f"{mine.cores:.2f} cores are busy, and {far:.2f} of the pretend Telegram's."
