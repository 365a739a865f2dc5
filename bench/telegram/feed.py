"""Owns getUpdates: updates wait here until a bot confirms them by asking for the next ones."""

import asyncio
from collections import deque
from typing import NamedTuple

import msgspec

from bench.telegram.objects import CallbackQuery, Message, Update
from bench.telegram.wire import OK, Answer

GATHER_S = 0.001
"""A long poll goes on for so long after the first update, as at Telegram's own server."""
LIMIT = 100

_NOTHING = b'{"ok":true,"result":[]}'
_encode = msgspec.json.Encoder().encode


class _Poll(NamedTuple):
    limit: int
    answer: Answer
    timer: asyncio.TimerHandle


class Feed:
    """The updates that no bot has confirmed yet.

    Attributes:
        asked: set when a bot has asked for the first time.
        given: how many updates were given, those given twice counted twice.
    """

    def __init__(self) -> None:
        """Empty."""
        self.asked = asyncio.Event()
        self.given = 0
        self._next_id = 1
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._poll: _Poll | None = None
        self._gathering = False

    def put(self, what: Message | CallbackQuery) -> None:
        """Something has happened; a poll that waits for it is answered in a moment."""
        if isinstance(what, Message):
            update = Update(self._next_id, message=what)
        else:
            update = Update(self._next_id, callback_query=what)
        self._waiting.append((self._next_id, _encode(update)))
        self._next_id += 1
        if self._poll is not None and not self._gathering:
            self._gathering = True
            asyncio.get_running_loop().call_later(GATHER_S, self._end_poll)

    def get(self, offset: int, limit: int, timeout_s: float, answer: Answer) -> None:
        """A bot asks: whatever is before `offset` is confirmed, the next ones are given."""
        self.asked.set()
        while self._waiting and self._waiting[0][0] < offset:
            self._waiting.popleft()
        if self._poll is not None:
            # Only a poll that was broken off can be in the way: these bots are alone.
            self._poll.timer.cancel()
            self._poll.answer(_NOTHING, OK)
            self._poll = None
        if self._waiting or timeout_s <= 0:
            answer(self._some(limit), OK)
            return
        timer = asyncio.get_running_loop().call_later(timeout_s, self._end_poll)
        self._poll = _Poll(limit, answer, timer)

    def _end_poll(self) -> None:
        self._gathering = False
        poll, self._poll = self._poll, None
        if poll is not None:
            poll.timer.cancel()
            poll.answer(self._some(poll.limit), OK)

    def _some(self, limit: int) -> bytes:
        some = [data for _, data in list(self._waiting)[:limit]]
        self.given += len(some)
        return b'{"ok":true,"result":[' + b",".join(some) + b"]}"
