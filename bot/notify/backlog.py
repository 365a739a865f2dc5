"""Owns what the last process left to tell: the events whose notices are not all out."""

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


class Untold(NamedTuple):
    """An event of which somebody has yet to hear: these chats, or all (None)."""

    event: e.AnyEvent
    chats: Container[int] | None


async def backlog(
    cursor: NotificationCursor, log_path: Path, head_seq: Callable[[], int]
) -> AsyncIterator[Untold]:
    """First what waited, then what the cursor had not reached; it moves along, up to the head.

    The caller must promise each event's notices, without awaiting, before asking for the next.

    Args:
        cursor: open.
        log_path: the log; it may grow meanwhile.
        head_seq: the last line of the log that is certain now.

    Raises:
        BadLog: a line doesn't check.
        OSError: the log can't be read.
    """
    for untold in await _waiting(cursor, log_path):
        yield untold
    try:
        while cursor.seq < head_seq():
            async for event in _behind(log_path, cursor.seq, head_seq):
                yield Untold(event, None)
                cursor.take(event.seq)
    except (LookupError, BadRecord) as error:
        log.warning("Notices behind line %s are lost (%s).", cursor.seq, error)
        cursor.take(head_seq())


async def _waiting(cursor: NotificationCursor, log_path: Path) -> list[Untold]:
    """What waited, which from now on waits only if it is promised again."""
    chats: dict[int, set[int]] = {}
    for seq, chat_id in cursor.waiting:
        chats.setdefault(seq, set()).add(chat_id)
    events = await asyncio.to_thread(_read_events, log_path, list(chats))
    cursor.waiting.clear()
    return [Untold(event, chats[event.seq]) for event in events]


def _read_events(log_path: Path, seqs: list[int]) -> list[e.AnyEvent]:
    """These lines of the log, without those that are not there. Blocking."""
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
    """The certain lines behind this one, of which there must be some.

    Raises:
        LookupError: there are none.
    """
    found = False
    batches = batches_behind(log_path, seq)
    while (events := await asyncio.to_thread(next, batches, None)) is not None:
        for event in events:
            # A line may be in the file before it is certain.
            if event.seq <= head_seq():
                found = True
                yield event
    if not found:
        raise LookupError(f"the log has no line {seq + 1}")
