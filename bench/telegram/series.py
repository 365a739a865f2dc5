"""Owns the turns of a pair: the same plan again and again, and what was found each time."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from bench.figures import Aim
from bench.logs import Bench
from bench.measure import Sample, in_turns
from bench.telegram.contestants import ours
from bench.telegram.drive import AtOnce, Plan
from bench.telegram.folder import shop
from bench.telegram.pair import Entry, Found, Pair, running


class Series:
    """One contestant's measurements."""

    def __init__(self, pair: Pair, plan: Plan, quiet: Callable[[], None]) -> None:
        """Measure by this plan, each time when `quiet` has returned."""
        self._pair = pair
        self._plan = plan
        self._quiet = quiet
        self.found: list[Found] = []

    def rate(self) -> float:
        """Measure once more: updates a second."""
        return self._measure().outcome.rate

    def p99_ms(self) -> float:
        """Measure once more: within how many milliseconds 99 of 100 updates were replied to."""
        return self._measure().outcome.p99_ms

    def _measure(self) -> Found:
        self._quiet()
        self.found.append(self._pair.measure(self._plan))
        return self.found[-1]

    def median(self, of: Callable[[Found], float]) -> float:
        """The middle one of something that was found each time."""
        return self.sample(of).median

    def sample(self, of: Callable[[Found], float]) -> Sample:
        """All of something that was found each time."""
        return Sample([of(found) for found in self.found])

    @property
    def rates(self) -> Sample:
        """Updates a second, each time."""
        return self.sample(lambda found: found.outcome.rate)

    @property
    def cpu_us(self) -> float:
        """The bot's CPU time for an update."""
        return self.median(lambda found: found.cpu_us)

    @property
    def cores(self) -> float:
        """How many cores the bot keeps busy."""
        return self.median(lambda found: found.cores)


class Rival(NamedTuple):
    """A bare echo beside our whole bot.

    Attributes:
        name: of its figure.
        words: for people.
        slow: fewer updates are enough to measure it.
    """

    name: str
    entry: Entry
    words: str
    aim: Aim | None = None
    slow: bool = False


def contest(
    bench: Bench, rivals: Sequence[Rival], people: int, delay_s: float = 0
) -> tuple[Series, list[Series]]:
    """Our whole bot and its rivals in turns, each with so many people writing at once."""
    sizes, made = bench.sizes, bench.middle()
    entries = [rival.entry for rival in rivals]
    with shop(made) as folder, running(ours(folder, made.users, delay_s), *entries) as pairs:
        for pair in pairs:
            pair.measure(AtOnce(people, 0, sizes.updates_of_slow))
        series = {
            name: Series(
                pair,
                AtOnce(people, people, sizes.updates_of_slow if slow else sizes.updates),
                pairs[0].until_quiet,
            )
            for pair, name, slow in zip(
                pairs,
                ["ours", *(rival.name for rival in rivals)],
                [False, *(rival.slow for rival in rivals)],
                strict=True,
            )
        }
        in_turns(sizes.times, {name: one.rate for name, one in series.items()})
    mine, *others = series.values()
    return mine, others
