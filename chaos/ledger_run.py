"""Chaos runs of the ledger: a worker process in one folder, ended from outside and checked.

A byte of shared memory, written by the worker before and after each call to the disk, shows what it
was doing when it died. So it is known, not assumed, that kills hit writes.
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

from chaos.acknowledgements import Acknowledgements
from chaos.faulty_disk import (
    BLOCKED,
    LOG_SLOT,
    MARKS_BYTES,
    RENAMING,
    SYNCING,
    USER_DATA_SLOT,
    WORDS,
    WRITING,
    Fault,
)
from chaos.invariants import Finding, FolderCheck, check_folder, digest
from chaos.module_process import ROOT
from ledger.store.file import LOG_NAME

End: TypeAlias = Literal["random", "in write", "blocked", "fault", "user_data_fault", "stop"]
"""How a round ends: killed at random, in a write, in a write that is blocked half-way; by a fault
of the disk; stopped."""
HANGS_AFTER_S = 60
"""A worker that is silent for longer hangs. Never reached when all is well."""

_NAMES = {WRITING: "write", SYNCING: "sync", RENAMING: "rename", BLOCKED: "blocked write"}
_STATUS: dict[End, int] = {
    "random": -signal.SIGKILL,
    "in write": -signal.SIGKILL,
    "blocked": -signal.SIGKILL,
    "fault": 1,
    "user_data_fault": 0,
    "stop": 0,
}
_SPINS = 200_000


class LedgerRun:
    """Rounds in one folder.

    Attributes:
        acknowledged: the acknowledgements of all rounds.
        tally: counts of what happened, by name.
    """

    def __init__(self, folder: Path, seed: int, tally: Counter[str] | None = None) -> None:
        """In a folder that need not exist yet."""
        self.folder = folder
        self.acknowledged = Acknowledgements()
        self.tally: Counter[str] = Counter() if tally is None else tally
        self._seed = seed
        self._rounds = 0
        self._dice = random.Random(seed)
        self._marks_path = folder.with_name(f"{folder.name}.marks")
        self._marks_path.write_bytes(bytes(MARKS_BYTES))
        with self._marks_path.open("r+b") as file:
            self._marks = mmap.mmap(file.fileno(), MARKS_BYTES)

    def round(self, end: End, fault: Fault = "full") -> FolderCheck:
        """Run a worker, end it, and check the folder.

        Raises:
            Finding: something does not hold.
            BadLog: the log doesn't check.
        """
        self._rounds += 1
        self._marks[:] = bytes(MARKS_BYTES)
        with self._start(end, fault) as worker:
            try:
                output = _WorkerOutput(worker, self.acknowledged)
                match end:
                    case "random" | "in write":
                        output.until(self._dice.randint(1, 400))
                        self._wait_for_a_write(aimed=end == "in write")
                        worker.kill()
                    case "blocked":
                        output.until_blocked()
                        worker.kill()
                    case "user_data_fault" | "stop":
                        output.until(self._dice.randint(200, 400))
                    case "fault":
                        output.until_end()
                output.rest()
            finally:
                worker.kill()
            self._check_end(end, worker, output, fault)
        found = check_folder(self.folder, failed=end == "fault")
        self.acknowledged.check(self.folder / LOG_NAME)
        self.tally["bytes checked"] += found.size_bytes
        self.tally["torn tails"] += found.torn_bytes > 0
        self.tally["starts from user_data.json"] += found.from_seq > 0
        return found

    def _start(self, end: End, fault: Fault) -> subprocess.Popen[bytes]:
        options: dict[str, object] = {
            "--marks": self._marks_path.resolve(),
            "--seed": f"{self._seed}.{self._rounds}",
            "--round": self._rounds,
            "--part": self._dice.random(),
        }
        if end == "blocked":
            # The first writes are the opening's, one by one.
            options["--block-at"] = self._dice.randint(2, 40)
        elif end in {"fault", "user_data_fault"}:
            where = "log" if end == "fault" else "user_data"
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

    def _check_end(
        self, end: End, worker: subprocess.Popen[bytes], output: "_WorkerOutput", fault: Fault
    ) -> None:
        """Check that the worker ended as it should have."""
        self.tally["acknowledged"] += output.acknowledged
        status, errors = worker.returncode, output.errors
        if status != _STATUS[end] or "Traceback" in errors:
            raise Finding(f"{end}: expected status {_STATUS[end]}, found {status}: {errors}")
        match end:
            case "random" | "in write" | "blocked":
                self._count_kill()
            case "fault" | "user_data_fault":
                if WORDS[fault] not in errors:
                    raise Finding(f"expected {WORDS[fault]!r} on stderr, found {errors!r}")
                self.tally["faults injected"] += 1
            case "stop":
                if output.live != digest(self.folder):
                    raise Finding("the live state of the worker is not what a replay gives")
                self.tally["clean stops"] += 1

    def _count_kill(self) -> None:
        """Count what the worker was doing when it died."""
        self.tally["kills"] += 1
        for slot, file in ((LOG_SLOT, "log"), (USER_DATA_SLOT, "user_data.json")):
            if doing := self._marks[slot]:
                self.tally[f"kills in a {_NAMES[doing]} of {file}"] += 1
        self.tally["kills in mid-write"] += self._marks[LOG_SLOT] in {WRITING, BLOCKED}


class _WorkerOutput:
    """Reads what a worker writes."""

    def __init__(self, worker: subprocess.Popen[bytes], told: Acknowledgements) -> None:
        self._worker = worker
        if worker.stdin is None or worker.stdout is None or worker.stderr is None:
            raise ValueError("the worker was started without its pipes")
        self._in, self._out, self._err = worker.stdin, worker.stdout, worker.stderr
        self._told = told
        self._partial = b""
        self.acknowledged = 0
        self.live = ""
        self.blocked = False
        self.errors = ""

    def until(self, acknowledgements: int) -> None:
        """Return after this number, or when the worker ends."""
        while self.acknowledged < acknowledgements and self._read():
            pass

    def until_blocked(self) -> None:
        """Return when a write has stopped half-way."""
        while not self.blocked:
            if not self._read():
                raise Finding(f"the worker ended before its write was blocked: {self.rest()}")

    def until_end(self) -> None:
        """Return when the worker has ended by itself."""
        while self._read():
            pass

    def rest(self) -> str:
        """Read everything that is left; what it wrote to stderr."""
        self._in.close()
        while self._read():
            pass
        self.errors += self._err.read().decode()
        self._worker.wait()
        return self.errors

    def _read(self) -> bool:
        fd = self._out.fileno()
        if not select.select([fd], [], [], HANGS_AFTER_S)[0]:
            raise Finding(f"the worker was silent for {HANGS_AFTER_S} s")
        data = os.read(fd, 1 << 16)
        *lines, self._partial = (self._partial + data).split(b"\n")
        for line in lines:
            text = line.decode()
            if text == "blocked":
                self.blocked = True
            elif text.startswith("live "):
                self.live = text.removeprefix("live ")
            else:
                self.acknowledged += self._told.note(text)
        return bool(data)
