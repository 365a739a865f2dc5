"""The command `import`: imports users, balances and orders from the predecessor of this bot.

The whole file is read and checked before anything is recorded. Each person is one atomic,
idempotent command: an interrupted import continues where it stopped when it is run again, and a
second run changes nothing.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeAlias
from uuid import uuid4

import typer

from ledger import commands as c
from ledger import refusals as r
from ledger.ledger import Ledger, LedgerFailed
from ledger.store.reader import Progress
from ledger.store.record import Head
from ledger.store.recovery import recover
from ledger.transfer.import_plan import Plan, make_plan
from ledger.transfer.predecessor_file import BadOldFile, OldFile, read_old_file
from ledger.words.wording import counted
from viewbank.cli.console import complain, plain_errors, progress_bar
from viewbank.cli.data_folder import default_folder

AT_ONCE = 1000
"""How many commands share one write to the disk."""

SHOWN = 20

NewDataFolder: TypeAlias = Annotated[
    Path,
    typer.Option(
        "--data",
        metavar="DIR",
        default_factory=default_folder,
        show_default="DATA_DIR, or data",
        file_okay=False,
        help="The folder with the log; created if it is missing.",
    ),
]


class ImportStopped(Exception):  # noqa: N818 - says what happened
    """The ledger refused a command of the plan. The commands before it are recorded."""


def import_old(
    old_user_data: Annotated[
        Path,
        typer.Argument(
            metavar="OLD_USER_DATA_JSON",
            exists=True,
            dir_okay=False,
            help="The user_data.json of the old bot.",
        ),
    ],
    data: NewDataFolder,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be recorded.")
    ] = False,
) -> None:
    """Import users, balances and orders of the old bot.

    1 view there becomes 10 points here, and so do 10 ads. Times there are read as UTC.
    Stop the bot first.
    """
    with plain_errors():
        try:
            old = read_old_file(old_user_data.read_bytes())
        except BadOldFile as error:
            _tell(error.problems, str(old_user_data))
            complain(f"Nothing was recorded: {old_user_data} can't be imported as it is.")
            raise typer.Exit(1) from None
        if dry_run:
            plan = make_plan(old, recover(data).state, _new_code)
            _tell(plan.notes, "Note")
            typer.echo(f"Would record: {_in_words(plan)}.\nNothing was recorded: a dry run.")
            return
        try:
            with progress_bar("Importing", of_bytes=False) as progress:
                plan, head = asyncio.run(_import(old, data, progress))
        except (LedgerFailed, ImportStopped) as error:
            complain(f"{error}. Run it again to go on from there.")
            raise typer.Exit(1) from None
    _tell(plan.notes, "Note")
    typer.echo(
        f"Recorded: {_in_words(plan)}.\nLast line: {head.seq:,}, {head.at}, hash {head.hash}"
    )


async def _import(old: OldFile, folder: Path, progress: Progress | None) -> tuple[Plan, Head]:
    ledger = await Ledger.open_folder(folder)
    try:
        plan = make_plan(old, ledger.state, _new_code)
        everything: list[c.AnyCommand] = [*plan.people, *plan.orders]
        for begin in range(0, len(everything), AT_ONCE):
            if progress:
                progress(begin, len(everything))
            some = everything[begin : begin + AT_ONCE]
            answers = await asyncio.gather(*[ledger.execute(command) for command in some])
            for command, answer in zip(some, answers, strict=True):
                if not isinstance(answer, tuple):
                    raise ImportStopped(_stopped(command, answer))
        for profile in plan.profiles:
            ledger.note_profile(profile)
    finally:
        await ledger.close()
    return plan, ledger.head


def _stopped(command: c.AnyCommand, refusal: r.AnyRefusal) -> str:
    return f"user {getattr(command, 'user_id', 0)} can't be imported ({refusal})"


def _new_code() -> str:
    return uuid4().hex[:8]


def _in_words(plan: Plan) -> str:
    people, orders = len(plan.people), len(plan.orders)
    ads = sum(person.ads_watched for person in plan.people)
    invited = sum(person.referred_by is not None for person in plan.people)
    joined = f", {plan.joined_before:,} of them already users here" if plan.joined_before else ""
    brought = f"{counted(plan.points, 'point')} and {counted(ads, 'ad')} watched"
    parts = [
        f"{counted(people, 'person')}{joined}, with {brought}",
        f"{invited:,} invited by somebody",
        f"{counted(orders, 'order')} as history",
    ]
    if plan.people_before or plan.orders_before:
        parts.append(
            f"imported before and left unchanged: {counted(plan.people_before, 'person')}, "
            f"{counted(plan.orders_before, 'order')}"
        )
    return "; ".join(parts)


def _tell(sentences: list[str], opening: str, say: Callable[[str], None] = complain) -> None:
    for sentence in sentences[:SHOWN]:
        say(f"{opening}: {sentence}.")
    if len(sentences) > SHOWN:
        say(f"{opening}: and {len(sentences) - SHOWN:,} more.")
