"""Reading a log: every line decoded, and checked against the lines before it.

The lines come from a `LogSource`, in blocks of whole commands. A block is decoded in one go; only
one that doesn't check is gone through line by line, to name the line. The whole commands before
that line are given out first.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import TypeAlias

import msgspec

from ledger import events as e
from ledger.store.base import LogSource, Place
from ledger.store.hash_chain import HashProcess
from ledger.store.record import (
    ENDING,
    ENDING_BYTES,
    BadRecord,
    Head,
    decode_record,
    head_at,
    parse_record,
)

Progress: TypeAlias = Callable[[int, int], None]
"""Called every now and then with how many bytes have been read, and how many there are."""

_PROGRESS_EVERY_BYTES = 1 << 20
WORTH_A_PROCESS_BYTES = 32 << 20
"""Below this, starting a process takes longer than the hashing."""


class BadLog(Exception):  # noqa: N818 - what is bad, not the raising, is the name
    """The log doesn't check. The text names the place and what was expected there."""

    def __init__(self, place: Place, what: str) -> None:
        super().__init__(f"{place}: {what}. Nothing was changed.")
        self.place = place
        self.what = what

    @property
    def line_number(self) -> int:
        """The line, counted from 1."""
        return self.place.line_number

    @property
    def offset_bytes(self) -> int | None:
        """Where the line begins, if it is in a file."""
        return self.place.offset_bytes


class LogReader:
    """Reads a log, whole commands at a time.

    Attributes:
        size_bytes: how many bytes of whole commands have been read.
    """

    def __init__(
        self, source: LogSource, start: Head | None = None, *, second_process: bool = False
    ) -> None:
        """Read from the beginning of the log, or behind the line `start`.

        Args:
            source: the log.
            start: a line at which a command ends.
            second_process: leave the hashes of a long log to a process of its own. Events are
                then given out before their hashes are checked; a wrong one is an error later.
        """
        self.size_bytes = 0
        self._source = source
        self._before = start or Head()
        # The events of the current block, and how many of them have been returned.
        self._events: list[e.AnyEvent] = []
        self._taken = 0
        self._second_process = second_process
        self._hashing: HashProcess | None = None
        self._hashed_bytes = 0

    @property
    def head(self) -> Head:
        """The last line of the last command that was taken."""
        return head_at(self._events[self._taken - 1]) if self._taken else self._before

    def batches(self, progress: Progress | None = None) -> Iterator[list[e.AnyEvent]]:
        """The events of many complete commands at a time, with calls of `progress` on the way.

        Called again after it came to the end, it goes on from there.

        Raises:
            BadLog: a line doesn't check.
            LookupError: the log has no line `start`.
            OSError: the log can't be read.
        """
        shown_bytes = 0
        try:
            if self._second_process:
                self._start_hashing()
            for block in self._source.read(self.head.seq):
                error = self._take(block)
                if self._events:
                    yield self._events
                if error is not None:
                    raise error
                if progress and self.size_bytes - shown_bytes >= _PROGRESS_EVERY_BYTES:
                    shown_bytes = self.size_bytes
                    progress(shown_bytes, max(shown_bytes, self._source.size_bytes))
            self._conclude()
        finally:
            self._stop_hashing()
        if progress:
            progress(self.size_bytes, self.size_bytes)

    def commands(self, progress: Progress | None = None) -> Iterator[list[e.AnyEvent]]:
        """The events of one complete command after the other; `head` follows.

        Raises:
            BadLog, LookupError, OSError: as for `batches`.
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
        """The error for an event of the last batch that can't follow from what was before."""
        return self._bad(event.seq, what)

    def _take(self, block: bytes) -> BadLog | None:
        """Check a block of complete commands, and make its events the current block.

        If a line doesn't check, the current block ends with the last whole command before it.
        """
        before = self.head
        self._before, self._events, self._taken = before, [], 0
        hashed_elsewhere = self.size_bytes + len(block) <= self._hashed_bytes
        try:
            events = e.decode.decode_lines(block)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            events = []
        if not (
            len(events) == block.count(b"\n")
            and _numbered(events, before.seq)
            and (hashed_elsewhere or _chained(block, events, before.hash))
        ):
            return self._take_good_commands(block, before)
        self._events, self._taken = events, len(events)
        self.size_bytes += len(block)
        return None

    def _take_good_commands(self, block: bytes, at: Head) -> BadLog:
        """Make the whole commands before the first bad line the current block.

        Returns:
            The error for that line.
        """
        events: list[e.AnyEvent] = []
        left = whole = read_bytes = whole_bytes = 0
        what = ""
        for line in block.split(b"\n")[:-1]:  # not splitlines: it takes other ends for ends too
            try:
                event = decode_record(line, at)
                _check_place(event, at, left)
            except BadRecord as error:
                what = str(error)
                break
            left, at = event.more, head_at(event)
            read_bytes += len(line) + 1
            events.append(event)
            if not left:
                whole, whole_bytes = len(events), read_bytes
        self._events, self._taken = events[:whole], whole
        self.size_bytes += whole_bytes
        return self._bad(at.seq + 1, what or f"expected {left} more lines of the command before")

    # The second process

    def _start_hashing(self) -> None:
        """Have the hashes of a long log checked meanwhile, as far as it goes now.

        What is written behind its end while we read is checked here.
        """
        if self._source.size_bytes < WORTH_A_PROCESS_BYTES:
            return
        lines = self._source.lines_file(self.head.seq)
        if lines is not None:
            with lines.file:
                if lines.size_bytes >= WORTH_A_PROCESS_BYTES:
                    self._hashing = HashProcess(self.head, lines)
                    self._hashed_bytes = self.size_bytes + lines.size_bytes

    def _conclude(self) -> None:
        """Raises BadLog if the other process has found a wrong hash."""
        hashing, self._hashing = self._hashing, None
        wrong = hashing.finish() if hashing else None
        if wrong is not None:
            what = f"expected the line to end with the hash {wrong.expected}"
            raise BadLog(self._source.place(wrong.seq), what)

    def _bad(self, seq: int, what: str) -> BadLog:
        """The error for a line, or for one before it that has a wrong hash."""
        try:
            self._conclude()
        except BadLog as earlier:
            if earlier.place.line_number <= seq:
                return earlier
        return BadLog(self._source.place(seq), what)

    def _stop_hashing(self) -> None:
        """End the other process, should nobody have waited for its answer."""
        hashing, self._hashing, self._hashed_bytes = self._hashing, None, 0
        if hashing is not None:
            hashing.kill()


def reader_behind(source: LogSource, seq: int) -> LogReader:
    """A reader of all behind line `seq` (0: of everything).

    Raises:
        LookupError: the log has no such line.
        BadRecord: the line can't be read.
        OSError: the log can't be read.
    """
    return LogReader(source, head_at(parse_record(source.record(seq))) if seq else None)


def _numbered(events: list[e.AnyEvent], seq: int) -> bool:
    """Whether the numbers follow without a gap, and every command is whole."""
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
    return left == 0


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
