"""Ranges of the log, given by line numbers, days or times.

The log is ordered by line number. `at` follows that order except where a clock was set back; so
a range up to a time ends before the first command that is later, whatever follows it.
"""

from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

from ledger import events as e
from ledger.clocks.timestamps import day_of, to_text
from ledger.untrusted.typed_numbers import plain_digits, read_plain_number
from ledger.untrusted.typed_text import cleaned

Until: TypeAlias = int | str
"""The `seq` of a line, or a time as the log writes it."""

_A_DAY = timedelta(days=1)
_A_MOMENT = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_until(text: str) -> Until:
    """Read what a person typed as the end of a range. UTC if no zone is given.

    A day alone means the end of that day. The end itself is included.

    Raises:
        ValueError: it is none of these.
    """
    return _read(text, day_means_its_end=True)


def read_since(text: str) -> Until:
    """Read what a person typed as the beginning of a range. A day alone means its start.

    Raises:
        ValueError: it is none of these.
    """
    return _read(text, day_means_its_end=False)


def _read(text: str, *, day_means_its_end: bool) -> Until:
    text = plain_digits(cleaned(text))
    line = read_plain_number(text)
    if line is not None:
        return line
    try:
        if len(text) == len("2026-11-22"):
            day = date.fromisoformat(text)
            begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
            at = begin + _A_DAY - _A_MOMENT if day_means_its_end else begin
        else:
            at = datetime.fromisoformat(text)
            at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return to_text((at - _EPOCH) // _A_MOMENT)
    except (ValueError, OverflowError):
        raise ValueError(
            f"{text!r} is neither a line's number nor a time like 2026-11-22, "
            "2026-11-22T10:00Z or 2026-11-22T10:00:00.000Z"
        ) from None


def named(until: Until | None) -> str:
    """A line or a time in words."""
    return f"line {until:,}" if isinstance(until, int) else str(until)


def is_ahead(until: Until, last_seq: int, now: str) -> bool:
    """Whether a range ends behind the last line, or behind the present moment."""
    return until > last_seq if isinstance(until, int) else until > now


def is_today(until: Until, now: str) -> bool:
    """Whether a range ends with the end of the present UTC day."""
    return until == read_until(day_of(now))


def is_beyond(command: list[e.AnyEvent], until: Until) -> bool:
    """Whether a command is not entirely within the range that ends at `until`."""
    if isinstance(until, int):
        return command[-1].seq > until
    return command[0].at > until


def is_before(command: list[e.AnyEvent], since: Until) -> bool:
    """Whether a command begins before the range that begins at `since`."""
    if isinstance(since, int):
        return command[0].seq < since
    return command[0].at < since
