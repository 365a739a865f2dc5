"""Owns the few calls that make bytes last. A test passes another `Disk` to make them fail."""

import os
from pathlib import Path


class Disk:
    """The real disk. Every method raises OSError when the disk says no."""

    def write(self, fd: int, data: bytes) -> None:
        """Write all of `data` in one call.

        A short write is a failure, not half a success: there is never more than one write
        between two syncs, so what a crash leaves is always a beginning of that write.
        """
        written = os.write(fd, data)
        if written != len(data):
            raise OSError(f"only {written} of {len(data)} bytes could be written")

    def sync(self, fd: int) -> None:
        """Return when what was written is on the disk."""
        # macOS has no fdatasync.
        getattr(os, "fdatasync", os.fsync)(fd)

    def sync_folder(self, folder: Path) -> None:
        """Return when the folder's entries (new names, renames) are on the disk."""
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def replace(self, path: Path, data: bytes) -> None:
        """Give `path` this content, all or none, across a crash too."""
        draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            with draft.open("wb", buffering=0) as file:
                self.write(file.fileno(), data)
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        self.sync_folder(path.parent)
