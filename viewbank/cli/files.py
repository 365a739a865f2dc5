"""The commands `verify` and `history`: they read the files of a data folder alone.

They need no token and no network, may run beside the bot, and change nothing.
"""

from typing import Annotated

import typer

from i18n.foreign import foreign_name
from ledger.audit.known_heads import find_line, read_hash
from ledger.audit.verify import Report
from ledger.audit.verify import verify as verify_folder
from ledger.event_text import describe, one_line
from ledger.history import Cursor, HistoryLine, HistoryReader
from ledger.ranges import Until, read_until
from ledger.state import State, User
from ledger.store.file import LOG_NAME
from ledger.store.file_log import FileLog
from ledger.store.record import BadRecord
from ledger.store.recovery import recover
from ledger.user_search import by_id, by_name
from viewbank.cli.console import DataFolder, complain, plain_errors, progress_bar

PAGE_LINES = 500


def verify(
    data: DataFolder,
    *,
    head: Annotated[
        str | None,
        typer.Option(
            metavar="HASH",
            help="Also check that the log still has the line with this hash, as an earlier daily "
            "digest gave it, and that nothing before it was changed.",
        ),
    ] = None,
) -> None:
    """Check every line of the log, all balances, and user_data.json.

    Names the first line that is wrong. The bot may run meanwhile.
    """
    digest = _hash_of(head)
    with plain_errors(), progress_bar("Verifying") as progress:
        report = verify_folder(data, progress)
    for note in report.notes:
        complain(note)
    for problem in report.problems:
        typer.echo(f"{problem}.")
    typer.echo(_in_words(report))
    if (
        not (digest is None or _still_has(FileLog(data / LOG_NAME), digest, report))
        or not report.holds
    ):
        raise typer.Exit(1)


def _hash_of(text: str | None) -> str | None:
    try:
        return None if text is None else read_hash(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--head") from None


def _still_has(log: FileLog, digest: str, report: Report) -> bool:
    """Print and return whether the valid part of the log has the line with this hash."""
    try:
        with plain_errors(), progress_bar("Looking for the hash") as progress:
            line = find_line(log, digest, progress)
    except BadRecord:
        line = None
    bad = [one.line_number for one in report.problems if one.path == log.path and one.line_number]
    if line is not None and line.seq < min(bad, default=line.seq + 1):
        typer.echo(
            f"The hash {digest} is that of line {line.seq:,}, of {line.at}: nothing up to there "
            "has changed since."
        )
        return True
    what = (
        f"is in the file, but not before line {bad[0]:,}, where the log is wrong"
        if line is not None
        else "is of no line: the log has been changed or cut since, or this is another log"
    )
    typer.echo(f"The hash {digest} {what}.")
    return False


def _in_words(report: Report) -> str:
    head = report.head
    lines = f"{head.seq:,} lines in {report.commands:,} commands, {report.size_bytes:,} bytes"
    if not report.holds:
        return f"Something is wrong. Valid from the beginning: {lines}."
    compared = ""
    if report.compared_seq:
        compared = f"\nuser_data.json is the log's state at line {report.compared_seq:,}."
    return (
        f"Everything is right: {lines}.\n"
        f"{report.people:,} people have {report.people_points:,} points; "
        f"{report.orders:,} orders reserve {report.reserved_points:,}.\n"
        f"Last line: {head.at}, hash {head.hash}{compared}"
    )


def history(
    user: Annotated[str, typer.Argument(metavar="USER", help="A Telegram id or an @username.")],
    data: DataFolder,
    *,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="At most this many lines.")] = 20,
    everything: Annotated[bool, typer.Option("--all", help="All lines, without a limit.")] = False,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="SEQ|TIME",
            help="As of this line or time (UTC; a day alone means its end).",
        ),
    ] = None,
) -> None:
    """Show the history of a person, newest first.

    Each line: time, points moved, balance after it, who caused it, what happened and why.
    """
    until = _until_of(at)
    with plain_errors():
        recovered = recover(data)
        if recovered.warning:
            complain(f"{recovered.warning}.")
        person = _find(recovered.state, user)
        with FileLog(data / LOG_NAME) as log:
            reader = HistoryReader(log)
            try:
                start = _start_of(reader, person, until)
                typer.echo(_headline(person, start, until))
                left = _show(reader, person, start, None if everything else limit)
            except (LookupError, BadRecord) as error:
                complain(f"{log.path} can't be read there: {error}. Run `verify` for details.")
                raise typer.Exit(1) from None
    if left:
        complain("There are older lines; --all shows them.")


def _find(state: State, wanted: str) -> User:
    """The person with this id or username."""
    found = by_id(state, wanted)
    if found is None:
        found = by_name(state.users.values(), wanted)
    if not found:
        raise typer.BadParameter(f"no user {wanted} has joined", param_hint="USER")
    if len(found) > 1:
        ids = ", ".join(str(user.user_id) for user in found)
        raise typer.BadParameter(f"{wanted} may be any of {ids}; use the id", param_hint="USER")
    return found[0]


def _until_of(text: str | None) -> Until | None:
    try:
        return None if text is None else read_until(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--at") from None


def _start_of(reader: HistoryReader, person: User, until: Until | None) -> Cursor | None:
    """Where to start reading the person's history; None if it was still empty then."""
    newest = Cursor(person.last_seq, person.balance)
    if until is None:
        return newest
    return reader.cursor_at(person.user_id, newest, until)


def _headline(person: User, start: Cursor | None, until: Until | None) -> str:
    names = [f"@{person.username}" if person.username else "", foreign_name(person.first_name)]
    known_as = "".join(f", {name}" for name in names if name)
    banned = f", banned{' now' if until is not None else ''}" if person.banned else ""
    as_of = "" if until is None else f" at {f'line {until:,}' if isinstance(until, int) else until}"
    points = f"{start.balance_points:,} points" if start else "nothing had happened yet"
    return (
        f"User {person.user_id}{known_as}{banned}: {points}{as_of}\n"
        f"{'time (UTC)':<24} {'points':>12} {'balance':>14}  {'by':<18} what"
    )


def _show(reader: HistoryReader, person: User, cursor: Cursor | None, limit: int | None) -> bool:
    """Print up to `limit` lines (None: all) from `cursor` on; True if there are older ones."""
    while cursor is not None and (limit is None or limit > 0):
        size = PAGE_LINES if limit is None else min(limit, PAGE_LINES)
        page = reader.page(person.user_id, cursor, size)
        for line in page.lines:
            typer.echo(_row(line))
        cursor = page.older
        limit = None if limit is None else limit - len(page.lines)
    return cursor is not None


def _row(line: HistoryLine) -> str:
    event = line.event
    change = f"{line.change_points:+,}" if line.change_points else "·"
    return (
        f"{event.at:<24} {change:>12} {line.balance_points:>14,}  {one_line(event.by):<18} "
        f"{one_line(describe(event))}"
    )
