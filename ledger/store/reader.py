"""Owns reading the log from the start or from a known place, checked line by line.

A reader may work while the program runs: it stops at the last complete command, and says what
lies behind it. What doesn't check stops it with the place.
"""

import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import msgspec

from ledger import events as e
from ledger.store.record import ENDING, ENDING_BYTES, BadRecord, Head, decode_record
from ledger.store.torn_write import is_torn

Progress: TypeAlias = Callable[[int, int], None]
"""Told every now and then how many bytes of the log have been read, and how many there are."""

_TELL_EVERY_BYTES = 1 << 20
_BLOCK_BYTES = 1 << 16


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
    """Reads a log, whole commands at a time.

    After the events have been taken, `head` is where the last complete command ended, and
    `torn_bytes` is how much of an unfinished one lies behind it: a crash left it there, or the
    writer is writing it right now.

    It works on blocks of whole commands: a block is decoded in one go, and only one that doesn't
    check is gone through line by line, to name the line.
    """

    def __init__(self, path: Path, start: Head | None = None, *, sealed_bytes: int = 0) -> None:
        """Read `path`, from its beginning or from behind `start`.

        The hashes of the file's first `sealed_bytes` are left to somebody else
        (`ledger.store.hash_chain`).
        """
        self.path = path
        self.torn_bytes = 0
        self._start = start or Head()
        self._sealed_bytes = sealed_bytes
        # The block in hand: its bytes, its events, where it begins, how many were taken from it.
        self._block = b""
        self._events: list[e.AnyEvent] = []
        self._before = self._start
        self._taken = 0

    @property
    def head(self) -> Head:
        """Where the last command that was taken ended."""
        return self.head_behind(self._events[self._taken - 1]) if self._taken else self._before

    def head_behind(self, event: e.AnyEvent) -> Head:
        """Where an event of the block in hand ended."""
        line = event.seq - self._before.seq
        size = self._before.size_bytes + self._offset_of(line)
        return Head(event.seq, event.hash, size, event.at)

    def _offset_of(self, line: int) -> int:
        """Where in the block in hand this line begins (counted from 0)."""
        offset = 0
        for _ in range(line):
            offset = self._block.index(b"\n", offset) + 1
        return offset

    def batches(self, progress: Progress | None = None) -> Iterator[list[e.AnyEvent]]:
        """The events of many complete commands at a time, telling `progress` on the way.

        Raises:
            BadLog: a line doesn't check.
            OSError: the file can't be read.
        """
        with self.path.open("rb") as file:
            file.seek(self.head.size_bytes)
            rest, told_bytes = b"", 0
            while True:
                # Growing with what is unfinished, else a long line would be gone through often.
                more = file.read(max(_BLOCK_BYTES, len(rest)))
                rest += more
                try:
                    self._take_block(rest)
                except BadLog as bad:
                    if not is_torn(self.path, bad.offset_bytes):
                        raise
                    self._take_block(rest[: bad.offset_bytes - self.head.size_bytes])
                    file.seek(0, os.SEEK_END)
                    more = b""
                if self._events:
                    yield self._events
                rest = rest[len(self._block) :]
                if not more:
                    break
                done_bytes = file.tell()
                if progress and done_bytes - told_bytes >= _TELL_EVERY_BYTES:
                    told_bytes = done_bytes
                    progress(done_bytes, max(done_bytes, self.path.stat().st_size))
            self.torn_bytes = file.tell() - self.head.size_bytes
        if progress:
            progress(self.head.size_bytes, self.head.size_bytes)

    def _take_block(self, data: bytes) -> None:
        """Make the complete commands at the beginning of `data` the block in hand."""
        before, self._block, self._events, self._taken = self.head, b"", [], 0
        self._before = before
        lines_end = data.rfind(b"\n") + 1
        block = data[:lines_end]
        try:
            events = e.decode.decode_lines(block)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            events = []
        if not (
            len(events) == block.count(b"\n")
            and _numbered(events, before.seq)
            and (
                before.size_bytes + len(block) <= self._sealed_bytes
                or _chained(block, events, before.hash)
            )
        ):
            self._name_the_bad_line(block, before)
        unfinished = 0
        while unfinished < len(events) and events[-1 - unfinished].more:
            unfinished += 1
        for _ in range(unfinished):
            lines_end = block.rfind(b"\n", 0, lines_end - 1) + 1
        self._block = block[:lines_end]
        self._events = events[: len(events) - unfinished]
        self._taken = len(self._events)

    def _name_the_bad_line(self, block: bytes, at: Head) -> None:
        """Raises BadLog for the first line of the block that doesn't check."""
        left = 0
        for line in block.split(b"\n")[:-1]:  # not splitlines: it takes other ends for ends too
            try:
                event = decode_record(line, at)
                _check_place(event, at, left)
            except BadRecord as error:
                raise BadLog(self.path, at.seq + 1, at.size_bytes, str(error)) from None
            left = event.more
            at = Head(event.seq, event.hash, at.size_bytes + len(line) + 1, event.at)
        raise AssertionError("a block was refused that has no bad line")

    def commands(self, progress: Progress | None = None) -> Iterator[list[e.AnyEvent]]:
        """The events of one complete command after the other; `head` is behind it.

        Raises:
            BadLog: a line doesn't check.
            OSError: the file can't be read.
        """
        for events in self.batches(progress):
            begin = 0
            for end, event in enumerate(events, 1):
                if event.more == 0:
                    self._taken = end
                    yield events[begin:end]
                    begin = end

    def events(self) -> Iterator[e.AnyEvent]:
        """The events of all complete commands."""
        for events in self.batches():
            yield from events

    def contradiction(self, event: e.AnyEvent, what: str) -> BadLog:
        """The error for an event of the block in hand that can't follow from what was before."""
        offset = self._offset_of(event.seq - self._before.seq - 1)
        return BadLog(self.path, event.seq, self._before.size_bytes + offset, what)


def _numbered(events: list[e.AnyEvent], seq: int) -> bool:
    """Whether the numbers follow without a gap, and every command is whole or the last."""
    if events and seq == 0:
        first = events[0]
        if not isinstance(first, e.LogStarted) or first.format > e.LOG_FORMAT:
            return False
    left = 0
    for event in events:
        seq += 1
        more = event.more
        if event.seq != seq or more < 0 or (left and more != left - 1):
            return False
        left = more
    return True


def _chained(block: bytes, events: list[e.AnyEvent], previous: str) -> bool:
    """Whether every line carries its hash in its place, and the right one."""
    begin = 0
    for event in events:
        end = block.index(b"\n", begin)
        body, ending = block[begin : end - ENDING_BYTES], block[end - ENDING_BYTES : end]
        digest = sha256(previous.encode() + body).hexdigest()
        if ending != ENDING % digest.encode() or digest != event.hash:
            return False
        previous, begin = digest, end + 1
    return True


def _check_place(event: e.AnyEvent, at: Head, left: int) -> None:
    if at.seq == 0 and not isinstance(event, e.LogStarted):
        raise BadRecord("expected the first line to be log_started")
    if event.more < 0:
        raise BadRecord(f'expected "more" to be 0 or above, found {event.more}')
    if left and event.more != left - 1:
        raise BadRecord(f'expected "more":{left - 1} within a command, found {event.more}')
