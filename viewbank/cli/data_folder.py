"""The option `--data` of the commands that read a log: which folder, and what if it has none.

A command that is run on an empty or wrong folder names the logs nearby, and how to look there.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from dotenv import dotenv_values

from ledger.store.file import LOG_NAME

NAMED_MAX = 3
_LOOKED_AT_MAX = 1000
"""Of a folder's entries. It may be one with very many files."""


def default_folder() -> Path:
    """`DATA_DIR` from the environment or `.env`, else `data`."""
    text = os.environ.get("DATA_DIR", "").strip()
    if not text:
        text = (dotenv_values(".env", interpolate=False).get("DATA_DIR") or "").strip()
    return Path(text or "data")


def with_log(folder: Path) -> Path:
    """The folder itself, if it has a log.

    Raises:
        typer.BadParameter: it is no folder.
        typer.Exit: it has no log; that was said.
    """
    if folder.is_file():
        raise typer.BadParameter(f"{folder} is a file; --data takes the folder that it is in")
    if not folder.exists():
        raise typer.BadParameter(f"dir '{folder}' does not exist.{_advice(folder)}")
    if not (folder / LOG_NAME).exists():
        what = f"{folder / LOG_NAME}: the log is not there."
        typer.echo(f"{what}{_advice(folder)}", err=True)
        raise typer.Exit(1)
    return folder


def _advice(folder: Path) -> str:
    found = list(islice(logs_near(folder), NAMED_MAX))
    if not found:
        return " Name the folder that has one with --data DIR."
    names = " or ".join(str(one) for one in found)
    return f" There is a log in {names}: to look there, add --data {found[0]}"


def logs_near(folder: Path) -> Iterator[Path]:
    """The folders with a log in and around this one, the nearest first."""
    seen = {folder.resolve()}
    around = [*_inside(folder), folder.parent, *_inside(folder.parent)]
    usual = [default_folder(), *_inside(default_folder())]
    for one in [*around, *usual]:
        with suppress(OSError):
            if one.resolve() not in seen and (one / LOG_NAME).is_file():
                seen.add(one.resolve())
                yield one


def _inside(folder: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(one for one in islice(folder.iterdir(), _LOOKED_AT_MAX) if one.is_dir())
    return []


DataFolder: TypeAlias = Annotated[
    Path,
    typer.Option(
        "--data",
        metavar="DIR",
        default_factory=default_folder,
        show_default="DATA_DIR, or data",
        callback=with_log,
        help="The folder with the log.",
    ),
]
