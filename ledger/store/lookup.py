"""Owns finding a line of the log by its number, without reading the log from its start.

Lines are numbered without a gap and sorted by their number, so a line is found by guessing where
it stands and closing in: a few small reads, however long the log is, and no index to keep.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from ledger import events as e
from ledger.store.reader import LogReader
from ledger.store.record import Head, parse_record

_BLOCK_BYTES = 4096
_SEQ = re.compile(rb'"seq":(\d+)')


class RecordLookup:
    """Finds lines in one log. Blocking, quick, and safe beside the writer."""

    def __init__(self, path: Path) -> None:
        """Open the log. Raises OSError if that can't be done."""
        self._file = path.open("rb", buffering=0)

    def __enter__(self) -> Self:
        """Use it in a `with` block, which closes it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    def event(self, seq: int) -> e.AnyEvent:
        """The event with this number.

        Raises:
            LookupError: the log has no such line.
            BadRecord: the line there can't be read.
        """
        return parse_record(self._find(seq)[1])

    def head_at(self, seq: int) -> Head:
        """Where the log stood when this line was its last; 0 is before the first.

        Raises:
            LookupError, BadRecord: as for `event`.
        """
        if seq == 0:
            return Head()
        line_at, line = self._find(seq)
        event = parse_record(line)
        return Head(seq, event.hash, line_at + len(line) + 1, event.at)

    def _find(self, seq: int) -> tuple[int, bytes]:
        """Where this line begins, and the line, by interpolation over the sorted lines."""
        low_at, low_seq = 0, 1
        high_at = self._file.seek(0, 2)
        high_seq = None
        while low_at < high_at:
            guess = _guess(seq, low_at, low_seq, high_at, high_seq)
            line_at = self._line_start(guess, low_at)
            line = self._line(line_at)
            found = _seq_of(line)
            if found == seq:
                return line_at, line
            if found < seq:
                low_at, low_seq = line_at + len(line) + 1, found + 1
            else:
                high_at, high_seq = line_at, found
        raise LookupError(f"the log has no line {seq}")

    def _line_start(self, offset: int, floor: int) -> int:
        """Where the line that holds this byte begins; not before `floor`, which begins one."""
        end = offset
        while end > floor:
            start = max(floor, end - _BLOCK_BYTES)
            self._file.seek(start)
            found = self._file.read(end - start).rfind(b"\n")
            if found >= 0:
                return start + found + 1
            end = start
        return floor

    def _line(self, offset: int) -> bytes:
        self._file.seek(offset)
        data = b""
        while b"\n" not in data:
            block = self._file.read(_BLOCK_BYTES)
            if not block:
                break
            data += block
        return data.partition(b"\n")[0]


def batches_behind(path: Path, seq: int) -> Iterator[list[e.AnyEvent]]:
    """The events of all complete commands behind line `seq` (0: all), many at a time. Blocking.

    Raises:
        LookupError: the log has no line `seq`.
        BadRecord: the line there can't be read.
        BadLog: a line behind it doesn't check.
        OSError: the file can't be read.
    """
    with RecordLookup(path) as lines:
        head = lines.head_at(seq)
    yield from LogReader(path, head).batches()


def _seq_of(line: bytes) -> int:
    match = _SEQ.search(line)
    if match is None:
        raise LookupError("the log has a line without a number")
    return int(match[1])


def _guess(seq: int, low_at: int, low_seq: int, high_at: int, high_seq: int | None) -> int:
    """A byte that is likely to lie in the line `seq`, between the two known places."""
    if high_seq is None or high_seq <= low_seq:
        return (low_at + high_at) // 2
    guess = low_at + (high_at - low_at) * (seq - low_seq) // (high_seq - low_seq)
    return min(max(guess, low_at), high_at - 1)
