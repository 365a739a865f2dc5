"""A real disk that records every operation, in order."""

# ruff: noqa: D102 - `Disk` says what each method does

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

from ledger.store.disk import Disk


class Write(NamedTuple):
    """Bytes for a file, which has a number: names come and go."""

    file: int
    offset_bytes: int
    data: bytes


class Truncate(NamedTuple):
    """A file is cut off behind its first bytes."""

    file: int
    size_bytes: int


class Sync(NamedTuple):
    """A file's bytes are on the disk."""

    file: int


class Create(NamedTuple):
    """A new, empty file."""

    name: str
    file: int


class Rename(NamedTuple):
    """A file has another name."""

    source: str
    target: str


class Remove(NamedTuple):
    """A name is gone."""

    name: str


class SyncFolder(NamedTuple):
    """The names are on the disk."""


class Acknowledged(NamedTuple):
    """Not an operation of the disk: everything up to this line was acknowledged."""

    seq: int


Operation: TypeAlias = (
    Write | Truncate | Sync | Create | Rename | Remove | SyncFolder | Acknowledged
)


class RecordingDisk(Disk):
    """The real disk, and a list of what was done, each operation noted once it was complete."""

    def __init__(self, folder: Path) -> None:
        """Records what happens in this folder."""
        self.operations: list[Operation] = []
        self.in_next_sync: Callable[[], object] | None = None
        self._folder = folder
        self._names: dict[str, int] = {}
        self._fds: dict[int, int] = {}

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        fd = super().open(path, flags, mode)
        if path.name not in self._names:
            self._names[path.name] = file = len(self.operations)
            self.operations.append(Create(path.name, file))
        elif flags & os.O_TRUNC:
            self.operations.append(Truncate(self._names[path.name], 0))
        self._fds[fd] = self._names[path.name]
        return fd

    def put(self, fd: int, data: bytes | memoryview) -> int:
        # All our files are only ever added to.
        offset_bytes = os.fstat(fd).st_size
        count = super().put(fd, data)
        self.operations.append(Write(self._fds[fd], offset_bytes, bytes(data[:count])))
        return count

    def sync(self, fd: int) -> None:
        hook, self.in_next_sync = self.in_next_sync, None
        if hook is not None:
            hook()
        super().sync(fd)
        self.operations.append(Sync(self._fds[fd]))

    def fsync(self, fd: int) -> None:
        super().fsync(fd)
        self.operations.append(Sync(self._fds[fd]))

    def truncate(self, fd: int, size_bytes: int) -> None:
        super().truncate(fd, size_bytes)
        self.operations.append(Truncate(self._fds[fd], size_bytes))

    def rename(self, source: Path, target: Path) -> None:
        super().rename(source, target)
        self._names[target.name] = self._names.pop(source.name)
        self.operations.append(Rename(source.name, target.name))

    def remove(self, path: Path) -> None:
        super().remove(path)
        if self._names.pop(path.name, None) is not None:
            self.operations.append(Remove(path.name))

    def sync_folder(self, folder: Path) -> None:
        super().sync_folder(folder)
        if folder == self._folder:
            self.operations.append(SyncFolder())
