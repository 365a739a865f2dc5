"""A real file system that is small enough to fill: a tmpfs, where one can be mounted."""

import errno
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SIZE_KB = 192


@contextmanager
def tiny_disk(folder: Path) -> Iterator[Path]:
    """An empty file system of a few blocks at `folder`; skips the test if it can't be mounted."""
    folder.mkdir()
    if said := _mount("-t", "tmpfs", "-o", f"size={SIZE_KB}k", "tmpfs", str(folder)):
        pytest.skip(
            f"no small disk could be mounted here, so a real full one was not tried: {said}"
        )
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def make_read_only(folder: Path) -> None:
    """Remount it read-only; nothing may be open for writing on it."""
    assert not _mount("-o", "remount,ro", str(folder))


def fill(folder: Path) -> Path:
    """Fill every free block with one file; returns its path."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError as error:
            assert error.errno == errno.ENOSPC  # noqa: PT017 - any other end is a failure
    return filler


def _mount(*words: str) -> str:
    try:
        done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "there is no mount command"
    return "" if done.returncode == 0 else (done.stderr.strip() or "mount failed")
