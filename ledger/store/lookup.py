"""Finding a line of a log file by its number, without reading the file from its start.

Lines are numbered without a gap and sorted by their number, so a line is found by guessing where
it stands and closing in. That takes a few small reads, however long the log is, and no index.
"""

import os
import re

from ledger.store.backwards import Line

_BLOCK_BYTES = 4096
_SEQ = re.compile(rb'"seq":(\d+)')


def find_line(fd: int, end_bytes: int, seq: int) -> Line:
    """The line with this number, among the whole lines before `end_bytes`.

    Raises:
        LookupError: there is no such line, or a line that was looked at has no number.
        OSError: the file can't be read.
    """
    low_at, low_seq = 0, 1
    high_at, high_seq = end_bytes, None
    while low_at < high_at:
        guess = _guess(seq, low_at, low_seq, high_at, high_seq)
        line_at = _line_start(fd, guess, low_at)
        line = _line(fd, line_at)
        found = _seq_of(line)
        if found == seq:
            return Line(line_at, line)
        if found < seq:
            low_at, low_seq = line_at + len(line) + 1, found + 1
        else:
            high_at, high_seq = line_at, found
    raise LookupError(f"the log has no line {seq}")


def _guess(seq: int, low_at: int, low_seq: int, high_at: int, high_seq: int | None) -> int:
    """A byte that is likely to lie in the line `seq`, between the two known places."""
    if high_seq is None or high_seq <= low_seq:
        return (low_at + high_at) // 2
    guess = low_at + (high_at - low_at) * (seq - low_seq) // (high_seq - low_seq)
    return min(max(guess, low_at), high_at - 1)


def _line_start(fd: int, offset_bytes: int, floor: int) -> int:
    """Where the line that has this byte begins; not before `floor`, which begins one."""
    end = offset_bytes
    while end > floor:
        start = max(floor, end - _BLOCK_BYTES)
        found = os.pread(fd, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return floor


def _line(fd: int, offset_bytes: int) -> bytes:
    """The line that begins here, without its line feed."""
    data = b""
    while b"\n" not in data:
        block = os.pread(fd, _BLOCK_BYTES, offset_bytes + len(data))
        if not block:
            break
        data += block
    return data.partition(b"\n")[0]


def _seq_of(line: bytes) -> int:
    match = _SEQ.search(line)
    if match is None:
        raise LookupError("the log has a line without a number")
    return int(match[1])
