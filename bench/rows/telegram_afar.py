"""Owns the row of a Telegram that is far away: 50 ms of network for each reply, and a crowd."""

from bench.figures import Figure, at_least
from bench.logs import Bench
from bench.telegram.contestants import aiogram, stock_at_once
from bench.telegram.series import Rival, contest

DELAY_S = 0.05
RIVALS = (
    Rival(
        "stock-64",
        stock_at_once(DELAY_S),
        "python-telegram-bot, bare echo, 64 at once",
        at_least(10),
        slow=True,
    ),
    Rival("aiogram", aiogram(DELAY_S), "aiogram, bare echo"),
)


def run(bench: Bench) -> list[Figure]:
    """All of them in turns."""
    people = bench.sizes.people_afar
    mine, others = contest(bench, RIVALS, people, DELAY_S)
    median_ms = mine.median(lambda found: found.outcome.median_ms)
    return [
        Figure(
            key=f"telegram.afar.{rival.name}",
            what=f"The same, {DELAY_S * 1000:.0f} ms of network, {people} writing",
            unit="updates/s",
            ours=mine.rates.median,
            spread=mine.rates.spread,
            other=echo.rates.median,
            other_name=rival.words,
            aim=rival.aim,
            limit=(
                f"An update takes {mine.cpu_us:.0f} µs of CPU and {median_ms:.0f} ms (median); "
                f"{mine.cores:.2f} cores are busy. The stock library's takes {echo.cpu_us:.0f} µs, "
                f"and {echo.cores:.2f} cores."
            ),
        )
        for rival, echo in zip(RIVALS, others, strict=True)
    ]
