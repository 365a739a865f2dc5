"""The command `export`: writes all movements of points in formats that other tools read."""

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ledger.ranges import Until, read_since, read_until
from ledger.store.disk import Disk, for_us_alone
from ledger.transfer.export import BackwardRange, Selection
from ledger.transfer.export import export as export_log
from ledger.transfer.export_formats import FORMATS
from viewbank.cli.console import plain_errors, progress_bar
from viewbank.cli.data_folder import DataFolder
from viewbank.cli.replay import is_ours


class Format(StrEnum):
    """The names of `FORMATS`."""

    HLEDGER = "hledger"
    BEANCOUNT = "beancount"
    CSV = "csv"
    JSONL = "jsonl"


def export(
    data: DataFolder,
    *,
    form: Annotated[Format, typer.Option("--format", help="What to write.")],
    user: Annotated[
        int | None, typer.Option(min=1, metavar="ID", help="Only this person, by Telegram id.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="SEQ|TIME", help="From this line or time on (UTC; a day: its start)."
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="SEQ|TIME", help="Up to this line or time (UTC; a day: its end)."
        ),
    ] = None,
    output: Annotated[
        str, typer.Option(metavar="FILE", help="Where to write; - is standard output.")
    ] = "-",
) -> None:
    """Export movements of points to hledger, Beancount, CSV or JSON.

    The journals assert every balance, so the tool that reads them checks the sums.
    With --from, the export begins with the balances before it. The bot may run meanwhile.
    """
    selection = Selection(user, _place(since, "--from"), _place(until, "--to"))
    if output != "-" and is_ours(Path(output), data):
        raise typer.BadParameter(f"{output} belongs to the ledger", param_hint="--output")
    if output != "-" and (wrong := _not_a_place(Path(output))):
        raise typer.BadParameter(wrong, param_hint="--output")
    with plain_errors(), progress_bar("Exporting") as progress:
        try:
            pieces = export_log(data, selection, FORMATS[form](), progress)
            if output == "-":
                _print(pieces)
            else:
                _save(pieces, Path(output))
        except LookupError as error:
            raise typer.BadParameter(str(error), param_hint="--user") from None
        except BackwardRange as error:
            raise typer.BadParameter(str(error), param_hint="--from") from None


def _not_a_place(path: Path) -> str:
    """Why a file can't be written here; empty if nothing speaks against it."""
    if path.is_dir():
        return f"{path} is a folder; name a file in it"
    return "" if path.parent.is_dir() else f"the folder {path.parent} does not exist"


def _place(text: str | None, option: str) -> Until | None:
    read = read_since if option == "--from" else read_until
    try:
        return None if text is None else read(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _print(pieces: Iterator[str]) -> None:
    # Bytes: the journals are UTF-8 with \n line ends, whatever the terminal's encoding.
    for piece in pieces:
        sys.stdout.buffer.write(piece.encode())
    sys.stdout.buffer.flush()


def _save(pieces: Iterator[str], path: Path) -> None:
    """Write the whole file or nothing: a corrupt log leaves no partial export."""
    draft = path.with_name(f".{path.name}.tmp")
    try:
        with open(draft, "wb", opener=for_us_alone) as file:
            file.writelines(piece.encode() for piece in pieces)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    Disk().sync_folder(path.parent)
