"""Owns one request's way to the provider: how far it got, and that it comes to an end.

Whether an order may be sent again hangs on one fact: had the connection been made? Before, not
a byte of the request can have left; after, nobody can say. The exceptions of `requests` tell it
only roughly (a TLS handshake that times out looks like a missing answer), so the connection
itself is asked.
"""

import contextlib
import enum
import socket
import threading
from collections.abc import Iterator
from typing import Any

from requests.adapters import HTTPAdapter


class Stage(enum.Enum):
    """How far a request got."""

    UNKNOWN = enum.auto()
    CONNECTING = enum.auto()
    MAY_HAVE_LEFT = enum.auto()


class Attempt:
    """One request, one connection, one try.

    Attributes:
        stage: how far it got. `UNKNOWN` proves nothing: it counts as "may have left".
        cut_off: whether its time ran out.
    """

    def __init__(self) -> None:
        self.stage = Stage.UNKNOWN
        self.cut_off = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    @property
    def never_left(self) -> bool:
        """Whether certainly not a byte of the request left."""
        return self.stage is Stage.CONNECTING

    @contextlib.contextmanager
    def adapter(self, total_timeout_s: float) -> Iterator[HTTPAdapter]:
        """What sends one request, over a connection that is cut when the time is up.

        An adapter without a session: a session reads a redirect's body however long it is,
        and proxies and passwords from the environment. It is not used twice: a connection kept
        open may turn out to be dead just when the next order is written to it, and that order
        would be unclear for nothing.
        """
        clock = threading.Timer(total_timeout_s, self._cut)
        clock.daemon = True
        with contextlib.closing(_OneTry(self)) as adapter:
            clock.start()
            try:
                yield adapter
            finally:
                clock.cancel()

    def connecting(self) -> None:
        """The connection is about to be made."""
        if self.stage is not Stage.UNKNOWN:
            # A second connection within one trip would be a second try.
            raise ConnectionError("one trip has one connection")
        self.stage = Stage.CONNECTING

    def connected(self, sock: socket.socket) -> None:
        """The connection stands; the request is written next.

        Raises:
            TimeoutError: the time was up before that.
        """
        with self._lock:
            if self.cut_off:
                raise TimeoutError("the time was up before the request left")
            self.stage = Stage.MAY_HAVE_LEFT
            self._socket = sock

    def _cut(self) -> None:
        """Called by a timer's thread, and so the one waiting for bytes sees the end of them."""
        with self._lock:
            self.cut_off = True
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    # Not the method of an SSL socket: that one takes the reader's TLS away too.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _OneTry(HTTPAdapter):
    """An adapter without retries whose connections report to a trip."""

    def __init__(self, trip: Attempt) -> None:
        self._trip = trip
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    # The signature is the adapter's own business; nothing of it is used here.
    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _reporting(pool.ConnectionCls, self._trip)
        return pool


def _reporting(connection: Any, trip: Attempt) -> Any:  # noqa: ANN401 - plain or TLS, as urllib3 chose
    class Reporting(connection):  # type: ignore[misc] # a base that is only known at run time
        def connect(self) -> None:
            trip.connecting()
            super().connect()
            trip.connected(self.sock)

    return Reporting
