"""The client's life: opened, shut down, opened again, and nothing left open behind it."""

import asyncio
import gc
from collections.abc import AsyncIterator

import pytest
from support.loopback import Loopback, after, loopback, ok, resets, says, silence
from telegram.error import NetworkError
from telegram.request import HTTPXRequest

from bot.send.delivery_errors import may_have_arrived
from bot.send.http import AiohttpRequest

BOTH = pytest.mark.parametrize("kind", [HTTPXRequest, AiohttpRequest])


@pytest.fixture
async def api() -> AsyncIterator[Loopback]:
    async with loopback() as api:
        yield api


@BOTH
async def test_a_client_works_again_after_it_was_shut_down(kind, api):
    client = kind()
    for _ in range(2):
        for _ in range(2):
            await client.initialize()
        assert await client.post(api.url()) is True
        for _ in range(2):
            await client.shutdown()
        with pytest.raises(RuntimeError, match="is not initialized!"):
            await client.do_request(api.url(), "POST")
        with pytest.raises(NetworkError, match="is not initialized!"):
            await client.post(api.url())
    assert len({seen.caller_port for seen in api.seen}) == 2


async def test_ours_must_be_initialized_before_its_first_call(api):
    with pytest.raises(RuntimeError, match="This AiohttpRequest is not initialized!"):
        await AiohttpRequest().do_request(api.url(), "POST")
    with pytest.raises(NetworkError, match="is not initialized!") as caught:
        await AiohttpRequest().post(api.url())
    assert not may_have_arrived(caught.value)


async def test_calls_under_way_fail_when_ours_is_shut_down(api):
    gate = asyncio.Event()
    api.answer = after(gate, says(ok()))
    client = AiohttpRequest(connection_pool_size=1, pool_timeout=None, read_timeout=None)
    await client.initialize()
    sent, waiting = (asyncio.create_task(client.post(api.url())) for _ in range(2))
    await api.arrived()
    await client.shutdown()
    problems = await asyncio.gather(sent, waiting, return_exceptions=True)
    assert [type(problem) for problem in problems] == [NetworkError, NetworkError]
    assert [may_have_arrived(problem) for problem in problems] == [True, False]
    gate.set()
    await client.initialize()
    assert await client.post(api.url()) is True
    await client.shutdown()


@BOTH
async def test_nothing_is_left_open(kind, api, recwarn):
    complaints = []
    asyncio.get_running_loop().set_exception_handler(lambda _, about: complaints.append(about))
    async with kind() as client:
        calls = [asyncio.create_task(client.post(api.url())) for _ in range(10)]
        calls[0].cancel()
        await asyncio.wait(calls)
        api.answer = resets
        with pytest.raises(NetworkError):
            await client.post(api.url())
        with silence() as origin, pytest.raises(NetworkError):
            await client.post(origin, read_timeout=0.05)
    del client, calls
    await asyncio.sleep(0)
    gc.collect()
    assert complaints == []
    assert [str(warning.message) for warning in recwarn] == []
