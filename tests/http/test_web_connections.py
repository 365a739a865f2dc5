"""Connections over real sockets: how long each may take for what, and how many there may be."""

import asyncio
import errno
import socket
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from ipaddress import ip_network

import pytest
from aiohttp import web

from web.app import build_web
from web.connections import ConnectionLimits
from web.listener import REFUSAL
from web.server import WebServer
from web.webhook import WebhookEndpoint

PATIENT = ConnectionLimits(head_s=100, request_s=100, idle_s=100, sweep_s=0.01)
SOON_S = 0.05
"""A limit that is meant to be passed."""
HEALTH = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
HALF = b"GET /health HTTP/1.1\r\nHost: a\r\n"


class Peer:
    """One connection to the server."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    def send(self, data):
        self.writer.write(data)

    async def answer(self):
        """Status and body of the next answer."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return int(head.split()[1]), await self.reader.readexactly(length)

    async def ask(self, request=HEALTH):
        self.send(request)
        return await self.answer()

    async def is_closed(self):
        """Wait until the server has closed it; what came before that."""
        with suppress(ConnectionResetError):
            return await self.reader.read() == b""
        return True

    @property
    def is_open(self):
        return not self.reader.at_eof() and self.reader.exception() is None


class Served:
    """A server, and connections to it."""

    def __init__(self, server, port):
        self.connections = server.connections
        self.port = port
        self.peers = []

    async def connect(self, sent=b"", address="127.0.0.1"):
        """A connection from this address that the server has accepted."""
        known = self.counted
        peer = Peer(*await asyncio.open_connection("127.0.0.1", self.port, local_addr=(address, 0)))
        peer.send(sent)
        self.peers.append(peer)
        while self.counted == known:  # noqa: ASYNC110 - the server runs in this loop
            await asyncio.sleep(0)
        return peer

    @property
    def counted(self):
        """Grows with every connection that comes."""
        connections = self.connections
        return len(connections) + connections.closed_early + connections.refused

    async def until_there_are(self, count):
        while len(self.connections) != count:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.001)


@asynccontextmanager
async def serving(app, limits):
    server = WebServer(app, "127.0.0.1", 0, limits)
    served = Served(server, int((await server.start()).rpartition(":")[2]))
    try:
        yield served
    finally:
        for peer in served.peers:
            peer.writer.close()
        await server.stop()


@pytest.fixture
def serve(world):
    """Serve the real application with some limits changed."""

    def served(app=None, **limits):
        return serving(app or build_web(world.dependencies()), replace(PATIENT, **limits))

    return served


def app_with(handler):
    app = web.Application()
    app.add_routes([web.get("/", handler)])
    return app


async def drip(peer, data=b"X: y\r\n"):
    """Send more of it all the time, until the connection is closed."""
    while peer.is_open:
        peer.send(data)
        await asyncio.sleep(0.005)


# How long


@pytest.mark.parametrize("sent", [b"", b"G", HALF, b"\r\n"])
async def test_who_sends_no_whole_request_is_cut_off(serve, sent):
    async with serve(head_s=SOON_S) as server:
        assert await (await server.connect(sent)).is_closed()
        assert len(server.connections) == 0


async def test_bytes_that_come_all_the_time_give_no_more_time(serve):
    async with serve(head_s=SOON_S) as server:
        peer = await server.connect(HALF)
        dripping = asyncio.create_task(drip(peer, b"X"))
        assert await peer.is_closed()
        await dripping


async def test_a_second_request_has_no_more_time_than_the_first(serve):
    async with serve(head_s=SOON_S * 4) as server:
        peer = await server.connect()
        assert await peer.ask() == (200, b"ok")
        peer.send(HALF)
        assert await peer.is_closed()


async def test_a_connection_that_is_kept_open_is_closed_after_a_while(serve):
    async with serve(idle_s=SOON_S) as server:
        peer = await server.connect()
        assert await peer.ask() == (200, b"ok")
        assert await peer.is_closed()


