"""Writing `user_data.json`, in a process of its own, while the bot runs.

The running bot never writes it. This process loads the last one, replays the new lines and writes
the next one, so the everyday path is the recovery path.
"""

import argparse
import errno
import os
import sys
from pathlib import Path

from ledger.state import State
from ledger.store.disk import Disk
from ledger.store.file import LOG_NAME
from ledger.store.reader import BadLog
from ledger.store.record import Head
from ledger.store.recovery import Recovered, recover
from ledger.store.user_data import USER_DATA_NAME, encode


def write(folder: Path, state: State, head: Head, disk: Disk) -> None:
    """Write `user_data.json` atomically.

    Raises:
        OSError: the disk refused; the file is as it was before.
    """
    # The log goes first: the file must never name a line that a power cut can still take away.
    fd = disk.open(folder / LOG_NAME, os.O_RDONLY)
    try:
        disk.sync(fd)
    finally:
        os.close(fd)
    disk.replace(folder / USER_DATA_NAME, encode(state, head))


def refresh(folder: Path, disk: Disk | None = None) -> Recovered:
    """Bring `user_data.json` up to the log's last complete command. Blocking.

    Raises:
        BadLog: the log doesn't check; the file is left as it was.
        OSError: a file can't be read or written; likewise.
    """
    recovered = recover(folder)
    if not (folder / LOG_NAME).exists():
        raise FileNotFoundError(errno.ENOENT, "the log is not there", str(folder / LOG_NAME))
    if recovered.head.seq:
        write(folder, recovered.state, recovered.head, disk or Disk())
    return recovered


def main() -> None:
    """Refresh once; the running bot starts this every now and then."""
    parser = argparse.ArgumentParser(
        prog="python -m ledger.store.snapshot", description=main.__doc__
    )
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data folder")
    folder: Path = parser.parse_args().data
    try:
        recovered = refresh(folder)
    except (BadLog, OSError) as error:
        sys.exit(f"{folder / USER_DATA_NAME} was not written: {error}")
    if recovered.warning:
        sys.stderr.write(f"{recovered.warning}.\n")


if __name__ == "__main__":
    main()
