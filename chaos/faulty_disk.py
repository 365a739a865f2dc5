"""Disks that fail as configured, and one that reports the operation in which its process dies."""

# ruff: noqa: D102 - `Disk` says what each method does

import errno
import mmap
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from ledger.store.disk import Disk

Fault: TypeAlias = Literal["full", "short", "write_error", "sync_error", "read_only"]
FAULTS: tuple[Fault, ...] = get_args(Fault)
WORDS: dict[Fault, str] = {
    "full": "No space left on device",
    "short": "bytes could be written",
    "write_error": "Input/output error",
    "sync_error": "Input/output error",
    "read_only": "Read-only file system",
}
"""What the program must say about each fault."""

_ERROR_NUMBERS = {"full": errno.ENOSPC, "read_only": errno.EROFS}
_CAN_TRUNCATE = ("full", "short")
"""Faults after which a file can still be truncated."""

IDLE, WRITING, SYNCING, RENAMING, BLOCKED = range(5)
LOG_SLOT, USER_DATA_SLOT, MARKS_BYTES = 0, 1, 2


class FaultyDisk(Disk):
    """Works until its `after`th write is done, then fails for good.

    Attributes:
        fault: how it fails; None: not at all.
        fired: how often it has failed, or written less than it was given.
    """

    def __init__(self, fault: Fault | None = None, after: int = 0, part: float = 0.5) -> None:
        """Of the write that fails, this `part` reaches the file."""
        self.fault = fault
        self.after = after
        self.part = part
        self.writes = 0
        self.fired = 0

    @property
    def failing(self) -> Fault | None:
        """How it fails now."""
        return self.fault if self.writes > self.after else None

    def _error(self, fault: Fault) -> OSError:
        self.fired += 1
        number = _ERROR_NUMBERS.get(fault, errno.EIO)
        return OSError(number, os.strerror(number))

    def _fail_if(self, *faults: Fault) -> None:
        if self.failing in faults:
            raise self._error(self.failing)

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            self._fail_if("read_only")
        return super().open(path, flags, mode)

    def put(self, fd: int, data: bytes | memoryview) -> int:
        self.writes += 1
        if self.failing in {"full", "short", "write_error"}:
            written = super().put(fd, data[: int(len(data) * self.part)])
            if self.failing == "short":
                self.fired += 1
                return written
            raise self._error(self.failing)
        self._fail_if("read_only")
        return super().put(fd, data)

    def sync(self, fd: int) -> None:
        self._fail_if("sync_error")
        super().sync(fd)

    def fsync(self, fd: int) -> None:
        self._fail_if("sync_error")
        super().fsync(fd)

    def truncate(self, fd: int, size_bytes: int) -> None:
        if self.failing is not None and self.failing not in _CAN_TRUNCATE:
            raise self._error(self.failing)
        super().truncate(fd, size_bytes)

    def rename(self, source: Path, target: Path) -> None:
        self._fail_if("read_only")
        super().rename(source, target)


class MarkedDisk(FaultyDisk):
    """Marks in shared memory what it is doing; the mark outlives its process."""

    def __init__(
        self,
        marks: mmap.mmap,
        slot: int,
        fault: Fault | None = None,
        *,
        after: int = 0,
        block_at: int = 0,
        part: float = 0.5,
    ) -> None:
        """The `block_at`th write stops half-way, says so on stdout, and never returns."""
        super().__init__(fault, after, part)
        self._marks = marks
        self._slot = slot
        self._block_at = block_at

    @contextmanager
    def _doing(self, what: int) -> Iterator[None]:
        self._marks[self._slot] = what
        try:
            yield
        finally:
            self._marks[self._slot] = IDLE

    def put(self, fd: int, data: bytes | memoryview) -> int:
        with self._doing(WRITING):
            if self.writes + 1 == self._block_at:
                os.write(fd, data[: max(1, int(len(data) * self.part))])
                self._marks[self._slot] = BLOCKED
                os.write(1, b"blocked\n")
                threading.Event().wait()
            return super().put(fd, data)

    def sync(self, fd: int) -> None:
        with self._doing(SYNCING):
            super().sync(fd)

    def fsync(self, fd: int) -> None:
        with self._doing(SYNCING):
            super().fsync(fd)

    def rename(self, source: Path, target: Path) -> None:
        with self._doing(RENAMING):
            super().rename(source, target)


class UnsyncedDisk(Disk):
    """Real files without any sync, for speed where no power cut can hit."""

    def sync(self, fd: int) -> None:
        pass

    def fsync(self, fd: int) -> None:
        pass

    def sync_folder(self, folder: Path) -> None:
        pass
