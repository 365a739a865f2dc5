"""How long a call may take, phase by phase, and whether it can have arrived when it took longer."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from support.loopback import Loopback, after, data, loopback, ok, says, silence
from telegram import InputFile
from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest

from bot.send.delivery_errors import may_have_arrived
from bot.send.http import AiohttpRequest

SOON_S = 0.05
"""A limit that is meant to be passed."""

pytestmark = pytest.mark.parametrize("kind", [HTTPXRequest, AiohttpRequest])


@pytest.fixture
async def api() -> AsyncIterator[Loopback]:
    async with loopback() as api:
        yield api


@pytest.fixture
async def gate(api: Loopback) -> AsyncIterator[asyncio.Event]:
    """The server answers when this is set."""
    gate = asyncio.Event()
    api.answer = after(gate, says(ok()))
    yield gate
    gate.set()


@pytest.mark.parametrize("limit_s", [5.0, 2.5, None])
def test_the_limit_for_reading_can_be_asked_for(kind, limit_s):
    assert kind(read_timeout=limit_s).read_timeout == limit_s


def test_limits_are_the_librarys_own(kind):
    assert kind().read_timeout == 5.0


@pytest.mark.parametrize("usual", [True, False])
async def test_an_answer_that_does_not_come_may_have_been_missed(kind, api, gate, usual):
    limits = {"read_timeout": SOON_S}
    async with kind(**(limits if usual else {})) as client:
        with pytest.raises(TimedOut) as caught:
            await client.post(api.url(), data(chat_id=42), **({} if usual else limits))
    assert not gate.is_set()
    assert caught.value.message == "Timed out"
    assert may_have_arrived(caught.value)


async def test_an_answer_that_stops_halfway_times_out(kind, api, gate):
    async def begins(request: web.BaseRequest) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "100"})
        await answer.prepare(request)
        await answer.write(b'{"ok":')
        await gate.wait()
        return answer

    api.answer = begins
    async with kind(read_timeout=SOON_S) as client:
        with pytest.raises(TimedOut) as caught:
            await client.post(api.url())
    assert may_have_arrived(caught.value)


async def test_a_call_may_be_given_more_time_than_is_usual(kind, api, gate):
    async with kind(read_timeout=SOON_S) as client:
        for limit_s in (30.0, None):
            gate.clear()
            polling = asyncio.create_task(client.post(api.url("getUpdates"), read_timeout=limit_s))
            with pytest.raises(TimedOut):  # so the usual time has passed for the other one, too
                await client.post(api.url())
            gate.set()
            assert await polling is True


async def test_no_time_at_all_is_not_no_limit(kind, api, gate):
    async with kind() as client:
        with pytest.raises(TimedOut):
            await client.post(api.url(), read_timeout=0)
    assert not gate.is_set()


async def test_a_connection_that_is_not_made_in_time_carried_nothing(kind):
    with silence() as origin:
        url = origin.replace("http", "https")  # taken by the system; the handshake isn't answered
        async with kind(connect_timeout=SOON_S) as client:
            with pytest.raises(TimedOut) as caught:
                await client.post(url)
            assert not may_have_arrived(caught.value)
        async with kind() as client:
            with pytest.raises(TimedOut):
                await client.post(url, connect_timeout=SOON_S)


@pytest.mark.parametrize("usual", [True, False])
@pytest.mark.parametrize("with_file", [True, False])
async def test_what_is_not_taken_in_time_may_have_arrived(kind, usual, with_file):
    large = "x" * 16_000_000
    call = data(document=InputFile(large)) if with_file else data(text=large)
    name = "media_write_timeout" if with_file else "write_timeout"
    with silence() as origin:
        async with kind(read_timeout=None, **({name: SOON_S} if usual else {})) as client:
            with pytest.raises(TimedOut) as caught:
                await client.post(origin, call, **({} if usual else {"write_timeout": SOON_S}))
    assert may_have_arrived(caught.value)


async def test_who_finds_no_free_connection_in_time_has_sent_nothing(kind, api, gate):
    async with kind(connection_pool_size=1, pool_timeout=SOON_S, read_timeout=None) as client:
        first = asyncio.create_task(client.post(api.url()))
        await api.arrived()
        for limits in ({}, {"pool_timeout": SOON_S}):
            with pytest.raises(TimedOut, match=r"Pool timeout: .* \*not\* sent") as caught:
                await client.post(api.url(), data(chat_id=42), **limits)
            assert not may_have_arrived(caught.value)
        gate.set()
        assert await first is True
    assert len(api.seen) == 1


@pytest.mark.parametrize("limit_s", [30.0, None])
async def test_who_waits_for_a_connection_gets_the_next_one(kind, api, gate, limit_s):
    async with kind(connection_pool_size=1, pool_timeout=SOON_S) as client:
        calls = [
            asyncio.create_task(client.post(api.url(), pool_timeout=limit_s)) for _ in range(3)
        ]
        await api.arrived()
        with pytest.raises(TimedOut):  # so the usual time has passed
            await client.post(api.url())
        gate.set()
        assert await asyncio.gather(*calls) == [True] * 3
    assert len({seen.caller_port for seen in api.seen}) == 1


async def test_a_failed_call_leaves_its_connection_to_others(kind, api, gate):
    async with kind(connection_pool_size=1) as client:
        for _ in range(3):
            with pytest.raises(TimedOut):
                await client.post(api.url(), read_timeout=SOON_S)
        given_up = asyncio.create_task(client.post(api.url()))
        await api.arrived(4)
        given_up.cancel()
        await asyncio.wait([given_up])
        gate.set()
        assert await client.post(api.url()) is True


async def test_as_many_calls_go_at_once_as_there_are_connections(kind, api, gate):
    async with kind(connection_pool_size=20) as client:
        calls = [asyncio.create_task(client.post(api.url(), pool_timeout=None)) for _ in range(30)]
        await api.arrived(20)
        gate.set()
        assert await asyncio.gather(*calls) == [True] * 30
    assert len({seen.caller_port for seen in api.seen}) == 20


async def test_every_time_out_is_a_network_error_too(kind, api, gate):
    async with kind(read_timeout=SOON_S) as client:
        with pytest.raises(NetworkError):
            await client.retrieve(api.url())
    assert not gate.is_set()
