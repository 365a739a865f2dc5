"""Connections to Telegram: idle ones that are reused, trusted certificates, proxies."""

import os
import select
import ssl
from asyncio import BaseTransport
from typing import Final, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass
from weakref import WeakKeyDictionary

import aiohttp
import certifi
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

KEEPALIVE_S: Final = 15.0
"""How long a connection may idle. Telegram's side closes idle ones too, but later."""

_PEER_CLOSED: Final = getattr(select, "POLLRDHUP", 0)
"""The peer has closed its side. macOS reports only resets."""


class OpenConnector(aiohttp.TCPConnector):
    """Reuses no connection that the peer has closed meanwhile.

    A busy event loop may not have read of that yet. A request written to such a connection is
    lost, and it would be unknown whether it had arrived.
    """

    def __init__(self) -> None:
        """No limit on connections: the session counts them."""
        super().__init__(limit=0, keepalive_timeout=KEEPALIVE_S, ssl=_trusted())
        self._polls: WeakKeyDictionary[BaseTransport, select.poll] = WeakKeyDictionary()

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's signature
    ) -> Connection:
        """A new connection, or an idle one that is still open."""
        while True:
            connection = await super().connect(req, traces, timeout)
            transport = cast("BaseTransport", connection.transport)
            closed = self._polls.get(transport)
            if closed is None:
                self._polls[transport] = _poll_for_close(transport)
                return connection
            if not closed.poll(0):
                return connection
            connection.close()


class Proxies:
    """Which proxy to use for an address: the given one, else the environment's.

    `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` have their usual meaning. aiohttp knows
    no `ALL_PROXY`, and asks in a thread, anew for every request.
    """

    def __init__(self, given: str | None = None) -> None:
        """Use this one for everything, or ask the environment.

        Raises:
            RuntimeError: a SOCKS proxy, which aiohttp does not support.
            ValueError: a proxy of an unknown kind.
        """
        found = {"all": given} if given else getproxies()
        self._obeys_no_proxy = not given
        self._by_scheme = {
            scheme: _checked(found[scheme])
            for scheme in ("http", "https", "all")
            if found.get(scheme)
        }

    def to(self, url: str) -> str | None:
        """The proxy's address; None for a direct connection."""
        if not self._by_scheme:
            return None
        to = urlsplit(url)
        if self._obeys_no_proxy and (proxy_bypass(to.netloc) or proxy_bypass(to.hostname or "")):
            return None
        return self._by_scheme.get(to.scheme) or self._by_scheme.get("all")


def _checked(proxy: str) -> str:
    address = proxy if "://" in proxy else f"http://{proxy}"
    scheme = urlsplit(address).scheme
    if scheme.startswith("socks"):
        raise RuntimeError("A SOCKS proxy can't be used here; use one that speaks HTTP.")
    if scheme not in {"http", "https"}:
        raise ValueError(f"Unknown scheme for proxy URL: {scheme}")
    return address


def _trusted() -> ssl.SSLContext:
    """Certifi's list of authorities, or what the environment names."""
    is_named = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")
    context = ssl.create_default_context(cafile=None if is_named else certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context


def _poll_for_close(transport: BaseTransport) -> select.poll:
    """Reports nothing but the end of a connection."""
    closed = select.poll()
    closed.register(transport.get_extra_info("socket"), _PEER_CLOSED)
    return closed
