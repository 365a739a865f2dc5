"""Reading a log file, also while another process writes it.

A reader takes no lock. It stops at the last whole command that is there when it begins.
"""

import fcntl
import io
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from ledger.store.backwards import FileShrank, Line
from ledger.store.base import LinesFile, Place
from ledger.store.lookup import find_line
from ledger.store.record import parse_key
from ledger.store.torn_write import whole_end

_BLOCK_BYTES = 1 << 16
_COUNTED_BYTES = 1 << 20


class FileLog:
    """The reading side of a log file: a `LogSource`.

    Attributes:
        path: the file. It need not be there before something is read.
        torn_bytes: what the last `read` found behind the last whole command: a crash left it, or
            a command was being written right then.
    """

    def __init__(self, path: Path, end_bytes: Callable[[], int | None] = lambda: None) -> None:
        """Nothing is opened yet.

        Args:
            path: the file.
            end_bytes: where the lines end that count, for the process that writes the file. If
                it gives None, that is found in the file.
        """
        self.path = path
        self.torn_bytes = 0
        self._end_bytes = end_bytes
        self._found_end_bytes = 0
        # For `record`; `read` opens the file anew, so that each reader has its own place in it.
        self._file: io.FileIO | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        """Use it in a `with` block, which closes it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close what `record` has opened, if anything."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    @property
    def size_bytes(self) -> int:
        """The size of the file."""
        return self.path.stat().st_size

    def read(self, after: int) -> Iterator[bytes]:
        """The whole commands behind line `after`; see `LogSource`."""
        with self.path.open("rb", buffering=0) as file:
            end, self.torn_bytes = self._end(file.fileno())
            yield from _blocks(file, _end_of(file.fileno(), end, after), end)

    def lines_file(self, after: int) -> LinesFile | None:
        """The file, at the line behind line `after`; see `LogSource`."""
        file = self.path.open("rb", buffering=0)
        try:
            end, _ = self._end(file.fileno())
            begin = _end_of(file.fileno(), end, after)
            file.seek(begin)
        except BaseException:
            file.close()
            raise
        return LinesFile(file, end - begin)

    def record(self, seq: int) -> bytes:
        """The line with this number; see `LogSource`."""
        return self._find(seq).content

    def end_of(self, seq: int) -> int:
        """Where the line with this number ends; 0 for the one before the first.

        Raises:
            LookupError: there is no such line.
            OSError: the file can't be read.
        """
        with self.path.open("rb", buffering=0) as file:
            return _end_of(file.fileno(), self._end(file.fileno())[0], seq)

    def place(self, line_number: int) -> Place:
        """Where a line begins; found by counting, as the lines may be anything."""
        offset, left = 0, line_number - 1
        with self.path.open("rb") as file:
            while left > 0 and (block := file.read(_COUNTED_BYTES)):
                count = block.count(b"\n")
                if count < left:
                    left -= count
                    offset += len(block)
                    continue
                end = 0
                for _ in range(left):
                    end = block.index(b"\n", end) + 1
                offset, left = offset + end, 0
        return Place(str(self.path), line_number, offset)

    @contextmanager
    def without_writer(self) -> Iterator[bool]:
        """Keep writers away during the `with` block; false if there is one already."""
        with self.path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def _find(self, seq: int) -> Line:
        with self._lock:
            if self._file is None:
                self._file = self.path.open("rb", buffering=0)
            fd = self._file.fileno()
            known = self._end_bytes()
            if known is not None:
                return find_line(fd, known, seq)
            try:
                return find_line(fd, self._found_end_bytes, seq)
            except LookupError:
                self._found_end_bytes, _ = self._end(fd)
                return find_line(fd, self._found_end_bytes, seq)

    def _end(self, fd: int) -> tuple[int, int]:
        """Where the last whole command ends now, and how many bytes are behind it."""
        known = self._end_bytes()
        if known is not None:
            return known, 0
        while True:
            size = os.fstat(fd).st_size
            with suppress(FileShrank):
                end = whole_end(fd, size)
                return end, size - end


def _end_of(fd: int, end_bytes: int, seq: int) -> int:
    """Where line `seq` ends, which is among the whole lines before `end_bytes`."""
    if seq == 0:
        return 0
    line = find_line(fd, end_bytes, seq)
    return line.offset_bytes + len(line.content) + 1


def _blocks(file: io.FileIO, begin: int, end: int) -> Iterator[bytes]:
    """What is between two ends of commands, in blocks that end where a command ends."""
    file.seek(begin)
    left, rest = end - begin, b""
    while left > 0:
        # Growing with what is unfinished, else a long line would be gone through often.
        more = file.read(min(left, max(_BLOCK_BYTES, len(rest))))
        if not more:
            return  # The writer took back a failed append.
        left -= len(more)
        rest += more
        size = _commands_end(rest) if left else len(rest)
        if size:
            yield rest[:size]
            rest = rest[size:]


def _commands_end(block: bytes) -> int:
    """Where the last whole command in a block ends. A line that can't be read ends one."""
    end = block.rfind(b"\n") + 1
    while end > 0:
        begin = block.rfind(b"\n", 0, end - 1) + 1
        key = parse_key(block[begin : end - 1])
        if key is None or key.more <= 0:
            return end
        end = begin
    return 0
