"""All changes in order, and waiting for the next one without polling."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from sandbox.shapes import Json

T = TypeVar("T")

CHANGES_KEPT = 20_000


class Pulse:
    """Wakes tasks that wait for a condition."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.closed = False

    def beat(self) -> None:
        """Wake all waiting tasks after a change."""
        self._event.set()
        self._event = asyncio.Event()

    def close(self) -> None:
        """End all waiting."""
        self.closed = True
        self.beat()

    async def until(self, ready: Callable[[], T | None], timeout_s: float) -> T | None:
        """Wait until `ready` returns a value, and return it; None on a timeout."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        while not (found := ready()):
            event = self._event
            if self.closed:
                return None
            try:
                async with asyncio.timeout_at(deadline):
                    await event.wait()
            except TimeoutError:
                return ready()
        return found

    async def pause(self, delay_s: float) -> None:
        """Sleep for a time, or until the sandbox closes."""
        await self.until(lambda: None, delay_s)


class Change(Struct):
    """One change, with a copy of the object as it was then."""

    revision: int
    kind: str
    """message, edited, deleted, callback, typing, person, commands, keyboard or panel (user 0)."""
    user_id: int
    data: Json


class Feed:
    """The changes since the start (the latest ones), numbered without a gap."""

    def __init__(self, revision: int = 0) -> None:
        self.revision = revision
        self.oldest = revision
        self.pulse = Pulse()
        self._changes: deque[Change] = deque(maxlen=CHANGES_KEPT)

    def next_revision(self) -> int:
        """The number of the next change."""
        return self.revision + 1

    def publish(self, kind: str, user_id: int, data: Json) -> None:
        """Record a change and wake everyone who waits for one."""
        self.revision += 1
        self._changes.append(Change(self.revision, kind, user_id, data))
        self.oldest = self._changes[0].revision - 1
        self.pulse.beat()

    def since(self, after: int, user_id: int | None = None) -> list[Change]:
        """The changes after a revision, of one chat or of all."""
        found: list[Change] = []
        for change in reversed(self._changes):
            if change.revision <= after:
                break
            if user_id is None or change.user_id == user_id:
                found.append(change)
        return found[::-1]

    async def wait(self, after: int, timeout_s: float, user_id: int | None = None) -> list[Change]:
        """As `since`, but waits for the first one."""
        return await self.pulse.until(lambda: self.since(after, user_id), timeout_s) or []
