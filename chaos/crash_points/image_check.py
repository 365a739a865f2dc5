"""Checks crash images: each one is built, started from, and compared with the recorded run."""

import asyncio
import hashlib
from collections import Counter
from pathlib import Path
from typing import Self

from chaos.crash_points.crash_images import Image
from chaos.crash_points.recorded_run import NOON_MS, Run
from chaos.faulty_disk import UnsyncedDisk
from chaos.invariants import Finding, FolderCheck, check_folder, check_start
from ledger.store.file import LOG_NAME
from ledger.store.reader import BadLog
from ledger.store.record import Head


class ImageCheck:
    """Checks images of one run in a folder of its own, equal ones only once.

    Attributes:
        tally: counts of images, different images, starts, torn tails, bytes.
    """

    def __init__(self, folder: Path, run: Run, tally: Counter[str] | None = None) -> None:
        """`folder` is emptied for every image."""
        self.tally: Counter[str] = Counter() if tally is None else tally
        self._folder = folder
        self._run = run
        self._seen: set[bytes] = set()
        self._results: set[tuple[Head, bool, int]] = set()
        # One loop and its threads for all starts: new ones would take most of the time.
        self._runner = asyncio.Runner()
        folder.mkdir(parents=True)

    def __enter__(self) -> Self:
        """Use it in a `with` block, which closes its loop."""
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.close()

    def check(self, image: Image) -> None:
        """Start from an image; nothing acknowledged may be missing.

        Raises:
            Finding: it is, or something else does not hold.
        """
        self.tally["crash images"] += 1
        digest = hashlib.blake2b(repr(sorted(image.files.items())).encode(), digest_size=16)
        digest.update(str(image.told_seq).encode())
        if digest.digest() in self._seen:
            return
        self._seen.add(digest.digest())
        self.tally["crash images that differ"] += 1
        self.tally["bytes checked"] += sum(map(len, image.files.values()))
        self._build(image)
        try:
            start = check_start(self._folder, lambda: NOON_MS, UnsyncedDisk())
            found = self._runner.run(start)
        except BadLog as error:
            raise Finding(f"refused without need: {error}") from error
        self._check_start(image, found)
        # Where a start comes to the same log, the full check of the folder is the same too.
        result = (found.head, found.torn_bytes > 0, found.from_seq)
        if result not in self._results:
            self._results.add(result)
            self._build(image)
            check_folder(self._folder, lambda: NOON_MS, UnsyncedDisk())
            self.tally["folders verified"] += 1

    def _build(self, image: Image) -> None:
        for path in self._folder.iterdir():
            path.unlink()
        for name, content in image.files.items():
            (self._folder / name).write_bytes(content)

    def _check_start(self, image: Image, found: FolderCheck) -> None:
        seq = found.head.seq
        size = self._run.ends_bytes[seq]
        log = image.files.get(LOG_NAME, b"")
        if log[:size] != self._run.log[:size] or found.digest != self._run.states.get(seq):
            raise Finding(f"the start took {size} bytes to a state that the run never had")
        if found.not_used:
            raise Finding("user_data.json is there, and could not be used")
        told_bytes = self._run.ends_bytes[image.told_seq]
        if size < told_bytes:
            raise Finding(f"{told_bytes} bytes were acknowledged, and the start found {size}")
        self.tally["starts from images"] += 1
        self.tally["torn tails in images"] += found.torn_bytes > 0
        self.tally["torn tails with holes"] += b"\0" in log[size:]
