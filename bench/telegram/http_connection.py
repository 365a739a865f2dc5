"""HTTP/1.1 as far as bots speak it to a Bot API: a length, keep-alive, one response at a time.

Hand-written, because on a small machine every cycle of this server is taken from the bot.
"""

import asyncio
import re
from collections.abc import Callable
from typing import TypeAlias

Respond: TypeAlias = Callable[[bytes, int], None]
"""Called once, now or later, with the body and the status."""
Handle: TypeAlias = Callable[[str, bytes, Respond], None]
"""Called with a request's target and body."""

OK = 200
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection:[ \t]*close", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_HEAD = b"HTTP/1.1 %d %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%b\r\n"


class Connection(asyncio.Protocol):
    """One connection. A request that comes before the last response is sent waits its turn."""

    def __init__(self, handle: Handle) -> None:
        """Requests go to `handle`."""
        self._handle = handle
        self._received = b""
        self._transport: asyncio.Transport | None = None
        self._responding = False
        self._closing = False
        self._reading = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has connected."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - it is for stream protocols
        self._transport = transport

    def connection_lost(self, _: Exception | None) -> None:
        """It is gone; a response that is still due is dropped."""
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """More of a request, or several."""
        self._received += data
        self._read()

    def _read(self) -> None:
        """Handle complete requests as long as no response is due."""
        if self._reading:
            return
        self._reading = True
        while not self._responding and (end := self._received.find(_END)) >= 0:
            head, begin = self._received[:end], end + len(_END)
            length = _LENGTH.search(head)
            if length is None and _CHUNKED.search(head):
                raise AssertionError("the bench's server takes no chunked requests")
            after = begin + (int(length[1]) if length else 0)
            if len(self._received) < after:
                break
            body, self._received = self._received[begin:after], self._received[after:]
            self._responding = True
            self._closing = _CLOSE.search(head) is not None
            self._handle(head.split(b" ", 2)[1].decode(), body, self._respond)
        self._reading = False

    def _respond(self, body: bytes, status: int = OK) -> None:
        self._responding = False
        if self._transport is None:
            return
        reason = b"OK" if status == OK else b"No"
        close = b"Connection: close\r\n" if self._closing else b""
        self._transport.write(_HEAD % (status, reason, len(body), close) + body)
        if self._closing:
            self._transport.close()
        elif self._received:
            self._read()
