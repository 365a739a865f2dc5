"""Connections of the web server: how long each may take for what, and how many there may be.

aiohttp reads requests and answers them. It has no time limit for a request that never comes whole
and none for an answer that nobody reads, and counts no connections. So each connection of it is
wrapped here. A connection is *waiting* until the head of a request is complete, *busy* until the
request is answered, and then waiting again, for the next one.
"""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from typing import cast

from web.addresses import Network, is_in, neighbourhood, read_address

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What a connection may take, and how many there may be.

    Attributes:
        total: connections at once.
        per_address: of them from one address, or one IPv6 network of a customer (/64). Addresses
            in `trusted` are proxies with many people behind them: for them there is only `total`.
        head_s: for the head of a request, from its first byte, and from connecting.
        request_s: from the head of a request until it is answered.
        idle_s: between two requests.
        trusted: the networks of the proxies.
        sweep_s: how often it is checked.
    """

    total: int = 512
    per_address: int = 128
    head_s: float = 10.0
    request_s: float = 30.0
    idle_s: float = 75.0
    trusted: tuple[Network, ...] = ()
    sweep_s: float = 1.0


class _Phase(IntEnum):
    """What a connection does; of those that wait, the lower ones are closed first."""

    HEAD = 0
    IDLE = 1
    BUSY = 2


class Connection(asyncio.Protocol):
    """One connection: hands everything on to aiohttp, and notes what it waits for."""

    def __init__(self, owner: "Connections", group: str) -> None:
        """Accepted, and not a byte read yet."""
        self.group = group
        self.phase = _Phase.HEAD
        self._now_s = asyncio.get_running_loop().time
        self.since_s = self._now_s()
        self.deadline_s = self.since_s + owner.limits.head_s
        self._owner = owner
        self._transport: asyncio.Transport | None = None
        self._is_aborted = False
        self._inner: asyncio.Protocol

    def serve(self, inner: asyncio.Protocol) -> "Connection":
        """Have aiohttp's protocol read and answer the requests."""
        self._inner = inner
        return self

    def enter(self, phase: _Phase, within_s: float) -> None:
        """Begin something that may take so long."""
        self.phase = phase
        self.since_s = self._now_s()
        self.deadline_s = self.since_s + within_s

    def abort(self) -> None:
        """Close it now, whatever is still to be read or written."""
        self._is_aborted = True
        if self._transport is not None:
            self._transport.abort()

    # The calls of asyncio.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is open."""
        self._transport = cast("asyncio.Transport", transport)
        self._owner.opened(self, self._inner)
        self._inner.connection_made(transport)
        if self._is_aborted:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Bytes have come."""
        if self.phase is _Phase.IDLE:
            # More bytes don't give it more time.
            self.enter(_Phase.HEAD, self._owner.limits.head_s)
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        """The peer sends no more."""
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        """The peer reads too slowly."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """The peer has read."""
        self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed."""
        self._owner.closed(self, self._inner)
        self._inner.connection_lost(exc)


class Connections:
    """All connections of the server.

    Attributes:
        limits: what holds for them.
        refused: how many were turned away since the start.
        closed_early: how many were closed to make room since the start.
    """

    def __init__(self, limits: ConnectionLimits) -> None:
        """None yet."""
        self.limits = limits
        self.refused = 0
        self.closed_early = 0
        self._groups: dict[str, dict[Connection, None]] = {}
        self._by_inner: dict[object, Connection] = {}
        self._count = 0
        self._sweep: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """How many there are."""
        return self._count

    def admit(self, peer: str) -> Connection | None:
        """A place for a new connection; None if there is none.

        Where places run out, the connection that has waited longest is closed: one that has never
        sent a whole request before one that is kept open for the next.
        """
        group = neighbourhood(peer)
        own = self._groups.get(group, {})
        is_free = True
        if len(own) >= self.limits.per_address and not is_in(
            read_address(peer), self.limits.trusted
        ):
            log.warning(
                "%s has %s connections to the web server; that is its most.", peer, len(own)
            )
            is_free = self._close_oldest(own)
        elif self._count >= self.limits.total:
            log.warning("The web server has %s connections; that is its most.", self._count)
            largest = max(self._groups.values(), key=len)
            is_free = self._close_oldest(largest) or self._close_oldest(self._all())
        if not is_free:
            self.refused += 1
            return None
        connection = Connection(self, group)
        self._groups.setdefault(group, {})[connection] = None
        self._count += 1
        if self._sweep is None:
            self._schedule_sweep()
        return connection

    def opened(self, connection: Connection, inner: object) -> None:
        """Aiohttp begins to serve a connection."""
        self._by_inner[inner] = connection

    def closed(self, connection: Connection, inner: object) -> None:
        """A connection is closed."""
        self._by_inner.pop(inner, None)
        self.forget(connection)

    def forget(self, connection: Connection) -> None:
        """Its place is free again."""
        own = self._groups.get(connection.group, {})
        if connection in own:
            del own[connection]
            self._count -= 1
            if not own:
                del self._groups[connection.group]

    def request_begins(self, inner: object) -> None:
        """The head of a request is complete."""
        if connection := self._by_inner.get(inner):
            connection.enter(_Phase.BUSY, self.limits.request_s)

    def request_ends(self, inner: object) -> None:
        """It is answered. What the peer doesn't read of that counts as idling."""
        if connection := self._by_inner.get(inner):
            connection.enter(_Phase.IDLE, self.limits.idle_s)

    def close_oldest(self, count: int) -> int:
        """Close so many of those that wait; how many there were."""
        return sum(self._close_oldest(self._all()) for _ in range(count))

    def close_all(self) -> None:
        """Close every connection, and check nothing any more."""
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None
        for connection in list(self._all()):
            self._abort(connection)

    def _all(self) -> Iterable[Connection]:
        return (connection for own in self._groups.values() for connection in own)

    def _close_oldest(self, among: Iterable[Connection]) -> bool:
        waiting = (one for one in among if one.phase is not _Phase.BUSY)
        oldest = min(waiting, key=lambda one: (one.phase, one.since_s), default=None)
        if oldest is None:
            return False
        self.closed_early += 1
        self._abort(oldest)
        return True

    def _abort(self, connection: Connection) -> None:
        self.forget(connection)
        with suppress(OSError):
            connection.abort()

    def _schedule_sweep(self) -> None:
        loop = asyncio.get_running_loop()
        self._sweep = loop.call_later(self.limits.sweep_s, self._close_late)

    def _close_late(self) -> None:
        now_s = asyncio.get_running_loop().time()
        for connection in [one for one in self._all() if one.deadline_s <= now_s]:
            self._abort(connection)
        self._sweep = None
        if self._count:
            self._schedule_sweep()
