"""Owns order: things of one person happen one after the other, of different people at once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

from telegram import Update
from telegram.ext import BaseUpdateProcessor


class Lanes:
    """A lane for each key that is in use. A lane that nobody waits in takes no memory."""

    def __init__(self) -> None:
        """No lanes yet."""
        self._lanes: dict[int, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def lane(self, key: int) -> AsyncIterator[None]:
        """Hold this key's lane; those who come later wait in the order of coming."""
        lock, users = self._lanes.get(key, (asyncio.Lock(), 0))
        self._lanes[key] = lock, users + 1
        try:
            async with lock:
                yield
        finally:
            lock, users = self._lanes.pop(key)
            if users > 1:
                self._lanes[key] = lock, users - 1


class OneAtATimePerPerson(BaseUpdateProcessor):
    """Lets PTB handle updates of one person in order, and those of different people at once."""

    def __init__(self, max_concurrent_updates: int) -> None:
        """At most so many updates are in hand at once."""
        super().__init__(max_concurrent_updates)
        self._lanes = Lanes()

    async def do_process_update(self, update: object, coroutine: Awaitable[object]) -> None:
        """Handle one update when its turn comes."""
        async with self._lanes.lane(_key(update)):
            await coroutine

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""


def _key(update: object) -> int:
    if not isinstance(update, Update):
        return 0
    who = update.effective_user or update.effective_chat
    return who.id if who else 0
