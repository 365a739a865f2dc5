import asyncio
import socket

import aiohttp
import pytest
from support.ads_harness import AdWorld

from web import ad_api
from web.app import build_web
from web.connections import ConnectionLimits
from web.server import CannotListen, WebServer


async def health(address):
    async with aiohttp.ClientSession() as session, session.get(f"{address}/health") as answer:
        return await answer.text()


async def test_port_0_takes_a_free_port_and_the_address_says_which(world):
    server = WebServer(build_web(world.dependencies()), "127.0.0.1", 0)
    address = await server.start()
    try:
        assert address.startswith("http://127.0.0.1:")
        assert await health(address) == "ok"
    finally:
        await server.stop()


async def test_a_server_for_all_addresses_names_one_that_a_browser_can_open(world):
    server = WebServer(build_web(world.dependencies()), "0.0.0.0", 0)
    address = await server.start()
    try:
        assert address.startswith("http://127.0.0.1:")
        assert await health(address) == "ok"
    finally:
        await server.stop()


async def test_a_stopped_server_gives_its_port_back(world):
    first = WebServer(build_web(world.dependencies()), "127.0.0.1", 0)
    address = await first.start()
    await first.stop()

    second = WebServer(
        build_web(world.dependencies()), "127.0.0.1", int(address.rpartition(":")[2])
    )
    assert await second.start() == address
    await second.stop()


async def test_a_server_that_was_never_started_can_be_stopped(world):
    await WebServer(build_web(world.dependencies()), "127.0.0.1", 0).stop()


async def test_a_port_in_use_is_said_with_the_settings_that_help(world):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotListen) as caught:
            await WebServer(build_web(world.dependencies()), "127.0.0.1", port).start()

    assert isinstance(caught.value, OSError)
    assert str(caught.value) == (
        f"The web server can't listen on HOST 127.0.0.1, PORT {port}: address already in use. "
        "Set PORT to a free one, or stop the program that has it."
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "a" * 64])
async def test_a_host_that_is_not_this_machine_is_said_with_the_setting_that_helps(world, host):
    with pytest.raises(CannotListen, match="Set HOST to an address of this machine"):
        await WebServer(build_web(world.dependencies()), host, 0).start()


NO_REQUESTS = [
    b"GARBAGE\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nExpect: 200-maybe\r\nConnection: close\r\n\r\n",
    b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n",
    (
        b"GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Encoding: gzip\r\n"
        b"Connection: close\r\n\r\nabcde"
    ),
]


@pytest.mark.parametrize("sent", NO_REQUESTS)
async def test_what_is_no_request_learns_no_version_and_leaves_no_traceback(world, sent, caplog):
    server = WebServer(build_web(world.dependencies()), "127.0.0.1", 0)
    port = int((await server.start()).rpartition(":")[2])
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
    finally:
        await server.stop()
    assert b"\r\nServer: Viewbank\r\n" in answer
    for word in (b"aiohttp", b"Python", b"Traceback"):
        assert word.lower() not in answer.lower()
    assert [record for record in caplog.records if record.exc_info] == []


async def test_a_stream_goes_on_for_as_long_as_its_reader_reads(monkeypatch):
    """The time for answering a request begins anew with each part that is read."""
    monkeypatch.setattr(ad_api, "COMMENT_EVERY_S", 0.02)
    world = AdWorld()
    await world.open()
    world.client = await world.serve_ads()
    app = build_web(world.dependencies(ads=world.endpoints()))
    limits = ConnectionLimits(request_s=0.3, sweep_s=0.01)
    server = WebServer(app, "127.0.0.1", 0, limits)
    address = await server.start()
    try:
        async with (
            aiohttp.ClientSession(address) as session,
            session.get("/ads/api/events", headers=await world.enter()) as answer,
        ):
            begun_s = asyncio.get_running_loop().time()
            comments = 0
            while asyncio.get_running_loop().time() - begun_s < 4 * limits.request_s:
                block = await answer.content.readuntil(b"\n\n")
                comments += block.startswith(b":")
            assert comments > 3
    finally:
        await server.stop()
        for client in world.clients:
            await client.close()
        await world.ledger.close()
