"""Owns the ways to Telegram: connections kept open, whom to trust, proxies."""

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

KEPT_OPEN_S: Final = 15.0
"""How long a connection may idle. Telegram's side closes idle ones too, but later."""

_HUNG_UP: Final = getattr(select, "POLLRDHUP", 0)
"""The other side has said its last word. macOS tells only of resets."""


class OpenConnector(aiohttp.TCPConnector):
    """Hands out no kept connection that the other side has closed meanwhile.

    The news may still be in the system, unread by a loop that was busy. A request written to such
    a connection is lost, and nobody could say whether it had arrived.
    """

    def __init__(self) -> None:
        """As many connections as are asked for: who asks keeps count."""
        super().__init__(limit=0, keepalive_timeout=KEPT_OPEN_S, ssl=_trust())
        self._watches: WeakKeyDictionary[BaseTransport, select.poll] = WeakKeyDictionary()

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's signature
    ) -> Connection:
        """A connection that was just made, or a kept one that is still open."""
        while True:
            connection = await super().connect(req, traces, timeout)
            transport = cast("BaseTransport", connection.transport)
            watch = self._watches.get(transport)
            if watch is None:
                self._watches[transport] = _watch(transport)
                return connection
            if not watch.poll(0):
                return connection
            connection.close()


class Proxies:
    """Which proxy leads to an address: the one that was given, else as the environment says.

    `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` mean what they mean to the library's own
    client. aiohttp knows no `ALL_PROXY`, and asks in a thread, anew for every request.
    """

    def __init__(self, given: str | None = None) -> None:
        """Take this one for everything, or ask the environment.

        Raises:
            RuntimeError: a SOCKS proxy, which takes more than aiohttp has.
            ValueError: another kind of proxy that nobody here knows.
        """
        found = {"all": given} if given else getproxies()
        self._obeys_no_proxy = not given
        self._by_scheme = {
            scheme: _checked(found[scheme])
            for scheme in ("http", "https", "all")
            if found.get(scheme)
        }

    def to(self, url: str) -> str | None:
        """The proxy's address; None: the direct way."""
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


def _trust() -> ssl.SSLContext:
    """Those whom the library's own client trusts: certifi's list, or what the environment names."""
    is_named = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")
    context = ssl.create_default_context(cafile=None if is_named else certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context


def _watch(transport: BaseTransport) -> select.poll:
    """Tells of nothing but the end of a connection."""
    watch = select.poll()
    watch.register(transport.get_extra_info("socket"), _HUNG_UP)
    return watch
