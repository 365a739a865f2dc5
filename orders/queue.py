"""The queue of orders to send, with one order in flight for a video at a time."""

import asyncio
from collections import deque

import msgspec


class QueuedOrder(msgspec.Struct, frozen=True):
    """An order in the queue."""

    order_id: str
    video_key: str
    user_id: int = 0


class OrderQueue:
    """First in, first out, but never two orders for one video at the same time.

    Every video has a queue of its own, and the videos take turns. A video has no turn while one
    of its orders is in flight. Each step costs the same, however many orders wait.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, deque[QueuedOrder]] = {}
        self._ready_videos: asyncio.Queue[str] = asyncio.Queue()
        self._known: set[str] = set()

    def __len__(self) -> int:
        """How many orders wait or are in flight."""
        return len(self._known)

    def add(self, order: QueuedOrder) -> None:
        """Put an order into the queue; no effect if it is there or in flight."""
        if order.order_id in self._known:
            return
        self._known.add(order.order_id)
        self._append(order)

    def _append(self, order: QueuedOrder) -> None:
        waiting = self._waiting.get(order.video_key)
        if waiting is None:
            self._waiting[order.video_key] = deque([order])
            self._ready_videos.put_nowait(order.video_key)
        else:
            waiting.append(order)

    async def next(self) -> QueuedOrder:
        """Wait for the next order to send. Its video has no turn until `done` or `back`."""
        return self._waiting[await self._ready_videos.get()].popleft()

    def done(self, order: QueuedOrder) -> None:
        """Remove an order that `next` returned; its video takes turns again."""
        self._known.discard(order.order_id)
        self._release(order.video_key)

    def back(self, order: QueuedOrder) -> None:
        """Put an order that `next` returned behind all others, so that it doesn't block them."""
        self._waiting[order.video_key].append(order)
        self._release(order.video_key)

    def set_aside(self, order: QueuedOrder) -> None:
        """Keep an order that `next` returned out of the queue until `take_back`."""
        self._release(order.video_key)

    def take_back(self, order: QueuedOrder) -> None:
        """Put an order that was set aside behind all others."""
        self._append(order)

    def _release(self, video_key: str) -> None:
        if self._waiting[video_key]:
            self._ready_videos.put_nowait(video_key)
        else:
            del self._waiting[video_key]
