"""What the commands share: progress bars, and one-line error messages."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from ledger.store import reader
from ledger.store.base import LogLocked
from ledger.store.reader import BadLog


def new_app(help_text: str) -> typer.Typer:
    """Create a command line with plain text and without tracebacks that show local variables."""
    return typer.Typer(
        help=help_text,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )


def complain(text: str) -> None:
    """Print one line on stderr."""
    typer.echo(text, err=True)


def sentence(text: str) -> str:
    """The text with one full stop at its end."""
    return f"{text.rstrip('.')}."


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn expected errors into a one-line message and exit status 1."""
    try:
        yield
    except BrokenPipeError:
        raise  # the reader of the output has closed it; typer exits quietly
    except (BadLog, LogLocked) as error:
        complain(str(error))
        raise typer.Exit(1) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        complain(sentence(f"{where}{error.strerror or error}"))
        raise typer.Exit(1) from None


@contextmanager
def progress_bar(title: str, *, of_bytes: bool = True) -> Iterator[reader.Progress | None]:
    """Show a progress bar on stderr, if it is a terminal and the work takes more than one step."""
    if not sys.stderr.isatty():
        yield None
        return
    done = DownloadColumn() if of_bytes else MofNCompleteColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), done)
    bar = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True)
    task = bar.add_task(title)

    def update(done_bytes: int, total_bytes: int) -> None:
        if done_bytes < total_bytes:
            bar.start()
        bar.update(task, completed=done_bytes, total=total_bytes)

    try:
        yield update
    finally:
        bar.stop()
