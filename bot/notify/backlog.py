"""Backlog of notices: the events whose notices the last process did not send, or not all."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Container
from pathlib import Path
from typing import NamedTuple

from bot.notify.cursor import NotificationCursor
from ledger import events as e
from ledger.store.lookup import RecordLookup, batches_behind
from ledger.store.record import BadRecord

log = logging.getLogger(__name__)


class UnsentEvent(NamedTuple):
    """An event of which somebody is yet to be notified: these chats, or all (None)."""

    event: e.AnyEvent
    chats: Container[int] | None


async def backlog(
    cursor: NotificationCursor, log_path: Path, head_seq: Callable[[], int]
) -> AsyncIterator[UnsentEvent]:
    """First what waited, then what the cursor had not reached; the cursor advances to the head.

    The caller must queue each event's notices, without awaiting, before asking for the next.

    Args:
        cursor: open.
        log_path: the log; it may grow meanwhile.
        head_seq: the last durable line of the log.

    Raises:
        BadLog: a line doesn't check.
        OSError: the log can't be read.
    """
    for unsent in await _waiting(cursor, log_path):
        yield unsent
    try:
        while cursor.seq < head_seq():
            async for event in _behind(log_path, cursor.seq, head_seq):
                yield UnsentEvent(event, None)
                cursor.advance(event.seq)
    except (LookupError, BadRecord) as error:
        log.warning("Notices behind line %s are lost (%s).", cursor.seq, error)
        cursor.advance(head_seq())


async def _waiting(cursor: NotificationCursor, log_path: Path) -> list[UnsentEvent]:
    """What waited; from now on it waits only if it is queued again."""
    chats: dict[int, set[int]] = {}
    for seq, chat_id in cursor.waiting:
        chats.setdefault(seq, set()).add(chat_id)
    events = await asyncio.to_thread(_read_events, log_path, list(chats))
    cursor.waiting.clear()
    return [UnsentEvent(event, chats[event.seq]) for event in events]


def _read_events(log_path: Path, seqs: list[int]) -> list[e.AnyEvent]:
    """These lines of the log, without those that are not there. Blocks."""
    events = []
    with RecordLookup(log_path) as lines:
        for seq in seqs:
            try:
                events.append(lines.event(seq))
            except (LookupError, BadRecord) as error:
                log.warning("A notice of line %s is lost (%s).", seq, error)
    return events


async def _behind(
    log_path: Path, seq: int, head_seq: Callable[[], int]
) -> AsyncIterator[e.AnyEvent]:
    """The durable lines behind this one, of which there must be some.

    Raises:
        LookupError: there are none.
    """
    found = False
    batches = batches_behind(log_path, seq)
    while (events := await asyncio.to_thread(next, batches, None)) is not None:
        for event in events:
            # A line may be in the file before it is durable.
            if event.seq <= head_seq():
                found = True
                yield event
    if not found:
        raise LookupError(f"the log has no line {seq + 1}")
