"""Repeated measurements of one pair under the same load."""

from collections.abc import Callable

from bench.measure import Sample
from bench.telegram.load import Load
from bench.telegram.pair import Found, Pair


class Series:
    """One contestant's measurements.

    Attributes:
        found: all of them, in order.
    """

    def __init__(self, pair: Pair, load: Load, until_quiet: Callable[[], None]) -> None:
        """Measure under this load, each time when `until_quiet` has returned."""
        self._pair = pair
        self._load = load
        self._until_quiet = until_quiet
        self.found: list[Found] = []

    def rate(self) -> float:
        """Measure once more: updates per second."""
        return self._measure().outcome.rate

    def p99_ms(self) -> float:
        """Measure once more: milliseconds within which 99 of 100 updates had their reply."""
        return self._measure().outcome.p99_ms

    def _measure(self) -> Found:
        self._until_quiet()
        self.found.append(self._pair.measure(self._load))
        return self.found[-1]

    def sample(self, of: Callable[[Found], float]) -> Sample:
        """One quantity, as it was found each time."""
        return Sample([of(found) for found in self.found])

    @property
    def rates(self) -> Sample:
        """Updates per second, each time."""
        return self.sample(lambda found: found.outcome.rate)

    @property
    def cpu_us(self) -> float:
        """The bot's CPU time per update, the median."""
        return self.sample(lambda found: found.cpu_us).median

    @property
    def cores(self) -> float:
        """How many cores the bot keeps busy, the median."""
        return self.sample(lambda found: found.cores).median

    @property
    def server_cores(self) -> float:
        """How many cores the Bot API keeps busy, the median."""
        return self.sample(lambda found: found.server_cores).median
