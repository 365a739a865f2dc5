"""The logs that the rows measure on: each is made once, checked by a full replay, and shared.

The replay also measures what the growth rows report: time per event and memory per user.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import msgspec

from bench.fast_log import FastLog
from bench.measure import apart, memory_bytes
from bench.sizes import Sizes
from ledger.store.disk import Disk
from ledger.store.file import LOG_NAME
from ledger.store.recovery import recover
from ledger.store.snapshot import write
from ledger.store.user_data import USER_DATA_NAME

_MADE_NAME = "made.json"
EVENTS_A_USER = 10
CHECKS = 3
SHORT_EVENTS = 2_000_000


class Made(msgspec.Struct, frozen=True):
    """A log that is ready, with `user_data.json` beside it that stands at its end.

    Attributes:
        replay_s: how long the full replay took, with all checks.
        state_bytes: memory that the state took then.
    """

    folder: str
    events: int
    users: int
    replay_s: float
    state_bytes: int

    @property
    def path(self) -> Path:
        """The folder."""
        return Path(self.folder)


class Bench(msgspec.Struct, frozen=True):
    """Where a row works, its sizes, and where the logs are (or will be)."""

    folder: str
    sizes: Sizes
    logs: str

    def new_folder(self, name: str) -> Path:
        """An empty folder for one row."""
        path = Path(self.folder) / name
        path.mkdir()
        return path

    def log(self, events: int, users: int) -> Made:
        """A log with at least this many events and this many users; made at the first call."""
        path = Path(self.logs) / f"log-{events}-{users}"
        made = path / _MADE_NAME
        if not made.exists():
            path.mkdir(parents=True, exist_ok=True)
            apart(_make, str(path), events, users)
            # A short replay varies much: take the median of some.
            times = CHECKS if events <= SHORT_EVENTS else 1
            checks = sorted((apart(_check, str(path)) for _ in range(times)), key=_replay_s)
            checked = checks[times // 2]
            if checked["users"] != users or checked["events"] < events:
                raise AssertionError(f"{path} has {checked}, and not what was asked for")
            made.write_bytes(msgspec.json.encode({"folder": str(path), **checked}))
        return msgspec.json.decode(made.read_bytes(), type=Made)

    def middle(self) -> Made:
        """The log of middle size, which is replayed many times."""
        return self.log(self.sizes.events, self.sizes.users)

    def big(self) -> Made:
        """The log of a shop with very many users."""
        return self.log(self.sizes.big_events, self.sizes.big_users)


@contextmanager
def borrowed(made: Made) -> Iterator[Path]:
    """The log's folder, to write to; afterwards it is as it was before."""
    log, user_data = made.path / LOG_NAME, made.path / USER_DATA_NAME
    kept = user_data.with_suffix(".kept")
    kept.unlink(missing_ok=True)
    # A hard link is enough: user_data.json is only ever replaced, never written into.
    kept.hardlink_to(user_data)
    size = log.stat().st_size
    try:
        yield made.path
    finally:
        os.truncate(log, size)
        kept.replace(user_data)


def _make(folder: str, events: int, users: int) -> int:
    return FastLog(Path(folder) / LOG_NAME, events, users).write()


def _replay_s(check: dict[str, float]) -> float:
    return check["replay_s"]


def _check(folder: str) -> dict[str, float]:
    (Path(folder) / USER_DATA_NAME).unlink(missing_ok=True)
    before = memory_bytes()
    begun = perf_counter()
    replayed = recover(Path(folder))
    replay_s = perf_counter() - begun
    state_bytes = memory_bytes() - before
    if replayed.from_seq or replayed.torn_bytes:
        raise AssertionError("a fresh log is read from its first line to its last")
    write(Path(folder), replayed.state, replayed.head, Disk())
    return {
        "events": replayed.head.seq,
        "users": len(replayed.state.users),
        "replay_s": replay_s,
        "state_bytes": state_bytes,
    }
