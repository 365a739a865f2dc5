"""The HTTP client's life cycle: open, shut down, open again, with nothing left open."""

import asyncio
import gc
from collections.abc import AsyncIterator

import pytest
from support.loopback import Loopback, after, loopback, ok, opened, post, resets, says, silence
from telegram.error import NetworkError

from bot.send.delivery_errors import may_have_arrived
from bot.send.http import HttpSession
from bot.send.timeouts import Timeouts


@pytest.fixture
async def api() -> AsyncIterator[Loopback]:
    async with loopback() as api:
        yield api


async def test_a_client_works_again_after_it_was_closed(api):
    client = HttpSession()
    for _ in range(2):
        for _ in range(2):
            await client.open()
        assert await post(client, api.url()) is True
        for _ in range(2):
            await client.close()
        with pytest.raises(NetworkError, match="is not open"):
            await post(client, api.url())
    assert len({seen.caller_port for seen in api.seen}) == 2


async def test_a_client_must_be_opened_before_its_first_call(api):
    with pytest.raises(NetworkError, match="is not open") as caught:
        await post(HttpSession(), api.url())
    assert not may_have_arrived(caught.value)


async def test_calls_under_way_fail_when_it_is_closed(api):
    gate = asyncio.Event()
    api.answer = after(gate, says(ok()))
    client = HttpSession(1, Timeouts(pool_s=None, read_s=None))
    await client.open()
    sent, waiting = (asyncio.create_task(post(client, api.url())) for _ in range(2))
    await api.arrived()
    await client.close()
    problems = await asyncio.gather(sent, waiting, return_exceptions=True)
    assert [type(problem) for problem in problems] == [NetworkError, NetworkError]
    assert [may_have_arrived(problem) for problem in problems] == [True, False]
    gate.set()
    await client.open()
    assert await post(client, api.url()) is True
    await client.close()


async def test_nothing_is_left_open(api, recwarn):
    complaints = []
    asyncio.get_running_loop().set_exception_handler(lambda _, about: complaints.append(about))
    async with opened() as client:
        calls = [asyncio.create_task(post(client, api.url())) for _ in range(10)]
        calls[0].cancel()
        await asyncio.wait(calls)
        api.answer = resets
        with pytest.raises(NetworkError):
            await post(client, api.url())
        with silence() as origin, pytest.raises(NetworkError):
            await post(client, origin, read_timeout_s=0.05)
    del client, calls
    await asyncio.sleep(0)
    gc.collect()
    assert complaints == []
    assert [str(warning.message) for warning in recwarn] == []
