"""Owns the line in front of the order desk: who is next, with one order at a time for a video."""

import asyncio
from collections import deque

import msgspec


class Ticket(msgspec.Struct, frozen=True):
    """An order's place in the line."""

    order_id: str
    video_key: str


class OrderQueue:
    """First come, first served, but never two orders for one video at the same time.

    Every video has its own line, and takes its turn among the videos. It is out of turn while
    one of its orders is being served. Each step costs the same, however long the lines are.
    """

    def __init__(self) -> None:
        self._lines: dict[str, deque[Ticket]] = {}
        self._turns: asyncio.Queue[str] = asyncio.Queue()
        self._known: set[str] = set()

    def __len__(self) -> int:
        """How many orders wait or are being served."""
        return len(self._known)

    def add(self, ticket: Ticket) -> None:
        """Let an order wait; one that is known already changes nothing."""
        if ticket.order_id in self._known:
            return
        self._known.add(ticket.order_id)
        line = self._lines.get(ticket.video_key)
        if line is None:
            self._lines[ticket.video_key] = deque([ticket])
            self._turns.put_nowait(ticket.video_key)
        else:
            line.append(ticket)

    async def next(self) -> Ticket:
        """The next order to serve. Its video is out of turn until `done` or `back`."""
        return self._lines[await self._turns.get()].popleft()

    def done(self, ticket: Ticket) -> None:
        """The order has been served; its video takes its turn again."""
        self._known.discard(ticket.order_id)
        self._free(ticket.video_key)

    def back(self, ticket: Ticket) -> None:
        """The order has to wait again, behind all others: it must not hold them up."""
        self._lines[ticket.video_key].append(ticket)
        self._free(ticket.video_key)

    def _free(self, video_key: str) -> None:
        if self._lines[video_key]:
            self._turns.put_nowait(video_key)
        else:
            del self._lines[video_key]
