"""Recovering the state at a start: `user_data.json`, and the lines of the log behind it."""

from pathlib import Path

import msgspec

from ledger import events as e
from ledger.broken_books import BrokenBooks
from ledger.projections import apply
from ledger.state import State
from ledger.store.base import LogSource
from ledger.store.file import LOG_NAME
from ledger.store.file_log import FileLog
from ledger.store.memory import MemoryLogStore
from ledger.store.profiles import PROFILES_NAME, fill_in, read_profiles
from ledger.store.reader import LogReader, Progress
from ledger.store.record import Head
from ledger.store.user_data import USER_DATA_NAME, load


class Recovered(msgspec.Struct):
    """A state, the last line that is in it, and how it came about.

    Attributes:
        from_seq: the line behind which the replay began; 0 when the whole log was read.
        torn_bytes: what lies unfinished behind `head`, where the log is a file.
        warning: why `user_data.json` was not used, if it was there and wasn't.
        profile_lines: how many lines `profiles.jsonl` has.
    """

    state: State
    head: Head
    from_seq: int
    torn_bytes: int = 0
    warning: str = ""
    profile_lines: int = 0


def recover(folder: Path) -> Recovered:
    """The state that the files in a data folder hold. Blocking.

    Raises:
        BadLog: the log doesn't check.
        OSError: a file can't be read.
    """
    if not (folder / LOG_NAME).exists():
        return recover_from(MemoryLogStore(), folder)
    with FileLog(folder / LOG_NAME) as log:
        recovered = recover_from(log, folder)
        recovered.torn_bytes = log.torn_bytes
    return recovered


def recover_from(log: LogSource, folder: Path) -> Recovered:
    """The state of a log, whose snapshot and profiles are in a folder. Blocking.

    Raises:
        BadLog: the log doesn't check.
        OSError: something can't be read.
    """
    state, start, warning = load(folder / USER_DATA_NAME, log)
    head = replay_into(state, log, start)
    profiles, lines = read_profiles(folder / PROFILES_NAME)
    fill_in(state, profiles)
    return Recovered(state, head, start.seq, warning=warning, profile_lines=lines)


def replay_into(
    state: State, log: LogSource, start: Head, progress: Progress | None = None
) -> Head:
    """Apply all of the log behind `start`; how far that was.

    Raises:
        BadLog: a line doesn't check, or contradicts the lines before it.
        OSError: the log can't be read.
    """
    reader = LogReader(log, start, second_process=True)
    for events in reader.batches(progress):
        apply_all(state, events, reader)
    return reader.head


def apply_all(state: State, events: list[e.AnyEvent], reader: LogReader) -> None:
    """Apply the events that the reader has just given.

    Raises:
        BadLog: one of them contradicts the lines before it.
    """
    event = None
    try:
        for event in events:
            apply(state, event)
    except BrokenBooks as error:
        if event is None:
            raise
        raise reader.contradiction(event, str(error)) from None
