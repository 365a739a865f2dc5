"""Owns the bare echo bots on python-telegram-bot: `python -m bench.rivals.echo_ptb OPTIONS`.

Stock, as the library's own example has it, one update at a time; or so many at once.
"""

import sys
from pathlib import Path

import msgspec
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

_ROOT = Path(__file__).parents[2]


class Options(msgspec.Struct, frozen=True):
    """Which of them.

    Attributes:
        api_url: the Bot API's address.
        at_once: so many updates at once; 0 for the library's own way, one after the other.
    """

    api_url: str
    token: str
    at_once: int = 0


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Say it again."""
    if update.message is not None:
        await update.message.reply_text(update.message.text or "")


def main(options: Options) -> None:
    """Run until killed."""
    builder = Application.builder().token(options.token).base_url(f"{options.api_url}/bot")
    if options.at_once:
        builder = builder.concurrent_updates(options.at_once)
    app = builder.build()
    app.add_handler(MessageHandler(filters.TEXT, echo))
    _as_installed()
    app.run_polling()


def _as_installed() -> None:
    """Have no folder of ours among those where modules are looked for.

    The library's HTTP client looks for a module that isn't there with every request, in all of
    them: that would be slower here than where only the library is installed.
    """
    ours = {str(_ROOT), str(_ROOT / "http")}
    sys.path[:] = [path for path in sys.path if path not in ours]


if __name__ == "__main__":
    main(msgspec.json.decode(sys.argv[1], type=Options))