async def test_between_requests_there_is_more_time_than_for_one(serve):
    async with serve(head_s=SOON_S * 4) as server:
        patient, hasty = await server.connect(HEALTH), await server.connect(HALF)
        assert await patient.answer() == (200, b"ok")
        assert await hasty.is_closed()
        assert await patient.ask() == (200, b"ok")


async def test_an_answer_that_takes_too_long_ends_with_the_connection(serve):
    async def hang(_request):
        await asyncio.sleep(SOON_S * 4)
        return web.Response()

    async with serve(app_with(hang), request_s=SOON_S) as server:
        peer = await server.connect(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert await peer.is_closed()


async def test_an_answer_that_nobody_reads_is_given_up(serve):
    async def large(_request):
        return web.Response(body=b"x" * 20_000_000)

    async with serve(app_with(large), idle_s=SOON_S) as server:
        peer = await server.connect()
        peer.writer.transport.pause_reading()
        peer.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        await server.until_there_are(0)


@pytest.mark.parametrize("length", [b"Content-Length: 1000", b"Transfer-Encoding: chunked"])
async def test_a_body_that_nobody_asked_for_does_not_hold_its_connection(
    serve, length, monkeypatch
):
    monkeypatch.setattr("web.server.LINGERING_S", 100.0)
    async with serve(head_s=SOON_S) as server:
        peer = await server.connect(b"GET /health HTTP/1.1\r\nHost: a\r\n" + length + b"\r\n\r\n")
        assert await peer.answer() == (200, b"ok")
        dripping = asyncio.create_task(drip(peer, b"x" if b"Length" in length else b"1\r\nx\r\n"))
        assert await peer.is_closed()
        await dripping


async def test_a_delivery_whose_body_drips_is_given_up(serve, world):
    async def accept(_body):
        raise AssertionError("nothing has come whole")

    endpoint = WebhookEndpoint(secret="s", accept=accept, read_within_s=SOON_S)
    async with serve(build_web(world.dependencies(webhook=endpoint)), head_s=SOON_S) as server:
        peer = await server.connect(
            b"POST /telegram/webhook HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            b"X-Telegram-Bot-Api-Secret-Token: s\r\nContent-Length: 100000\r\n\r\n"
        )
        dripping = asyncio.create_task(drip(peer, b" "))
        assert (await peer.answer())[0] == 408
        assert await peer.is_closed()
        await dripping


# How many


async def test_beyond_the_most_of_an_address_its_oldest_half_open_one_is_closed(serve):
    async with serve(per_address=3) as server:
        peers = [await server.connect(HALF) for _ in range(3)]
        new = await server.connect()
        assert await new.ask() == (200, b"ok")
        assert await peers[0].is_closed()
        assert [peer.is_open for peer in peers[1:]] == [True, True]
        assert len(server.connections) == 3


async def test_half_open_ones_go_before_those_that_are_kept_open(serve):
    async with serve(per_address=3) as server:
        kept = await server.connect()
        assert await kept.ask() == (200, b"ok")
        half_open = [await server.connect(HALF) for _ in range(2)]
        await server.connect()
        assert await half_open[0].is_closed()
        assert await kept.ask() == (200, b"ok")


async def test_a_flood_from_one_address_takes_no_place_of_another(serve):
    async with serve(total=8, per_address=6) as server:
        other = await server.connect(address="127.0.0.2")
        assert await other.ask() == (200, b"ok")
        for _ in range(50):
            await server.connect(HALF)
        assert len(server.connections) == 7
        assert await other.ask() == (200, b"ok")


async def test_where_all_are_taken_the_address_with_the_most_gives_one_up(serve):
    async with serve(total=6, per_address=4) as server:
        flood = [await server.connect(HALF) for _ in range(4)]
        others = [await server.connect(HALF, address="127.0.0.2") for _ in range(2)]
        new = await server.connect(address="127.0.0.3")
        assert await new.ask() == (200, b"ok")
        assert await flood[0].is_closed()
        assert all(peer.is_open for peer in others)


async def test_who_is_being_answered_is_not_closed_and_the_next_is_refused_at_once(serve):
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_request):
        begun.set()
        await go_on.wait()
        return web.Response(text="done")

    async with serve(app_with(slow), per_address=1) as server:
        busy = await server.connect(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        await begun.wait()
        refused = await server.connect()
        assert await refused.reader.read() == REFUSAL
        elsewhere = await server.connect(address="127.0.0.2")
        assert elsewhere.is_open
        go_on.set()
        assert await busy.answer() == (200, b"done")
        assert server.connections.refused == 1


async def test_a_trusted_proxy_may_have_all_of_them(serve):
    async with serve(total=5, per_address=2, trusted=(ip_network("127.0.0.1"),)) as server:
        peers = [await server.connect() for _ in range(5)]
        assert [await peer.ask() for peer in peers] == [(200, b"ok")] * 5
        others = [await server.connect(address="127.0.0.2") for _ in range(3)]
        assert await others[-1].ask() == (200, b"ok")
        assert len(server.connections) == 5


async def test_places_are_free_again_when_peers_hang_up(serve):
    async with serve(total=3) as server:
        for _ in range(4):
            peers = [await server.connect(HALF) for _ in range(3)]
            for peer in peers:
                peer.writer.close()
            await server.until_there_are(0)
        assert (server.connections.closed_early, server.connections.refused) == (0, 0)


# What comes


async def test_requests_behind_one_another_are_answered_in_their_order(serve):
    async with serve() as server:
        paths = [f"/?lang={language}" for language in ("en", "ru") * 50]
        peer = await server.connect()
        for path in paths:
            peer.send(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        pages = [await peer.answer() for _ in paths]
        shown = [b'<html lang="ru"' in page for _status, page in pages]
        assert shown == [False, True] * 50


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        HALF + b"X: " + b"a" * 10_000 + b"\r\n\r\n",
        HALF + b"X: y\r\n" * 1000 + b"\r\n",
        HALF + b"X: y\r\n" * 100_000,
        HALF + b"no header\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100 + b"\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"hello\r\n\r\n",
        HALF + b"Content-Length: -1\r\n\r\n",
        HALF + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
async def test_what_is_no_request_or_too_long_is_refused_and_not_logged(serve, request_, caplog):
    async with serve() as server:
        peer = await server.connect(request_)
        assert (await peer.reader.readuntil(b"\r\n")).startswith(
            (b"HTTP/1.1 400 ", b"HTTP/1.0 400 ")
        )
        await server.until_there_are(0)
    assert caplog.records == []


async def test_a_fault_of_ours_is_logged(serve, caplog):
    async def fail(_request):
        raise ValueError("a fault of ours")

    async with serve(app_with(fail)) as server:
        peer = await server.connect(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert (await peer.answer())[0] == 500
    assert "a fault of ours" in caplog.text


async def test_a_file_is_served(serve):
    async with serve() as server:
        peer = await server.connect()
        status, body = await peer.ask(b"GET /static/style.css HTTP/1.1\r\nHost: a\r\n\r\n")
        assert (status, b"{" in body) == (200, True)


# No files left


@pytest.mark.parametrize("code", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.EPROTO])
async def test_without_files_it_pauses_says_so_once_a_try_and_closes_half_open_ones(
    serve, caplog, monkeypatch, code
):
    monkeypatch.setattr("web.listener.EXHAUSTED_PAUSE_S", 0.01)
    accept, tries = socket.socket.accept, []

    def failing(listening):
        if 0 < len(tries) < 4:
            tries.append(code)
            raise OSError(code, "no more")
        return accept(listening)

    async with serve() as server:
        half_open = await server.connect(HALF)
        monkeypatch.setattr(socket.socket, "accept", failing)
        tries.append("begin")
        new = await server.connect()
        assert await new.ask() == (200, b"ok")
        if code != errno.EPROTO:
            assert await half_open.is_closed()
        monkeypatch.setattr(socket.socket, "accept", accept)
    assert len(tries) == 4
    assert ["can't accept" in record.getMessage() for record in caplog.records] == [True] * 3
