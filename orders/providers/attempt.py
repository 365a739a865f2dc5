"""One attempt to send an order: how far the request got, with a time limit for the whole of it.

Whether an order may be sent again depends on one fact: was the connection made? Before that, not
a byte of the request can have been sent; after it, nobody can say. The exceptions of
`requests` answer this only roughly (a TLS handshake that times out looks like a missing answer),
so the connection itself reports it.
"""

import contextlib
import enum
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Stage(enum.Enum):
    """How far a request got."""

    UNKNOWN = enum.auto()
    CONNECTING = enum.auto()
    MAY_BE_SENT = enum.auto()


class Attempt:
    """One request over one connection.

    Attributes:
        stage: how far it got. `UNKNOWN` proves nothing, and counts as "may be sent".
        cut_off: whether its time ran out.
    """

    def __init__(self) -> None:
        self.stage = Stage.UNKNOWN
        self.cut_off = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    @property
    def certainly_not_sent(self) -> bool:
        """Whether certainly not a byte of the request was sent."""
        return self.stage is Stage.CONNECTING

    @contextlib.contextmanager
    def adapter(self, total_timeout_s: float) -> Iterator[HTTPAdapter]:
        """An adapter for one request, whose connection is shut down when the time is up.

        It is used without a session: a session reads the body of a redirect, however long, and
        takes proxies and passwords from the environment. It is not used twice: a connection that
        is kept open may turn out to be dead just when the next order is written to it, and then
        that order would be unclear for nothing.
        """
        adapter = _ReportingAdapter(lambda: self, connections_max=1)
        with contextlib.closing(adapter), self.limited(total_timeout_s):
            yield adapter

    @contextlib.contextmanager
    def limited(self, total_timeout_s: float) -> Iterator[None]:
        """The block in which the request is made; its connection is shut down when time is up."""
        timer = threading.Timer(total_timeout_s, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            with self._lock:
                # Another call may use it from now on.
                self._socket = None

    def connecting(self) -> None:
        """Called before the connection is made."""
        if self.stage is not Stage.UNKNOWN:
            # A second connection would be a second attempt.
            raise ConnectionError("one attempt has one connection")
        self.stage = Stage.CONNECTING

    def connected(self, sock: socket.socket) -> None:
        """Called when the connection is made, before the request is written.

        Raises:
            TimeoutError: the time was up before that.
        """
        with self._lock:
            if self.cut_off:
                raise TimeoutError("the time was up before the request was sent")
            self.stage = Stage.MAY_BE_SENT
            self._socket = sock

    def _cut(self) -> None:
        """Called in the timer's thread; a blocked read gets the end of the stream."""
        with self._lock:
            self.cut_off = True
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    # Not SSLSocket.shutdown: that removes the TLS object the reader is using.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _ReportingAdapter(HTTPAdapter):
    """An adapter without retries, whose connections report to the attempt that uses them."""

    def __init__(self, attempt_now: Callable[[], Attempt], connections_max: int) -> None:
        self._attempt_now = attempt_now
        super().__init__(pool_connections=1, pool_maxsize=connections_max, max_retries=0)

    # The signature is the adapter's own business; nothing of it is used here.
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _reporting(HTTPConnectionPool, self._attempt_now),
            "https": _reporting(HTTPSConnectionPool, self._attempt_now),
        }


class KeptConnections(_ReportingAdapter):
    """Connections that are used again; each call says which attempt it is."""

    def __init__(self, connections_max: int = 4) -> None:
        self._of_thread = threading.local()
        super().__init__(lambda: self._of_thread.attempt, connections_max)

    @contextlib.contextmanager
    def used_for(self, attempt: Attempt, total_timeout_s: float) -> Iterator[None]:
        """The block in which this thread makes one request."""
        self._of_thread.attempt = attempt
        with attempt.limited(total_timeout_s):
            yield


def _reporting(pool: Any, attempt_now: Callable[[], Attempt]) -> Any:  # noqa: ANN401 - plain or TLS
    class Connection(pool.ConnectionCls):  # type: ignore[misc] # a base only known at run time
        def connect(self) -> None:
            attempt = attempt_now()
            attempt.connecting()
            super().connect()
            attempt.connected(self.sock)

        def request(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
            if self.sock is not None:
                # Perhaps one that was kept; then nothing else has reported it.
                attempt_now().connected(self.sock)
            super().request(*args, **kwargs)

    class Pool(pool):  # type: ignore[misc] # likewise
        ConnectionCls = Connection

    return Pool
