"""Owns who is measured: our whole bot, and the bare echo bots beside it."""

from collections.abc import Callable
from pathlib import Path

from bench.telegram.pair import Entry
from bench.telegram.server import Options

AT_ONCE = 64
POLL_S = 0.01
_PTB = "bench.rivals.echo_ptb"


def ours(
    folder: Path, known: int, delay_s: float = 0, *, metered: bool = False, profile: str = ""
) -> Entry:
    """Our whole bot on a shop's folder with so many people."""
    options = {"folder": str(folder), "metered": metered, "profile": profile}
    return Entry("bench.telegram.ours", options, Options("shop", known, delay_s))


def stock(delay_s: float = 0) -> Entry:
    """python-telegram-bot as it comes: one update at a time.

    With no network at all it would ask for updates more often than it handles one.
    """
    return Entry(_PTB, {}, Options("echo", delay_s=delay_s, poll_s=POLL_S))


def stock_at_once(delay_s: float = 0) -> Entry:
    """python-telegram-bot, 64 updates at once."""
    return Entry(_PTB, {"at_once": AT_ONCE}, Options("echo", delay_s=delay_s))


def aiogram(delay_s: float = 0) -> Entry:
    """The bot of aiogram's makers, as it comes."""
    return Entry("bench.rivals.echo_aiogram", {}, Options("echo", delay_s=delay_s))


BOTS: dict[str, Callable[[float], Entry]] = {
    "stock": stock,
    "stock-at-once": stock_at_once,
    "aiogram": aiogram,
}
