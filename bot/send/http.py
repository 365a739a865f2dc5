"""HTTP to Telegram: one aiohttp session with persistent connections.

Every failure is python-telegram-bot's `NetworkError` or `TimedOut`, whose cause tells whether the
call may have arrived (`bot/send/http_errors.py`). Nothing that is raised or logged shows the token.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Final, NamedTuple

import aiohttp

from bot.send.connections import OpenConnector, Proxies
from bot.send.http_errors import (
    NeverSent,
    as_telegram_error,
    pool_timed_out,
    without_secrets_in_bytes,
)
from bot.send.uploads import CHUNK_BYTES, ChunkedBytes, Form, WriteLimit, form_data

USER_AGENT: Final = "viewbank"
_JSON_TYPE: Final = "application/json"
_JSON_HEADERS: Final = {"Content-Type": _JSON_TYPE}
_SHORTEST_S: Final = 0.001
"""For a limit of 0, which aiohttp would take for no limit."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Time limits for the phases of a call, in seconds; None is no limit.

    Attributes:
        pool_s: waiting for a free connection.
        connect_s: finding the name, connecting and agreeing on TLS, all together.
        write_s: until the peer accepts the next chunk of a large body.
        read_s: waiting for the next bytes of an answer.
        upload_read_s: the same after an upload, which the peer has to process first.
    """

    pool_s: float | None = 1.0
    connect_s: float | None = 5.0
    write_s: float | None = 20.0
    read_s: float | None = 5.0
    upload_read_s: float | None = 30.0


class HttpAnswer(NamedTuple):
    """A response, whatever its status."""

    status: int
    body: bytes


class HttpSession:
    """Makes calls, up to a number of them at once."""

    def __init__(
        self, connections_max: int = 256, timeouts: Timeouts | None = None, proxy: str | None = None
    ) -> None:
        """Use `open` before the first call.

        Args:
            connections_max: calls under way at once; more of them wait for a free connection.
            timeouts: other than the usual ones.
            proxy: its address, `http://…` or `https://…`; without one, the environment is asked.

        Raises:
            RuntimeError: the proxy is a SOCKS proxy.
            ValueError: the proxy is of an unknown kind.
        """
        self.timeouts = timeouts or Timeouts()
        self._connections_max = connections_max
        self._proxies = Proxies(proxy)
        self._places = asyncio.Semaphore(connections_max)
        self._session: aiohttp.ClientSession | None = None

    @property
    def is_open(self) -> bool:
        """Whether calls can be made."""
        return self._session is not None

    async def open(self) -> None:
        """Open the session, unless it is open."""
        if self._session is None:
            self._places = asyncio.Semaphore(self._connections_max)
            self._session = aiohttp.ClientSession(
                connector=OpenConnector(),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": USER_AGENT},
            )

    async def close(self) -> None:
        """Close all connections. Calls that are under way fail."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def post(
        self, url: str, body: bytes | Form, *, read_timeout_s: float | None = None
    ) -> HttpAnswer:
        """Make one call.

        Args:
            url: where to; it may hold the token.
            body: JSON, or a form with files.
            read_timeout_s: instead of the usual limit for reading.

        Raises:
            TimedOut: a limit was exceeded.
            NetworkError: HTTP failed otherwise, or the session is not open. The cause of both is
                `NeverSent` or `MaybeSent`.
        """
        session, places = self._session, self._places
        if session is None:
            raise as_telegram_error(NeverSent("this HTTP session is not open"))
        await _take_place(places, self.timeouts.pool_s)
        try:
            return await self._exchange(session, url, body, read_timeout_s)
        except Exception as error:  # noqa: BLE001 - none may get past with the address in it
            failed = as_telegram_error(error)
        finally:
            places.release()
        # Not raised where the other one was caught: it would stay attached as the context.
        raise failed

    async def _exchange(
        self,
        session: aiohttp.ClientSession,
        url: str,
        body: bytes | Form,
        read_timeout_s: float | None,
    ) -> HttpAnswer:
        usual_s = self.timeouts.upload_read_s if isinstance(body, Form) else self.timeouts.read_s
        limits = _limits(
            self.timeouts.connect_s, usual_s if read_timeout_s is None else read_timeout_s
        )
        call = _Call(session, url, limits, self._proxies.to(url))
        if isinstance(body, bytes) and len(body) <= CHUNK_BYTES:
            return await call.make(body)
        async with asyncio.timeout(None) as timeout:
            limit = WriteLimit(timeout, self.timeouts.write_s)
            if isinstance(body, bytes):
                return await call.make(ChunkedBytes(body, _JSON_TYPE, limit))
            return await call.make(form_data(body, limit))


class _Call(NamedTuple):
    """Where a call goes, and how long it may take."""

    session: aiohttp.ClientSession
    url: str
    limits: aiohttp.ClientTimeout
    proxy: str | None

    async def make(self, body: bytes | ChunkedBytes | aiohttp.FormData) -> HttpAnswer:
        if self.session.closed:
            raise NeverSent("this HTTP session was closed meanwhile")
        answer = await self.session.post(
            self.url,
            data=body,
            headers=_JSON_HEADERS if isinstance(body, bytes) else None,
            timeout=self.limits,
            allow_redirects=False,
            proxy=self.proxy,
        )
        content = await answer.read()
        if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
            content = without_secrets_in_bytes(content)
        return HttpAnswer(answer.status, content)


async def _take_place(places: asyncio.Semaphore, pool_s: float | None) -> None:
    if not places.locked():
        await places.acquire()
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(pool_s):
            await places.acquire()
            return
    raise pool_timed_out()


@lru_cache(maxsize=64)
def _limits(connect_s: float | None, read_s: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(connect=_at_least(connect_s), sock_read=_at_least(read_s))


def _at_least(limit_s: float | None) -> float | None:
    return None if limit_s is None else max(limit_s, _SHORTEST_S)
