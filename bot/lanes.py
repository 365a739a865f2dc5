"""Owns order: things of one person happen one after the other, of different people at once."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Coroutine
from contextlib import asynccontextmanager

from telegram import Update
from telegram.ext import BaseUpdateProcessor

log = logging.getLogger(__name__)

WAITING_MAX = 30


class Lanes:
    """A lane for each key that is in use. A lane that nobody waits in takes no memory."""

    def __init__(self) -> None:
        """No lanes yet."""
        self._lanes: dict[int, tuple[asyncio.Lock, int]] = {}

    def waiting(self, key: int) -> int:
        """How many hold this lane or wait for it."""
        return self._lanes[key][1] if key in self._lanes else 0

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
        """Handle one update when its turn comes.

        What waits takes one of the places for updates in hand. Nobody may fill them all: what a
        person sends beyond their share is dropped.
        """
        key = _key(update)
        if self._lanes.waiting(key) >= WAITING_MAX:
            if isinstance(coroutine, Coroutine):
                coroutine.close()
            log.warning("Person %s sends faster than can be handled; an update is dropped.", key)
            return
        async with self._lanes.lane(key):
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
