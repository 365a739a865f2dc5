"""Owns what the bot room tells of its work: a watcher with ears for everything, that keeps nothing.

The program passes one in that counts (`viewbank.telemetry.metrics`); without it, this one is deaf.
No method may block or raise, and none is told who a person is.
"""

from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["done", "failed", "flooded", "repeated"]
"""What became of an update; `repeated`: Telegram delivered it again, and it was in hand or done."""


class BotHooks:
    """Hears what the bot does; times are in seconds."""

    def update_ended(self, kind: str, outcome: Outcome) -> None:
        """An update is done with. `kind` is Telegram's name: `message`, `callback_query` ..."""

    def update_durable(self, wait_s: float) -> None:
        """So long after an update came in, all that it had caused before its reply was on disk."""

    def update_answered(self, wait_s: float) -> None:
        """So long after an update came in, Telegram had taken the first reply."""

    def in_hand(self, updates: int) -> None:
        """So many updates wait or are being handled now."""

    def kept(self, updates: int) -> None:
        """So many updates were written to the inbox, because handling them took a while."""

    def paced(self, priority: str, wait_s: float) -> None:
        """A call waited so long for its turn: `reply`, `notice` or `broadcast`."""

    def called(self, method: str, outcome: str) -> None:
        """A call to Telegram ended: `ok`, or the error's class name in PTB's words."""
