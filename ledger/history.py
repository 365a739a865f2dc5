"""Owns a person's history: the chain of their events, read backwards from the file.

Every event of a person names the one before it (`prev`), so a page of history takes a few small
reads, however long the log is, and nothing of it is kept in memory. Lines are numbered without a
gap and sorted by their number, so a line is found by guessing where it stands and closing in.
"""

import re
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from ledger import events as e
from ledger.lines import read_line
from ledger.postings import postings
from ledger.spans import Until

_BLOCK_BYTES = 4096
_SEQ = re.compile(rb'"seq":(\d+)')


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
    """Reads histories from one log. Blocking, quick, and safe beside the writer."""

    def __init__(self, path: Path) -> None:
        """Open the log. Raises OSError if that can't be done."""
        self._file = path.open("rb", buffering=0)

    def __enter__(self) -> Self:
        """Use it in a `with` block, which closes it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    def page(
        self, user_id: int, newest: Cursor, limit: int, *, moves_only: bool = False
    ) -> HistoryPage:
        """Up to `limit` lines from `newest` backwards.

        Args:
            user_id: the person whose chain it is.
            newest: for a whole history, the user's `last_seq` and `balance`.
            limit: how many lines.
            moves_only: leave out events that didn't change the balance.

        Raises:
            LookupError: the cursor is not one of this person's; a button's data can be forged.
            BadLine: the line there can't be read.
        """
        lines: list[HistoryLine] = []
        seq, balance = newest
        while seq:
            if len(lines) == limit and not moves_only:
                break
            event = self.event(seq)
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
            LookupError, BadLine: as for `page`.
        """
        cursor: Cursor | None = newest
        while cursor is not None:
            page = self.page(user_id, cursor, 1)
            for event, _, balance_points in page.lines:
                if event.seq <= until if isinstance(until, int) else event.at <= until:
                    return Cursor(event.seq, balance_points)
            cursor = page.older
        return None

    def event(self, seq: int) -> e.AnyEvent:
        """The event with this number, found by interpolation over the sorted lines."""
        low_at, low_seq = 0, 1
        high_at = self._file.seek(0, 2)
        high_seq = None
        while True:
            guess = _guess(seq, low_at, low_seq, high_at, high_seq)
            line_at = self._line_start(guess, low_at)
            line = self._line(line_at)
            found = _seq_of(line)
            if found == seq:
                return read_line(line)
            if found < seq:
                low_at, low_seq = line_at + len(line) + 1, found + 1
            else:
                high_at, high_seq = line_at, found
            if low_at >= high_at:
                raise LookupError(f"the log has no line {seq}")

    def _line_start(self, offset: int, floor: int) -> int:
        """Where the line that holds this byte begins; not before `floor`, which begins one."""
        end = offset
        while end > floor:
            start = max(floor, end - _BLOCK_BYTES)
            self._file.seek(start)
            found = self._file.read(end - start).rfind(b"\n")
            if found >= 0:
                return start + found + 1
            end = start
        return floor

    def _line(self, offset: int) -> bytes:
        self._file.seek(offset)
        data = b""
        while b"\n" not in data:
            block = self._file.read(_BLOCK_BYTES)
            if not block:
                break
            data += block
        return data.partition(b"\n")[0]


def change_of(event: e.AnyEvent, user_id: int) -> int:
    """What the event did to this person's balance, in points."""
    return sum(
        points for kind, owner, points in postings(event) if kind == "user" and owner == user_id
    )


def _seq_of(line: bytes) -> int:
    match = _SEQ.search(line)
    if match is None:
        raise LookupError("the log has a line without a number")
    return int(match[1])


def _guess(seq: int, low_at: int, low_seq: int, high_at: int, high_seq: int | None) -> int:
    """A byte that is likely to lie in the line `seq`, between the two known places."""
    if high_seq is None or high_seq <= low_seq:
        return (low_at + high_at) // 2
    guess = low_at + (high_at - low_at) * (seq - low_seq) // (high_seq - low_seq)
    return min(max(guess, low_at), high_at - 1)
