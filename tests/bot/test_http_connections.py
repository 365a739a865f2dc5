"""Connections: reused, stale, refused and broken, and what that means for the call."""

import asyncio
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from support.loopback import (
    Answer,
    Loopback,
    breaks_off,
    data,
    hangs_up,
    loopback,
    ok,
    opened,
    post,
    resets,
    says,
)
from telegram.error import NetworkError

from bot.send.delivery_errors import may_have_arrived
from bot.send.http import HttpSession


@pytest.fixture
async def api() -> AsyncIterator[Loopback]:
    async with loopback() as api:
        yield api


@pytest.fixture
async def client() -> AsyncIterator[HttpSession]:
    async with opened() as client:
        yield client


async def test_a_connection_serves_call_after_call(api, client):
    for _ in range(5):
        await post(client, api.url(), data(chat_id=42))
    assert len({seen.caller_port for seen in api.seen}) == 1


async def test_a_connection_that_the_server_ends_is_not_used_again(api, client):
    api.answer = says(ok(), Connection="close")
    for _ in range(3):
        assert await post(client, api.url()) is True
    assert len({seen.caller_port for seen in api.seen}) == 3


async def test_a_connection_that_the_server_closed_while_it_idled_costs_no_call(api, client):
    transports = []

    async def answer(request):
        transports.append(request.transport)
        return await says(ok())(request)

    api.answer = answer
    for _ in range(3):
        assert await post(client, api.url(), data(chat_id=42)) is True
        transports[-1].close()
        for _ in range(20):  # turns enough for both sides to have noticed
            await asyncio.sleep(0)
    assert len({seen.caller_port for seen in api.seen}) == 3


async def test_not_even_when_the_loop_was_too_busy_to_notice(api, client):
    """The end has come, but nobody has read of it yet: the next call is in the same turn."""
    transports = []

    async def answer(request):
        transports.append(request.transport)
        return await says(ok())(request)

    api.answer = answer
    for _ in range(3):
        assert await post(client, api.url(), data(chat_id=42)) is True
        transports[-1].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
    assert len({seen.caller_port for seen in api.seen}) == 3


async def test_a_server_that_hangs_up_at_once_is_not_asked_again_and_again(monkeypatch):
    """The end is there before the new connection is handed out."""
    taken = []

    async def connect(*given):
        connection = await real_connect(*given)
        taken.append(listening.accept()[0].close())
        assert len(taken) < 3
        return connection

    real_connect = aiohttp.TCPConnector.connect
    monkeypatch.setattr(aiohttp.TCPConnector, "connect", connect)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        async with opened() as client:
            with pytest.raises(NetworkError) as caught:
                await post(client, f"http://127.0.0.1:{listening.getsockname()[1]}/bot1:a/getMe")
    assert may_have_arrived(caught.value)
    assert len(taken) == 1


@pytest.mark.parametrize("problem", [hangs_up, resets, breaks_off])
async def test_a_call_whose_answer_is_lost_may_have_arrived(api, client, problem: Answer):
    api.answer = problem
    with pytest.raises(NetworkError) as caught:
        await post(client, api.url(), data(chat_id=42))
    assert may_have_arrived(caught.value)
    assert len(api.seen) == 1, "what may have arrived is not sent again"
    api.answer = says(ok())
    assert await post(client, api.url()) is True


async def test_an_answer_that_is_not_http_may_follow_a_call_that_arrived(client):
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        with pytest.raises(NetworkError) as caught:
            await post(client, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot1:a/x")
    assert may_have_arrived(caught.value)


async def test_a_connection_that_is_refused_carried_nothing(client):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))  # taken, but nobody listens
        with pytest.raises(NetworkError) as caught:
            await post(client, f"http://127.0.0.1:{listener.getsockname()[1]}/bot1:a/getMe")
    assert not may_have_arrived(caught.value)


async def test_a_name_that_is_not_found_leads_nowhere(client):
    with pytest.raises(NetworkError) as caught:
        await post(client, "http://telegram.invalid/bot1:a/getMe")
    assert not may_have_arrived(caught.value)


async def test_a_server_that_speaks_no_tls_got_nothing(api, client):
    with pytest.raises(NetworkError) as caught:
        await post(client, api.url().replace("http", "https"))
    assert not may_have_arrived(caught.value)
    assert api.seen == []


async def test_an_address_that_is_none_is_a_network_error(client):
    for address in ("ftp://127.0.0.1/bot1:a/x", "http://", "nonsense"):
        with pytest.raises(NetworkError):
            await post(client, address)
