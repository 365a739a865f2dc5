"""How everything is measured: in turns (ABABAB), by the median, and in processes of their own.

Turns spread the machine's variations over all contestants alike. A new process starts with empty
memory and none of its predecessor's garbage.
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
IN_ONE_PROCESS = "VIEWBANK_BENCH_IN_ONE_PROCESS"
"""Set by tests, which run every row but measure nothing: `apart` then starts no process."""
CALL_TIMEOUT_S = 600


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
    """Measure all of them, one after the other, this many times."""
    values: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(times):
        for name, measure in contestants.items():
            gc.collect()
            values[name].append(measure())
    return {name: Sample(found) for name, found in values.items()}


def seconds(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def apart(function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - whatever it returns
    """Call a module's function in a new process; the result comes back as JSON.

    Raises:
        RuntimeError: it failed, or took too long.
    """
    call = f"{function.__module__}:{function.__name__}"
    given = msgspec.json.encode(arguments).decode()
    if os.environ.get(IN_ONE_PROCESS):
        return msgspec.json.decode(_call(call, given))
    try:
        done = subprocess.run(  # noqa: S603 - our own modules
            [sys.executable, "-m", "bench.measure", call, given],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            timeout=CALL_TIMEOUT_S,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        how = "took too long"
        if isinstance(error, subprocess.CalledProcessError):
            how = f"ended with status {error.returncode}"
        raise RuntimeError(f"{call} {how}") from None
    return msgspec.json.decode(done.stdout.splitlines()[-1])


def memory_bytes() -> int:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _call(call: str, given: str) -> bytes:
    """The other end of `apart`."""
    module, _, name = call.partition(":")
    function = getattr(importlib.import_module(module), name)
    return msgspec.json.encode(function(*msgspec.json.decode(given)))


if __name__ == "__main__":
    sys.stdout.buffer.write(b"\n" + _call(*sys.argv[1:]) + b"\n")
