"""Owns the processes: the pretend Telegram as whoever measures sees it, and what each uses."""

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import msgspec

from bench.measure import ROOT
from bench.telegram.drive import Outcome, Plan
from bench.telegram.server import Failed, Listening, Options, Said

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


class TelegramProcess:
    """The pretend Telegram, started.

    Attributes:
        api_url: where it listens.
        pid: of the process.
    """

    def __init__(self, options: Options) -> None:
        """Start it."""
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            python("bench.telegram.server", options),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.pid = self._process.pid
        listening = msgspec.json.decode(pipe(self._process.stdout).readline(), type=Listening)
        self.api_url = f"http://127.0.0.1:{listening.port}"

    def carry_out(self, plan: Plan) -> Outcome:
        """Have people write as planned, once the bot asks for updates.

        Raises:
            RuntimeError: the bot did something wrong, or nothing.
        """
        stdin = pipe(self._process.stdin)
        stdin.write(msgspec.json.encode(plan) + b"\n")
        stdin.flush()
        line = pipe(self._process.stdout).readline()
        said: Said = msgspec.json.decode(line, type=Said) if line else Failed("the bot has ended")
        if isinstance(said, Failed):
            raise RuntimeError(said.why)  # noqa: TRY004 - not about types
        return said.outcome

    def break_off(self) -> None:
        """Have it end, and whoever waits for a measurement hear of it."""
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
    """What a process has used of the cores, in all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND


def has_children(pid: int) -> bool:
    """Whether processes are at work for it."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return any((task / "children").read_text(encoding="ascii").strip() for task in tasks)
