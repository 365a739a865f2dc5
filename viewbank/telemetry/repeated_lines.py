"""Repeated log lines: the first few are written, the rest are counted, and the count is written.

An emergency repeats itself, thousands of times a second perhaps, and a log that fills the disk is
an emergency of its own.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

WINDOW_S: Final = 60.0
SAME_MAX: Final = 3
"""How often the same line is written within a minute."""
ALIKE_MAX: Final = 20
"""How many warnings and errors that differ only in their arguments are written within a minute.

Lines below a warning are the program's diary: as long as they differ, all of them are written.
"""
KEYS_MAX: Final = 4096

_PLACE = re.compile(r"%[-#0 +]*[\d.]*[a-zA-Z]")
"""What an argument is put in for. A template of nothing else says nothing about likeness."""


@dataclass(slots=True)
class _Window:
    """A minute in which a line, or lines like it, have come."""

    began_s: float
    count: int = 0
    skipped: int = 0
    last: logging.LogRecord | None = None


class RepeatedLines(logging.Handler):
    """Hands on to another handler what is not repeated too often.

    A count is written when its minute is over: with the next line, or after a while by a timer, and
    at the latest when logging is shut down.
    """

    def __init__(
        self, target: logging.Handler, *, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        """Write to `target`."""
        super().__init__()
        self._target = target
        self._now_s = now_s
        self._windows: dict[Hashable, _Window] = {}
        self._sweep_at_s = now_s() + WINDOW_S
        self._timer: threading.Timer | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, or count it. Called with the handler's lock."""
        now_s = self._now_s()
        if now_s >= self._sweep_at_s or len(self._windows) >= KEYS_MAX:
            self._sweep(now_s)
        for key, most in _keys(record):
            window = self._window(key, now_s)
            window.count += 1
            if window.count > most:
                window.skipped += 1
                window.last = record
                self._sweep_later()
                return
        self._target.handle(record)

    def flush(self) -> None:
        """Write all counts, and what the other handler has buffered."""
        self.acquire()
        try:
            self._end(list(self._windows))
        finally:
            self.release()
        self._target.flush()

    def close(self) -> None:
        """Write all counts; nothing comes after that."""
        self.acquire()
        try:
            if self._timer is not None:
                self._timer.cancel()
        finally:
            self.release()
        self.flush()
        self._target.close()
        super().close()

    def sweep(self) -> None:
        """Write the counts of the minutes that are over."""
        self.acquire()
        try:
            self._timer = None
            self._sweep(self._now_s())
        finally:
            self.release()

    def _window(self, key: Hashable, now_s: float) -> _Window:
        window = self._windows.get(key)
        if window is not None and now_s - window.began_s >= WINDOW_S:
            self._end([key])
            window = None
        if window is None:
            window = self._windows[key] = _Window(now_s)
        return window

    def _sweep(self, now_s: float) -> None:
        self._sweep_at_s = now_s + WINDOW_S
        over = [key for key, one in self._windows.items() if now_s - one.began_s >= WINDOW_S]
        left = len(self._windows) - len(over)
        # Too many different lines: the oldest are forgotten, so that memory has a bound too.
        oldest = list(self._windows)[: left - KEYS_MAX // 2] if left >= KEYS_MAX else []
        self._end(list(dict.fromkeys([*over, *oldest])))
        if any(one.skipped for one in self._windows.values()):
            self._sweep_later()

    def _end(self, keys: Iterable[Hashable]) -> None:
        for key in keys:
            window = self._windows.pop(key)
            if window.last is not None:
                self._target.handle(_summary(window.last, window.skipped))

    def _sweep_later(self) -> None:
        """Once, while something is counted."""
        if self._timer is None:
            self._timer = threading.Timer(WINDOW_S, self.sweep)
            self._timer.daemon = True
            self._timer.start()


def _keys(record: logging.LogRecord) -> Iterator[tuple[Hashable, int]]:
    """What makes a line the same as another, or like it; and how many of these are written."""
    error = record.exc_info[1] if record.exc_info else None
    origin = (record.name, record.levelno, type(error).__name__)
    yield (*origin, _text(record), str(error)), SAME_MAX
    # asyncio puts details that differ into the further lines of a message.
    template = str(record.msg).partition("\n")[0]
    if record.levelno >= logging.WARNING and _PLACE.sub("", template).strip(" :.,"):
        yield (*origin, template), ALIKE_MAX


def _text(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - the handler that formats it says what is wrong
        return str(record.msg)


def _summary(last: logging.LogRecord, count: int) -> logging.LogRecord:
    """A line with the number of those that were not written; the last of them stands for all."""
    text = _text(last).partition("\n")[0]
    return logging.LogRecord(
        last.name,
        last.levelno,
        last.pathname,
        last.lineno,
        "%s more like it in the last minute: %s",
        (f"{count:,}", text),
        None,
    )
