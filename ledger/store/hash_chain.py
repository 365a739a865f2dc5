"""Checking the chain of hashes in a process of its own, while a long log is replayed.

Each line carries its hash, so the chain can be checked apart from what the lines say: one process
decodes and applies the lines, another hashes them. Python's hashing of short lines keeps the
interpreter's lock, so a thread would gain nothing.

`python -m ledger.store.hash_chain HASH` is that other process. It reads lines from its standard
input, the first of which follows a line with this hash.
"""

import fcntl
import subprocess
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from ledger.store.record import ENDING, ENDING_BYTES, Head

_PIPE_BYTES = 1 << 20


class WrongHash(NamedTuple):
    """The first line that doesn't carry the right hash, and the hash that it should have."""

    seq: int
    expected: str


class HashProcess:
    """Checks the hashes of the lines behind `head`, which are fed to it block by block."""

    def __init__(self, head: Head) -> None:
        """Start the process."""
        self._seq = head.seq
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "ledger.store.hash_chain", head.hash],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        self._input = self._process.stdin
        if hasattr(fcntl, "F_SETPIPE_SZ"):  # on Linux; so neither process waits for each block
            with suppress(OSError):
                fcntl.fcntl(self._input, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)

    def feed(self, block: bytes) -> None:
        """Hand over whole lines.

        Raises:
            BrokenPipeError: the process has ended: it has found a wrong hash, or failed.
        """
        self._input.write(block)

    def finish(self) -> WrongHash | None:
        """Wait until all lines are checked; what was found, if anything.

        Raises:
            OSError: the process has failed.
        """
        said, _ = self._process.communicate()
        words = said.decode().split()
        if self._process.returncode != 0 or not words:
            raise OSError("the process that checks the hashes ended without an answer")
        line, expected = int(words[0]), words[1:]
        return WrongHash(self._seq + line, expected[0]) if line else None

    def kill(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        self._process.communicate()


def main() -> None:
    """Print 0 if every line has the right hash, else the first line that hasn't, and its hash."""
    previous = sys.argv[1].encode()
    with open(0, "rb", buffering=_PIPE_BYTES) as lines:
        for number, line in enumerate(lines, 1):
            digest = sha256(previous + line[: -ENDING_BYTES - 1]).hexdigest().encode()
            if line[-ENDING_BYTES - 1 : -1] != ENDING % digest:
                sys.stdout.write(f"{number} {digest.decode()}\n")
                return
            previous = digest
    sys.stdout.write("0\n")


if __name__ == "__main__":
    main()
