"""One update in flight: from its receipt until nothing more happens to it in this process."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from contextvars import ContextVar
from typing import TypeAlias

from bot.metrics_hooks import BotHooks
from bot.updates import Update

Wait: TypeAlias = Callable[[], AbstractAsyncContextManager[None]]
"""Entered while a handler does nothing but wait for Telegram."""


class InFlight:
    """An update that waits for its turn or is being handled.

    Attributes:
        update: as it was decoded.
        data: the bytes that it was decoded from.
        is_done: its effects are durable and its replies are out.
        is_persisted: it is in the inbox, so that the next process would handle it.
        persisting: writes it to the inbox, once somebody has asked for that.
        waiting: to be entered while its handler does nothing but wait for Telegram.
        ended: set when nothing more happens to it, done or not.
        interrupted: the program ends before its person was answered; the next start handles it.
        failed: its person was notified that something went wrong.
        step_aside: called when it waits long for somebody else's chat: its person's next updates
            don't wait for that.
    """

    __slots__ = (
        "_answered",
        "_durable",
        "_hooks",
        "_received_s",
        "data",
        "ended",
        "failed",
        "interrupted",
        "is_done",
        "is_persisted",
        "persisting",
        "step_aside",
        "update",
        "waiting",
    )

    def __init__(
        self, update: Update, data: bytes, hooks: BotHooks, *, is_persisted: bool = False
    ) -> None:
        """Received just now; `hooks` is called with how long things take."""
        loop = asyncio.get_running_loop()
        self.update = update
        self.data = data
        self.is_done = False
        self.is_persisted = is_persisted
        self.persisting: asyncio.Task[bool] | None = None
        self.waiting: Wait = nullcontext
        self.ended: asyncio.Future[None] = loop.create_future()
        self.interrupted = False
        self.failed = False
        self.step_aside: Callable[[], None] = lambda: None
        self._hooks = hooks
        self._received_s = loop.time()
        self._durable = False
        self._answered = False

    def is_from(self, chat_id: int | str) -> bool:
        """Whether this chat is where it happened."""
        return self.update.chat is None or self.update.chat.id == chat_id

    def stay(self) -> None:
        """Its person's next updates wait for it, however long it takes."""
        self.step_aside = lambda: None

    def note_durable(self) -> None:
        """What it has caused up to its first reply is durable."""
        if not self._durable:
            self._durable = True
            self._hooks.update_durable(self._age_s())

    def note_answered(self) -> None:
        """Telegram has executed a reply."""
        if not self._answered:
            self._answered = True
            self._hooks.update_answered(self._age_s())

    def end(self) -> None:
        """Nothing more happens to it in this process, done or not."""
        if not self.ended.done():
            self.ended.set_result(None)

    def _age_s(self) -> float:
        return asyncio.get_running_loop().time() - self._received_s


current: ContextVar[InFlight | None] = ContextVar("in_flight", default=None)
"""The update that the current task handles, if any."""


async def until_half_ended(updates: Sequence[InFlight], within_s: float) -> None:
    """Wait for half of them: while the last ones wait for the disk or Telegram, more can come."""
    loop = asyncio.get_running_loop()
    enough: asyncio.Future[None] = loop.create_future()
    left = len(updates) - len(updates) // 2

    def stop_waiting() -> None:
        if not enough.done():
            enough.set_result(None)

    def count(_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            stop_waiting()

    for one in updates:
        one.ended.add_done_callback(count)
    timer = loop.call_later(within_s, stop_waiting)
    try:
        await enough
    finally:
        timer.cancel()
