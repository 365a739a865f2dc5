"""Reads the comments that a person wants posted, as they type them: one a line."""

from typing import NamedTuple

from ledger.untrusted.typed_text import cleaned


class Comments(NamedTuple):
    """Comments that can be posted.

    Attributes:
        lines: one comment each, none of them empty.
        units: their length together with the line ends, in UTF-16 units as Telegram counts.
    """

    lines: list[str]
    units: int


def read_comments(typed: str) -> Comments:
    """Read them. Lines in which nothing can be seen are left out; no line is changed inside."""
    lines = [line.strip() for line in typed.splitlines()]
    lines = [line for line in lines if cleaned(line)]
    text = "\n".join(lines)
    return Comments(lines, len(text.encode("utf-16-le", "replace")) // 2)
