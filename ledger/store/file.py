"""Owns the one writer of `events.jsonl`: its lock, its torn tail, and appending.

Blocking; `ledger.ledger` calls it from its writer thread.
"""

import fcntl
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from ledger import events as e
from ledger.store.disk import Disk
from ledger.store.record import Head, encode_records
from ledger.timestamps import to_text

LOG_NAME = "events.jsonl"


class LogLocked(Exception):  # noqa: N818 - says what is the matter
    """Another process writes this log."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is in use: another Viewbank works on this folder. "
            "Stop that one first, or give this one another DATA_DIR."
        )


class AppendTiming(NamedTuple):
    """How long an append took: sealing the lines and writing them, then syncing."""

    write_s: float
    sync_s: float


class LogWriter:
    """The only hand that writes the log. Holds an exclusive lock until `close`.

    Attributes:
        head: where the log stands on the disk.
        took: how long the last append took.
    """

    def __init__(self, path: Path, disk: Disk) -> None:
        """Open or create the log, and lock it.

        Raises:
            LogLocked: another process has it.
            OSError: the folder or file can't be written.
        """
        self.path = path
        self.disk = disk
        self.head = Head()
        self.took = AppendTiming(0.0, 0.0)
        disk.make_folder(path.parent)
        self._fd = disk.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            disk.sweep(path.parent)
            disk.sync_folder(path.parent)
        except OSError as error:
            os.close(self._fd)
            if isinstance(error, BlockingIOError):
                raise LogLocked(path) from None
            raise

    def append(self, events: Sequence[e.AnyEvent]) -> Head:
        """Write events behind `head` and return when they are on the disk.

        Raises:
            OSError: the disk said no. What it holds is then unknown; write no more.
        """
        began_s = perf_counter()
        data, head = encode_records(events, self.head)
        try:
            self.disk.write(self._fd, data)
            written_s = perf_counter()
            self.disk.sync(self._fd)
            synced_s = perf_counter()
            self.disk.check_place(self._fd, self.path)
        except OSError:
            self._take_back()
            raise
        self.head = head
        self.took = AppendTiming(written_s - began_s, synced_s - written_s)
        return head

    def _take_back(self) -> None:
        """Let the file end where it is certain, as nobody was told of what failed.

        After a failed sync the system may show bytes that never reached the disk. The next start
        would read them, believe them, and seal further lines onto them.
        """
        with suppress(OSError):
            self.disk.truncate(self._fd, self.head.size_bytes)

    def cut_tail(self, head: Head, at_ms: int) -> tuple[int, str] | None:
        """Cut off what lies behind the last complete command, and keep it in a file beside.

        Returns how many bytes that was and the file's name; None if there was nothing.
        """
        self.head = head
        size = os.fstat(self._fd).st_size
        length = size - head.size_bytes
        if length <= 0:
            return None
        tail = os.pread(self._fd, length, head.size_bytes)
        stamp = to_text(at_ms).replace(":", "").replace("-", "")
        kept = self.path.with_name(f"{self.path.name}.torn-{stamp}-{head.size_bytes}")
        self.disk.replace(kept, tail)
        self.disk.truncate(self._fd, head.size_bytes)
        self.disk.sync(self._fd)
        return length, kept.name

    def close(self) -> None:
        """Give up the lock."""
        os.close(self._fd)
