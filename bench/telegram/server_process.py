"""The Bot API's process as the bench controls it, and the resources a process uses."""

import os
import subprocess
import sys
from functools import cached_property
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from bench.measure import ROOT
from bench.telegram.load import Load, Outcome
from bench.telegram.server import Failed, Line, Listening, Options

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class ServerProcess:
    """The Bot API, started.

    Attributes:
        pid: of the process.
    """

    def __init__(self, options: Options) -> None:
        """Start it; several of them start at the same time."""
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            python("bench.telegram.server", options),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.pid = self._process.pid

    @cached_property
    def api_url(self) -> str:
        """Where it listens, once it does."""
        listening = msgspec.json.decode(pipe(self._process.stdout).readline(), type=Listening)
        return f"http://127.0.0.1:{listening.port}"

    def carry_out(self, load: Load) -> Outcome:
        """Put the load on the bot, once it asks for updates.

        Raises:
            RuntimeError: the bot did something wrong, or nothing.
        """
        stdin = pipe(self._process.stdin)
        stdin.write(msgspec.json.encode(load) + b"\n")
        stdin.flush()
        line = pipe(self._process.stdout).readline()
        found: Line = msgspec.json.decode(line, type=Line) if line else Failed("the bot has ended")
        if isinstance(found, Failed):
            raise RuntimeError(found.why)  # noqa: TRY004 - not about types
        return found.outcome

    def kill(self) -> None:
        """End it, so that nobody waits for a measurement any more."""
        self._process.kill()

    def end(self) -> None:
        """End it, and wait until it has ended."""
        self._process.kill()
        self._process.communicate()


def python(module: str, options: object) -> list[str]:
    """The command that runs a module with its options as JSON."""
    return [sys.executable, "-m", module, msgspec.json.encode(options).decode()]


def pipe(end: IO[bytes] | None) -> IO[bytes]:
    """This side of a process's pipe."""
    assert end is not None  # noqa: S101 - asked for when the process was started
    return end


def cpu_s(pid: int) -> float:
    """CPU seconds of a process, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND


class ThreadTimes(NamedTuple):
    """What a thread did so far, in seconds: used a core, and waited until one was free."""

    ran_s: float
    waited_s: float


def main_thread_times(pid: int) -> ThreadTimes:
    """Of a process's main thread, which runs the event loop."""
    fields = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()
    return ThreadTimes(int(fields[0]) / 1e9, int(fields[1]) / 1e9)


def has_children(pid: int) -> bool:
    """Whether processes that it has started are running."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return any((task / "children").read_text(encoding="ascii").strip() for task in tasks)
