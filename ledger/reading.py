"""Owns reading the log from the start or from a known place, checked line by line.

A reader may work while the program runs: it stops at the last complete command, and says what
lies behind it. What doesn't check stops it with the place.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from ledger import events as e
from ledger.lines import BadLine, Head, open_line

Progress: TypeAlias = Callable[[int, int], None]
"""Told every now and then how many bytes of the log have been read, and how many there are."""

_TELL_EVERY_BYTES = 1 << 20


class BadLog(Exception):  # noqa: N818 - what is bad, not the raising, is the name
    """The log doesn't check. The text names file, line and byte offset, and what was expected."""

    def __init__(self, path: Path, line_number: int, offset_bytes: int, what: str) -> None:
        super().__init__(
            f"{path}, line {line_number} (at byte {offset_bytes}): {what}. Nothing was changed."
        )
        self.path = path
        self.line_number = line_number
        self.offset_bytes = offset_bytes
        self.what = what


class LogReader:
    """Reads a log command by command.

    After the commands have been taken, `head` is where the last complete one ended, and
    `torn_bytes` is how much of an unfinished one lies behind it: a crash left it there, or the
    writer is writing it right now.
    """

    def __init__(self, path: Path, start: Head | None = None) -> None:
        """Read `path`, from its beginning or from behind `start`."""
        self.path = path
        self.head = start or Head()
        self.torn_bytes = 0
        self._began = self.head

    def commands(self) -> Iterator[list[e.AnyEvent]]:
        """The events of one complete command after the other.

        Raises:
            BadLog: a line doesn't check.
            OSError: the file can't be read.
        """
        at = self.head
        command: list[e.AnyEvent] = []
        with self.path.open("rb") as file:
            file.seek(at.size_bytes)
            for line in file:
                if not line.endswith(b"\n"):
                    self.torn_bytes = at.size_bytes + len(line) - self.head.size_bytes
                    return
                event = self._event(line, at, command)
                at = Head(event.seq, event.hash, at.size_bytes + len(line), event.at)
                command.append(event)
                if event.more == 0:
                    self._began, self.head = self.head, at
                    yield command
                    command = []
        self.torn_bytes = at.size_bytes - self.head.size_bytes

    def _event(self, line: bytes, at: Head, command: list[e.AnyEvent]) -> e.AnyEvent:
        try:
            event = open_line(line[:-1], at)
            _check_place(event, at, command)
        except BadLine as error:
            raise BadLog(self.path, at.seq + 1, at.size_bytes, str(error)) from None
        return event

    def events(self) -> Iterator[e.AnyEvent]:
        """The events of all complete commands."""
        for command in self.commands():
            yield from command

    def commands_told(self, progress: Progress | None) -> Iterator[list[e.AnyEvent]]:
        """As `commands`, telling `progress` on the way."""
        if progress is None:
            yield from self.commands()
            return
        total = self.path.stat().st_size
        told = self.head.size_bytes
        for command in self.commands():
            yield command
            done = self.head.size_bytes
            if done - told >= _TELL_EVERY_BYTES:
                told = done
                progress(done, max(done, total))
        progress(self.head.size_bytes, self.head.size_bytes)

    def contradiction(self, event: e.AnyEvent, what: str) -> BadLog:
        """The error for an event of the command just read that can't follow from what was before.

        Raises:
            OSError: the file can't be read.
        """
        offset = self._began.size_bytes
        with self.path.open("rb") as file:
            file.seek(offset)
            offset += sum(map(len, islice(file, event.seq - self._began.seq - 1)))
        return BadLog(self.path, event.seq, offset, what)


def _check_place(event: e.AnyEvent, at: Head, command: list[e.AnyEvent]) -> None:
    if at.seq == 0 and not isinstance(event, e.LogStarted):
        raise BadLine("expected the first line to be log_started")
    if event.more < 0:
        raise BadLine(f'expected "more" to be 0 or above, found {event.more}')
    if command and event.more != command[-1].more - 1:
        raise BadLine(
            f'expected "more":{command[-1].more - 1} within a command, found {event.more}'
        )
