"""The bare echo bots on python-telegram-bot: `python -m bench.rivals.echo_ptb OPTIONS`.

From the library's own example, one update at a time; or several at once.
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
        at_once: how many updates at once; 0 for the library's default, one after the other.
    """

    api_url: str
    token: str
    at_once: int = 0


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Send the text back."""
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
    """Remove our folders from the module search path.

    With every request the library's HTTP client looks for a module that doesn't exist. That would
    take longer here than where only the library is installed.
    """
    ours = {str(_ROOT), str(_ROOT / "http")}
    sys.path[:] = [path for path in sys.path if path not in ours]


if __name__ == "__main__":
    main(msgspec.json.decode(sys.argv[1], type=Options))
