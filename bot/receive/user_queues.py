"""Owns order: things of one person happen one after the other, of different people at once."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class UserQueues(Generic[T]):
    """A queue for each person of whom something waits. A queue that is empty takes no memory."""

    def __init__(
        self,
        work: Callable[[T], Awaitable[None]],
        share_max: int,
        ended: Callable[[int], None] = lambda _: None,
    ) -> None:
        """All queues empty.

        Args:
            work: does one thing. It must not raise.
            share_max: so many things of one person may wait or be done at once.
            ended: is told when nothing of a person waits any more.
        """
        self._work = work
        self._share_max = share_max
        self._ended = ended
        self._queues: dict[int, deque[T]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, person: int, thing: T) -> bool:
        """Have it done in its turn; False if the person has their share already."""
        queue = self._queues.get(person)
        if queue is None:
            self._queues[person] = queue = deque((thing,))
            task = asyncio.create_task(self._go_through(person, queue), name="a person's queue")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            return True
        if len(queue) >= self._share_max:
            return False
        queue.append(thing)
        return True

    async def close(self, within_s: float) -> None:
        """Wait until all is done, for so many seconds; then stop in the midst."""
        try:
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=within_s)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _go_through(self, person: int, queue: deque[T]) -> None:
        try:
            while queue:
                await self._work(queue[0])
                queue.popleft()
        finally:
            del self._queues[person]
            self._ended(person)
