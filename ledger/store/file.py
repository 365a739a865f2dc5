"""The default log store: one file, `events.jsonl`, in a folder of its own."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from time import perf_counter

from ledger.clocks.timestamps import Clock, to_text, wall_clock_ms
from ledger.store.base import AppendTiming, LinesFile, LogConflict, LogLocked, Place, TornTail
from ledger.store.disk import Disk
from ledger.store.file_lines import lines_backwards
from ledger.store.file_log import FileLog
from ledger.store.reader import LogReader
from ledger.store.record import Head, head_of, parse_key
from ledger.store.torn_write import whole_end

LOG_NAME = "events.jsonl"

_CLOSED = -1


class FileLogStore:
    """A `LogStore` in a file, which is locked from `open` to `close`.

    Attributes:
        path: the file.
        torn: see `LogStore`.
        timing: see `LogStore`.
    """

    def __init__(self, path: Path, disk: Disk | None = None, clock: Clock = wall_clock_ms) -> None:
        """Nothing is opened yet.

        Args:
            path: the file; it and its folder are created where they are missing.
            disk: makes bytes durable.
            clock: stamps the name of the file that keeps a torn tail.
        """
        self.path = path
        self.torn: TornTail | None = None
        self.timing = AppendTiming()
        self._disk = disk or Disk()
        self._clock = clock
        self._fd = _CLOSED
        self._head = Head()
        self._size_bytes = 0
        self._log = FileLog(path, self._durable_end)

    def _durable_end(self) -> int | None:
        """Where the acknowledged lines end; None: another process may be writing."""
        return None if self._fd == _CLOSED else self._size_bytes

    @property
    def size_bytes(self) -> int:
        """How much of the file counts. It stays what it was when the store is closed."""
        return self._size_bytes

    def open(self) -> Head:
        """Create the file where it is missing, lock it, and find its last whole command.

        Raises:
            LogLocked: another process has it.
            BadLog: its last line can't be read, and it is no torn write.
            OSError: the folder or file can't be written.
        """
        self._disk.make_folder(self.path.parent)
        self._fd = open_locked(self.path, self._disk)
        try:
            self._disk.sweep(self.path.parent)
            self._disk.sync_folder(self.path.parent)
            self._find_end(self._clock())
        except BaseException:
            self.close()
            raise
        return self._head

    def _find_end(self, now_ms: int) -> None:
        size = os.fstat(self._fd).st_size
        self._size_bytes = whole_end(self._fd, size)
        self._head = _head_of(self.path, self._fd, self._size_bytes)
        self.torn = None
        if size > self._size_bytes:
            stamp = to_text(now_ms).replace(":", "").replace("-", "")
            kept_as = f"{self.path.name}.torn-{stamp}-{self._size_bytes}"
            self.torn = TornTail(self._size_bytes, size - self._size_bytes, kept_as)

    def append(self, lines: Sequence[bytes], expected: Head) -> Head:
        """Add lines with one write and one sync; see `LogStore`."""
        if expected != self._head:
            raise LogConflict(expected, self._head)
        head = head_of(lines[-1])
        if self.torn is not None:
            self._cut(self.torn)
            self.torn = None
        began_s = perf_counter()
        data = b"".join(lines)
        try:
            self._disk.write(self._fd, data)
            written_s = perf_counter()
            self._disk.sync(self._fd)
            synced_s = perf_counter()
            self._disk.check_place(self._fd, self.path)
        except OSError:
            self._take_back()
            raise
        self._head = head
        self._size_bytes += len(data)
        self.timing = AppendTiming(written_s - began_s, synced_s - written_s)
        return head

    def _take_back(self) -> None:
        """Let the file end with its last durable line: nobody was notified of what failed.

        After a failed sync the system may show bytes that never reached the disk. The next start
        would read them, believe them, and chain further lines to them.
        """
        with suppress(OSError):
            self._disk.truncate(self._fd, self._size_bytes)

    def _cut(self, torn: TornTail) -> None:
        """Remove the torn tail, and keep it in a file beside the log."""
        tail = os.pread(self._fd, torn.length_bytes, torn.offset_bytes)
        self._disk.replace(self.path.with_name(torn.kept_as), tail)
        self._disk.truncate(self._fd, torn.offset_bytes)
        self._disk.sync(self._fd)

    def read(self, after: int) -> Iterator[bytes]:
        """See `LogSource`."""
        return self._log.read(after)

    def record(self, seq: int) -> bytes:
        """See `LogSource`."""
        return self._log.record(seq)

    def lines_file(self, after: int) -> LinesFile | None:
        """See `LogSource`."""
        return self._log.lines_file(after)

    def place(self, line_number: int) -> Place:
        """See `LogSource`."""
        return self._log.place(line_number)

    def close(self) -> None:
        """Give up the lock."""
        self._log.close()
        if self._fd != _CLOSED:
            os.close(self._fd)
            self._fd = _CLOSED


def open_locked(path: Path, disk: Disk) -> int:
    """A file descriptor of a log that only this process may write; closing it unlocks the log.

    Raises:
        LogLocked: another process has it.
        OSError: the file can't be written.
    """
    fd = disk.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(fd)
        if isinstance(error, BlockingIOError):
            raise LogLocked(
                f"{path} is in use: another Viewbank works on this folder. "
                "Stop that one first, or give this one another DATA_DIR."
            ) from None
        raise
    return fd


def _head_of(path: Path, fd: int, end_bytes: int) -> Head:
    """The last of the whole lines before `end_bytes`.

    Raises:
        BadLog: it can't be read.
    """
    for _, line in lines_backwards(fd, end_bytes):
        key = parse_key(line)
        if key is not None:
            return key.head
        # Some line is damaged, perhaps an earlier one: reading all of it names the first.
        for _ in LogReader(FileLog(path)).batches():
            pass
        raise AssertionError("the last line can't be read, and nothing is wrong with it")
    return Head()
