"""The figures of one run as JSON, with the machine and the sizes."""

from pathlib import Path

import msgspec

from bench.figures import Figure
from bench.sizes import Sizes

RESULTS_PATH = Path(__file__).with_name("results.json")


class Results(msgspec.Struct, kw_only=True):
    """One run of the bench.

    Attributes:
        day: the date, UTC.
        took_s: how long the run took.
        failed: the errors, by row.
    """

    day: str
    machine: str
    sizes: Sizes
    took_s: float
    figures: list[Figure]
    failed: dict[str, str] = {}


def save(results: Results, path: Path) -> None:
    """Write them so that a diff shows which figure changed."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")


def load(path: Path = RESULTS_PATH) -> Results:
    """Read them."""
    return msgspec.json.decode(path.read_bytes(), type=Results)
