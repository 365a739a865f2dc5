"""A queue per person: one person's items in order, different people's at the same time."""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")


class UserQueues(Generic[T]):
    """A queue for each person with items waiting. An empty queue takes no memory."""

    def __init__(self, work: Callable[[T], Awaitable[None]]) -> None:
        """All queues empty. `work` processes one item, and must not raise."""
        self._work = work
        self._queues: dict[int, deque[T]] = {}
        self._aside: Counter[int] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    def count(self, user_id: int) -> int:
        """How many of a person's items wait or are being processed."""
        queue = self._queues.get(user_id)
        return (len(queue) if queue is not None else 0) + self._aside[user_id]

    def add(self, user_id: int, item: T) -> None:
        """Have it processed in its turn."""
        queue = self._queues.get(user_id)
        if queue is None:
            self._begin(user_id, deque((item,)))
        else:
            queue.append(item)

    def step_aside(self, user_id: int, item: T) -> None:
        """Have the person's next items processed beside this one, which is being processed."""
        queue = self._queues.get(user_id)
        if queue is None or queue[0] is not item:
            return
        del self._queues[user_id]
        self._aside[user_id] += 1
        if next_items := deque(islice(queue, 1, None)):
            self._begin(user_id, next_items)
        queue.clear()
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

    def _begin(self, user_id: int, queue: deque[T]) -> None:
        self._queues[user_id] = queue
        task = asyncio.create_task(self._process(user_id, queue), name="a person's queue")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _process(self, user_id: int, queue: deque[T]) -> None:
        try:
            while queue:
                await self._work(queue[0])
                queue.popleft()
        finally:
            if self._queues.get(user_id) is queue:
                del self._queues[user_id]
            else:
                self._aside[user_id] -= 1
                self._aside += Counter()  # forgets who has none
