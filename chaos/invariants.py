"""What must hold of a data folder, whatever happened to it."""

import asyncio
import hashlib
import os
from pathlib import Path
from typing import NamedTuple

from ledger import events as e
from ledger.audit.verify import verify
from ledger.clocks.timestamps import Clock, wall_clock_ms
from ledger.ledger import Ledger
from ledger.state import State
from ledger.store.disk import Disk
from ledger.store.file import LOG_NAME
from ledger.store.file_log import FileLog
from ledger.store.reader import LogReader
from ledger.store.rebuild import rebuild
from ledger.store.record import Head
from ledger.store.recovery import recover
from ledger.store.snapshot import refresh
from ledger.store.user_data import encode


class Finding(Exception):  # noqa: N818 - what was found, not the raising, is the name
    """Something does not hold."""


class FolderCheck(NamedTuple):
    """What a check has found, so that an empty folder can't pass for a good one.

    Attributes:
        size_bytes: of the log now.
        head: where the last complete command ended, before the start added to it.
        digest: of the state there.
        torn_bytes: the size of the torn tail that was cut off behind it.
        from_seq: the line that user_data.json stood at; 0 if it was not used.
        not_used: there was a user_data.json, and it could not be used.
    """

    size_bytes: int
    head: Head
    digest: str
    torn_bytes: int
    from_seq: int
    not_used: bool


def check_folder(
    folder: Path, clock: Clock = wall_clock_ms, disk: Disk | None = None, *, failed: bool = False
) -> FolderCheck:
    """Start from a folder, replay it from nothing, verify it: all must agree.

    Args:
        folder: the data folder. It is left as a start leaves it.
        clock: for the event that a tail was cut.
        disk: what the start uses.
        failed: whether the last writer's disk failed; then it may have removed lines that a
            snapshot had read already.

    Raises:
        Finding: something does not hold.
        BadLog: the log doesn't check, and the start is refused.
    """
    before = digest(folder) if (folder / LOG_NAME).exists() else state_digest(State(), Head())
    found = asyncio.run(check_start(folder, clock, disk))
    if found.digest != before:
        raise Finding("user_data.json and the lines behind it give another state than the log")
    if found.not_used:
        if not failed:
            raise Finding("user_data.json is from another log")
        refresh(folder)  # as the program does first of all
    rebuilt = rebuild(folder)
    if rebuilt.state.posted_points:
        raise Finding(f"all accounts together hold {rebuilt.state.posted_points} points")
    check_orders(rebuilt.state)
    report = verify(folder)
    if not report.holds:
        raise Finding(f"verify: {'; '.join(map(str, report.problems))}")
    if (report.size_bytes, report.head) != (found.size_bytes, rebuilt.head):
        looked_at = f"{report.head}, {report.size_bytes} bytes"
        raise Finding(f"verify looked at {looked_at}, and the file has {found.size_bytes} bytes")
    return found


def check_orders(state: State) -> None:
    """Check that only open orders hold points, and that each point of an order is in one place.

    Raises:
        Finding: an order holds, or gave back, another amount than it should.
    """
    for order in state.orders.values():
        expected = 0 if order.is_closed else order.total_cost
        if order.reserve_points != expected:
            raise Finding(f"the {order.status} order {order.order_id} holds {order.reserve_points}")
        if not 0 <= order.refunded_points <= order.total_cost - expected:
            raise Finding(f"the order {order.order_id} gave {order.refunded_points} points back")
    placed = state.orders_by_status.values()
    if sum(placed) != state.orders_count or min([0, *placed]) < 0:
        raise Finding(f"{state.orders_count} orders, counted as {state.orders_by_status}")


async def check_start(
    folder: Path, clock: Clock = wall_clock_ms, disk: Disk | None = None
) -> FolderCheck:
    """Start from a folder: a torn tail is set aside and recorded, everything else is unchanged.

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
    # The clock of these starts may be behind that of the run.
    if [type(one) for one in added if not isinstance(one, e.ClockStepped)] != expected:
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
        raise Finding(f"temporary files are left behind: {drafts}")
    before = state_digest(recovered.state, recovered.head)
    warning = bool(recovered.warning)
    return FolderCheck(size_bytes, recovered.head, before, torn, recovered.from_seq, warning)


def digest(folder: Path) -> str:
    """The state that the log alone gives, as a hash to compare."""
    rebuilt = rebuild(folder)
    return state_digest(rebuilt.state, rebuilt.head)


def state_digest(state: State, head: Head) -> str:
    """A state and its place in the log, as a hash to compare."""
    return hashlib.sha256(encode(state, head)).hexdigest()
