"""The queue of orders to send, with one order in flight for a service and video at a time."""

import asyncio
from collections import deque
from typing import TypeAlias

import msgspec

from ledger.events import OrderPlaced
from ledger.state import Order

QueueKey: TypeAlias = tuple[str, str]
"""A service and a video: providers refuse a second order for both while the first one runs."""


def key_of(order: Order | OrderPlaced) -> QueueKey:
    """What an order has in common with those that it can't be sent beside."""
    return order.service_id, order.video_key


class QueuedOrder(msgspec.Struct, frozen=True):
    """An order in the queue."""

    order_id: str
    video_key: str
    user_id: int = 0
    service_id: str = ""

    @property
    def key(self) -> QueueKey:
        """Of the orders that go one after the other."""
        return self.service_id, self.video_key


class OrderQueue:
    """First in, first out, but never two orders with one key at the same time.

    Every key has a queue of its own, and the keys take turns. A key has no turn while one of its
    orders is in flight, or while it is held. Each step costs the same, however many orders wait.
    """

    def __init__(self) -> None:
        self._waiting: dict[QueueKey, deque[QueuedOrder]] = {}
        self._ready: asyncio.Queue[QueueKey] = asyncio.Queue()
        self._known: set[str] = set()
        self._holders: dict[QueueKey, set[str]] = {}
        self._missed_turn: set[QueueKey] = set()

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
        waiting = self._waiting.get(order.key)
        if waiting is None:
            self._waiting[order.key] = deque([order])
            self._ready.put_nowait(order.key)
        else:
            waiting.append(order)

    async def next(self) -> QueuedOrder:
        """Wait for the next order to send. Its key has no turn until `done` or `back`."""
        while True:
            key = await self._ready.get()
            if key not in self._holders:
                return self._waiting[key].popleft()
            self._missed_turn.add(key)

    def done(self, order: QueuedOrder) -> None:
        """Remove an order that `next` returned; its key takes turns again."""
        self._known.discard(order.order_id)
        self._release(order.key)

    def back(self, order: QueuedOrder) -> None:
        """Put an order that `next` returned behind all others, so that it doesn't block them.

        If its key is held, it blocks nobody, and stays the first one.
        """
        if order.key in self._holders:
            self._waiting[order.key].appendleft(order)
        else:
            self._waiting[order.key].append(order)
        self._release(order.key)

    def set_aside(self, order: QueuedOrder) -> None:
        """Keep an order that `next` returned out of the queue until `take_back`."""
        self._release(order.key)

    def take_back(self, order: QueuedOrder) -> None:
        """Put an order that was set aside behind all others."""
        self._append(order)

    def _release(self, key: QueueKey) -> None:
        if self._waiting[key]:
            self._ready.put_nowait(key)
        else:
            del self._waiting[key]

    def hold(self, key: QueueKey, holder_id: str) -> None:
        """Give this key no turn until `let_go`: this order, which was sent, is not at its end."""
        self._holders.setdefault(key, set()).add(holder_id)

    def let_go(self, key: QueueKey, holder_id: str) -> None:
        """This order holds its key no more; no effect if it didn't."""
        holders = self._holders.get(key)
        if holders is None:
            return
        holders.discard(holder_id)
        if not holders:
            del self._holders[key]
            if key in self._missed_turn:
                self._missed_turn.discard(key)
                self._ready.put_nowait(key)

    def is_held(self, key: QueueKey) -> bool:
        """Whether an order that was sent holds this key."""
        return key in self._holders
