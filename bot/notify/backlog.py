"""Backlog of notices: the events whose notices the last process did not send, or not all."""

import logging
from collections.abc import AsyncIterator, Container
from typing import NamedTuple

from bot.notify.cursor import NotificationCursor
from ledger import events as e
from ledger.ledger import Ledger

log = logging.getLogger(__name__)


class UnsentEvent(NamedTuple):
    """An event of which somebody is yet to be notified: these chats, or all (None)."""

    event: e.AnyEvent
    chats: Container[int] | None


async def backlog(cursor: NotificationCursor, ledger: Ledger) -> AsyncIterator[UnsentEvent]:
    """First the events with pending notices, then those that the cursor had not reached.

    The cursor advances to the ledger's head. The caller must queue each event's notices, without
    awaiting, before asking for the next.

    Raises:
        BadLog: a line of the log doesn't check.
        OSError: the log can't be read.
    """
    for unsent in await _pending(cursor, ledger):
        yield unsent
    try:
        async for event in ledger.events_after(cursor.seq):
            yield UnsentEvent(event, None)
            cursor.advance(event.seq)
    except LookupError as error:
        log.warning("Notices behind line %s are lost (%s).", cursor.seq, error)
        cursor.advance(ledger.head.seq)


async def _pending(cursor: NotificationCursor, ledger: Ledger) -> list[UnsentEvent]:
    """The events with pending notices, which from now on are pending only if queued again."""
    chats: dict[int, set[int]] = {}
    for seq, chat_id in cursor.waiting:
        chats.setdefault(seq, set()).add(chat_id)
    unsent = []
    for seq, waiting in chats.items():
        try:
            unsent.append(UnsentEvent(await ledger.event(seq), waiting))
        except LookupError as error:
            log.warning("A notice of line %s is lost (%s).", seq, error)
    cursor.waiting.clear()
    return unsent
