"""Back-ups: copying the log file while the bot runs, up to its last complete command.

The log is append-only, and so is a back-up. The existing copy is checked against its own hashes
and must be a prefix of this log; the rest is appended and synced. A back-up that was killed leaves
a prefix of the log, and the next one continues there. A copy that is not a prefix of this log is
never changed: it may be the only copy of another log.
"""

import os
from pathlib import Path
from typing import NamedTuple

from ledger.store.base import Place
from ledger.store.disk import Disk
from ledger.store.file import LOG_NAME, open_locked
from ledger.store.file_log import FileLog
from ledger.store.profiles import PROFILES_NAME
from ledger.store.reader import BadLog, LogReader, Progress
from ledger.store.record import Head
from ledger.store.user_data import is_in

_PIECE_BYTES = 1 << 20
_FIRST_LINE_BYTES_MAX = 1 << 16
_OF_A_BACKUP = {LOG_NAME, PROFILES_NAME}
_NOT_FILES = {"lost+found"}
"""What an empty disk has."""


class BackupRefused(Exception):  # noqa: N818 - says what happened
    """The copy can't be made there; nothing was changed. The text is a sentence."""


class Backup(NamedTuple):
    """What was copied: the ends of the copy before and after, and the size of the profiles."""

    before: Head
    head: Head
    profiles_bytes: int


class _End(NamedTuple):
    """The last complete command of a file: its last line, and where that ends."""

    head: Head
    size_bytes: int


def back_up(
    folder: Path, target: Path, disk: Disk | None = None, progress: Progress | None = None
) -> Backup:
    """Bring the copy in `target` up to the last complete command. Blocking.

    Raises:
        BackupRefused: the existing copy is not a prefix of this log.
        BadLog: this log, or the copy, is corrupt.
        LogLocked: a bot or another back-up writes there.
        OSError: a file can't be read or written.
    """
    disk = disk or Disk()
    source, copy = folder / LOG_NAME, target / LOG_NAME
    if folder.resolve() == target.resolve():
        raise BackupRefused(f"{target} is the folder of the log itself; give another one")
    if not source.exists():
        raise BackupRefused(f"{source} is not there, so there is nothing to copy")
    _require_backup_folder(source, target)
    disk.make_folder(target)
    fd = open_locked(copy, disk)
    try:
        before = _end_of(copy, _End(Head(), 0), progress)
        _require_beginning(source, copy, before)
        end = _copy_rest(source, before, fd, disk, progress)
        disk.sync_folder(target)
        _check_copy(copy, before, end)
    finally:
        os.close(fd)
    return Backup(before.head, end.head, _copy_profiles(folder, target, disk))


def _require_backup_folder(source: Path, target: Path) -> None:
    """Check that the folder is new, empty, or has an earlier back-up of this log.

    Only the first line is compared here: it is enough to know a log by.
    """
    copy = target / LOG_NAME
    if not target.exists() or not (names := {one.name for one in target.iterdir()} - _NOT_FILES):
        return
    if LOG_NAME not in names:
        raise BackupRefused(
            f"{target} has other files, and no back-up of this log. Nothing was written there; "
            "give a new or empty folder, or one with an earlier back-up"
        )
    first = _first_line(copy)
    if first and first != _first_line(source):
        raise BackupRefused(
            f"{copy} is of another log: its first line is not that of {source}. Nothing was "
            "changed; give another folder"
        )
    if not first and names - _OF_A_BACKUP:
        raise BackupRefused(
            f"{copy} is empty, and {target} has other files. Nothing was changed; give a new or "
            "empty folder"
        )


def _first_line(path: Path) -> bytes:
    """The first line of a log with its line feed; empty if it has no whole one."""
    with path.open("rb") as file:
        line = file.readline(_FIRST_LINE_BYTES_MAX)
    return line if line.endswith(b"\n") else b""


def _end_of(path: Path, start: _End, progress: Progress | None = None) -> _End:
    """Check every line of a log after `start`; return where it ends."""
    reader = LogReader(FileLog(path), start.head)

    def shifted(done_bytes: int, total_bytes: int) -> None:
        if progress is not None:
            progress(start.size_bytes + done_bytes, max(start.size_bytes + done_bytes, total_bytes))

    for _ in reader.batches(shifted):
        pass
    return _End(reader.head, start.size_bytes + reader.size_bytes)


def _require_beginning(source: Path, copy: Path, before: _End) -> None:
    """Check that the copy is a prefix of this log."""
    head, tail_bytes = before.head, copy.stat().st_size - before.size_bytes
    if head.seq and not _ends_there(source, before):
        raise BackupRefused(
            f"{copy} has line {head.seq:,} of {head.at} with the hash {head.hash}, and "
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
                    f"{copy} has bytes behind line {head.seq:,} that {source} has not: they are "
                    "not of a back-up of this log. Nothing was changed; give another folder"
                )
            tail_bytes -= len(piece)


def _ends_there(source: Path, end: _End) -> bool:
    """Whether the same command ends at the same place in this log."""
    with FileLog(source) as log:
        try:
            return log.end_of(end.head.seq) == end.size_bytes and is_in(log, end.head)
        except LookupError:
            return False


def _copy_rest(source: Path, before: _End, fd: int, disk: Disk, progress: Progress | None) -> _End:
    """Append what the copy lacks, and sync it."""
    end = _end_of(source, before, progress)
    if not end.head.seq:
        raise BackupRefused(f"{source} has no complete line yet, so there is nothing to copy")
    with source.open("rb") as file:
        # The log is synced first: the copy must not have lines that the log loses at a power cut.
        disk.sync(file.fileno())
        disk.truncate(fd, before.size_bytes)
        file.seek(before.size_bytes)
        left_bytes = end.size_bytes - before.size_bytes
        while left_bytes:
            piece = file.read(min(left_bytes, _PIECE_BYTES))
            if not piece:
                raise BackupRefused(f"{source} became shorter while it was copied")
            disk.write(fd, piece)
            left_bytes -= len(piece)
    disk.fsync(fd)
    return end


def _check_copy(copy: Path, before: _End, expected: _End) -> None:
    """Read back and check what was appended."""
    found = _end_of(copy, before)
    if found != expected:
        place = Place(str(copy), found.head.seq + 1, found.size_bytes)
        head = expected.head
        raise BadLog(place, f"expected the copy to end with line {head.seq}, hash {head.hash}")


def _copy_profiles(folder: Path, target: Path, disk: Disk) -> int:
    """Copy the complete lines of the profiles; return how many bytes."""
    try:
        data = (folder / PROFILES_NAME).read_bytes()
    except FileNotFoundError:
        return 0
    data = data[: data.rfind(b"\n") + 1]
    disk.replace(target / PROFILES_NAME, data)
    return len(data)
