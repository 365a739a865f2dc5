"""Web server: serves an application on a host and port, from `start` to `stop`."""

import errno
import os
import socket

from aiohttp.web import Application, AppRunner, TCPSite

from web import texts

SHUTDOWN_TIMEOUT_S = 3.0
"""How long requests in progress may take once the server stops."""

_REMEDIES = {
    errno.EADDRINUSE: texts.TAKE_OTHER_PORT,
    errno.EACCES: texts.TAKE_HIGHER_PORT,
    errno.EADDRNOTAVAIL: texts.TAKE_OTHER_HOST,
}
_ALL_INTERFACES = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - listened on only if HOST says so


class CannotListen(OSError):  # noqa: N818 - says what is the matter
    """HOST and PORT can't be used. The text says why, and which setting to change."""


class WebServer:
    """Serves an application."""

    def __init__(self, app: Application, host: str, port: int) -> None:
        """Serve on this host and port; port 0 picks a free one."""
        self._host = host
        self._port = port
        # No access log: a query may hold a secret.
        self._runner = AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_TIMEOUT_S)

    async def start(self) -> str:
        """Listen, and return the address that a browser on this machine can open.

        Raises:
            CannotListen: the host or port can't be used.
        """
        await self._runner.setup()
        try:
            await TCPSite(self._runner, self._host, self._port).start()
        except (OSError, UnicodeError) as error:
            await self._runner.cleanup()
            raise _cannot_listen(self._host, self._port, error) from error
        host, port = self._runner.addresses[0][:2]
        host = _ALL_INTERFACES.get(host, host)
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def stop(self) -> None:
        """Accept no more requests, and let those in progress end."""
        await self._runner.cleanup()


def _cannot_listen(host: str, port: int, error: OSError | UnicodeError) -> CannotListen:
    if isinstance(error, socket.gaierror | UnicodeError):
        reason, remedy = texts.NO_SUCH_HOST, texts.TAKE_OTHER_HOST
    else:
        # The event loop's own words repeat the address; the system's are shorter.
        code = error.errno or 0
        reason = os.strerror(code).lower()
        remedy = _REMEDIES.get(code, texts.TAKE_OTHER_ADDRESS)
    return CannotListen(texts.cannot_listen(host, port, reason, remedy))
