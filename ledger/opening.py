"""Opening a ledger: the store is locked, the state recovered, and what the log must say first."""

import logging
from pathlib import Path
from typing import NamedTuple

from ledger import commands as c
from ledger.state import State
from ledger.store.base import LogStore
from ledger.store.profiles import COMPACT_ABOVE, PROFILES_NAME, ProfileFile
from ledger.store.reader import BadLog
from ledger.store.record import Head
from ledger.store.recovery import Recovered, recover_from, replay_into

log = logging.getLogger(__name__)


class Opened(NamedTuple):
    """What a ledger begins with.

    Attributes:
        state: of everything in the log.
        head: the log's last line.
        profiles: where names are kept, if anywhere.
        first_command: what must be recorded before anything else, if anything.
    """

    state: State
    head: Head
    profiles: ProfileFile | None
    first_command: c.AnyCommand | None


def open_store(store: LogStore, folder: Path | None) -> Opened:
    """Open a store for writing and recover its state. Blocking.

    Raises:
        LogLocked: another process writes the log.
        BadLog: the log doesn't check; the store is closed again, and as it was.
        OSError: the store or a file can't be used; likewise.
    """
    head = store.open()
    try:
        recovered = _recover(store, folder, head)
        profiles = None if folder is None else _open_profiles(folder, recovered)
    except BaseException:
        store.close()
        raise
    return Opened(recovered.state, head, profiles, _first_command(store, head))


def _recover(store: LogStore, folder: Path | None, head: Head) -> Recovered:
    """The state at `head`."""
    if folder is None:
        state = State()
        recovered = Recovered(state, replay_into(state, store, Head()), 0)
    else:
        recovered = recover_from(store, folder)
    if recovered.warning:
        log.warning("%s.", recovered.warning)
    if recovered.head != head:
        raise BadLog(store.place(head.seq), "expected to read up to here, and no further")
    return recovered


def _open_profiles(folder: Path, recovered: Recovered) -> ProfileFile:
    people = len(recovered.state.users)
    profiles = ProfileFile(folder / PROFILES_NAME, recovered.profile_lines, people)
    if recovered.profile_lines > people + COMPACT_ABOVE:
        profiles.compact()
    return profiles


def _first_command(store: LogStore, head: Head) -> c.AnyCommand | None:
    """A log begins with `log_started`, and says that a torn tail was cut off.

    A log that broke off within its very first line simply begins.
    """
    if head.seq == 0:
        return c.StartLog(by="system")
    torn = store.torn
    if torn is None:
        return None
    log.warning(
        "The last command was unfinished (%s bytes): cut off and kept in %s.",
        torn.length_bytes,
        torn.kept_as,
    )
    return c.NoteTailCut(by="system", **torn._asdict())
