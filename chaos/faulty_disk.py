"""Owns the bad disks: one that fails as told, and one that says what it is doing as it dies."""

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
"""What a person must be told of each fault."""

_NUMBERS = {"full": errno.ENOSPC, "read_only": errno.EROFS}
_STAYS_WELL = ("full", "short")
"""Faults after which a file can still be cut shorter."""

IDLE, WRITING, SYNCING, MOVING, HELD = range(5)
LOG_SLOT, USER_DATA_SLOT, MARKS_BYTES = 0, 1, 2


class FaultyDisk(Disk):
    """Well until its `after`th write is done, then bad for good.

    Attributes:
        fired: how often it has said no, or taken less than it was given.
    """

    def __init__(self, fault: Fault | None = None, after: int = 0, part: float = 0.5) -> None:
        """`part` is how much of the write in which the fault shows reaches the file."""
        self.fault = fault
        self.after = after
        self.part = part
        self.writes = 0
        self.fired = 0

    @property
    def bad(self) -> Fault | None:
        """What is the matter now."""
        return self.fault if self.writes > self.after else None

    def _no(self, fault: Fault) -> OSError:
        self.fired += 1
        number = _NUMBERS.get(fault, errno.EIO)
        return OSError(number, os.strerror(number))

    def _refuse(self, *faults: Fault) -> None:
        if self.bad in faults:
            raise self._no(self.bad)

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            self._refuse("read_only")
        return super().open(path, flags, mode)

    def put(self, fd: int, data: bytes | memoryview) -> int:
        self.writes += 1
        if self.bad in {"full", "short", "write_error"}:
            some = super().put(fd, data[: int(len(data) * self.part)])
            if self.bad == "short":
                self.fired += 1
                return some
            raise self._no(self.bad)
        self._refuse("read_only")
        return super().put(fd, data)

    def sync(self, fd: int) -> None:
        self._refuse("sync_error")
        super().sync(fd)

    def fsync(self, fd: int) -> None:
        self._refuse("sync_error")
        super().fsync(fd)

    def truncate(self, fd: int, size_bytes: int) -> None:
        if self.bad is not None and self.bad not in _STAYS_WELL:
            raise self._no(self.bad)
        super().truncate(fd, size_bytes)

    def rename(self, source: Path, target: Path) -> None:
        self._refuse("read_only")
        super().rename(source, target)


class MarkedDisk(FaultyDisk):
    """Keeps a byte of shared memory true to what it is doing; that byte outlives the process."""

    def __init__(
        self,
        marks: mmap.mmap,
        slot: int,
        fault: Fault | None = None,
        *,
        after: int = 0,
        hold_at: int = 0,
        part: float = 0.5,
    ) -> None:
        """The `hold_at`th write stops half-way, says so on stdout, and never ends."""
        super().__init__(fault, after, part)
        self._marks = marks
        self._slot = slot
        self._hold_at = hold_at

    @contextmanager
    def _doing(self, what: int) -> Iterator[None]:
        self._marks[self._slot] = what
        try:
            yield
        finally:
            self._marks[self._slot] = IDLE

    def put(self, fd: int, data: bytes | memoryview) -> int:
        with self._doing(WRITING):
            if self.writes + 1 == self._hold_at:
                os.write(fd, data[: max(1, int(len(data) * self.part))])
                self._marks[self._slot] = HELD
                os.write(1, b"held\n")
                threading.Event().wait()
            return super().put(fd, data)

    def sync(self, fd: int) -> None:
        with self._doing(SYNCING):
            super().sync(fd)

    def fsync(self, fd: int) -> None:
        with self._doing(SYNCING):
            super().fsync(fd)

    def rename(self, source: Path, target: Path) -> None:
        with self._doing(MOVING):
            super().rename(source, target)


class UnsyncedDisk(Disk):
    """Real files without any sync: for tests that no power cut can hit, and that want speed."""

    def sync(self, fd: int) -> None:
        pass

    def fsync(self, fd: int) -> None:
        pass

    def sync_folder(self, folder: Path) -> None:
        pass
