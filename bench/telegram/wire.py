"""Owns HTTP/1.1 as far as bots speak it to a Bot API: a length, keep-alive, one answer at a time.

Hand-written, because whatever the pretend Telegram takes is taken from the bot on a small machine.
"""

import asyncio
import re
from collections.abc import Callable
from typing import TypeAlias

Answer: TypeAlias = Callable[[bytes, int], None]
"""Give the body and the status, now or later; once."""
Handle: TypeAlias = Callable[[str, bytes, Answer], None]
"""Take a request's target and body."""

OK = 200
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection:[ \t]*close", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_HEAD = b"HTTP/1.1 %d %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%b\r\n"


class Connection(asyncio.Protocol):
    """One connection. A request that comes before the last one is answered waits for its turn."""

    def __init__(self, handle: Handle) -> None:
        """Have requests taken by `handle`."""
        self._handle = handle
        self._came = b""
        self._transport: asyncio.Transport | None = None
        self._waiting = False
        self._last = False
        self._going_on = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - it is for stream protocols
        self._transport = transport

    def connection_lost(self, _: Exception | None) -> None:
        """It has gone; an answer that is still owed is not given."""
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """More of a request, or several."""
        self._came += data
        self._go_on()

    def _go_on(self) -> None:
        """Take what is complete, as long as nothing waits for its answer."""
        if self._going_on:
            return
        self._going_on = True
        while not self._waiting and (end := self._came.find(_END)) >= 0:
            head, begin = self._came[:end], end + len(_END)
            length = _LENGTH.search(head)
            if length is None and _CHUNKED.search(head):
                raise AssertionError("the pretend Telegram takes no chunks")
            after = begin + (int(length[1]) if length else 0)
            if len(self._came) < after:
                break
            body, self._came = self._came[begin:after], self._came[after:]
            self._waiting = True
            self._last = _CLOSE.search(head) is not None
            self._handle(head.split(b" ", 2)[1].decode(), body, self._answer)
        self._going_on = False

    def _answer(self, body: bytes, status: int = OK) -> None:
        self._waiting = False
        if self._transport is None:
            return
        reason = b"OK" if status == OK else b"No"
        close = b"Connection: close\r\n" if self._last else b""
        self._transport.write(_HEAD % (status, reason, len(body), close) + body)
        if self._last:
            self._transport.close()
        elif self._came:
            self._go_on()
