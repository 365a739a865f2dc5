"""Owns what is known of the handling of one update, for whoever is asked to do a part of it."""

from asyncio import get_running_loop
from contextvars import ContextVar

from bot.metrics_hooks import BotHooks


class Handling:
    """One update being handled.

    Attributes:
        broken_off: the person was not answered, because the program is ending: the next one has
            to do it again.
        failed: the person was told that something went wrong.
    """

    __slots__ = ("_answered", "_began_s", "_durable", "_hooks", "broken_off", "failed")

    def __init__(self, began_s: float, hooks: BotHooks) -> None:
        """Begun at `began_s`, by the event loop's clock."""
        self._began_s = began_s
        self._hooks = hooks
        self._durable = False
        self._answered = False
        self.broken_off = False
        self.failed = False

    def durable(self) -> None:
        """What it has caused up to its first reply is on the disk."""
        if not self._durable:
            self._durable = True
            self._hooks.update_durable(get_running_loop().time() - self._began_s)

    def answered(self) -> None:
        """Telegram has taken a reply."""
        if not self._answered:
            self._answered = True
            self._hooks.update_answered(get_running_loop().time() - self._began_s)


current: ContextVar[Handling | None] = ContextVar("handling", default=None)
"""The update that this task is handling, if any."""
