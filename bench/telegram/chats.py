"""A sandbox whose people act by calls in this process.

Over its control API, each act would cost more CPU than the bot spends on it, beside the bot that is
measured.
"""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from sandbox import people
from sandbox.shapes import Account, Kept, Message
from sandbox.state import Sandbox

WAIT_S = 60.0

Fits: TypeAlias = Callable[[Message], bool]


class Reply(NamedTuple):
    """A message of the bot, or its edit; `took_s` is the time since the person's act."""

    message: Message
    took_s: float


class _Wait(NamedTuple):
    fits: Fits
    begun_s: float
    reply: "asyncio.Future[Reply]"


class Chats(Sandbox):
    """The sandbox. What a person waits for comes in the order of the acts."""

    def __init__(self) -> None:
        """Nobody is there yet."""
        super().__init__()
        self._waits: defaultdict[int, deque[_Wait]] = defaultdict(deque)

    async def say(self, account: Account, text: str, fits: Fits = lambda _: True) -> Reply:
        """Send a text, and wait for the first message of the bot that fits.

        Raises:
            TimeoutError: none came.
        """
        reply = self._wait(account, fits)
        people.say(self, account, text)
        return await asyncio.wait_for(reply, WAIT_S)

    async def press(self, account: Account, on: Message, prefix: str, fits: Fits) -> Reply:
        """Press the first button whose data begin so; wait for a message or edit that fits.

        Raises:
            TimeoutError: none came.
        """
        reply = self._wait(account, fits)
        people.press(self, account, on.message_id, data_of(on, prefix))
        return await asyncio.wait_for(reply, WAIT_S)

    def keep(self, account: Account, kept: Kept) -> Kept:
        """A new message."""
        super().keep(account, kept)
        self._shown(account, kept)
        return kept

    def edited(self, account: Account, kept: Kept) -> None:
        """A message that looks different now."""
        super().edited(account, kept)
        self._shown(account, kept)

    def _wait(self, account: Account, fits: Fits) -> "asyncio.Future[Reply]":
        reply = asyncio.get_running_loop().create_future()
        self._waits[account.person.id].append(_Wait(fits, time.perf_counter(), reply))
        return reply

    def _shown(self, account: Account, kept: Kept) -> None:
        waits = self._waits[account.person.id]
        if kept.by_bot and waits and waits[0].fits(kept.message):
            wait = waits.popleft()
            if not wait.reply.done():
                wait.reply.set_result(Reply(kept.message, time.perf_counter() - wait.begun_s))


def data_of(message: Message, prefix: str) -> str:
    """The data of the message's first button whose data begin so; empty if there is none."""
    keyboard = message.reply_markup or {"inline_keyboard": []}
    data = (
        button.get("callback_data", "") for row in keyboard["inline_keyboard"] for button in row
    )
    return next((one for one in data if one.startswith(prefix)), "")


def has_button(prefix: str) -> Fits:
    """Whether a message has a button whose data begin so."""
    return lambda message: bool(data_of(message, prefix))
