"""A person's history: the chain of their events, read backwards from the log.

Every event of a person names the one before it (`prev`), so a page of history takes a few small
reads, however long the log is, and nothing of it is kept in memory.
"""

from typing import NamedTuple

from ledger import events as e
from ledger.postings import postings
from ledger.ranges import Until
from ledger.store.base import LogSource
from ledger.store.record import parse_record


class Cursor(NamedTuple):
    """Where a history is read on: a person's event, and their balance in points after it."""

    seq: int
    balance_points: int


class HistoryLine(NamedTuple):
    """One event of a person, what it did to the balance, and the balance after it, in points."""

    event: e.AnyEvent
    change_points: int
    balance_points: int


class HistoryPage(NamedTuple):
    """Some lines, newest first, and where the older ones begin (None: there are none)."""

    lines: list[HistoryLine]
    older: Cursor | None


class HistoryReader:
    """Reads histories from a log. Blocking."""

    def __init__(self, log: LogSource) -> None:
        """Read from this log, which stays the caller's to close."""
        self._log = log

    def page(
        self, user_id: int, newest: Cursor, limit: int, *, moves_only: bool = False
    ) -> HistoryPage:
        """Up to `limit` lines from `newest` backwards.

        Args:
            user_id: the person whose history it is.
            newest: for a whole history, the user's `last_seq` and `balance`.
            limit: how many lines.
            moves_only: leave out events that didn't change the balance.

        Raises:
            LookupError: the cursor is not one of this person's; a button's data can be forged.
            BadRecord: the line there can't be read.
        """
        lines: list[HistoryLine] = []
        seq, balance = newest
        while seq:
            if len(lines) == limit and not moves_only:
                break
            event = parse_record(self._log.record(seq))
            if not isinstance(event, e.UserEvent) or event.user_id != user_id:
                raise LookupError(f"line {seq} is not about user {user_id}")
            change = change_of(event, user_id)
            if change or not moves_only:
                if len(lines) == limit:
                    break  # With moves only, we read on to here: "older" must lead to something.
                lines.append(HistoryLine(event, change, balance))
            balance -= change
            seq = event.prev
        return HistoryPage(lines, Cursor(seq, balance) if seq else None)

    def cursor_at(self, user_id: int, newest: Cursor, until: Until) -> Cursor | None:
        """Where the history up to a line or moment begins, with the balance there.

        None: nothing had happened with this person by then. Where a clock was set back, the
        newest event of that moment or before counts, and all that the person did before it.

        Raises:
            LookupError, BadRecord: as for `page`.
        """
        cursor: Cursor | None = newest
        while cursor is not None:
            page = self.page(user_id, cursor, 1)
            for event, _, balance_points in page.lines:
                if event.seq <= until if isinstance(until, int) else event.at <= until:
                    return Cursor(event.seq, balance_points)
            cursor = page.older
        return None


def change_of(event: e.AnyEvent, user_id: int) -> int:
    """What the event did to this person's balance, in points."""
    return sum(
        points for kind, owner, points in postings(event) if kind == "user" and owner == user_id
    )
