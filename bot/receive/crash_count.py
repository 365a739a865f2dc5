"""The crash count, `inbox.running`: how many starts in a row ended without a clean stop.

The file is there while the program runs, and goes with a clean stop.
"""

import logging
from pathlib import Path

from ledger.store.disk import Disk

log = logging.getLogger(__name__)

RUNNING_SUFFIX = ".running"


class CrashCount:
    """The count of one start. The methods block for a moment.

    Attributes:
        crashes: how many starts before this one.
    """

    def __init__(self, inbox: Path, disk: Disk) -> None:
        """Note in a file beside the inbox that the program runs.

        Raises:
            OSError: the disk failed.
        """
        self._path = inbox.with_suffix(RUNNING_SUFFIX)
        self._disk = disk
        before = _read(self._path)
        self.crashes = 0 if before is None else before + 1
        self._write()

    def note_calm(self) -> None:
        """This start has gone well for some time: those before don't count any more."""
        self.crashes = 0
        try:
            self._write()
        except OSError as error:
            log.warning("The crash count can't be written: %s", error)

    def note_stop(self) -> None:
        """This is a clean stop."""
        try:
            self._disk.remove(self._path)
        except OSError as error:
            log.warning("The crash count can't be removed: %s", error)

    def _write(self) -> None:
        self._disk.replace(self._path, b"%d\n" % self.crashes)


def _read(path: Path) -> int | None:
    """The count in the file; None after a clean stop."""
    try:
        text = path.read_bytes()[:10]
    except FileNotFoundError:
        return None
    return int(text) if text.strip().isdigit() else 0
