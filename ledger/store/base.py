"""The ledger's view of a log store: the protocol, and the errors that every store shares.

A store keeps lines and knows nothing of events or balances. The ledger encodes the lines, chains
their hashes, and checks them when it reads them back. The bytes of a line are the same in every
store, so a log can be moved from one store to another without a change.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple, Protocol

from ledger.store.record import Head


class LogLocked(Exception):  # noqa: N818 - says what is the matter
    """Another process writes this log. The text is for the operator."""


class LogConflict(Exception):  # noqa: N818 - says what is the matter
    """The log doesn't end where the writer expects, so nothing was written.

    Somebody else has written to it. The process that gets this must stop writing.
    """

    def __init__(self, expected: Head, found: Head) -> None:
        super().__init__(
            f"expected the log to end with line {expected.seq} (hash {expected.hash}), "
            f"found line {found.seq} (hash {found.hash})"
        )
        self.expected = expected
        self.found = found


class AppendTiming(NamedTuple):
    """How long an append took: writing the lines, then making them durable."""

    write_s: float = 0.0
    sync_s: float = 0.0


class TornTail(NamedTuple):
    """What a crash left of a command that was never acknowledged, behind the last whole one.

    Attributes:
        offset_bytes: where in the store it begins.
        length_bytes: how long it is.
        kept_as: where a copy of it is kept.
    """

    offset_bytes: int
    length_bytes: int
    kept_as: str


class Place(NamedTuple):
    """Where a line stands, for a person who has to look at it.

    Attributes:
        name: of the file or table.
        line_number: counted from 1; in a good log it is the line's `seq`.
        offset_bytes: where in the file the line begins; None where there is no file.
    """

    name: str
    line_number: int
    offset_bytes: int | None = None

    def __str__(self) -> str:
        at = "" if self.offset_bytes is None else f" (at byte {self.offset_bytes})"
        return f"{self.name}, line {self.line_number}{at}"


class LinesFile(NamedTuple):
    """A file that can be read from where it stands, and how many bytes of it are lines."""

    file: BinaryIO
    size_bytes: int


class LogSource(Protocol):
    """Reads a log, also while another process appends to it. Blocking; for any thread."""

    @property
    def size_bytes(self) -> int:
        """The size of all lines together. A figure for progress bars and monitoring."""

    def read(self, after: int) -> Iterator[bytes]:
        """The lines behind line `after` (0: all), in blocks.

        A block has one or more lines with their line feeds, and ends where a command ends. What
        is behind the last whole command is left out.

        Raises:
            LookupError: there is no line `after`.
            OSError: the log can't be read.
        """

    def record(self, seq: int) -> bytes:
        """The line with this number, without its line feed.

        Raises:
            LookupError: there is no such line.
            OSError: the log can't be read.
        """

    def lines_file(self, after: int) -> LinesFile | None:
        """The whole commands behind line `after` as a file, for another process to read.

        None where the log is not in a file. The caller closes it.

        Raises:
            LookupError, OSError: as for `read`.
        """

    def place(self, line_number: int) -> Place:
        """Where this line stands, for an error message."""


class LogStore(LogSource, Protocol):
    """A log that one process writes. Blocking; the ledger calls it from its writer thread.

    `read` and `record` may be called from other threads meanwhile. They give what `append` has
    acknowledged, and nothing else.
    """

    @property
    def torn(self) -> TornTail | None:
        """What `open` found behind the last whole command, if anything.

        It doesn't count any more. The first append removes it for good; until then the store is
        as the crash left it, so that a log which the ledger refuses to use stays untouched.
        """

    @property
    def timing(self) -> AppendTiming:
        """How long the last append took."""

    def open(self) -> Head:
        """Become the only writer, and say where the log ends.

        Raises:
            LogLocked: another process writes it.
            BadLog: its end can't be read.
            OSError: the store can't be used.
        """

    def append(self, lines: Sequence[bytes], expected: Head) -> Head:
        """Add lines behind `expected`, all or none, and return when they are durable.

        After any error the caller must not append again: only `close` and another `open` tell
        what the log ends with.

        Args:
            lines: whole commands, each line with its line feed.
            expected: where the caller believes the log ends.

        Returns:
            Where it ends now.

        Raises:
            LogConflict: it ends somewhere else; nothing was written.
            OSError: the lines are not durable, or it is unknown whether they are.
        """

    def close(self) -> None:
        """Let another process write."""
