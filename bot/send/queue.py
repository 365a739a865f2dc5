"""Owns the order in which calls leave: by priority, then first come, first served.

Pure, as `bot/send/rate_limits.py` is. A chat whose calls have to wait is a lane of its own and
holds up nobody else; a step costs no more than the logarithm of how many wait.
"""

import asyncio
import math
from heapq import heappop, heappush
from typing import TypeAlias

from bot.send.circuit_breaker import CircuitBreaker
from bot.send.rate_limits import Allowance, ChatId, Priority


class Ticket:
    """A call's place in the line, which it keeps when it has to be tried again.

    Attributes:
        chat_id: the chat it writes to; None for a call that the pace doesn't concern.
        future: done when its turn has come, cancelled when nobody waits for that any more.
        lost: how often it had no answer.
        put_off: how often Telegram has asked for a pause instead of taking it.
        not_before_s: its own pause, after it was lost, ends then.
    """

    __slots__ = ("chat_id", "future", "lost", "not_before_s", "place", "priority", "put_off")

    def __init__(self, chat_id: ChatId | None, priority: Priority, number: int) -> None:
        """Use `Line.ticket`."""
        self.chat_id = chat_id
        self.priority = priority
        # What the pace doesn't concern waits for Telegram alone, never for messages.
        self.place = (-1 if chat_id is None else int(priority), number)
        self.future: asyncio.Future[None] | None = None
        self.lost = 0
        self.put_off = 0
        self.not_before_s = -math.inf

    @property
    def gone(self) -> bool:
        """Whether nobody waits for its turn any more."""
        return self.future is not None and self.future.cancelled()


_Entry: TypeAlias = tuple[tuple[int, int], Ticket]
_Lane: TypeAlias = ChatId | Ticket


class Line:
    """All who wait, and whose turn it is.

    Of each lane the first one is on offer: in `_open` if its chat may get a message, else in
    `_later` until it may. Offers get out of date, so each is checked when it comes to the top.
    """

    def __init__(self, allowance: Allowance, outage: CircuitBreaker) -> None:
        """Nobody waits."""
        self._allowance = allowance
        self._outage = outage
        self._tickets = 0
        self._lanes: dict[_Lane, list[_Entry]] = {}
        self._open: list[_Entry] = []
        self._later: list[tuple[float, int, _Lane]] = []

    def __bool__(self) -> bool:
        """Whether anybody waits."""
        return bool(self._lanes)

    def ticket(self, chat_id: ChatId | None, priority: Priority) -> Ticket:
        """A place behind all of the same priority."""
        self._tickets += 1
        return Ticket(chat_id, priority, self._tickets)

    def leaves_at_once(self, chat_id: ChatId | None, priority: Priority, now_s: float) -> bool:
        """Whether a call need not wait. If so it has left; it has no ticket."""
        allowance = self._allowance
        if self._outage.general or allowance.held_until_s > now_s:
            return False
        if chat_id is None:
            return True
        opens_at_s = max(allowance.opens_at_s(priority), allowance.chat_opens_at_s(chat_id))
        if self._lanes or opens_at_s > now_s:
            return False
        allowance.count(chat_id, priority, now_s)
        return True

    def left(self, chat_id: ChatId | None, priority: Priority, now_s: float) -> None:
        """A call leaves now: what the pace allows to those behind it follows from that."""
        if chat_id is not None:
            self._allowance.count(chat_id, priority, now_s)

    def join(self, ticket: Ticket, now_s: float) -> None:
        """Wait from now on, at the ticket's place."""
        key = _lane_of(ticket)
        lane = self._lanes.setdefault(key, [])
        entry = (ticket.place, ticket)
        heappush(lane, entry)
        if lane[0] is entry:
            self._offer(key, now_s)

    def next(self, now_s: float) -> Ticket | None:
        """Who leaves now, if anybody. Ask until nobody does."""
        while self._later and self._later[0][0] <= now_s:
            self._offer(heappop(self._later)[2], now_s)
        while self._open:
            entry = self._open[0]
            ticket = entry[1]
            key = _lane_of(ticket)
            if (lane := self._lanes.get(key)) is None or lane[0] is not entry:
                heappop(self._open)
            elif ticket.gone or self._lane_opens_at_s(ticket) > now_s:
                heappop(self._open)
                self._offer(key, now_s)
            elif self._opens_at_s(ticket) > now_s:
                return None
            else:
                heappop(self._open)
                heappop(lane)
                self._outage.leaves(ticket)
                self.left(ticket.chat_id, ticket.priority, now_s)
                self._offer(key, now_s)
                return ticket
        return None

    def next_at_s(self) -> float:
        """When to ask again, if nothing else happens; after `next` has said that nobody leaves."""
        later_s = self._later[0][0] if self._later else math.inf
        return min(later_s, self._opens_at_s(self._open[0][1])) if self._open else later_s

    def hurry(self, now_s: float) -> None:
        """Forget the pauses of those who were lost: the connection is back."""
        for key, lane in list(self._lanes.items()):
            for _, ticket in lane:
                ticket.not_before_s = -math.inf
            self._offer(key, now_s)

    def replies_leave(self, now_s: float) -> list[Ticket]:
        """All replies that wait leave now, whatever they wait for; in their order."""
        entries: list[_Entry] = []
        for key, lane in list(self._lanes.items()):
            # In a lane too, replies are first.
            while lane and lane[0][1].priority is Priority.REPLY:
                entries.append(heappop(lane))
            self._offer(key, now_s)
        tickets = [ticket for _, ticket in sorted(entries) if not ticket.gone]
        for ticket in tickets:
            self.left(ticket.chat_id, ticket.priority, now_s)
        return tickets

    def _offer(self, key: _Lane, now_s: float) -> None:
        """Put the first of a lane where it will be found in time."""
        lane = self._lanes.get(key)
        while lane and lane[0][1].gone:
            heappop(lane)
        if not lane:
            self._lanes.pop(key, None)
            return
        place, ticket = entry = lane[0]
        at_s = self._lane_opens_at_s(ticket)
        if at_s <= now_s:
            heappush(self._open, entry)
        else:
            heappush(self._later, (at_s, place[1], key))

    def _lane_opens_at_s(self, ticket: Ticket) -> float:
        if ticket.chat_id is None:
            return ticket.not_before_s
        return max(ticket.not_before_s, self._allowance.chat_opens_at_s(ticket.chat_id))

    def _opens_at_s(self, ticket: Ticket) -> float:
        if ticket.chat_id is None:
            at_s = self._allowance.held_until_s
        else:
            at_s = self._allowance.opens_at_s(ticket.priority)
        return max(at_s, self._outage.opens_at_s)


def _lane_of(ticket: Ticket) -> _Lane:
    return ticket if ticket.chat_id is None else ticket.chat_id
