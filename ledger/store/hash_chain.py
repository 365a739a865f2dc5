"""Owns checking the chain of hashes alone, in a process of its own.

Each line carries its hash, so the chain can be checked apart from what the lines say: while one
process reads and applies, another hashes. `python -m ledger.store.hash_chain` is that other one.
"""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from ledger.store.reader import BadLog
from ledger.store.record import ENDING, ENDING_BYTES, ZERO_HASH, Head
from ledger.store.torn_write import is_torn

WORTH_A_PROCESS_BYTES = 32 << 20
"""Below this, starting a process takes longer than the hashing."""


class Finding(msgspec.Struct):
    """The first line whose hash isn't right (counted as the log's own lines), or how many are."""

    lines: int
    bad_line: int = 0
    offset_bytes: int = 0
    what: str = ""


def check_seals(path: Path, start: Head, end_bytes: int) -> Finding:
    """Check the hash of every whole line between `start` and `end_bytes`. Blocking.

    Raises:
        OSError: the file can't be read.
    """
    previous, offset, count = start.hash.encode(), start.size_bytes, 0
    with path.open("rb") as file:
        file.seek(offset)
        for line in file:
            if offset + len(line) > end_bytes or not line.endswith(b"\n"):
                break
            digest = sha256(previous + line[: -ENDING_BYTES - 1]).hexdigest().encode()
            if line[-ENDING_BYTES - 1 : -1] != ENDING % digest:
                if is_torn(path, offset):
                    break
                what = f"expected the line to end with the hash {digest.decode()}"
                return Finding(count, start.seq + count + 1, offset, what)
            previous = digest
            offset += len(line)
            count += 1
    return Finding(count)


class SealCheck:
    """`check_seals` in a process of its own, for as long as the `with` block takes."""

    def __init__(self, path: Path, start: Head, end_bytes: int) -> None:
        """Begin to check."""
        self._path = path
        place = (start.seq, start.hash, start.size_bytes, end_bytes)
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [
                sys.executable,
                "-m",
                "ledger.store.hash_chain",
                str(path.resolve()),
                *map(str, place),
            ],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )

    def __enter__(self) -> Self:
        """Use it in a `with` block, which ends the process."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """A line that the hashes find bad comes before whatever was found behind it."""
        if error is None or isinstance(error, BadLog):
            self._conclude(error)
        else:
            self._process.kill()
            self._process.communicate()

    def _conclude(self, error: BadLog | None) -> None:
        said, _ = self._process.communicate()
        if self._process.returncode != 0:
            raise OSError("the process that checks the hashes ended without an answer") from error
        found = msgspec.json.decode(said, type=Finding)
        if found.bad_line and (error is None or found.bad_line <= error.line_number):
            raise BadLog(self._path, found.bad_line, found.offset_bytes, found.what) from None


def main() -> None:
    """`python -m ledger.store.hash_chain LOG SEQ HASH OFFSET END`: a `Finding` as JSON."""
    path, seq, digest, offset, end = sys.argv[1:]
    start = Head(int(seq), digest or ZERO_HASH, int(offset))
    sys.stdout.buffer.write(msgspec.json.encode(check_seals(Path(path), start, int(end))))


if __name__ == "__main__":
    main()
