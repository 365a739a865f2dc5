"""The part of a damaged log that is right: everything before the first line that is wrong."""

from pathlib import Path
from typing import NamedTuple

from ledger.store.record import Head, parse_key


class RightPart(NamedTuple):
    """How far a log is right.

    Attributes:
        lines: how many lines are right.
        size_bytes: how long they are.
        head: the last of them that ends a command; its lines count all or none.
        head_bytes: how long the log is up to there.
        commands: how many whole commands there are up to there.
    """

    lines: int = 0
    size_bytes: int = 0
    head: Head = Head()
    head_bytes: int = 0
    commands: int = 0


def right_part(path: Path, first_bad_line: int) -> RightPart:
    """Count what is before a line of a log. All lines before it have been checked.

    Raises:
        OSError: the log can't be read.
    """
    lines = size_bytes = head_bytes = commands = 0
    head = Head()
    with path.open("rb") as log:
        for line in log:
            if lines == first_bad_line - 1:
                break
            lines += 1
            size_bytes += len(line)
            key = parse_key(line[:-1])
            if key is not None and not key.more:
                head, head_bytes, commands = key.head, size_bytes, commands + 1
    return RightPart(lines, size_bytes, head, head_bytes, commands)
