"""Verifying a data folder: everything that can be checked from its files alone.

That is every line's hash, number and place in its command, every event against the rules of the
books, the sums of all accounts, and `user_data.json` against the state at its line. It works
beside the running bot, and takes a lock only for a moment, when the log's end is unfinished.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from ledger import events as e
from ledger.audit.right_part import RightPart, right_part
from ledger.audit.rulebook import Auditor
from ledger.audit.snapshot_diff import (
    Difference,
    EarlierUserData,
    UnreadableUserData,
    UserDataFile,
    differences,
    load,
)
from ledger.broken_books import BrokenBooks
from ledger.store.file import LOG_NAME
from ledger.store.file_log import FileLog
from ledger.store.reader import BadLog, LogReader, Progress
from ledger.store.record import Head, head_at
from ledger.store.user_data import USER_DATA_NAME, is_unchanged

DIFFERENCES_SHOWN = 20


class Problem(NamedTuple):
    """Something that is wrong: where (None: not at one place in the file), and what."""

    path: Path
    line_number: int | None
    offset_bytes: int | None
    what: str

    def __str__(self) -> str:
        place = ""
        if self.line_number is not None:
            place = f", line {self.line_number} (at byte {self.offset_bytes})"
        return f"{self.path}{place}: {self.what}"


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a verification found.

    Attributes:
        right: the part of the log that is right; all of it if nothing is wrong.
        problems: what is wrong, in the order of the file. Empty: nothing is.
        notes: what is worth knowing and not wrong.
        people: how many have joined.
        people_points: the sum of their balances.
        orders: how many were placed.
        reserved_points: what is set aside for orders that are not at their end.
        spent_points: what was paid for the others.
        compared_seq: the line at which `user_data.json` was compared; 0 if it was not.
    """

    right: RightPart
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    people: int
    people_points: int
    orders: int
    reserved_points: int
    spent_points: int
    compared_seq: int

    @property
    def head(self) -> Head:
        """The last line up to which the log is right and whole."""
        return self.right.head

    @property
    def size_bytes(self) -> int:
        """How long the log is up to there."""
        return self.right.head_bytes

    @property
    def commands(self) -> int:
        """How many whole commands there are up to there."""
        return self.right.commands

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(folder: Path, progress: Progress | None = None) -> Report:
    """Check the log and `user_data.json` in a data folder. Blocking; changes nothing.

    Raises:
        OSError: a file can't be read (a missing file is a problem, not an error).
    """
    return _Verification(folder).run(progress)


