"""The bots that are measured: our whole bot, and the bare echo bots beside it."""

from pathlib import Path
from typing import NamedTuple

from bench.telegram.server import Options

AT_ONCE = 64
POLL_S = 0.01


class Contestant(NamedTuple):
    """A bot, and the Telegram that it talks to.

    Attributes:
        module: run with its options as JSON; `api_url` and `token` are added to them.
        telegram: who writes to it.
    """

    module: str
    options: dict[str, object]
    telegram: Options


def ours(folder: Path, known: int, *, profile: str = "") -> Contestant:
    """Our whole bot, on a data folder with this number of users."""
    options: dict[str, object] = {"folder": str(folder), "profile": profile}
    return Contestant("bench.telegram.ours", options, Options("shop", known))


_ECHO = Options("echo")
_PTB = "bench.rivals.echo_ptb"

# Without any network it would ask for updates more often than it handles one.
STOCK = Contestant(_PTB, {}, Options("echo", poll_s=POLL_S))
"""python-telegram-bot as it comes: one update at a time."""

STOCK_AT_ONCE = Contestant(_PTB, {"at_once": AT_ONCE}, _ECHO)
"""python-telegram-bot with 64 updates at once."""

AIOGRAM = Contestant("bench.rivals.echo_aiogram", {}, _ECHO)
"""The bot of aiogram's makers, as it comes."""

BOTS = {
    "stock": STOCK,
    "stock-at-once": STOCK_AT_ONCE,
    "aiogram": AIOGRAM,
}
