"""Owns what the room is given: all that its answers are made from, and whom updates go to."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp.web import AppKey

from ledger.ledger import Ledger
from web.webhook import WebhookEndpoint


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What the web room may ask.

    Attributes:
        ledger: the truth; read only.
        version: Viewbank's own.
        started_at_ms: when this process began, by the ledger's clock.
        telegram_ok: empty while Telegram answers, otherwise one plain sentence on what is wrong.
            It is shown to everybody: no tokens, ids or names in it.
        bot_username: without the @; empty as long as it isn't known.
        mode_note: a line for the top of the page (the demo says that nothing is real), or empty.
        metrics: the program's figures in Prometheus' text format; none by default. Shown to
            everybody too.
        patience_s: how long an answer may wait for the disk.
        webhook: where updates come in; None while the program asks Telegram for them.
    """

    ledger: Ledger
    version: str
    started_at_ms: int
    telegram_ok: Callable[[], str]
    bot_username: Callable[[], str]
    mode_note: str = ""
    metrics: Callable[[], bytes] = bytes
    patience_s: float = 5.0
    webhook: WebhookEndpoint | None = None


SOURCES = AppKey("sources", Sources)