class _Verification:
    """One run over one folder."""

    def __init__(self, folder: Path) -> None:
        self._log = FileLog(folder / LOG_NAME)
        self._user_data = folder / USER_DATA_NAME
        self._reader = LogReader(self._log, second_process=True)
        self._auditor = Auditor()
        self._commands = 0
        self._problems: list[Problem] = []
        self._notes: list[str] = []
        self._file: UserDataFile | None = None
        self._compared = False

    def run(self, progress: Progress | None) -> Report:
        # user_data.json first: then the log that is read reaches at least to its line.
        self._load_user_data()
        try:
            self._take(self._reader.batches(progress))
            self._look_at_end()
        except FileNotFoundError:
            self._problem("the log is not there", at_head=False)
        except BadLog as error:
            place = (error.line_number, error.offset_bytes)
            self._problems.append(Problem(self._log.path, *place, error.what))
            if self._file is not None and not self._compared:
                self._notes.append(f"{self._user_data} was not compared, as the log breaks off.")
        else:
            if wrong := self._auditor.totals():
                self._problem(wrong, at_head=False)
            self._conclude_user_data()
        return self._report()

    def _report(self) -> Report:
        state = self._auditor.state
        return Report(
            right=self._right(),
            problems=tuple(self._problems),
            notes=tuple(self._notes),
            people=len(state.users),
            people_points=state.users_points,
            orders=state.orders_count,
            reserved_points=state.orders_points,
            spent_points=state.spent_points,
            compared_seq=self._file.data.seq if self._file and self._compared else 0,
        )

    def _right(self) -> RightPart:
        bad_lines = [one.line_number for one in self._problems if one.line_number is not None]
        if bad_lines:
            return right_part(self._log.path, min(bad_lines))
        head, size_bytes = self._reader.head, self._reader.size_bytes
        return RightPart(head.seq, size_bytes, head, size_bytes, self._commands)

    def _take(self, batches: Iterable[list[e.AnyEvent]]) -> None:
        compare_at = self._file.data.seq if self._file is not None else 0
        for events in batches:
            for event in events:
                try:
                    self._auditor.take(event)
                except BrokenBooks as error:
                    raise self._reader.contradiction(event, str(error)) from None
                if not event.more:
                    self._commands += 1
                    if event.seq == compare_at and self._file is not None:
                        self._compare(self._file, head_at(event))

    def _look_at_end(self) -> None:
        """Check what lies behind the last complete command: a torn write, or one in progress."""
        head = self._reader.head
        if not self._log.torn_bytes and head.seq:
            return
        with self._log.without_writer() as alone:
            if not alone:
                self._notes.append(
                    f"Behind line {head.seq} a command is being written right now; "
                    "it was not checked."
                )
                return
            # What the last writer may have finished in the meantime is read now; what is still
            # unfinished stays so.
            self._take(self._reader.batches())
        if self._log.torn_bytes:
            self._problem(
                f"{self._log.torn_bytes} bytes of an unfinished command lie behind the last "
                "complete one, and nobody is writing. A crash leaves this, and the next start of "
                "the bot cuts it off; so does a damaged line end"
            )
        elif not self._reader.head.seq:
            self._problem("the log is empty; expected the first line to be log_started")

    def _load_user_data(self) -> None:
        try:
            self._file = load(self._user_data)
        except FileNotFoundError:
            self._notes.append(
                f"{self._user_data} is not there, which is no harm: `replay` makes it."
            )
        except EarlierUserData:
            self._notes.append(
                f"{self._user_data} is from an earlier version, so it was not compared. The next "
                "start replays the whole log and writes it anew."
            )
        except UnreadableUserData as error:
            self._problems.append(Problem(self._user_data, None, None, str(error)))
        else:
            if not is_unchanged(self._file.raw):
                self._notes.append(
                    f"{self._user_data} was changed since it was written: its checksum doesn't "
                    "fit. The next start replays the whole log instead."
                )

    def _compare(self, file: UserDataFile, head: Head) -> None:
        self._compared = True
        found = differences(file, self._auditor.state, head)
        self._problems.extend(_as_problems(file.path, found))

    def _conclude_user_data(self) -> None:
        if self._file is None or self._compared:
            return
        self._problem(_not_at(self._file, self._reader.head))

    def _problem(self, what: str, *, at_head: bool = True) -> None:
        line, offset = None, None
        if at_head:
            line, offset = self._reader.head.seq + 1, self._reader.size_bytes
        self._problems.append(Problem(self._log.path, line, offset, what))


def _as_problems(path: Path, found: list[Difference]) -> list[Problem]:
    """Differences as problems, the first ones in full."""
    problems = [Problem(path, None, None, str(one)) for one in found[:DIFFERENCES_SHOWN]]
    if len(found) > DIFFERENCES_SHOWN:
        more = f"and {len(found) - DIFFERENCES_SHOWN} more differences"
        problems.append(Problem(path, None, None, more))
    return problems


def _not_at(file: UserDataFile, head: Head) -> str:
    """Why the log, which ends at `head`, never stood where the file says it does."""
    seq = file.data.seq
    if seq > head.seq:
        return (
            f"{file.path} stands at line {seq}, but the log ends with line {head.seq}: "
            "expected more lines here; they were removed, or the two files don't belong together"
        )
    return f"{file.path} stands at line {seq}, where no command ends: it is not from this log"
