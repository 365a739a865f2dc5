"""Owns telling a torn tail from damage, where a line at the log's end has holes in it.

A power cut may let some parts of the last write reach the disk and others not. What is missing
then reads as NUL bytes, in whole sectors, with good-looking lines behind it perhaps. Nobody was
told of any of that write, so it is a torn tail, as a line without its end is.

A NUL byte is never in a line of ours, so holes show. But the same could be said of damage to lines
that people were told of. So it counts as torn only where nothing speaks against it: every run of
NUL bytes is a hole such as a disk leaves, and every line behind the bad one that can be read says
that it was `joined` to the same write. Anything else is damage, and damage stops the program.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from ledger.store.record import BadRecord, parse_record

SECTOR_BYTES = 512
"""The least that a disk writes at a time."""

_LONGEST_BYTES = 64 << 20
"""No single write is this long; more than this is never taken for the remains of one."""


def is_torn(path: Path, offset_bytes: int) -> bool:
    """Whether all from here on, where the first bad line begins, is what a power cut left.

    Raises:
        OSError: the file can't be read.
    """
    with path.open("rb") as file:
        file.seek(offset_bytes)
        tail = file.read(_LONGEST_BYTES)
        if file.read(1):
            return False
    lines = tail.split(b"\n")
    # What follows the last line feed is no line, and is torn in any case.
    return b"\0" in lines[0] and _are_holes(tail, offset_bytes) and not _begins_a_write(lines[1:-1])


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


def _begins_a_write(lines: Iterable[bytes]) -> bool:
    """Whether one of these lines shows that all before it was on the disk already."""
    for line in lines:
        try:
            event = parse_record(line)
        except BadRecord:
            continue
        if not event.joined:
            return True
    return False
