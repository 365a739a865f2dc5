"""Owns the calls that make bytes last: all that the log and `user_data.json` ask of a disk.

Every opening, write, sync, truncation, rename and removal goes through here, so a test passes
another `Disk` to make them fail, to record them, or to be killed in their midst.
"""

import errno
import os
import re
from pathlib import Path

_DRAFT_PIECE_BYTES = 64 << 20
_DRAFT_NAME = re.compile(r"\..+\.\d+\.tmp")


class Disk:
    """The real disk. Every method raises OSError when the disk says no."""

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        """A file descriptor, which the caller closes."""
        return os.open(path, flags | os.O_CLOEXEC, mode)

    def write(self, fd: int, data: bytes | memoryview) -> None:
        """Write all of `data` in one call.

        A short write is a failure, not half a success: there is never more than one write
        between two syncs, so what a crash leaves is always a beginning of that write.
        """
        written = self.put(fd, data)
        if written != len(data):
            raise OSError(
                f"only {written} of {len(data)} bytes could be written, as on a full disk"
            )

    def put(self, fd: int, data: bytes | memoryview) -> int:
        """One call to the system; how many bytes it took."""
        return os.write(fd, data)

    def sync(self, fd: int) -> None:
        """Return when what was written is on the disk."""
        # macOS has no fdatasync.
        getattr(os, "fdatasync", os.fsync)(fd)

    def fsync(self, fd: int) -> None:
        """As `sync`, with all that is known about the file: for a new one."""
        os.fsync(fd)

    def truncate(self, fd: int, size_bytes: int) -> None:
        """Cut the file off behind its first `size_bytes`."""
        os.ftruncate(fd, size_bytes)

    def rename(self, source: Path, target: Path) -> None:
        """Give `source` the name `target`, in place of what had it."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        """Take a file away, if it is there."""
        path.unlink(missing_ok=True)

    def sync_folder(self, folder: Path) -> None:
        """Return when the folder's entries (new names, renames) are on the disk."""
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def make_folder(self, folder: Path) -> None:
        """Make a folder and those above it, where they are missing, to last."""
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
            self.sync_folder(path.parent)

    def check_place(self, fd: int, path: Path) -> None:
        """Make sure that the open file is still the one at `path`.

        A file that was deleted takes writes and syncs as if nothing were the matter.
        """
        try:
            there = os.path.samestat(os.fstat(fd), path.stat())
        except FileNotFoundError:
            there = False
        if not there:
            raise OSError(errno.ENOENT, "deleted, moved or replaced while in use", str(path))

    def replace(self, path: Path, data: bytes) -> None:
        """Give `path` this content, all or none, across a crash too."""
        draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            fd = self.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            try:
                # One call takes at most 2 GiB on Linux, and nobody sees a draft that is half done.
                view = memoryview(data)
                for begin in range(0, len(data), _DRAFT_PIECE_BYTES):
                    self.write(fd, view[begin : begin + _DRAFT_PIECE_BYTES])
                self.fsync(fd)
            finally:
                os.close(fd)
            self.rename(draft, path)
        except BaseException:
            self.remove(draft)
            raise
        self.sync_folder(path.parent)

    def sweep(self, folder: Path) -> None:
        """Take away the drafts that killed processes have left."""
        for path in folder.iterdir():
            if _DRAFT_NAME.fullmatch(path.name):
                self.remove(path)
