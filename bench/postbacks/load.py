"""The load: a number of connections, each with one postback in flight.

Hand-written HTTP, because on a small machine every cycle of a client is taken from the server.
"""

import asyncio
from collections.abc import Iterator
from itertools import count
from time import perf_counter, time

from ads.sessions import AdSession, mint, new_nonce, session_key
from bench.postbacks.options import BOT_TOKEN, FIRST_ID, PATH

_OK = b"HTTP/1.1 200 OK\r\n"
_END = b"\r\n\r\nok"
_TIMEOUT_S = 60


class Sessions:
    """Sessions that each can be paid once: everybody's next ad in turn."""

    def __init__(self, users: int) -> None:
        """For these users, beginning with the first ad of each."""
        self._users = users
        self._key = session_key(BOT_TOKEN)
        self._numbers = count()

    def requests(self, how_many: int) -> list[bytes]:
        """So many postbacks, each of an ad that was shown and paid for."""
        return [self._next() for _ in range(how_many)]

    def _next(self) -> bytes:
        round_, person = divmod(next(self._numbers), self._users)
        now_ms = int(time() * 1000)
        session = AdSession(FIRST_ID + person, round_ + 1, now_ms, new_nonce())
        query = (
            f"ymid={mint(self._key, session)}&event_type=impression&reward_event_type=valued"
            f"&zone_id=123&sub_zone_id=456&request_var=main&telegram_id={session.user_id}"
            "&estimated_price=0.00123"
        )
        return f"GET {PATH}?{query} HTTP/1.1\r\nHost: bench\r\n\r\n".encode()


class _Peer(asyncio.Protocol):
    """One connection: the next postback follows the answer."""

    def __init__(self, requests: Iterator[bytes], done: "asyncio.Future[None]") -> None:
        self._requests = requests
        self._done = done
        self._received = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 - a stream's
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._received.endswith(_END):
            return
        if not self._received.startswith(_OK):
            self._end(AssertionError(f"the server answers {self._received!r}"))
            return
        self._received = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(exc or AssertionError(f"the server hangs up after {self._received!r}"))

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._end(None)
        elif self._transport is not None:
            self._transport.write(request)

    def _end(self, error: BaseException | None) -> None:
        if self._done.done():
            return
        if error is not None:
            self._done.set_exception(error)
        else:
            self._done.set_result(None)
        if self._transport is not None:
            self._transport.close()


async def rate(port: int, requests: list[bytes], at_once: int) -> float:
    """Postbacks per second, all answered with 200."""
    loop = asyncio.get_running_loop()
    waiting = iter(requests)
    done = [loop.create_future() for _ in range(at_once)]
    begun = perf_counter()
    for one in done:
        await loop.create_connection(lambda one=one: _Peer(waiting, one), "127.0.0.1", port)  # type: ignore[misc] # a default argument
    async with asyncio.timeout(_TIMEOUT_S):
        await asyncio.gather(*done)
    return len(requests) / (perf_counter() - begun)
