"""The backlog of notices: those that the last process did not send."""

import logging
from collections.abc import AsyncIterator, Container
from typing import NamedTuple

from bot.notify.cursor import NotificationCursor
from ledger import events as e
from ledger.ledger import Ledger

log = logging.getLogger(__name__)


class Untold(NamedTuple):
    """An event with notices that are still to be sent: to these chats, or to all (None)."""

    event: e.AnyEvent
    chats: Container[int] | None


async def backlog(cursor: NotificationCursor, ledger: Ledger) -> AsyncIterator[Untold]:
    """First the events with pending notices, then those that the cursor had not reached.

    The cursor moves along, up to the ledger's head. The caller must promise each event's notices,
    without awaiting, before asking for the next.

    Raises:
        BadLog: a line of the log doesn't check.
        OSError: the log can't be read.
    """
    for untold in await _pending(cursor, ledger):
        yield untold
    try:
        async for event in ledger.events_after(cursor.seq):
            yield Untold(event, None)
            cursor.take(event.seq)
    except LookupError as error:
        log.warning("Notices behind line %s are lost (%s).", cursor.seq, error)
        cursor.take(ledger.head.seq)


async def _pending(cursor: NotificationCursor, ledger: Ledger) -> list[Untold]:
    """The events with pending notices, which from now on are pending only if promised again."""
    chats: dict[int, set[int]] = {}
    for seq, chat_id in cursor.waiting:
        chats.setdefault(seq, set()).add(chat_id)
    untold = []
    for seq, waiting in chats.items():
        try:
            untold.append(Untold(await ledger.event(seq), waiting))
        except LookupError as error:
            log.warning("A notice of line %s is lost (%s).", seq, error)
    cursor.waiting.clear()
    return untold
