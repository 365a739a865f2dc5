"""The command `replay`: rebuild `user_data.json` from the log alone, or check it."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from ledger.audit.snapshot_diff import EarlierUserData, UnreadableUserData, differences, load
from ledger.ranges import read_until
from ledger.store.disk import Disk, for_us_alone
from ledger.store.file import LOG_NAME
from ledger.store.file_log import FileLog
from ledger.store.profiles import PROFILES_NAME
from ledger.store.reader import LogReader
from ledger.store.rebuild import rebuild
from ledger.store.recovery import Recovered
from ledger.store.snapshot import write
from ledger.store.user_data import USER_DATA_NAME, encode
from ledger.words.wording import counted
from viewbank.cli.console import complain, plain_errors, progress_bar
from viewbank.cli.data_folder import DataFolder

DIFFERENCES_SHOWN = 20


def replay(
    data: DataFolder,
    *,
    check: Annotated[
        bool,
        typer.Option("--check", help="Only compare user_data.json with the log."),
    ] = False,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="SEQ|TIME",
            help="Show the state as of this line or time (UTC; a day alone means its end), and "
            "leave user_data.json unchanged.",
        ),
    ] = None,
    output: Annotated[
        str,
        typer.Option(metavar="FILE", help="Where --until writes to; - is standard output."),
    ] = "-",
) -> None:
    """Rebuild user_data.json from the log alone, from its first line.

    The bot may run meanwhile.
    """
    if check and until is not None:
        raise typer.BadParameter("it can't be combined with --until", param_hint="--check")
    if output != "-" and until is None:
        raise typer.BadParameter("it needs --until", param_hint="--output")
    with plain_errors():
        if check:
            _check(data)
        elif until is not None:
            _show(data, until, output)
        else:
            _write(data)


def _write(folder: Path) -> None:
    with progress_bar("Replaying") as progress:
        rebuilt = rebuild(folder, progress=progress)
    if not rebuilt.head.seq:
        complain(f"{folder / LOG_NAME} has no complete line; there is nothing to rebuild from.")
        raise typer.Exit(1)
    write(folder, rebuilt.state, rebuilt.head, Disk())
    if rebuilt.torn_bytes:
        size = counted(rebuilt.torn_bytes, "byte")
        complain(f"Left out: {size} of an unfinished command at the end.")
    typer.echo(f"{folder / USER_DATA_NAME} is rebuilt: {_summary(rebuilt)}.")


def _check(folder: Path) -> None:
    path = folder / USER_DATA_NAME
    try:
        file = load(path)
    except FileNotFoundError:
        complain(f"{path} is not there, so there is nothing to check: `replay` makes it.")
        raise typer.Exit(1) from None
    except EarlierUserData:
        complain(f"{path} is from an earlier version, so it can't be compared: `replay` makes it.")
        raise typer.Exit(1) from None
    except UnreadableUserData as error:
        typer.echo(f"{path} {error}")
        raise typer.Exit(1) from None
    with progress_bar("Replaying") as progress:
        rebuilt = rebuild(folder, file.data.seq, progress)
    if rebuilt.head.seq != file.data.seq:
        typer.echo(
            f"{path} is at line {file.data.seq}, but no command in {folder / LOG_NAME} ends there; "
            f"the last one before it ends with line {rebuilt.head.seq}."
        )
        raise typer.Exit(1)
    found = differences(file, rebuilt.state, rebuilt.head)
    for difference in found[:DIFFERENCES_SHOWN]:
        typer.echo(f"{path}: {difference}")
    if len(found) > DIFFERENCES_SHOWN:
        typer.echo(f"{path}: and {len(found) - DIFFERENCES_SHOWN} more differences")
    if found:
        raise typer.Exit(1)
    typer.echo(f"{path} matches the log: {_summary(rebuilt)}.")


def _show(folder: Path, until: str, output: str) -> None:
    try:
        last = read_until(until)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--until") from None
    if output != "-" and is_ours(Path(output), folder):
        raise typer.BadParameter(f"{output} belongs to the ledger", param_hint="--output")
    with progress_bar("Replaying") as progress:
        rebuilt = rebuild(folder, last, progress)
    if isinstance(last, int) and rebuilt.head.seq < last:
        _explain_earlier(folder, last, rebuilt.head.seq)
    text = msgspec.json.format(encode(rebuilt.state, rebuilt.head), indent=2) + b"\n"
    if output == "-":
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
        return
    with open(output, "wb", opener=for_us_alone) as file:
        file.write(text)
    typer.echo(f"{output} is written: {_summary(rebuilt)}.")


def _explain_earlier(folder: Path, asked_seq: int, found_seq: int) -> None:
    """Explain why the state at a line can't be shown."""
    reader = LogReader(FileLog(folder / LOG_NAME))
    if any(command[-1].seq >= asked_seq for command in reader.commands()):
        complain(
            f"Line {asked_seq} is inside a command, and commands are atomic; "
            f"this is the state at line {found_seq}."
        )
        return
    raise typer.BadParameter(f"the log ends with line {found_seq}", param_hint="--until")


def is_ours(path: Path, folder: Path) -> bool:
    """Whether this path is one of the ledger's files in the data folder."""
    ours = [folder / name for name in (LOG_NAME, PROFILES_NAME, USER_DATA_NAME)]
    if path.resolve() in [own.resolve() for own in ours]:
        return True
    return path.exists() and any(own.exists() and own.samefile(path) for own in ours)


def _summary(rebuilt: Recovered) -> str:
    state, head = rebuilt.state, rebuilt.head
    at = f" ({head.at})" if head.seq else ""
    orders = counted(state.orders_count, "order")
    return f"line {head.seq:,}{at}, {counted(len(state.users), 'person')}, {orders}"
