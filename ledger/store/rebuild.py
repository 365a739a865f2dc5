"""Rebuilding the state from the log alone, from its first line."""

from pathlib import Path

from ledger.ranges import Until, is_beyond
from ledger.state import State
from ledger.store.file import LOG_NAME
from ledger.store.file_log import FileLog
from ledger.store.profiles import PROFILES_NAME, fill_in, read_profiles
from ledger.store.reader import LogReader, Progress
from ledger.store.record import Head
from ledger.store.recovery import Recovered, apply_all, replay_into


def rebuild(
    folder: Path, until: Until | None = None, progress: Progress | None = None
) -> Recovered:
    """The state of the log in a data folder, with the names of `profiles.jsonl`. Blocking.

    Args:
        folder: the data folder.
        until: the last line, or the last moment, that counts. A command counts whole or not at
            all. The first command after that moment ends it, should a clock have been set back.
        progress: called on the way.

    Raises:
        BadLog: the log doesn't check.
        OSError: a file can't be read.
    """
    state = State()
    log = FileLog(folder / LOG_NAME)
    if until is None:
        head = replay_into(state, log, Head(), progress)
        torn_bytes = log.torn_bytes
    else:
        head, torn_bytes = _rebuild_until(state, log, until, progress)
    fill_in(state, read_profiles(folder / PROFILES_NAME)[0])
    return Recovered(state, head, 0, torn_bytes)


def _rebuild_until(
    state: State, log: FileLog, until: Until, progress: Progress | None
) -> tuple[Head, int]:
    reader = LogReader(log)
    head = Head()
    for command in reader.commands(progress):
        if is_beyond(command, until):
            return head, 0
        apply_all(state, command, reader)
        head = reader.head
    return head, log.torn_bytes
