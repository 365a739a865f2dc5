"""A provider on bare sockets that can fail in every way and counts requests."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

import pytest

Behaviour = Callable[[socket.socket, "RawServer"], None]


class RawServer:
    """Serves each connection in a thread of its own, as configured.

    Attributes:
        requests: the head of every request that was read, in order.
        connections: how many connections were made.
        release: set at the end of the test; connections that block until then continue.
        behave: what happens on a connection.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[str] = []
        self.connections = 0
        self.release = threading.Event()
        self.behave: Behaviour = take_the_order
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/order"

    def read_request(self, connection: socket.socket) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            more = connection.recv(4096)
            if not more:
                return
            head += more
        self.requests.append(head.decode())

    def close(self) -> None:
        self.release.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._accepting.join()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(30)
            if self._tls is None:
                self.behave(connection, self)
            else:
                with self._tls.wrap_socket(connection, server_side=True) as safe:
                    self.behave(safe, self)


def take_the_order(connection: socket.socket, server: RawServer) -> None:
    server.read_request(connection)
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"order": 23501}')


@pytest.fixture
def server() -> Iterator[RawServer]:
    with contextlib.closing(RawServer()) as running:
        yield running
