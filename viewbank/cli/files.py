"""The commands `verify` and `history`: they read the files of a data folder alone.

They need no token and no network, may run beside the bot, and change nothing.
"""

from typing import Annotated

import typer

from i18n.foreign import foreign_name
from ledger.audit.known_heads import find_line, read_hash
from ledger.audit.verify import Report
from ledger.audit.verify import verify as verify_folder
from ledger.clocks.timestamps import to_text, wall_clock_ms
from ledger.history import Cursor, HistoryLine, HistoryReader
from ledger.ranges import Until, is_ahead, is_today, named, read_until
from ledger.state import State, User
from ledger.store.file import LOG_NAME
from ledger.store.file_log import FileLog
from ledger.store.record import BadRecord
from ledger.store.recovery import recover
from ledger.user_search import by_id, by_name
from ledger.words.event_text import describe, one_line
from ledger.words.wording import amount, change, counted
from viewbank.cli.console import complain, plain_errors, progress_bar
from viewbank.cli.data_folder import DataFolder

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
    head, right = report.head, report.right
    lines = (
        f"{counted(head.seq, 'line')} in {counted(report.commands, 'command')}, "
        f"{counted(report.size_bytes, 'byte')}"
    )
    if right.lines > head.seq:
        return (
            f"Something is wrong. Valid from the beginning: {counted(right.lines, 'line')}, "
            f"{counted(right.size_bytes, 'byte')}. Of these, whole commands have {lines}; the "
            "rest begins the command with the wrong line, and a command counts as a whole or not "
            "at all."
        )
    if not report.holds:
        return f"Something is wrong. Valid from the beginning: {lines}."
    compared = ""
    if report.compared_seq:
        compared = f"\nuser_data.json is the log's state at line {report.compared_seq:,}."
    return (
        f"Everything is right: {lines}.\n"
        f"{counted(report.people, 'person')} with {counted(report.people_points, 'point')}; "
        f"{counted(report.orders, 'order')}, with {counted(report.reserved_points, 'point')} set "
        f"aside for those that are open, and {amount(report.spent_points)} spent on the "
        "others.\n"
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
                as_of = "" if until is None else _as_of(until, recovered.head.seq)
                typer.echo(_headline(person, start, as_of))
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
        raise typer.BadParameter(
            f"no user {wanted or repr(wanted)} has joined; it takes a Telegram id or an @username",
            param_hint="USER",
        )
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


def _as_of(until: Until, last_line: int) -> str:
    """The line or moment that the history was asked for, in words."""
    now = to_text(wall_clock_ms())
    if not is_ahead(until, last_line, now):
        return f" at {named(until)}"
    if is_today(until, now):
        return " so far today"
    if isinstance(until, int):
        return f" now (there is no {named(until)} yet: the last one is {last_line:,})"
    return f" now ({until} is still to come)"


def _headline(person: User, start: Cursor | None, as_of: str) -> str:
    names = [f"@{person.username}" if person.username else "", foreign_name(person.first_name)]
    known_as = "".join(f", {name}" for name in names if name)
    banned = f", banned{' now' if as_of else ''}" if person.banned else ""
    points = counted(start.balance_points, "point") if start else "nothing had happened yet"
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
    moved = change(line.change_points) if line.change_points else "·"
    return (
        f"{event.at:<24} {moved:>12} {amount(line.balance_points):>14}  {one_line(event.by):<18} "
        f"{one_line(describe(event))}"
    )
