"""Finding lines in a log file: from its end backwards, or by number.

Neither reads the file from its start. Lines are numbered without a gap and sorted by their number,
so a line is found by guessing where it stands and closing in: a few small reads, however long the
log is, and no index.
"""

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

_BLOCK_BYTES = 1 << 16
_LINE_BYTES = 4096
"""Longer than nearly every line."""
_SEQ = re.compile(rb'"seq":(\d+)')


class Line(NamedTuple):
    """A line of a file: where it begins, and its bytes without the line feed."""

    offset_bytes: int
    content: bytes


class FileShrank(Exception):  # noqa: N818 - says what happened
    """The file became shorter while it was read: its writer took back a failed append."""


def lines_backwards(fd: int, end_bytes: int) -> Iterator[Line]:
    """The lines before `end_bytes`, where one ends, the last one first.

    Raises:
        FileShrank: the file is shorter than that.
        OSError: it can't be read.
    """
    # `block` is what the file holds from `begin` on; the next line ends at `stop` within it.
    block, begin, stop = b"", end_bytes, 0
    while begin + stop > 0:
        cut = block.rfind(b"\n", 0, max(0, stop - 1))
        while cut < 0 and begin > 0:
            # Growing with what was read, else a long line would be gone through often.
            size = min(begin, max(_BLOCK_BYTES, stop))
            begin -= size
            block = read_exactly(fd, size, begin) + block[:stop]
            stop += size
            cut = block.rfind(b"\n", 0, stop - 1)
        yield Line(begin + cut + 1, block[cut + 1 : stop - 1])
        stop = cut + 1


def read_exactly(fd: int, size: int, offset_bytes: int) -> bytes:
    """These bytes of a file.

    Raises:
        FileShrank: it doesn't have them.
        OSError: it can't be read.
    """
    pieces = []
    while size > 0:
        piece = os.pread(fd, size, offset_bytes)  # one call gives at most 2 GiB
        if not piece:
            raise FileShrank
        pieces.append(piece)
        offset_bytes += len(piece)
        size -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


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
        start = max(floor, end - _LINE_BYTES)
        found = os.pread(fd, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return floor


def _line(fd: int, offset_bytes: int) -> bytes:
    """The line that begins here, without its line feed."""
    data = b""
    while b"\n" not in data:
        block = os.pread(fd, _LINE_BYTES, offset_bytes + len(data))
        if not block:
            break
        data += block
    return data.partition(b"\n")[0]


def _seq_of(line: bytes) -> int:
    match = _SEQ.search(line)
    if match is None:
        raise LookupError("the log has a line without a number")
    return int(match[1])
