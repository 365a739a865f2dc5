"""Lower bounds: loops that only write and sync, only decode, or only check the hash chain."""

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from time import perf_counter

from ledger import events as e


class BareFile:
    """A file that is only appended to."""

    def __init__(self, path: Path) -> None:
        """Create it."""
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def rate(self, lines: Sequence[bytes], at_once: int) -> float:
        """Lines per second, with `at_once` lines for each write and fdatasync."""
        begun = perf_counter()
        for start in range(0, len(lines), at_once):
            os.write(self._fd, b"".join(lines[start : start + at_once]))
            os.fdatasync(self._fd)
        return len(lines) / (perf_counter() - begun)

    def one(self, line: bytes) -> float:
        """Seconds for one line, written and synced."""
        begun = perf_counter()
        os.write(self._fd, line)
        os.fdatasync(self._fd)
        return perf_counter() - begun

    def close(self) -> None:
        """Close it."""
        os.close(self._fd)


def decode_rate(path: Path) -> float:
    """Events per second when a log is only decoded."""
    begun = perf_counter()
    decode = e.decode.decode
    taken = 0
    with path.open("rb") as file:
        for line in file:
            decode(line)
            taken += 1
    return taken / (perf_counter() - begun)


def chain_rate(path: Path) -> float:
    """Lines per second when only the hash chain is checked, in ten lines that anyone can write."""
    begun = perf_counter()
    previous, taken = b"0" * 64, 0
    with path.open("rb") as file:
        for line in file:
            if sha256(previous + line[:-76]).hexdigest().encode() != line[-67:-3]:
                raise AssertionError(f"line {taken + 1} breaks the chain")
            previous = line[-67:-3]
            taken += 1
    return taken / (perf_counter() - begun)
