"""Owns killing: rounds of a worker in one folder, each ended from outside, each checked.

A byte of shared memory, written by the worker before and after each call to the disk, says what
it was doing when it died. So it is known, and not believed, that kills hit writes.
"""

import mmap
import os
import random
import select
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Literal, TypeAlias

from chaos.faulty_disk import (
    HELD,
    LOG_SLOT,
    MARKS_BYTES,
    MOVING,
    SYNCING,
    USER_DATA_SLOT,
    WORDS,
    WRITING,
    Fault,
)
from chaos.invariants import Acknowledged, Finding, Seen, check_folder, digest
from ledger.store.file import LOG_NAME

ROOT = Path(__file__).parents[1]
Way: TypeAlias = Literal["chance", "aimed", "held", "fault", "user_data_fault", "stop"]
HANGS_AFTER_S = 60
"""A worker that says nothing for so long hangs. Never reached when all is well."""

_NAMES = {WRITING: "write", SYNCING: "sync", MOVING: "rename", HELD: "held write"}
_STATUS: dict[Way, int] = {
    "chance": -signal.SIGKILL,
    "aimed": -signal.SIGKILL,
    "held": -signal.SIGKILL,
    "fault": 1,
    "user_data_fault": 0,
    "stop": 0,
}
_SPINS = 200_000


class Gauntlet:
    """Rounds in one folder.

    Attributes:
        acknowledged: what the crowd was told in all rounds.
        tally: what was done and seen, counted by name.
    """

    def __init__(self, folder: Path, seed: int, tally: Counter[str] | None = None) -> None:
        """In a folder that need not be there yet."""
        self.folder = folder
        self.acknowledged = Acknowledged()
        self.tally: Counter[str] = Counter() if tally is None else tally
        self._seed = seed
        self._rounds = 0
        self._dice = random.Random(seed)
        self._marks_path = folder.with_name(f"{folder.name}.marks")
        self._marks_path.write_bytes(bytes(MARKS_BYTES))
        with self._marks_path.open("r+b") as file:
            self._marks = mmap.mmap(file.fileno(), MARKS_BYTES)

    def round(self, way: Way, fault: Fault = "full") -> Seen:
        """One life of a worker, its end, and the check.

        Raises:
            Finding: something does not hold.
            BadLog: the log doesn't check.
        """
        self._rounds += 1
        self._marks[:] = bytes(MARKS_BYTES)
        with self._start(way, fault) as worker:
            try:
                heard = _Ear(worker, self.acknowledged)
                match way:
                    case "chance" | "aimed":
                        heard.until(self._dice.randint(1, 400))
                        self._wait_for_a_write(aimed=way == "aimed")
                        worker.kill()
                    case "held":
                        heard.until_held()
                        worker.kill()
                    case "user_data_fault" | "stop":
                        heard.until(self._dice.randint(200, 400))
                    case "fault":
                        heard.until_end()
                heard.rest()
            finally:
                worker.kill()
            self._judge(way, worker, heard, fault)
        seen = check_folder(self.folder, failed=way == "fault")
        self.acknowledged.check(self.folder / LOG_NAME)
        self.tally["bytes checked"] += seen.size_bytes
        self.tally["torn tails"] += seen.torn_bytes > 0
        self.tally["starts from user_data.json"] += seen.from_seq > 0
        return seen

    def _start(self, way: Way, fault: Fault) -> subprocess.Popen[bytes]:
        options: dict[str, object] = {
            "--marks": self._marks_path.resolve(),
            "--seed": f"{self._seed}.{self._rounds}",
            "--round": self._rounds,
            "--part": self._dice.random(),
        }
        if way == "held":
            # The first writes are the opening's, one by one.
            options["--hold-at"] = self._dice.randint(2, 40)
        elif way in {"fault", "user_data_fault"}:
            where = "log" if way == "fault" else "user_data"
            options |= {"--fault": fault, "--fault-in": where}
            options["--after"] = self._dice.randint(1, 30)
        words = [str(word) for option in options.items() for word in option]
        return subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "chaos.ledger_worker", str(self.folder.resolve()), *words],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def _wait_for_a_write(self, *, aimed: bool) -> None:
        """Spin: for a random while, or until a write of the log is under way."""
        for _ in range(_SPINS if aimed else self._dice.randrange(_SPINS // 4)):
            if aimed and self._marks[LOG_SLOT] == WRITING:
                return

    def _judge(
        self, way: Way, worker: subprocess.Popen[bytes], heard: "_Ear", fault: Fault
    ) -> None:
        """Whether the worker ended as it should have."""
        self.tally["acknowledged"] += heard.acknowledged
        status, said = worker.returncode, heard.errors
        if status != _STATUS[way] or "Traceback" in said:
            raise Finding(f"{way}: expected status {_STATUS[way]}, found {status}: {said}")
        match way:
            case "chance" | "aimed" | "held":
                self._count_kill()
            case "fault" | "user_data_fault":
                if WORDS[fault] not in said:
                    raise Finding(f"expected {WORDS[fault]!r} to be said, found {said!r}")
                self.tally["faults injected"] += 1
            case "stop":
                if heard.live != digest(self.folder):
                    raise Finding("the live state of the worker is not what a replay gives")
                self.tally["clean stops"] += 1

    def _count_kill(self) -> None:
        """What the worker was doing when it died."""
        self.tally["kills"] += 1
        for slot, file in ((LOG_SLOT, "log"), (USER_DATA_SLOT, "user_data.json")):
            if doing := self._marks[slot]:
                self.tally[f"kills in a {_NAMES[doing]} of {file}"] += 1
        self.tally["kills in mid-write"] += self._marks[LOG_SLOT] in {WRITING, HELD}


class _Ear:
    """Listens to a worker."""

    def __init__(self, worker: subprocess.Popen[bytes], told: Acknowledged) -> None:
        self._worker = worker
        if worker.stdin is None or worker.stdout is None or worker.stderr is None:
            raise ValueError("the worker was started without its pipes")
        self._in, self._out, self._err = worker.stdin, worker.stdout, worker.stderr
        self._told = told
        self._rest = b""
        self.acknowledged = 0
        self.live = ""
        self.held = False
        self.errors = ""

    def until(self, acknowledgements: int) -> None:
        """Return after so many, or at the worker's end."""
        while self.acknowledged < acknowledgements and self._hear():
            pass

    def until_held(self) -> None:
        """Return when a write stands still half-way."""
        while not self.held:
            if not self._hear():
                raise Finding(f"the worker ended before its write was held: {self.rest()}")

    def until_end(self) -> None:
        """Return when the worker has ended by itself."""
        while self._hear():
            pass

    def rest(self) -> str:
        """Hear it out; what it said on stderr."""
        self._in.close()
        while self._hear():
            pass
        self.errors += self._err.read().decode()
        self._worker.wait()
        return self.errors

    def _hear(self) -> bool:
        fd = self._out.fileno()
        if not select.select([fd], [], [], HANGS_AFTER_S)[0]:
            raise Finding(f"the worker said nothing for {HANGS_AFTER_S} s")
        data = os.read(fd, 1 << 16)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            text = line.decode()
            if text == "held":
                self.held = True
            elif text.startswith("live "):
                self.live = text.removeprefix("live ")
            else:
                self.acknowledged += self._told.hear(text)
        return bool(data)
