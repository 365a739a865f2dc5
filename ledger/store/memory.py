"""A log store in memory, for tests and dry runs: it lasts as long as the object does."""

from collections.abc import Iterator, Sequence

from ledger.store.base import AppendTiming, LinesFile, LogConflict, LogLocked, Place, TornTail
from ledger.store.record import Head, head_of


class MemoryLogStore:
    """A `LogStore` that keeps its lines in a list. They stay when it is closed.

    Attributes:
        torn: always None.
        timing: always zero.
    """

    def __init__(self) -> None:
        """An empty log."""
        self.torn: TornTail | None = None
        self.timing = AppendTiming()
        self._lines: list[bytes] = []
        self._open = False

    @property
    def size_bytes(self) -> int:
        """The size of all lines together."""
        return sum(map(len, self._lines))

    def open(self) -> Head:
        """Refuse every other `open` until it is closed.

        Raises:
            LogLocked: it is open already.
        """
        if self._open:
            raise LogLocked("the log in memory is in use")
        self._open = True
        return self._head()

    def append(self, lines: Sequence[bytes], expected: Head) -> Head:
        """See `LogStore`."""
        found = self._head()
        if expected != found:
            raise LogConflict(expected, found)
        added = list(lines)
        head = head_of(added[-1])
        self._lines += added
        return head

    def read(self, after: int) -> Iterator[bytes]:
        """See `LogSource`."""
        if not 0 <= after <= len(self._lines):
            raise LookupError(f"the log has no line {after}")
        block = b"".join(self._lines[after:])
        if block:
            yield block

    def record(self, seq: int) -> bytes:
        """See `LogSource`."""
        if not 1 <= seq <= len(self._lines):
            raise LookupError(f"the log has no line {seq}")
        return self._lines[seq - 1].removesuffix(b"\n")

    def lines_file(self, after: int) -> LinesFile | None:
        """There is no file."""
        del after

    def place(self, line_number: int) -> Place:
        """See `LogSource`."""
        return Place("the log in memory", line_number)

    def close(self) -> None:
        """Allow the next `open`."""
        self._open = False

    def _head(self) -> Head:
        return head_of(self._lines[-1]) if self._lines else Head()
