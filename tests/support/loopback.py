"""A Bot API on loopback that answers or misbehaves as a test says, and records the calls."""

import asyncio
import contextlib
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from aiohttp import web

from bot.send.api_answers import decode_result
from bot.send.http import HttpSession
from bot.send.timeouts import Timeouts
from bot.send.uploads import Form

TOKEN = "123456789:AAE-a_secret-that-nobody-may-see-0123"

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Part(NamedTuple):
    """A part of a form: a field has neither file name nor type."""

    content: bytes
    file_name: str | None = None
    mime: str | None = None


class Seen(NamedTuple):
    """One call as it arrived; `caller_port` tells the connections apart."""

    method: str
    target: str
    headers: Any
    body: bytes
    caller_port: int

    def parts(self) -> dict[str, Part]:
        """The parts of a `multipart/form-data` body, read strictly."""
        mark = b"--" + self.headers["Content-Type"].partition("boundary=")[2].encode()
        *parts, end = self.body.split(mark)[1:]
        assert end == b"--\r\n"
        return dict(_part(part) for part in parts)

    def values(self) -> dict[str, Any]:
        """The parameters as Telegram understands them, whatever their encoding."""
        kind = self.headers["Content-Type"].partition(";")[0]
        if kind == "application/json":
            found = json.loads(self.body)
        elif kind == "multipart/form-data":
            found = {name: part.content.decode() for name, part in self.parts().items()}
        else:
            found = dict(parse_qsl(self.body.decode(), keep_blank_values=True))
        return {name: _value(value) for name, value in found.items()}


class Loopback:
    """The server.

    Attributes:
        seen: the calls that were read, in order.
        answer: what happens next to a call.
        reads: whether a call is read before it is answered.
    """

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.answer: Answer = says(ok())
        self.reads = True
        self.origin = ""
        self._arrival = asyncio.Event()

    def url(self, name: str = "sendMessage") -> str:
        return f"{self.origin}/bot{TOKEN}/{name}"

    async def arrived(self, count: int = 1) -> None:
        """Wait until so many calls have been read."""
        while len(self.seen) < count:
            self._arrival.clear()
            await self._arrival.wait()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if self.reads:
            body = await request.content.read()
            port = request.transport.get_extra_info("peername")[1]
            target = request.raw_path
            self.seen.append(Seen(request.method, target, request.headers, body, port))
            self._arrival.set()
        return await self.answer(request)


@contextlib.asynccontextmanager
async def loopback(tls: ssl.SSLContext | None = None) -> AsyncIterator[Loopback]:
    """Run the server for the block."""
    api = Loopback()
    runner = web.ServerRunner(web.Server(api.handle, access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    port = runner.addresses[0][1]
    # A certificate is for a name.
    api.origin = f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"
    try:
        yield api
    finally:
        await runner.cleanup()


@contextlib.contextmanager
def silence() -> Iterator[str]:
    """The origin of a server that accepts connections, and never reads or answers."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def ok(result: object = True) -> bytes:
    """The body of a successful answer."""
    return json.dumps({"ok": True, "result": result}, ensure_ascii=False).encode()


def refusal(code: int, description: str, **parameters: float) -> bytes:
    """The body of a refusal."""
    body = {"ok": False, "error_code": code, "description": description}
    return json.dumps(body | ({"parameters": parameters} if parameters else {})).encode()


def says(body: bytes, status: int = 200, **headers: str) -> Answer:
    """Answer with this."""

    async def answer(_request: web.BaseRequest) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=body, status=status, headers=named)

    return answer


def after(gate: asyncio.Event, answer: Answer) -> Answer:
    """Answer once the gate is opened."""

    async def gated(request: web.BaseRequest) -> web.StreamResponse:
        await gate.wait()
        return await answer(request)

    return gated


async def hangs_up(request: web.BaseRequest) -> web.Response:
    """Close the connection instead of answering."""
    request.transport.close()
    return web.Response()


async def resets(request: web.BaseRequest) -> web.Response:
    """Reset the connection instead of answering."""
    held = request.transport.get_extra_info("socket")
    held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()
    return web.Response()


async def breaks_off(request: web.BaseRequest) -> web.StreamResponse:
    """Announce a hundred bytes and send six."""
    answer = web.StreamResponse(headers={"Content-Length": "100"})
    await answer.prepare(request)
    await answer.write(b'{"ok":')
    request.transport.close()
    return answer


def endless(head: bytes, piece: bytes, pause_s: float = 0.01) -> Answer:
    """Write this as it is, then a piece after each pause, for as long as anybody listens."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        transport = request.transport
        transport.write(head)
        while not transport.is_closing():
            transport.write(piece)
            await asyncio.sleep(pause_s)
        return web.Response()

    return answer


def data(**parameters: object) -> bytes:
    """The body of a call with these parameters."""
    return json.dumps(parameters, ensure_ascii=False).encode()


@contextlib.asynccontextmanager
async def opened(*, proxy: str | None = None, **limits: Any) -> AsyncIterator[HttpSession]:
    """Our HTTP session while the block lasts."""
    connections_max = limits.pop("connections_max", 256)
    session = HttpSession(connections_max, Timeouts(**limits), proxy)
    await session.open()
    try:
        yield session
    finally:
        await session.close()


async def post(
    session: HttpSession,
    url: str,
    body: bytes | Form = b"{}",
    *,
    read_timeout_s: float | None = None,
) -> Any:
    """Make a call; its result, or the error that callers get."""
    answer = await session.post(url, body, read_timeout_s=read_timeout_s)
    return decode_result(answer.status, answer.body, Any)


def _value(value: object) -> object:
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return json.loads(value)
    return value


def _part(raw: bytes) -> tuple[str, Part]:
    head, _, content = raw.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    lines = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
    about = lines["Content-Disposition"].removeprefix('form-data; name="').removesuffix('"')
    name, _, file_name = about.partition('"; filename="')
    return name, Part(content.removesuffix(b"\r\n"), file_name or None, lines.get("Content-Type"))
