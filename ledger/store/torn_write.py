"""The end of a log file after a crash: which bytes count, and which are a torn write.

A torn write is what a crash left of the last write. Nobody was notified of any of it, so it is cut
off. Three forms count as torn:

- a last line without its line feed;
- a command of which the last lines are missing;
- lines with holes. A power cut may let some parts of the last write reach the disk and others not.
  What is missing then reads as NUL bytes, in whole sectors, perhaps with good lines behind it.

A NUL byte is never in a line of ours, so holes show. But damage to acknowledged lines could look
the same. So a line with a hole counts as torn only where nothing speaks against it: every run of
NUL bytes is a hole such as a disk leaves, and every line behind it that can be read says that it
was `joined` to the same write. Anything else is damage. It is left in, so that the reader that
checks every line names it.
"""

import re

from ledger.store.file_lines import Line, lines_backwards, read_exactly
from ledger.store.record import Head, RecordKey, is_chained, parse_key

SECTOR_BYTES = 512
"""The least that a disk writes at a time."""

_WRITE_BYTES_MAX = 64 << 20
"""No single write is this long, so no more than this can be a torn one."""


def whole_end(fd: int, size_bytes: int) -> int:
    """Where the last whole command of a log file ends, as far as its size says.

    Raises:
        FileShrank: the file is shorter than `size_bytes`.
        OSError: it can't be read.
    """
    last_line_feed = size_bytes - _unterminated_bytes(fd, size_bytes)
    return _before_unfinished_command(fd, _before_holes(fd, last_line_feed, size_bytes))


def _unterminated_bytes(fd: int, size_bytes: int) -> int:
    """How many bytes there are behind the last line feed."""
    begin, step = size_bytes, 4096
    while begin > 0:
        length = min(begin, step)
        begin -= length
        found = read_exactly(fd, length, begin).rfind(b"\n")
        if found >= 0:
            return size_bytes - (begin + found + 1)
        step *= 2
    return size_bytes


def _before_holes(fd: int, end_bytes: int, size_bytes: int) -> int:
    """`end_bytes`, or where the first line with a hole begins if that is a torn write."""
    holed: int | None = None
    for offset, line in lines_backwards(fd, end_bytes):
        if size_bytes - offset > _WRITE_BYTES_MAX:
            return end_bytes
        if b"\0" in line:
            holed = offset
            continue
        key = parse_key(line)
        if key is not None and not key.joined:
            break  # All before this line was durable when it was written.
    if holed is None:
        return end_bytes
    tail = read_exactly(fd, size_bytes - holed, holed)
    return holed if _are_holes(tail, holed) else end_bytes


def _are_holes(tail: bytes, offset_bytes: int) -> bool:
    """Whether every run of NUL bytes is one or more sectors that were never written.

    The first of them may share its sector with the lines before, which were there already.
    """
    for run in re.finditer(rb"\0+", tail):
        begin, end = offset_bytes + run.start(), offset_bytes + run.end()
        if begin % SECTOR_BYTES and run.start():
            return False
        if end % SECTOR_BYTES and run.end() != len(tail):
            return False
    return True


def _before_unfinished_command(fd: int, end_bytes: int) -> int:
    """`end_bytes`, or where the last command begins if some of its lines are missing."""
    unfinished: list[tuple[Line, RecordKey]] = []
    before: Head | None = Head()
    for line in lines_backwards(fd, end_bytes):
        key = parse_key(line.content)
        expected_more = unfinished[-1][1].more + 1 if unfinished else None
        if key is None or key.more <= 0:
            before = None if key is None else key.head
            break
        if expected_more not in {None, key.more}:
            return end_bytes
        unfinished.append((line, key))
    if not unfinished or before is None or not _follow(before, unfinished):
        return end_bytes
    return unfinished[-1][0].offset_bytes


def _follow(head: Head, newest_first: list[tuple[Line, RecordKey]]) -> bool:
    """Whether these lines are right behind `head`; if not, they are damage and not torn."""
    seq, digest = head.seq, head.hash
    for (_, content), key in reversed(newest_first):
        if key.seq != seq + 1 or not is_chained(content, digest):
            return False
        seq, digest = key.seq, key.hash
    return True
