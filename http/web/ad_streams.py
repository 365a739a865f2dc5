"""The pages that wait for news of one person: who gets an event of the ledger, and how many wait.

The ledger calls `follow` with every durable event. Nothing is polled. A page that reads slowly
misses no payment: states replace one another, payments queue up to a limit.
"""

import asyncio
from collections import deque
from typing import NamedTuple

from ads.service import AdService
from ledger import events as e

PER_USER_MAX = 3
TOTAL_MAX = 256
_CREDITS_MAX = 32


class Credited(NamedTuple):
    """An ad that was paid: how much, and for which session."""

    amount_points: int
    session: str


class AdStream:
    """One page that waits.

    Attributes:
        user_id: whose page it is.
        changed: set when there is something new.
        closed: whether it should end.
    """

    def __init__(self, user_id: int) -> None:
        """Its first state is news."""
        self.user_id = user_id
        self.changed = asyncio.Event()
        self.changed.set()
        self.closed = False
        self._credits: deque[Credited] = deque(maxlen=_CREDITS_MAX)

    def credit(self, credited: Credited) -> None:
        """Tell the page of a payment."""
        self._credits.append(credited)
        self.changed.set()

    def close(self) -> None:
        """Let it end."""
        self.closed = True
        self.changed.set()

    def take(self) -> list[Credited]:
        """The payments since the last time."""
        self.changed.clear()
        taken = list(self._credits)
        self._credits.clear()
        return taken


class AdStreams:
    """All pages that wait."""

    def __init__(
        self,
        service: AdService,
        *,
        per_user_max: int = PER_USER_MAX,
        total_max: int = TOTAL_MAX,
    ) -> None:
        """None yet. Follows the service's ledger from now on."""
        self._service = service
        self._per_user_max = per_user_max
        self._total_max = total_max
        self._total = 0
        self._by_user: dict[int, list[AdStream]] = {}
        self._closing = False
        service.ledger.follow(self._on_event)

    def __len__(self) -> int:
        """How many wait."""
        return self._total

    def open(self, user_id: int) -> AdStream | None:
        """A place for a page; None if all are taken.

        A person's oldest page makes room for a new one: it may be a connection that is dead and
        does not know it yet.
        """
        if self._closing:
            return None
        own = self._by_user.get(user_id, [])
        if len(own) >= self._per_user_max:
            own[0].close()
            self.remove(own[0])
        if self._total >= self._total_max:
            return None
        stream = AdStream(user_id)
        self._by_user.setdefault(user_id, []).append(stream)
        self._total += 1
        return stream

    def remove(self, stream: AdStream) -> None:
        """Its place is free again. A second call does nothing."""
        own = self._by_user.get(stream.user_id, [])
        if stream in own:
            own.remove(stream)
            self._total -= 1
            if not own:
                del self._by_user[stream.user_id]

    def close(self) -> None:
        """Let all pages end; no new ones."""
        self._closing = True
        for own in self._by_user.values():
            for stream in own:
                stream.close()

    def _on_event(self, event: e.AnyEvent) -> None:
        if isinstance(event, e.UserEvent):
            for stream in self._by_user.get(event.user_id, ()):
                if isinstance(event, e.AdRewarded):
                    session = self._service.session_of(event)
                    stream.credit(Credited(event.amount_points, session))
                stream.changed.set()
        elif isinstance(event, e.SettingChanged | e.ChannelRequired):
            for own in self._by_user.values():
                for stream in own:
                    stream.changed.set()
