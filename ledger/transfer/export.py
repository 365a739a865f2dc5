"""The content of an export: every movement of points in a range of the log.

An export is complete: it begins with the balance of every account before the range. Its sums are
therefore the balances at the end of the range, and other tools can check them with their own
arithmetic. `ledger.transfer.export_formats` writes the formats. The log is read and checked once,
from its beginning; only balances of people and of open orders stay in memory.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from ledger import events as e
from ledger.clocks.timestamps import day_of, is_moment
from ledger.postings import AccountKind, postings, with_spent_points
from ledger.ranges import Until, is_before, is_beyond, named
from ledger.store.file import LOG_NAME
from ledger.store.file_log import FileLog
from ledger.store.reader import LogReader, Progress
from ledger.words.event_text import describe, one_line


class Account(NamedTuple):
    """An account, as in `ledger.postings`; the owner of a house account is its whole name."""

    kind: AccountKind
    owner: int | str


class Move(NamedTuple):
    """A change of one account, and its balance afterwards, in points.

    `balance_points` is None if the export doesn't contain all changes of the account.
    """

    account: Account
    points: int
    balance_points: int | None


class Entry(NamedTuple):
    """An event that moved points, or the opening balances.

    `day` never decreases from one entry to the next, even if a clock was set back, because tools
    sort by it.
    """

    seq: int
    at: str
    day: str
    kind: str
    by: str
    what: str
    moves: list[Move]


class ClosingBalances(NamedTuple):
    """The balance of every account at the end of the export, where it is known."""

    day: str
    balances: list[tuple[Account, int]]


class Writer(Protocol):
    """A format. Each method returns text to be written."""

    def begin(self) -> str:
        """The beginning of the file."""

    def entry(self, entry: Entry) -> str:
        """One entry."""

    def end(self, closing: ClosingBalances) -> str:
        """The end of the file."""


BEFORE = Account("house", "house:before")
"""The counter-account of the opening balances in an export of one person."""

OPENING = "opening_balances"


class Selection(NamedTuple):
    """What to export: one person or all, from and up to a line or a time, both included."""

    user_id: int | None = None
    since: Until | None = None
    until: Until | None = None


class BackwardRange(ValueError):  # noqa: N818 - says what is the matter
    """The export would begin behind its end. The text says it."""


def export(
    folder: Path, selection: Selection, writer: Writer, progress: Progress | None = None
) -> Iterator[str]:
    """Yield the export in pieces.

    Raises:
        BadLog: the log is corrupt; the pieces before are right.
        BackwardRange: it would begin behind its end.
        LookupError: no event is about this person.
        OSError: the log can't be read.
    """
    since, until = selection.since, selection.until
    if type(since) is type(until) and since is not None and since > until:  # type: ignore[operator]
        raise _backward(selection)
    return _Export(selection, writer).run(LogReader(FileLog(folder / LOG_NAME)), progress)


def _backward(selection: Selection) -> BackwardRange:
    return BackwardRange(
        f"the export would begin at {named(selection.since)} and end before that, at "
        f"{named(selection.until)}; swap them"
    )


class _Export:
    """One pass through the log. Balances of zero are dropped, except those of the house."""

    def __init__(self, selection: Selection, writer: Writer) -> None:
        self._selection = selection
        self._writer = writer
        self._balances: dict[Account, int] = {}
        self._day = ""
        self._seen_user = selection.user_id is None

    def run(self, reader: LogReader, progress: Progress | None) -> Iterator[str]:
        selection, begun = self._selection, False
        last: e.AnyEvent | None = None
        yield self._writer.begin()
        for command in reader.commands(progress):
            if self._is_over(command, begun=begun):
                break
            if not begun and (selection.since is None or not is_before(command, selection.since)):
                begun = True
                if last is not None:
                    yield from self._opening(last)
            for event in command:
                last = event
                if not is_moment(event.at):
                    raise reader.contradiction(event, f"expected a moment, found {event.at[:40]!r}")
                self._day = max(self._day, day_of(event.at))
                moves = self._apply(event)
                if begun and moves:
                    yield self._writer.entry(self._entry(event, moves))
        if not begun and last is not None:
            yield from self._opening(last)
        if not self._seen_user:
            raise LookupError(f"nobody with the id {selection.user_id} has joined by then")
        yield self._writer.end(ClosingBalances(self._day, self._known_balances()))

    def _is_over(self, command: list[e.AnyEvent], *, begun: bool) -> bool:
        """Whether a command lies behind the range."""
        since, until = self._selection.since, self._selection.until
        if until is None or not is_beyond(command, until):
            return False
        if not begun and since is not None and is_before(command, since):
            raise _backward(self._selection)
        return True

    def _apply(self, event: e.AnyEvent) -> list[Move]:
        """Update the balances; return the changes to export."""
        user_id = self._selection.user_id
        if user_id is not None and not (
            isinstance(event, e.UserEvent) and event.user_id == user_id
        ):
            return []
        self._seen_user = True
        moves: list[Move] = []
        if isinstance(event, e.OrderAccepted):
            reserved = self._balances.get(Account("order", event.order_id), 0)
            event = with_spent_points(event, reserved)
        for kind, owner, points in postings(event):
            account = Account(kind, owner)
            if points:
                balance = self._balances.get(account, 0) + points
                self._balances[account] = balance
                if not balance and account.kind != "house":
                    del self._balances[account]
                moves.append(Move(account, points, balance if self._is_whole(account) else None))
        return moves

    def _is_whole(self, account: Account) -> bool:
        """Whether the export contains all changes of the account."""
        return self._selection.user_id is None or account.kind != "house"

    def _entry(self, event: e.AnyEvent, moves: list[Move]) -> Entry:
        kind = str(type(event).__struct_config__.tag)
        what = one_line(describe(event))
        return Entry(event.seq, event.at, self._day, kind, one_line(event.by), what, moves)

    def _opening(self, last: e.AnyEvent) -> Iterator[str]:
        """The balances before the range, as one entry that sums to zero."""
        balances = self._known_balances()
        rest = sum(points for _, points in balances)
        moves = [Move(account, points, points) for account, points in balances if points]
        if rest:
            moves.append(Move(BEFORE, -rest, None))
        if moves:
            what = f"balances after line {last.seq}"
            entry = Entry(last.seq, last.at, self._day, OPENING, "system", what, moves)
            yield self._writer.entry(entry)

    def _known_balances(self) -> list[tuple[Account, int]]:
        return sorted(
            (item for item in self._balances.items() if self._is_whole(item[0])),
            key=lambda item: (item[0].kind, str(item[0].owner)),
        )
