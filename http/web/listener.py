"""Listener: accepts connections, also when there are too many of them or too few open files.

asyncio's own tries 128 times in a row to accept a connection for which no file can be opened,
logs each try, and begins again a second later for each of them: 5,000 lines a second.
"""

import asyncio
import errno
import logging
import socket
from collections.abc import Callable

from web.connections import Connections

log = logging.getLogger(__name__)

BACKLOG = 128
ACCEPTED_AT_ONCE = 32
"""More wait for the next round of the event loop, so that others get their turn."""
EXHAUSTED_PAUSE_S = 1.0
CLOSED_WHEN_EXHAUSTED = 32
REFUSAL = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n"
    b"Connection: close\r\n\r\n"
)

_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


class Listener:
    """Accepts connections on a host and port, from `start` to `stop`."""

    def __init__(
        self, connections: Connections, make_protocol: Callable[[], asyncio.Protocol]
    ) -> None:
        """Use `start`. `make_protocol` makes what reads and answers one connection's requests."""
        self._connections = connections
        self._make_protocol = make_protocol
        self._sockets: list[socket.socket] = []
        self._pauses: set[asyncio.TimerHandle] = set()
        self._opening: set[asyncio.Task[None]] = set()

    async def start(self, host: str, port: int) -> tuple[str, int]:
        """Listen, and return the first address.

        Raises:
            OSError, UnicodeError: the host or port can't be used.
        """
        loop = asyncio.get_running_loop()
        # It knows which addresses a host name has, and how each has to be opened.
        server = await loop.create_server(asyncio.Protocol, host, port, start_serving=False)
        self._sockets = [one.dup() for one in server.sockets]
        server.close()
        try:
            for listening in self._sockets:
                listening.setblocking(False)
                listening.listen(BACKLOG)
                loop.add_reader(listening, self._accept, listening)
        except OSError:
            # Another program has begun to listen in between.
            self.stop()
            raise
        name: tuple[str, int] = self._sockets[0].getsockname()[:2]
        return name

    def stop(self) -> None:
        """Accept no more."""
        loop = asyncio.get_running_loop()
        for pause in self._pauses:
            pause.cancel()
        for listening in self._sockets:
            loop.remove_reader(listening)
            listening.close()
        self._sockets = []

    def _accept(self, listening: socket.socket) -> None:
        """Accept what has come; called while connections wait."""
        for _ in range(ACCEPTED_AT_ONCE):
            try:
                accepted, address = listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                self._pause(listening, error)
                return
            self._open(accepted, str(address[0]))

    def _open(self, accepted: socket.socket, peer: str) -> None:
        accepted.setblocking(False)
        connection = self._connections.admit(peer)
        if connection is None:
            _refuse(accepted)
            return
        connection.serve(self._make_protocol())
        loop = asyncio.get_running_loop()

        async def open_() -> None:
            try:
                await loop.connect_accepted_socket(lambda: connection, accepted)
            except OSError:
                # The peer has hung up again.
                self._connections.forget(connection)
                accepted.close()

        task = loop.create_task(open_(), name="opening a connection")
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    def _pause(self, listening: socket.socket, error: OSError) -> None:
        """Accept nothing for a moment: the connections that wait would come up again at once."""
        if error.errno in _EXHAUSTED:
            closed = self._connections.close_oldest(CLOSED_WHEN_EXHAUSTED)
            log.warning(
                "The web server can't accept a connection (%s); %s that only waited are closed. "
                "If this comes often, raise the limit on open files.",
                error.strerror,
                closed,
            )
        else:
            log.warning("The web server can't accept a connection (%s).", error.strerror)
        loop = asyncio.get_running_loop()
        loop.remove_reader(listening)

        def go_on() -> None:
            self._pauses.discard(pause)
            loop.add_reader(listening, self._accept, listening)

        pause = loop.call_later(EXHAUSTED_PAUSE_S, go_on)
        self._pauses.add(pause)


def _refuse(accepted: socket.socket) -> None:
    """Say so if that needs no waiting, and close."""
    with accepted:
        try:
            accepted.send(REFUSAL)
        except OSError:
            return
