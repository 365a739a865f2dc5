"""Access to the disk: all system calls that write the log and `user_data.json`.

Every open, write, sync, truncation, rename and removal goes through here, so a test can pass
another `Disk` that makes them fail, records them, or kills the process in between.
"""

import errno
import os
import re
from pathlib import Path

_DRAFT_PIECE_BYTES = 64 << 20
FOLDER_MODE, FILE_MODE = 0o700, 0o600
"""What is stored is for the program alone, whatever the umask says."""
_DRAFT_NAME = re.compile(r"\..+\.\d+\.tmp")


def for_us_alone(path: str, flags: int) -> int:
    """An opener for `open`: no other user of this machine may read a file that it makes."""
    return os.open(path, flags, FILE_MODE)


class Disk:
    """The real disk. Every method raises OSError if the system call fails."""

    def open(self, path: Path, flags: int, mode: int = FILE_MODE) -> int:
        """A file descriptor, which the caller closes."""
        return os.open(path, flags | os.O_CLOEXEC, mode)

    def write(self, fd: int, data: bytes | memoryview) -> None:
        """Write all of `data` in one call.

        A short write is an error: there is never more than one write between two syncs, so a
        crash always leaves a prefix of that write.
        """
        written = self.put(fd, data)
        if written != len(data):
            raise OSError(
                f"only {written} of {len(data)} bytes could be written, as on a full disk"
            )

    def put(self, fd: int, data: bytes | memoryview) -> int:
        """Make one system call; return how many bytes it wrote."""
        return os.write(fd, data)

    def sync(self, fd: int) -> None:
        """Return when what was written is durable."""
        # macOS has no fdatasync.
        getattr(os, "fdatasync", os.fsync)(fd)

    def fsync(self, fd: int) -> None:
        """As `sync`, including the file's metadata; needed for a new file."""
        os.fsync(fd)

    def truncate(self, fd: int, size_bytes: int) -> None:
        """Truncate the file to its first `size_bytes`."""
        os.ftruncate(fd, size_bytes)

    def rename(self, source: Path, target: Path) -> None:
        """Rename `source` to `target`, replacing an existing file."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        """Remove a file, if it exists."""
        path.unlink(missing_ok=True)

    def sync_folder(self, folder: Path) -> None:
        """Return when the folder's entries (new files, renames) are durable."""
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def make_folder(self, folder: Path) -> None:
        """Create a folder and its missing parents, durably."""
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):
            path.mkdir(FOLDER_MODE, exist_ok=True)
            self.sync_folder(path.parent)

    def check_place(self, fd: int, path: Path) -> None:
        """Make sure that the open file is still the one at `path`.

        Writes to a deleted file, and syncs of it, succeed without an error.
        """
        try:
            there = os.path.samestat(os.fstat(fd), path.stat())
        except FileNotFoundError:
            there = False
        if not there:
            raise OSError(errno.ENOENT, "deleted, moved or replaced while in use", str(path))

    def replace(self, path: Path, data: bytes) -> None:
        """Replace the content of `path` atomically and durably."""
        draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            fd = self.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            try:
                # Linux writes at most 2 GiB a call; several are fine, as only the rename counts.
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
        """Remove the temporary files that killed processes left."""
        for path in folder.iterdir():
            if _DRAFT_NAME.fullmatch(path.name):
                self.remove(path)
