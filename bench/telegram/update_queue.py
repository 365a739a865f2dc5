"""getUpdates: updates wait here until a bot confirms them by asking for later ones."""

import asyncio
from collections import deque
from typing import NamedTuple

import msgspec

from bench.telegram.http_connection import OK, Respond
from bench.telegram.objects import CallbackQuery, Message, Update

GATHER_S = 0.001
"""A long poll stays open this long after the first update, as at Telegram's own server."""
LIMIT = 100

_NOTHING = b'{"ok":true,"result":[]}'
_encode = msgspec.json.Encoder().encode


class _Poll(NamedTuple):
    limit: int
    respond: Respond
    timer: asyncio.TimerHandle


class UpdateQueue:
    """The updates that no bot has confirmed yet.

    Attributes:
        asked: set when a bot has asked for the first time.
    """

    def __init__(self) -> None:
        """Empty."""
        self.asked = asyncio.Event()
        self._next_id = 1
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._poll: _Poll | None = None
        self._gathering = False

    def put(self, what: Message | CallbackQuery) -> None:
        """Add an update; a poll that waits for one gets it in a moment."""
        if isinstance(what, Message):
            update = Update(self._next_id, message=what)
        else:
            update = Update(self._next_id, callback_query=what)
        self._waiting.append((self._next_id, _encode(update)))
        self._next_id += 1
        if self._poll is not None and not self._gathering:
            self._gathering = True
            asyncio.get_running_loop().call_later(GATHER_S, self._end_poll)

    def get(self, offset: int, limit: int, timeout_s: float, respond: Respond) -> None:
        """A bot asks: what is before `offset` is confirmed, the next ones are delivered."""
        self.asked.set()
        while self._waiting and self._waiting[0][0] < offset:
            self._waiting.popleft()
        if self._poll is not None:
            # Each bot is alone, so this is a poll whose connection it has given up.
            self._poll.timer.cancel()
            self._poll.respond(_NOTHING, OK)
            self._poll = None
        if self._waiting or timeout_s <= 0:
            respond(self._next(limit), OK)
            return
        timer = asyncio.get_running_loop().call_later(timeout_s, self._end_poll)
        self._poll = _Poll(limit, respond, timer)

    def _end_poll(self) -> None:
        self._gathering = False
        poll, self._poll = self._poll, None
        if poll is not None:
            poll.timer.cancel()
            poll.respond(self._next(poll.limit), OK)

    def _next(self, limit: int) -> bytes:
        updates = [data for _, data in list(self._waiting)[:limit]]
        return b'{"ok":true,"result":[' + b",".join(updates) + b"]}"
