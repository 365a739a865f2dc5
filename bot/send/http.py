"""HTTP to Telegram: one aiohttp session with persistent connections.

Every failure is python-telegram-bot's `NetworkError` or `TimedOut`, whose cause tells whether the
call may have arrived (`bot/send/http_errors.py`). Nothing that is raised or logged shows the token.
"""

import asyncio
from contextlib import suppress
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
from bot.send.timeouts import Timeouts
from bot.send.uploads import (
    CHUNK_BYTES,
    ChunkedBytes,
    Form,
    WriteLimit,
    form_data,
    upload_bytes,
)

USER_AGENT: Final = "viewbank"
_JSON_TYPE: Final = "application/json"
_JSON_HEADERS: Final = {"Content-Type": _JSON_TYPE}
ANSWER_BYTES_MAX: Final = 1024 * 1024
"""The longest answer that is read: far more than a message of ours with all its fields."""
TIMEOUTS: Final = Timeouts()


class HttpAnswer(NamedTuple):
    """A response, whatever its status."""

    status: int
    body: bytes


class HttpSession:
    """Makes calls, up to a number of them at once."""

    def __init__(
        self,
        connections_max: int = 256,
        timeouts: Timeouts | None = None,
        proxy: str | None = None,
        *,
        answer_bytes_max: int = ANSWER_BYTES_MAX,
    ) -> None:
        """Use `open` before the first call.

        Args:
            connections_max: calls under way at once; more of them wait for a free connection.
            timeouts: other than the usual ones.
            proxy: its address, `http://…` or `https://…`; without one, the environment is asked.
            answer_bytes_max: a longer answer counts as a lost connection.

        Raises:
            RuntimeError: the proxy is a SOCKS proxy.
            ValueError: the proxy is of an unknown kind.
        """
        self.timeouts = timeouts or TIMEOUTS
        self._connections_max = connections_max
        self._answer_bytes_max = answer_bytes_max
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
            TimedOut: a time limit was exceeded.
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
        read_s = usual_s if read_timeout_s is None else read_timeout_s
        limits = self.timeouts.for_call(read_s, upload_bytes(body))
        call = _Call(session, url, limits, self._proxies.to(url), self._answer_bytes_max)
        if isinstance(body, bytes) and len(body) <= CHUNK_BYTES:
            return await call.make(body)
        async with asyncio.timeout(None) as timeout:
            limit = WriteLimit(timeout, self.timeouts.write_s)
            if isinstance(body, bytes):
                return await call.make(ChunkedBytes(body, _JSON_TYPE, limit))
            return await call.make(form_data(body, limit))


class _Call(NamedTuple):
    """Where a call goes, how long it may take, and how long its answer may be."""

    session: aiohttp.ClientSession
    url: str
    limits: aiohttp.ClientTimeout
    proxy: str | None
    answer_bytes_max: int

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
        content = await _read(answer, self.answer_bytes_max)
        if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
            content = without_secrets_in_bytes(content)
        return HttpAnswer(answer.status, content)


async def _read(answer: aiohttp.ClientResponse, bytes_max: int) -> bytes:
    """The whole body.

    Raises:
        ClientPayloadError: it is longer than this.
    """
    try:
        return await _read_up_to(answer.content, bytes_max)
    except BaseException:
        # Its rest would be taken for the next answer.
        answer.close()
        raise


async def _read_up_to(content: aiohttp.StreamReader, bytes_max: int) -> bytes:
    body = bytearray()
    while piece := await content.readany():
        body += piece
        if len(body) > bytes_max:
            raise aiohttp.ClientPayloadError(f"the answer has over {bytes_max} bytes")
    return bytes(body)


async def _take_place(places: asyncio.Semaphore, pool_s: float | None) -> None:
    if not places.locked():
        await places.acquire()
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(pool_s):
            await places.acquire()
            return
    raise pool_timed_out()
