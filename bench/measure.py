"""Owns how it is measured: in turns (ABABAB), by the median, and in processes of their own.

Turns spread a machine's moods over everybody alike. A process of its own starts with an empty
memory and no garbage of the one before it.
"""

import gc
import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import msgspec

ROOT = Path(__file__).parents[1]
ONE_CALL_AT_MOST_S = 600


class Sample(NamedTuple):
    """All repetitions of one measurement."""

    values: list[float]

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """The lowest and the highest."""
        return min(self.values), max(self.values)


def in_turns(times: int, contestants: Mapping[str, Callable[[], float]]) -> dict[str, Sample]:
    """Measure all of them, one after the other, so many times over."""
    values: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(times):
        for name, measure in contestants.items():
            gc.collect()
            values[name].append(measure())
    return {name: Sample(found) for name, found in values.items()}


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def apart(function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - whatever it returns
    """Call a module's function in a new process; its result, by way of JSON.

    Raises:
        RuntimeError: it failed, or took too long.
    """
    call = f"{function.__module__}:{function.__name__}"
    given = msgspec.json.encode(arguments).decode()
    try:
        done = subprocess.run(  # noqa: S603 - our own modules
            [sys.executable, "-m", "bench.measure", call, given],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            timeout=ONE_CALL_AT_MOST_S,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        how = "took too long"
        if isinstance(error, subprocess.CalledProcessError):
            how = f"ended with status {error.returncode}"
        raise RuntimeError(f"{call} {how}") from None
    return msgspec.json.decode(done.stdout.splitlines()[-1])


def memory_bytes() -> int:
    """How much of the machine's memory this process holds right now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _called() -> None:
    """The other end of `apart`."""
    module, _, name = sys.argv[1].partition(":")
    function = getattr(importlib.import_module(module), name)
    result = function(*msgspec.json.decode(sys.argv[2]))
    sys.stdout.buffer.write(b"\n" + msgspec.json.encode(result) + b"\n")


if __name__ == "__main__":
    _called()
