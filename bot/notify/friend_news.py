"""News of friends who joined: the first at once, and all of the next minute as one message."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

WINDOW_S = 60.0


class Joined(NamedTuple):
    """A friend who joined, and the line of the log that says so."""

    seq: int
    friend_id: int


class FriendNews:
    """Collects the news for each inviter. What waits at a stop is in the notification cursor."""

    def __init__(
        self,
        send: Callable[[int, list[Joined]], None],
        pause: Callable[[float], Awaitable[object]],
    ) -> None:
        """Nothing waits. `send` has one message sent to an inviter; `pause` waits for seconds."""
        self._send = send
        self._pause = pause
        self._waiting: dict[int, list[Joined]] = {}
        self._windows: set[asyncio.Task[None]] = set()

    def add(self, inviter_id: int, joined: Joined) -> None:
        """Tell an inviter, now or within a minute."""
        waiting = self._waiting.get(inviter_id)
        if waiting is not None:
            waiting.append(joined)
            return
        self._waiting[inviter_id] = []
        self._send(inviter_id, [joined])
        window = asyncio.create_task(self._collect(inviter_id), name="news of friends")
        self._windows.add(window)
        window.add_done_callback(self._windows.discard)

    async def stop(self) -> None:
        """Send nothing any more."""
        for window in self._windows:
            window.cancel()
        await asyncio.gather(*self._windows, return_exceptions=True)

    async def _collect(self, inviter_id: int) -> None:
        """Send what comes in a minute, minute by minute, until nothing comes."""
        while True:
            await self._pause(WINDOW_S)
            joined = self._waiting[inviter_id]
            if not joined:
                del self._waiting[inviter_id]
                return
            self._waiting[inviter_id] = []
            self._send(inviter_id, joined)
