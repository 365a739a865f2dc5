"""The command `backup`: copies the log and the profiles, also while the bot runs."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.transfer.backup import BackupRefused, back_up
from ledger.words.wording import counted
from viewbank.cli.console import complain, plain_errors, progress_bar, sentence
from viewbank.cli.data_folder import DataFolder
from viewbank.file_modes import is_loose, loose_folder


def backup(
    dest_folder: Annotated[
        Path,
        typer.Argument(metavar="DEST_FOLDER", file_okay=False, help="The folder of the copy."),
    ],
    data: DataFolder,
) -> None:
    """Copy the log and people's names to another folder.

    The bot may run meanwhile. Run it again with the same folder to add what is new.
    To restore, copy the two files back.
    """
    with plain_errors():
        try:
            with progress_bar("Backing up") as progress:
                done = back_up(data, dest_folder, progress=progress)
        except BackupRefused as error:
            complain(sentence(str(error)))
            raise typer.Exit(1) from None
    if is_loose(dest_folder):
        complain(f"Please note: {loose_folder(dest_folder)}; the files in it are private.")
    head, new = done.head, done.head.seq - done.before.seq
    typer.echo(
        f"{dest_folder} has the log up to line {head.seq:,}, of {head.at or 'no time'}; "
        f"{counted(new, 'line')} {'is' if new == 1 else 'are'} new, and every line of the copy was "
        "checked.\n"
        f"Hash: {head.hash}"
    )
