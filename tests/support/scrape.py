"""Reads `/metrics` as Prometheus does."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample


class Scrape:
    """One answer of `/metrics`."""

    def __init__(self, answer: bytes | str) -> None:
        self.text = answer.decode() if isinstance(answer, bytes) else answer
        self.families: list[Metric] = list(text_string_to_metric_families(self.text))

    def samples(self, name: str) -> Iterator[Sample]:
        for family in self.families:
            for sample in family.samples:
                if sample.name == name:
                    yield sample

    def value(self, name: str, **labels: str) -> float:
        """The one sample with this name and these labels."""
        found = [one.value for one in self.samples(name) if one.labels == labels]
        assert len(found) == 1, f"{name} {labels}: {found}"
        return found[0]

    def labels(self, name: str, label: str) -> set[str]:
        """The values that a label has."""
        return {sample.labels[label] for sample in self.samples(name)}

    def series_count(self) -> int:
        return sum(len(family.samples) for family in self.families)
