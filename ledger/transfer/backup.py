"""Owns the back-up: a copy of the log beside a running bot, up to its last complete command.

The log only ever grows, so a back-up does too: what the copy has already is checked against its
own hashes, must be the beginning of this log, and is left as it is; the rest is added and synced.
A back-up that died half-way has left a beginning of the log, and the next one goes on from there.
A copy that is not the beginning of this log is never touched: it may be all that is left of
another one.
"""

import fcntl
import os
from pathlib import Path
from typing import NamedTuple

from ledger.store.disk import Disk
from ledger.store.file import LOG_NAME, LogLocked
from ledger.store.profiles import PROFILES_NAME
from ledger.store.reader import BadLog, LogReader, Progress
from ledger.store.record import Head
from ledger.store.snapshot import stands_in

_PIECE_BYTES = 1 << 20


class BackupRefused(Exception):  # noqa: N818 - says what is the matter
    """The copy can't be made there; nothing was changed. The text is a sentence."""


class Backup(NamedTuple):
    """What was copied: where the copy stood before and stands now, and people's names."""

    before: Head
    head: Head
    profiles_bytes: int


def back_up(
    folder: Path, target: Path, disk: Disk | None = None, progress: Progress | None = None
) -> Backup:
    """Bring the copy in `target` up to the last complete command. Blocking.

    Raises:
        BackupRefused: what is there is not a beginning of this log.
        BadLog: this log, or the copy, doesn't check.
        LogLocked: a bot or another back-up writes there.
        OSError: a file can't be read or written.
    """
    disk = disk or Disk()
    source, copy = folder / LOG_NAME, target / LOG_NAME
    if folder.resolve() == target.resolve():
        raise BackupRefused(f"{target} is the folder of the log itself; give another one")
    if not source.exists():
        raise BackupRefused(f"{source} is not there, so there is nothing to copy")
    disk.make_folder(target)
    fd = disk.open(copy, os.O_RDWR | os.O_CREAT | os.O_APPEND)
    try:
        _lock(fd, copy)
        before = _head_of(copy, progress)
        _require_beginning(source, copy, before)
        head = _copy_rest(source, before, fd, disk, progress)
        disk.sync_folder(target)
        _check_copy(copy, before, head)
    finally:
        os.close(fd)
    return Backup(before, head, _copy_profiles(folder, target, disk))


def _lock(fd: int, copy: Path) -> None:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise LogLocked(copy) from None


def _head_of(copy: Path, progress: Progress | None = None, start: Head | None = None) -> Head:
    """Where a log stands, with every line up to there checked."""
    reader = LogReader(copy, start)
    for _ in reader.batches(progress):
        pass
    return reader.head


def _require_beginning(source: Path, copy: Path, before: Head) -> None:
    """Make sure that what the copy has, all of it, is the beginning of this log."""
    tail_bytes = copy.stat().st_size - before.size_bytes
    if before.seq and not stands_in(source, before):
        raise BackupRefused(
            f"{copy} has line {before.seq:,} of {before.at} with the hash {before.hash}, and "
            f"{source} has not: it is of another log, or {source} has lost or changed lines. "
            "Nothing was changed; look into it, or give another folder"
        )
    with copy.open("rb") as copied, source.open("rb") as original:
        copied.seek(before.size_bytes)
        original.seek(before.size_bytes)
        while tail_bytes > 0:
            piece = copied.read(min(tail_bytes, _PIECE_BYTES))
            if not piece or piece != original.read(len(piece)):
                raise BackupRefused(
                    f"{copy} has bytes behind line {before.seq:,} that {source} has not: they are "
                    "not of a back-up of this log. Nothing was changed; give another folder"
                )
            tail_bytes -= len(piece)


def _copy_rest(source: Path, before: Head, fd: int, disk: Disk, progress: Progress | None) -> Head:
    """Add to the copy what it lacks, synced."""
    head = _head_of(source, progress, before)
    if not head.seq:
        raise BackupRefused(f"{source} has no complete line yet, so there is nothing to copy")
    with source.open("rb") as file:
        # The log goes first: a copy must never have lines that a power cut takes from the log.
        disk.sync(file.fileno())
        disk.truncate(fd, before.size_bytes)
        file.seek(before.size_bytes)
        left_bytes = head.size_bytes - before.size_bytes
        while left_bytes:
            piece = file.read(min(left_bytes, _PIECE_BYTES))
            if not piece:
                raise BackupRefused(f"{source} became shorter while it was copied")
            disk.write(fd, piece)
            left_bytes -= len(piece)
    disk.fsync(fd)
    return head


def _check_copy(copy: Path, before: Head, head: Head) -> None:
    """Read back what was added."""
    found = _head_of(copy, start=before)
    if found != head:
        raise BadLog(
            copy,
            found.seq + 1,
            found.size_bytes,
            f"expected the copy to end with line {head.seq}, hash {head.hash}",
        )


def _copy_profiles(folder: Path, target: Path, disk: Disk) -> int:
    """People's names, whole lines only; how many bytes."""
    try:
        data = (folder / PROFILES_NAME).read_bytes()
    except FileNotFoundError:
        return 0
    data = data[: data.rfind(b"\n") + 1]
    disk.replace(target / PROFILES_NAME, data)
    return len(data)
