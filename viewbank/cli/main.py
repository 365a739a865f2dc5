"""The command line: `python -m viewbank`, its commands, exit statuses and error messages.

Exit status 0: success; 1: a check failed, or the program could not go on; 2: wrong usage or a
wrong setting.
"""

import asyncio
import logging
import os
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from ledger.store.base import LogLocked
from ledger.store.file import LOG_NAME
from viewbank.cli.backup import backup
from viewbank.cli.console import complain, new_app, plain_errors
from viewbank.cli.export import export
from viewbank.cli.files import history, verify
from viewbank.cli.import_old import import_old
from viewbank.cli.replay import replay
from viewbank.file_modes import OTHERS, is_loose
from viewbank.settings import Settings, WrongSetting
from viewbank.settings_reader import read_settings

log = logging.getLogger(__name__)

app = new_app(
    "Viewbank: a views shop on Telegram. Without a command, it runs the bot with the settings "
    "from the environment and .env."
)
app.command()(verify)
app.command()(replay)
app.command()(history)
app.command()(export)
app.command(name="import")(import_old)
app.command()(backup)


@app.callback(invoke_without_command=True)
def bot(context: typer.Context) -> None:
    """Run the bot if no command is given."""
    if context.invoked_subcommand is None:
        status = _run_bot(_settings())
        _leave_threads_behind(status)
        raise typer.Exit(status)


@app.command()
def demo(
    *,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="The status page's port; 0 chooses a free one.")
    ] = 8080,
    chat_port: Annotated[
        int, typer.Option(min=0, max=65_535, help="The chat page's port; 0 chooses a free one.")
    ] = 8081,
    data: Annotated[
        Path, typer.Option(metavar="DIR", file_okay=False, help="The folder of the demo's own log.")
    ] = Path("data/demo"),
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Delete what earlier demos left, and start over.")
    ] = False,
) -> None:
    """Try everything in your browser: no token, no network, no money."""
    if not (data / "pretend_telegram.json").exists():
        if (data / LOG_NAME).exists():
            raise typer.BadParameter(
                f"{data} has a log that no demo made; the demo won't add to it or delete it",
                param_hint="--data",
            )
        if fresh and data.is_dir() and any(data.iterdir()):
            raise typer.BadParameter(
                f"{data} has files, but none of a demo; nothing there is deleted",
                param_hint="--data",
            )
    from viewbank.demo import demo as run_demo  # noqa: PLC0415 - the other commands start faster

    with plain_errors():
        try:
            status = run_demo(port=port, chat_port=chat_port, folder=data, fresh=fresh)
        except LogLocked:
            complain(
                f"{data} is in use: another Viewbank works on this folder. Stop that one first, or "
                "give this one a folder of its own: python -m viewbank demo --data data/demo2 "
                "--port 0 --chat-port 0"
            )
            raise typer.Exit(1) from None
        raise typer.Exit(status)


def _settings() -> Settings:
    dotenv = Path(".env")
    try:
        settings = read_settings(os.environ, dotenv)
        settings.require_token()
    except WrongSetting as error:
        complain(str(error))
        raise typer.Exit(2) from None
    if dotenv.is_file() and is_loose(dotenv):
        complain(
            f"Please note: other users of this machine can read {dotenv}, which may hold secrets "
            f"(chmod 600 {dotenv} ends that)."
        )
    return settings


def _run_bot(settings: Settings) -> int:
    from bot.receive.connection import TokenRefused  # noqa: PLC0415 - as above
    from ledger.ledger import LedgerFailed  # noqa: PLC0415 - as below
    from viewbank.run import run  # noqa: PLC0415 - the commands on files start faster without it
    from viewbank.telemetry.logs import set_up_logs  # noqa: PLC0415 - as below

    set_up_logs(settings.log_level, settings.secrets())
    for line in settings.not_offered():
        log.info("%s", line)
    with plain_errors():
        try:
            return asyncio.run(run(settings))
        except (LedgerFailed, TokenRefused) as error:
            complain(str(error))
            return 1
        except WrongSetting as error:
            complain(str(error))
            return 2


def _leave_threads_behind(status: int) -> None:
    """Exit at once if a thread is still blocked, such as by a provider that doesn't answer.

    Python would wait for the thread, and a supervisor kills the process after 10 s. The order
    being sent is recorded as in flight: the next start asks the admins about it.
    """
    others = [one for one in threading.enumerate() if one is not threading.main_thread()]
    if any(not one.daemon for one in others):
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def main() -> None:
    """Run the command line. No other user may read what it writes, whatever the umask was."""
    os.umask(OTHERS)
    app(prog_name="python -m viewbank")
