"""Owns what must hold in a data folder whatever happened to it. Each look is counted."""

import asyncio
import hashlib
import os
from pathlib import Path
from typing import NamedTuple

from chaos.natural_keys import KeyReader
from ledger import events as e
from ledger.audit.verify import verify
from ledger.ledger import Ledger
from ledger.postings import postings
from ledger.projections import State
from ledger.store.disk import Disk
from ledger.store.file import LOG_NAME
from ledger.store.file_log import FileLog
from ledger.store.reader import LogReader
from ledger.store.rebuild import rebuild
from ledger.store.record import Head
from ledger.store.recovery import recover
from ledger.store.snapshot import refresh
from ledger.store.user_data import encode
from ledger.timestamps import Clock, wall_clock_ms


class Finding(Exception):  # noqa: N818 - what was found, not the raising, is the name
    """Something does not hold."""


class Seen(NamedTuple):
    """What was looked at, so that nobody takes an empty folder for a good one.

    Attributes:
        size_bytes: of the log now.
        head: where the last complete command ended, before the start added to it.
        digest: of the state there.
        torn_bytes: what was cut off behind it.
        from_seq: the line at which user_data.json was taken; 0 if it wasn't.
        passed_over: whether there was one that could not be used.
    """

    size_bytes: int
    head: Head
    digest: str
    torn_bytes: int
    from_seq: int
    passed_over: bool


class Acknowledged:
    """What a crowd was told, across all rounds in a folder."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.granted: dict[str, tuple[int, int]] = {}
        self.known: set[str] = set()

    def hear(self, line: str) -> bool:
        """Note a line of the worker's; whether it acknowledged something.

        Raises:
            Finding: the same thing was granted twice.
        """
        word, _, rest = line.partition(" ")
        if word == "ok":
            key, first, last = rest.split(" ")
            if key in self.granted:
                raise Finding(f"{key} was granted twice, as {self.granted[key]} and {first}")
            self.granted[key] = (int(first), int(last))
            return True
        if word == "known":
            self.known.add(rest)
            return True
        return False

    def check(self, log: Path) -> None:
        """Everything that people were told of is in the log, once, whole, in its place.

        Raises:
            Finding: it isn't.
        """
        reader, keys = LogReader(FileLog(log)), KeyReader()
        places: dict[str, tuple[int, int]] = {}
        for command in reader.commands():
            span = (command[0].seq, command[-1].seq)
            for event in command:
                key = keys.key(event)
                if key in places:
                    raise Finding(f"{key} is in the log twice, in {places[key]} and {span}")
                places[key] = span
                if sum(points for _, _, points in postings(event)):
                    raise Finding(f"the postings of line {event.seq} don't sum to zero")
        for key, span in self.granted.items():
            if places.get(key) != span:
                raise Finding(f"{key} was granted as {span}, and the log has {places.get(key)}")
        for key in self.known - places.keys():
            raise Finding(f"{key} was said to be done already, and the log doesn't have it")


def check_folder(
    folder: Path, clock: Clock = wall_clock_ms, disk: Disk | None = None, *, failed: bool = False
) -> Seen:
    """Start from a folder, replay it from nothing, verify it: all must agree.

    Args:
        folder: the data folder. It is left as a start leaves it.
        clock: for the note that a tail was cut.
        disk: what the start uses.
        failed: whether the last writer's disk failed; then it may have taken lines back that a
            snapshot had seen already.

    Raises:
        Finding: something does not hold.
        BadLog: the log doesn't check, and the start is refused.
    """
    before = digest(folder) if (folder / LOG_NAME).exists() else state_digest(State(), Head())
    seen = asyncio.run(check_start(folder, clock, disk))
    if seen.digest != before:
        raise Finding("user_data.json and the lines behind it give another state than the log")
    if seen.passed_over:
        if not failed:
            raise Finding("user_data.json is from another log")
        refresh(folder)  # as the program does first of all
    rebuilt = rebuild(folder)
    if rebuilt.state.posted_points:
        raise Finding(f"all accounts together hold {rebuilt.state.posted_points} points")
    report = verify(folder)
    if not report.holds:
        raise Finding(f"verify: {'; '.join(map(str, report.problems))}")
    if (report.size_bytes, report.head) != (seen.size_bytes, rebuilt.head):
        looked_at = f"{report.head}, {report.size_bytes} bytes"
        raise Finding(f"verify looked at {looked_at}, and the file has {seen.size_bytes} bytes")
    return seen


async def check_start(folder: Path, clock: Clock = wall_clock_ms, disk: Disk | None = None) -> Seen:
    """Start from a folder: what is cut off is kept and said, and all else is as it was.

    Raises:
        Finding: something does not hold.
        BadLog: the log doesn't check, and the start is refused.
    """
    log = folder / LOG_NAME
    recovered = recover(folder)
    torn = recovered.torn_bytes
    ledger = await Ledger.open_folder(folder, clock, disk)
    await ledger.close()
    state, head = ledger.state, ledger.head
    added = list(LogReader(FileLog(log), recovered.head).events())
    if recovered.head.seq == 0:
        expected: list[type[e.Event]] = [e.LogStarted]
    else:
        expected = [e.TailCut] if torn else []
    if [type(one) for one in added] != expected:
        raise Finding(f"{torn} torn bytes, and the start added {added}")
    if not added and state_digest(state, head) != state_digest(recovered.state, recovered.head):
        raise Finding("the live state is not what was recovered")
    for event in added:
        if isinstance(event, e.TailCut) and (folder / event.kept_as).stat().st_size != torn:
            raise Finding(f"what was cut off is not in {event.kept_as}")
    size_bytes = log.stat().st_size
    if size_bytes != ledger.size_bytes:
        raise Finding(f"the log has {size_bytes} bytes, and the ledger says {ledger.size_bytes}")
    if drafts := [name for name in os.listdir(folder) if name.endswith(".tmp")]:  # noqa: PTH208
        raise Finding(f"drafts are left behind: {drafts}")
    before = state_digest(recovered.state, recovered.head)
    warning = bool(recovered.warning)
    return Seen(size_bytes, recovered.head, before, torn, recovered.from_seq, warning)


def digest(folder: Path) -> str:
    """The state that the log alone gives, as one text to compare."""
    rebuilt = rebuild(folder)
    return state_digest(rebuilt.state, rebuilt.head)


def state_digest(state: State, head: Head) -> str:
    """A state and its place, as one text to compare."""
    return hashlib.sha256(encode(state, head)).hexdigest()
