"""Owns the commands that work on the files of a data folder alone: no token, no network.

They work beside the running bot, and change nothing. (`replay` is in `ledger.replay`.)
"""

from pathlib import Path
from typing import Annotated

import typer

from ledger.console import DataFolder, complain, plain_errors, progress_bar
from ledger.history import Cursor, HistoryLine, HistoryReader
from ledger.lines import BadLine
from ledger.log import LOG_NAME
from ledger.projections import State, User
from ledger.snapshot import recover
from ledger.verify import Report
from ledger.verify import verify as verify_folder
from ledger.wording import describe, one_line

PAGE_LINES = 500


def verify(data: DataFolder) -> None:
    """Check every line of the log, all balances, and user_data.json.

    Names the first line that does not hold. Safe while the bot runs.
    """
    with plain_errors(), progress_bar("Verifying") as progress:
        report = verify_folder(data, progress)
    for note in report.notes:
        complain(note)
    for problem in report.problems:
        typer.echo(f"{problem}.")
    typer.echo(_in_words(report))
    if not report.holds:
        raise typer.Exit(1)


def _in_words(report: Report) -> str:
    head = report.head
    lines = f"{head.seq:,} lines in {report.commands:,} commands, {head.size_bytes:,} bytes"
    if not report.holds:
        return f"Something does not hold. What is right, from the beginning: {lines}."
    compared = ""
    if report.compared_seq:
        compared = f"\nuser_data.json is the log's state at line {report.compared_seq:,}."
    return (
        f"Everything holds: {lines}.\n"
        f"{report.people:,} people hold {report.people_points:,} points; "
        f"{report.orders:,} orders hold {report.reserved_points:,} in reserve.\n"
        f"Last line: {head.at}, hash {head.hash}{compared}"
    )


def history(
    user: Annotated[str, typer.Argument(metavar="USER", help="A Telegram id or an @username.")],
    data: DataFolder,
    *,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many lines.")] = 20,
    everything: Annotated[bool, typer.Option("--all", help="All lines, without a limit.")] = False,
) -> None:
    """Show what happened with a person, newest first.

    Each line: when, the points it moved, the balance after it, by whom, and what, with the reason.
    """
    with plain_errors():
        recovered = recover(data)
        if recovered.warning:
            complain(f"{recovered.warning}.")
        person = _find(recovered.state, user)
        typer.echo(_headline(person))
        try:
            left = _show(data / LOG_NAME, person, None if everything else limit)
        except (LookupError, BadLine) as error:
            complain(f"{data / LOG_NAME} can't be read there: {error}. `verify` says more.")
            raise typer.Exit(1) from None
    if left:
        complain("There are older lines: --all shows them.")


def _find(state: State, wanted: str) -> User:
    """The person with this id or username."""
    if wanted.isascii() and wanted.isdigit():
        found = [state.users[int(wanted)]] if int(wanted) in state.users else []
    else:
        name = wanted.removeprefix("@").casefold()
        found = [user for user in state.users.values() if name and user.username.casefold() == name]
    if not found:
        raise typer.BadParameter(f"nobody known as {wanted} has joined", param_hint="USER")
    if len(found) > 1:
        # A username can move on to somebody else before its old owner is heard of again.
        ids = ", ".join(str(user.user_id) for user in found)
        raise typer.BadParameter(f"{wanted} can be any of {ids}; use the id", param_hint="USER")
    return found[0]


def _headline(person: User) -> str:
    names = [f"@{person.username}" if person.username else "", one_line(person.first_name)]
    known_as = "".join(f", {name}" for name in names if name)
    banned = ", banned" if person.banned else ""
    return (
        f"User {person.user_id}{known_as}{banned}: {person.balance:,} points\n"
        f"{'time (UTC)':<24} {'points':>12} {'balance':>14}  {'by':<18} what"
    )


def _show(log: Path, person: User, limit: int | None) -> bool:
    """Print up to `limit` lines (None: all); True if there are older ones."""
    cursor: Cursor | None = Cursor(person.last_seq, person.balance)
    with HistoryReader(log) as reader:
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
