"""Crash images: what a folder can look like after a crash, for a recorded run.

A killed process leaves all operations up to some point, and a beginning of the next write. A power
cut takes more: of what was not synced, any part may be there and any part missing, sector by
sector; missing bytes within a file read as NUL. Names that were not synced come in their order.
"""

import random
from collections.abc import Callable, Container, Iterator
from typing import NamedTuple, TypeAlias

from chaos.crash_points.recorded_disk import (
    Acknowledged,
    Create,
    Operation,
    Remove,
    Rename,
    Sync,
    SyncFolder,
    Truncate,
    Write,
)
from ledger.store.torn_write import SECTOR_BYTES

Files: TypeAlias = dict[str, bytes]

_PAGE_SECTORS = 8
_RANDOM_MASKS = 6
_SPARSE_BYTES = 64


class Image(NamedTuple):
    """A folder after a crash, and the last acknowledged line."""

    files: Files
    told_seq: int


class DiskState:
    """A disk on its way through the operations: what is certainly there, and what may be."""

    def __init__(self) -> None:
        """An empty folder."""
        self.told_seq = 0
        self._contents: dict[int, bytes] = {}
        self._names: dict[str, int] = {}
        self._pending: dict[int, list[Write | Truncate]] = {}
        self._pending_names: list[Create | Rename | Remove] = []

    def apply(self, operation: Operation) -> None:
        """Carry out an operation."""
        match operation:
            case Write() | Truncate():
                self._pending.setdefault(operation.file, []).append(operation)
            case Sync(file):
                self._contents[file] = self._with_all(file)
                self._pending.pop(file, None)
            case Create() | Rename() | Remove():
                if isinstance(operation, Create):
                    self._contents[operation.file] = b""
                self._pending_names.append(operation)
            case SyncFolder():
                self._names = self._named(len(self._pending_names))
                self._pending_names.clear()
            case Acknowledged():
                self.told_seq = max(self.told_seq, operation.seq)

    def after_kill(self, part: Write | None = None) -> Image:
        """What a killed process leaves: all it gave to the system, and a part of the next write."""
        last = {part.file: applied(self._with_all(part.file), part)} if part else {}
        return self._image(len(self._pending_names), last)

    def after_power_cut(self, dice: random.Random) -> Iterator[Image]:
        """What a power cut may leave, in many ways."""
        nothing = dict(self._contents)
        for names in range(len(self._pending_names) + 1):
            yield self._image(names, {})
            yield self._image(names, nothing)
            for file, operations in self._pending.items():
                for content in variants(self._contents[file], operations, dice):
                    yield self._image(names, {file: content})
                    yield self._image(names, nothing | {file: content})

    def _image(self, names: int, contents: dict[int, bytes]) -> Image:
        files = {
            name: contents[file] if file in contents else self._with_all(file)
            for name, file in self._named(names).items()
        }
        return Image(files, self.told_seq)

    def _with_all(self, file: int) -> bytes:
        content = self._contents[file]
        for operation in self._pending.get(file, ()):
            content = applied(content, operation)
        return content

    def _named(self, count: int) -> dict[str, int]:
        """The names after this number of pending changes."""
        names = dict(self._names)
        for operation in self._pending_names[:count]:
            match operation:
                case Create(name, file):
                    names[name] = file
                case Rename(source, target):
                    names[target] = names.pop(source)
                case Remove(name):
                    names.pop(name, None)
        return names


def applied(
    content: bytes, operation: Write | Truncate, present: Callable[[int], bool] | None = None
) -> bytes:
    """The content after this operation; of a write only the sectors that are `present`."""
    if isinstance(operation, Truncate):
        return content[: operation.size_bytes]
    begin, data = operation.offset_bytes, operation.data
    end = begin + len(data)
    result = bytearray(content.ljust(end, b"\0"))
    for sector in _sectors(operation):
        if present is None or present(sector):
            low, high = max(begin, sector * SECTOR_BYTES), min(end, (sector + 1) * SECTOR_BYTES)
            result[low:high] = data[low - begin : high - begin]
    return bytes(result)


def _sectors(write: Write) -> range:
    end = write.offset_bytes + len(write.data)
    return range(write.offset_bytes // SECTOR_BYTES, (end - 1) // SECTOR_BYTES + 1)


def variants(
    content: bytes, operations: list[Write | Truncate], dice: random.Random
) -> Iterator[bytes]:
    """A file's content with parts of these operations missing."""
    before = content
    for operation in operations:
        for base in {content, before}:
            if isinstance(operation, Truncate):
                yield applied(base, operation)
                continue
            for present in masks(_sectors(operation), dice):
                yield applied(base, operation, present.__contains__)
        before = applied(before, operation)


def masks(sectors: range, dice: random.Random) -> Iterator[set[int]]:
    """Which sectors of a write are there: none, all but one, one alone, all but a page, some."""
    every = set(sectors)
    yield set()
    for sector in sectors:
        yield every - {sector}
        yield {sector}
        yield {other for other in every if other // _PAGE_SECTORS != sector // _PAGE_SECTORS}
    for _ in range(_RANDOM_MASKS):
        yield {sector for sector in sectors if dice.random() < 1 / 2}


def after_kills(
    operations: list[Operation], sparse: Container[int] = frozenset()
) -> Iterator[Image]:
    """Every prefix of the operations, and every byte length of the write behind it.

    Of writes to `sparse` files only some lengths are tried.
    """
    disk = DiskState()
    for operation in operations:
        if isinstance(operation, Write):
            step_bytes = _SPARSE_BYTES if operation.file in sparse else 1
            for length in range(1, len(operation.data), step_bytes):
                part = operation._replace(data=operation.data[:length])
                yield disk.after_kill(part)
        disk.apply(operation)
        yield disk.after_kill()


def after_power_cuts(operations: list[Operation], dice: random.Random) -> Iterator[Image]:
    """A power cut behind every operation."""
    disk = DiskState()
    for operation in operations:
        disk.apply(operation)
        yield from disk.after_power_cut(dice)
