"""Web server: serves an application on a host and port, from `start` to `stop`."""

import errno
import logging
import os
import socket

from aiohttp import web_response
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import (
    AppKey,
    Application,
    AppRunner,
    Request,
    RequestPayloadError,
    StreamResponse,
    middleware,
)

from web import texts
from web.connections import ConnectionLimits, Connections
from web.listener import Listener
from web.responses import SERVER_NAME, Handler

SHUTDOWN_TIMEOUT_S = 3.0
"""How long requests in progress may take once the server stops."""
LINGERING_S = 2.0
"""How long the rest of a body is read that nobody asked for, so that the answer gets through."""

_REMEDIES = {
    errno.EADDRINUSE: texts.TAKE_OTHER_PORT,
    errno.EACCES: texts.TAKE_HIGHER_PORT,
    errno.EADDRNOTAVAIL: texts.TAKE_OTHER_HOST,
}
_ALL_INTERFACES = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - listened on only if HOST says so


# What is no HTTP is answered by aiohttp itself, past our code, with its version and Python's.
web_response.SERVER_SOFTWARE = SERVER_NAME  # type: ignore[attr-defined] # a module's constant

_CONNECTIONS = AppKey("connections", Connections)


def keep_open(request: Request) -> None:
    """Give an answer that is sent in parts as much time again, because its reader is there."""
    connections = request.app.get(_CONNECTIONS)
    if connections is not None:
        connections.request_begins(request.protocol)


class CannotListen(OSError):  # noqa: N818 - says what is the matter
    """HOST and PORT can't be used. The text says why, and which setting to change."""


class _OursAlone(logging.Filter):
    """Leaves out requests that aren't HTTP, too long or wrongly compressed: no fault of ours.

    aiohttp would log a traceback for each.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to log it."""
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, HttpProcessingError | RequestPayloadError)


_http_log = logging.getLogger(f"{__name__}.http")
_http_log.addFilter(_OursAlone())


class WebServer:
    """Serves an application.

    Attributes:
        connections: those that are open.
    """

    def __init__(
        self, app: Application, host: str, port: int, limits: ConnectionLimits | None = None
    ) -> None:
        """Serve on this host and port; port 0 picks a free one."""
        self.connections = Connections(limits or ConnectionLimits())
        self._host = host
        self._port = port
        app[_CONNECTIONS] = self.connections
        app.middlewares.insert(0, self._note_request)
        self._runner = AppRunner(
            app,
            # No access log: a query may hold a secret.
            access_log=None,
            logger=_http_log,
            shutdown_timeout=SHUTDOWN_TIMEOUT_S,
            lingering_time=LINGERING_S,
        )
        self._listener: Listener | None = None

    async def start(self) -> str:
        """Listen, and return the address that a browser on this machine can open.

        Raises:
            CannotListen: the host or port can't be used.
        """
        await self._runner.setup()
        server = self._runner.server
        if server is None:
            raise RuntimeError("aiohttp has set up no server")
        listener = Listener(self.connections, server)
        try:
            host, port = await listener.start(self._host, self._port)
        except (OSError, UnicodeError) as error:
            await self._runner.cleanup()
            raise _cannot_listen(self._host, self._port, error) from error
        self._listener = listener
        host = _ALL_INTERFACES.get(host, host)
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def stop(self) -> None:
        """Accept no more requests, and let those in progress end."""
        if self._listener is not None:
            self._listener.stop()
        await self._runner.cleanup()
        self.connections.close_all()

    @middleware
    async def _note_request(self, request: Request, handler: Handler) -> StreamResponse:
        """The outermost: it sees each request whose head is complete."""
        self.connections.request_begins(request.protocol)
        try:
            return await handler(request)
        finally:
            self.connections.request_ends(request.protocol)


def _cannot_listen(host: str, port: int, error: OSError | UnicodeError) -> CannotListen:
    if isinstance(error, socket.gaierror | UnicodeError):
        reason, remedy = texts.NO_SUCH_HOST, texts.TAKE_OTHER_HOST
    else:
        # The event loop's own words repeat the address; the system's are shorter.
        code = error.errno or 0
        reason = os.strerror(code).lower()
        remedy = _REMEDIES.get(code, texts.TAKE_OTHER_ADDRESS)
    return CannotListen(texts.cannot_listen(host, port, reason, remedy))
