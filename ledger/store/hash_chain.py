"""Checking the chain of hashes in a process of its own, while a long log is replayed.

Each line carries its hash, so the chain can be checked apart from what the lines say: one process
decodes and applies the lines, another hashes them. A thread would gain nothing: Python keeps the
interpreter's lock while it hashes something as short as a line.

`python -m ledger.store.hash_chain HASH BYTES` is that other process. Its standard input is the log
file, at the line that follows the one with this hash; it checks as many bytes of lines.
"""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from ledger.store.base import LinesFile
from ledger.store.record import ENDING, ENDING_BYTES, Head

_BUFFER_BYTES = 1 << 20


class WrongHash(NamedTuple):
    """The first line that doesn't carry the right hash, and the hash that it should have."""

    seq: int
    expected: str


class HashProcess:
    """Checks the hashes of the lines behind `head`."""

    def __init__(self, head: Head, lines: LinesFile) -> None:
        """Start the process; the file can be closed then."""
        self._seq = head.seq
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "ledger.store.hash_chain", head.hash, str(lines.size_bytes)],
            stdin=lines.file,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )

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
    previous, left_bytes = sys.argv[1].encode(), int(sys.argv[2])
    with open(0, "rb", buffering=_BUFFER_BYTES) as lines:
        for number, line in enumerate(lines, 1):
            left_bytes -= len(line)
            if left_bytes < 0:
                break
            digest = sha256(previous + line[: -ENDING_BYTES - 1]).hexdigest().encode()
            if line[-ENDING_BYTES - 1 : -1] != ENDING % digest:
                sys.stdout.write(f"{number} {digest.decode()}\n")
                return
            previous = digest
    sys.stdout.write("0\n")


if __name__ == "__main__":
    main()
