"""A queue per person: one person's items in order, different people's at the same time."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class UserQueues(Generic[T]):
    """A queue for each person with items waiting. An empty queue takes no memory."""

    def __init__(self, work: Callable[[T], Awaitable[None]]) -> None:
        """All queues empty. `work` processes one item, and must not raise."""
        self._work = work
        self._queues: dict[int, deque[T]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def count(self, user_id: int) -> int:
        """How many of a person's items wait or are being processed."""
        queue = self._queues.get(user_id)
        return len(queue) if queue is not None else 0

    def add(self, user_id: int, item: T) -> None:
        """Have it processed in its turn."""
        queue = self._queues.get(user_id)
        if queue is None:
            self._queues[user_id] = queue = deque((item,))
            task = asyncio.create_task(self._process(user_id, queue), name="a person's queue")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        else:
            queue.append(item)

    async def close(self, within_s: float) -> None:
        """Wait until all is processed, but no longer than this; then cancel what is left."""
        try:
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=within_s)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _process(self, user_id: int, queue: deque[T]) -> None:
        try:
            while queue:
                await self._work(queue[0])
                queue.popleft()
        finally:
            del self._queues[user_id]
