"""Owns the library's HTTP: every call to Telegram, on one aiohttp session with kept connections."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import lru_cache
from http import HTTPStatus
from typing import Final, NamedTuple, cast

import aiohttp
import msgspec
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import JSONDict, ODVInput
from telegram.request import BaseRequest, RequestData

from bot.send.connections import OpenConnector, Proxies
from bot.send.http_body import JSON_HEADERS, Plain, body_of
from bot.send.http_errors import (
    NeverSent,
    as_telegram_error,
    pool_timed_out,
    without_secrets_in_bytes,
)

_NO_PATIENCE_S: Final = 0.001
"""For a limit of 0, which aiohttp would take for no limit."""


class AiohttpRequest(BaseRequest):
    """The library's HTTP on aiohttp instead of httpx, for a fraction of the work per call.

    Takes what `telegram.request.HTTPXRequest` takes and behaves like it, except that it needs
    `initialize()` before the first call, and knows neither HTTP/2 nor SOCKS proxies.
    """

    def __init__(
        self,
        *,
        connection_pool_size: int = 256,
        read_timeout: float | None = 5.0,
        write_timeout: float | None = 5.0,
        connect_timeout: float | None = 5.0,
        pool_timeout: float | None = 1.0,
        proxy: str | None = None,
        media_write_timeout: float | None = 20.0,
    ) -> None:
        """Set the limits. All are in seconds; None is no limit.

        Args:
            connection_pool_size: calls under way at once; more of them wait for a place.
            read_timeout: waiting for the next bytes of an answer.
            write_timeout: waiting until Telegram takes the next bytes of a large call.
            connect_timeout: finding the name, connecting and agreeing on TLS, all together.
            pool_timeout: waiting for a place.
            proxy: its address, `http://…` or `https://…`; without one, the environment is asked.
            media_write_timeout: as `write_timeout`, for calls with files.

        Raises:
            RuntimeError: the proxy is a SOCKS proxy.
            ValueError: the proxy is of a kind that nobody knows.
        """
        self._pool_size = connection_pool_size
        self._read_s = read_timeout
        self._write_s = write_timeout
        self._connect_s = connect_timeout
        self._pool_s = pool_timeout
        self._media_write_s = media_write_timeout
        self._proxies = Proxies(proxy)
        self._places = asyncio.Semaphore(connection_pool_size)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for the next bytes of an answer, where a call doesn't say."""
        return self._read_s

    async def initialize(self) -> None:
        """Open the session, unless it is open."""
        if self._session is None:
            self._places = asyncio.Semaphore(self._pool_size)
            self._session = aiohttp.ClientSession(
                connector=OpenConnector(),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close all connections. Calls that are under way fail."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0917 - the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | Plain | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one call; the parameters are those of the library.

        Returns:
            The answer's status, and its body as it came.

        Raises:
            RuntimeError: not initialized, or shut down.
            TimedOut: a limit was passed.
            NetworkError: HTTP failed otherwise. The cause of both is `NeverSent` or `MaybeSent`,
                and nothing in them holds the token.
        """
        session, places = self._session, self._places
        if session is None:
            raise NeverSent("This AiohttpRequest is not initialized!")
        await _take_place(places, _or(pool_timeout, self._pool_s))
        try:
            limits = _limits(_or(connect_timeout, self._connect_s), _or(read_timeout, self._read_s))
            call = _Call(session, method, url, limits, self._proxies.to(url))
            if request_data is None:
                return await call.make()
            body = body_of(request_data)
            if isinstance(body, bytes):
                return await call.make(body, JSON_HEADERS)
            usual_s = self._media_write_s if request_data.contains_files else self._write_s
            async with asyncio.timeout(None) as wait:
                chunks = body.chunks(wait, _or(write_timeout, usual_s))
                return await call.make(chunks, body.headers)
        except Exception as error:  # noqa: BLE001 - none may get past with the address in it
            failed = as_telegram_error(error)
        finally:
            places.release()
        # Not raised where the other one was caught: it would stay attached as the context.
        raise failed

    @staticmethod
    def parse_json_payload(payload: bytes) -> JSONDict:
        """An answer's JSON; what is not plainly JSON is the library's to mend or to refuse.

        Raises:
            TelegramError: it is no JSON.
        """
        with suppress(ValueError):
            return cast("JSONDict", msgspec.json.decode(payload))
        return BaseRequest.parse_json_payload(without_secrets_in_bytes(payload))


class _Call(NamedTuple):
    """Where a call goes, and how long it may take."""

    session: aiohttp.ClientSession
    method: str
    url: str
    limits: aiohttp.ClientTimeout
    proxy: str | None

    async def make(
        self,
        body: bytes | AsyncIterator[bytes] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, bytes]:
        if self.session.closed:
            raise NeverSent("This AiohttpRequest was shut down meanwhile.")
        answer = await self.session.request(
            self.method,
            self.url,
            data=body,
            headers=headers,
            timeout=self.limits,
            allow_redirects=False,
            proxy=self.proxy,
        )
        content = await answer.read()
        if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
            content = without_secrets_in_bytes(content)
        return answer.status, content


async def _take_place(places: asyncio.Semaphore, pool_s: float | None) -> None:
    if not places.locked():
        await places.acquire()
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(pool_s):
            await places.acquire()
            return
    raise pool_timed_out()


def _or(given: ODVInput[float], usual_s: float | None) -> float | None:
    return usual_s if isinstance(given, DefaultValue) else given


@lru_cache(maxsize=64)
def _limits(connect_s: float | None, read_s: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(connect=_patience(connect_s), sock_read=_patience(read_s))


def _patience(limit_s: float | None) -> float | None:
    return None if limit_s is None else max(limit_s, _NO_PATIENCE_S)
