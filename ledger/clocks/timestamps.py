"""Timestamps: UTC text with milliseconds in the log, epoch milliseconds for arithmetic.

`2026-11-22T16:00:00.123Z` sorts as text, can be read by people and by every program, and always
has 24 characters.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeAlias

Clock: TypeAlias = Callable[[], int]
"""Returns the time in epoch milliseconds. The rules get the time as an argument instead."""

MOMENT_LENGTH = 24
DAY_LENGTH = 10
DAY_MS = 86_400_000
MINUTE_MS = 60_000


def wall_clock_ms() -> int:
    """The machine's clock, in epoch milliseconds."""
    return time.time_ns() // 1_000_000


def to_text(epoch_ms: int) -> str:
    """Epoch milliseconds as `2026-11-22T16:00:00.123Z`."""
    seconds, millis = divmod(epoch_ms, 1000)
    day, second = divmod(seconds, 86_400)
    hour, minute = second // 3600, second // 60 % 60
    return f"{_day(day)}T{hour:02}:{minute:02}:{second % 60:02}.{millis:03}Z"


@lru_cache(maxsize=64)
def _day(epoch_days: int) -> str:
    """The day's text; a whole day of commands shares one."""
    return f"{datetime.fromtimestamp(epoch_days * 86_400, UTC):%Y-%m-%d}"


def to_ms(moment: str) -> int:
    """The epoch milliseconds of a moment's text.

    Raises:
        ValueError: the text is not a moment as `to_text` writes it.
    """
    if len(moment) != MOMENT_LENGTH or moment[-1] != "Z":
        raise ValueError(f"not a moment: {moment[:40]!r}")
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


def moment_ms(moment: str) -> int:
    """The epoch milliseconds of a moment in the state; 0 if there is none.

    A forged line, which `verify` reports, may have anything there. It must not lock anybody out.
    """
    try:
        return to_ms(moment) if moment else 0
    except ValueError:
        return 0


def seconds_up(milliseconds: int) -> int:
    """Milliseconds as whole seconds, rounded up."""
    return -(-milliseconds // 1000)


def is_moment(text: str) -> bool:
    """Whether the text is a moment as `to_text` writes it."""
    return (
        len(text) == MOMENT_LENGTH
        and text[-5] == "."
        and text[-1] == "Z"
        and text[-4:-1].isdigit()
        and text.isascii()
        and _is_second(text[:-5])
    )


@lru_cache(maxsize=1024)
def _is_second(text: str) -> bool:
    """The part that neighbours in a log share."""
    try:
        return to_text(to_ms(f"{text}.000Z")) == f"{text}.000Z"
    except (ValueError, OverflowError):
        return False


def day_of(moment: str) -> str:
    """The UTC day of a moment, `2026-11-22`: daily caps count by it."""
    return moment[:DAY_LENGTH]
