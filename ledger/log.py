"""Owns the one writer of `events.jsonl`: its lock, its torn tail, and appending.

Blocking; `ledger.book` calls it from its writer thread.
"""

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

from ledger import events as e
from ledger.disk import Disk
from ledger.lines import Head, seal_all
from ledger.moments import to_text

LOG_NAME = "events.jsonl"


class LogLocked(Exception):  # noqa: N818 - says what is the matter
    """Another process writes this log."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is in use: another Viewbank works on this folder. "
            "Stop that one first, or give this one another DATA_DIR."
        )


class LogWriter:
    """The only hand that writes the log. Holds an exclusive lock until `close`."""

    def __init__(self, path: Path, disk: Disk) -> None:
        """Open or create the log, and lock it.

        Raises:
            LogLocked: another process has it.
            OSError: the folder or file can't be written.
        """
        self.path = path
        self.disk = disk
        self.head = Head()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._fd)
            if isinstance(error, BlockingIOError):
                raise LogLocked(path) from None
            raise
        disk.sync_folder(path.parent)

    def append(self, events: Sequence[e.AnyEvent]) -> Head:
        """Write events behind `head` and return when they are on the disk.

        Raises:
            OSError: the disk said no. What it holds is then unknown; write no more.
        """
        data, head = seal_all(events, self.head)
        self.disk.write(self._fd, data)
        self.disk.sync(self._fd)
        self.head = head
        return head

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
        os.ftruncate(self._fd, head.size_bytes)
        self.disk.sync(self._fd)
        return length, kept.name

    def close(self) -> None:
        """Give up the lock."""
        os.close(self._fd)
