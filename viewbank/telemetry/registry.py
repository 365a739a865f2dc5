"""Prometheus client: a registry of our own, and label values from closed lists."""

from collections.abc import Callable, Collection, Iterable
from itertools import product
from typing import Generic, TypeVar

from prometheus_client import CollectorRegistry
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

OTHER = "other"

_M = TypeVar("_M", bound=MetricWrapperBase)


class Registry(CollectorRegistry):
    """A registry without the `_created` series, which would double the rest for no use."""

    def ask(self, collect: Callable[[], Iterable[Metric]]) -> None:
        """Have this called at every scrape."""
        self.register(_Asked(collect))

    def collect(self) -> Iterable[Metric]:
        """All metrics, for the exposition."""
        for metric in super().collect():
            metric.samples = [one for one in metric.samples if not one.name.endswith("_created")]
            yield metric


class _Asked(Collector):
    def __init__(self, collect: Callable[[], Iterable[Metric]]) -> None:
        self._collect = collect

    def collect(self) -> Iterable[Metric]:
        return self._collect()


class Children(Generic[_M]):
    """A metric's children by their labels, each looked up once: that costs more than counting."""

    def __init__(self, metric: _M, *known: Collection[str]) -> None:
        """`known`: the values that each label may have, in the order of the labels."""
        self._metric = metric
        self._known = known
        self._children: dict[tuple[str, ...], _M] = {}

    def begin_at_zero(self) -> None:
        """Show every combination from the start, so that Prometheus sees even the first one."""
        for values in product(*self._known):
            self.of(*values)

    def of(self, *values: str) -> _M:
        """The child with these label values; unknown ones become `other`."""
        return self._children.get(values) or self._look_up(values)

    def _look_up(self, values: tuple[str, ...]) -> _M:
        pairs = zip(values, self._known, strict=True)
        bounded = tuple(value if value in known else OTHER for value, known in pairs)
        child = self._metric.labels(*bounded)
        if bounded == values:
            self._children[values] = child
        return child
