"""Timeouts of each phase of a call, and whether the call may have arrived."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from support.loopback import (
    Loopback,
    after,
    data,
    endless,
    loopback,
    ok,
    opened,
    post,
    says,
    silence,
)
from telegram.error import NetworkError, TimedOut

from bot.send.delivery_errors import is_transient, may_have_arrived
from bot.send.http import TIMEOUTS, HttpSession
from bot.send.timeouts import Timeouts
from bot.send.uploads import Form, UploadFile

SOON_S = 0.05
"""A limit that is meant to be passed."""


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


@pytest.mark.parametrize("usual", [True, False])
async def test_an_answer_that_does_not_come_may_have_been_missed(api, gate, usual):
    async with opened(**({"read_s": SOON_S} if usual else {})) as client:
        limit = {} if usual else {"read_timeout_s": SOON_S}
        with pytest.raises(TimedOut) as caught:
            await post(client, api.url(), data(chat_id=42), **limit)
    assert not gate.is_set()
    assert caught.value.message == "Timed out"
    assert may_have_arrived(caught.value)


async def test_an_answer_that_stops_halfway_times_out(api, gate):
    async def begins(request: web.BaseRequest) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "100"})
        await answer.prepare(request)
        await answer.write(b'{"ok":')
        await gate.wait()
        return answer

    api.answer = begins
    async with opened(read_s=SOON_S) as client:
        with pytest.raises(TimedOut) as caught:
            await post(client, api.url())
    assert may_have_arrived(caught.value)


async def test_a_call_may_be_given_more_time_than_is_usual(api, gate):
    async with opened(read_s=SOON_S) as client:
        polling = asyncio.create_task(post(client, api.url("getUpdates"), read_timeout_s=30.0))
        with pytest.raises(TimedOut):  # so the usual time has passed for the other one, too
            await post(client, api.url())
        gate.set()
        assert await polling is True


async def test_no_time_at_all_is_not_no_limit(api, gate):
    async with opened() as client:
        with pytest.raises(TimedOut):
            await post(client, api.url(), read_timeout_s=0)
    assert not gate.is_set()


async def test_a_connection_that_is_not_made_in_time_carried_nothing():
    with silence() as origin:
        url = origin.replace("http", "https")  # taken by the system; the handshake isn't answered
        async with opened(connect_s=SOON_S) as client:
            with pytest.raises(TimedOut) as caught:
                await post(client, url)
    assert not may_have_arrived(caught.value)


@pytest.mark.parametrize("with_file", [True, False])
async def test_what_is_not_taken_in_time_may_have_arrived(with_file):
    large = "x" * 16_000_000
    file = UploadFile("x.txt", large.encode(), "text/plain")
    call = Form({}, {"document": file}) if with_file else data(text=large)
    with silence() as origin:
        async with opened(read_s=None, upload_read_s=None, write_s=SOON_S) as client:
            with pytest.raises(TimedOut) as caught:
                await post(client, origin, call)
    assert may_have_arrived(caught.value)


async def test_who_finds_no_free_connection_in_time_has_sent_nothing(api, gate):
    async with opened(connections_max=1, pool_s=SOON_S, read_s=None) as client:
        first = asyncio.create_task(post(client, api.url()))
        await api.arrived()
        with pytest.raises(TimedOut, match=r"Pool timeout: .* \*not\* sent") as caught:
            await post(client, api.url(), data(chat_id=42))
        assert not may_have_arrived(caught.value)
        gate.set()
        assert await first is True
    assert len(api.seen) == 1


@pytest.mark.parametrize("limit_s", [30.0, None])
async def test_who_waits_for_a_connection_gets_the_next_one(api, gate, limit_s):
    async with opened(connections_max=1, pool_s=limit_s) as client:
        calls = [asyncio.create_task(post(client, api.url())) for _ in range(3)]
        await api.arrived()
        gate.set()
        assert await asyncio.gather(*calls) == [True] * 3
    assert len({seen.caller_port for seen in api.seen}) == 1


async def test_a_failed_call_leaves_its_connection_to_others(api, gate):
    async with opened(connections_max=1) as client:
        for _ in range(3):
            with pytest.raises(TimedOut):
                await post(client, api.url(), read_timeout_s=SOON_S)
        given_up = asyncio.create_task(post(client, api.url()))
        await api.arrived(4)
        given_up.cancel()
        await asyncio.wait([given_up])
        gate.set()
        assert await post(client, api.url()) is True


async def test_as_many_calls_go_at_once_as_there_are_connections(api, gate):
    async with opened(connections_max=20, pool_s=None) as client:
        calls = [asyncio.create_task(post(client, api.url())) for _ in range(30)]
        await api.arrived(20)
        gate.set()
        assert await asyncio.gather(*calls) == [True] * 30
    assert len({seen.caller_port for seen in api.seen}) == 20


async def test_every_time_out_is_a_network_error_too(api, gate):
    async with opened(read_s=SOON_S) as client:
        with pytest.raises(NetworkError):
            await post(client, api.url())
    assert not gate.is_set()


# The whole of a call

HEAD = b"HTTP/1.1 200 OK\r\n"
DRIPS = {
    "spaces": (HEAD + b"\r\n", b" "),
    "spaces of a chunked body": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "spaces up to a length": (HEAD + b"Content-Length: 1000000\r\n\r\n", b" "),
    "the status line": (b"H", b"T"),
    "a header": (HEAD + b"X-Header: ", b"x"),
    "headers": (HEAD, b"X: y\r\n"),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a refusal": (b"HTTP/1.1 500 Internal Server Error\r\n\r\n", b" "),
    "a redirect": (b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", b" "),
}


@pytest.mark.parametrize("drip", DRIPS)
@pytest.mark.parametrize("read_timeout_s", [None, 0.06], ids=["a call", "a poll"])
async def test_an_answer_that_comes_drop_by_drop_ends_as_a_lost_connection(
    api, drip, read_timeout_s
):
    async with opened() as client:
        # Connected without haste: before that, nothing could have arrived.
        assert await post(client, api.url()) is True
        patient, client.timeouts = (
            client.timeouts,
            Timeouts(connect_s=0.05, read_s=0.05, answer_s=0.05),
        )
        api.answer = endless(*DRIPS[drip])
        with pytest.raises(NetworkError) as caught:
            await post(client, api.url(), read_timeout_s=read_timeout_s)
        assert is_transient(caught.value)
        assert may_have_arrived(caught.value)
        client.timeouts, api.answer = patient, says(ok())
        assert await post(client, api.url()) is True


async def test_an_upload_whose_answer_drips_ends_too(api):
    api.answer = endless(*DRIPS["spaces"])
    call = Form({}, {"document": UploadFile("x.txt", b"x", "text/plain")})
    async with opened(connect_s=0.05, upload_read_s=0.05, answer_s=0.05) as client:
        with pytest.raises(TimedOut):
            await post(client, api.url(), call)


@pytest.mark.parametrize(
    "answer",
    [
        endless(HEAD + b"\r\n", b"x" * 50_000, 0),
        endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"186A0\r\n%100000d\r\n" % 0, 0),
        endless(b"HTTP/1.1 500 Internal Server Error\r\n\r\n", b"x" * 50_000, 0),
        says(gzip.compress(b"x" * 5_000_000), Content_Encoding="gzip"),
        says(ok("x" * 1_000_000)),
    ],
    ids=["bare", "chunked", "refusal", "packed", "with a length"],
)
async def test_an_answer_that_is_too_long_is_not_read_to_its_end(api, answer):
    api.answer = answer
    session = HttpSession(answer_bytes_max=1_000_000)
    await session.open()
    with pytest.raises(NetworkError, match="over 1000000 bytes") as caught:
        await post(session, api.url())
    assert is_transient(caught.value)
    assert may_have_arrived(caught.value)
    api.answer = says(ok())
    assert await post(session, api.url()) is True
    await session.close()


async def test_an_answer_of_just_the_longest_size_is_read(api):
    api.answer = says(ok("x" * 100))
    session = HttpSession(answer_bytes_max=len(ok("x" * 100)))
    await session.open()
    assert await post(session, api.url()) == "x" * 100
    await session.close()


def test_the_total_is_that_of_the_phases_and_grows_with_an_upload():
    assert TIMEOUTS.for_call(TIMEOUTS.read_s).total == 20
    assert TIMEOUTS.for_call(15.0).total == 30
    assert TIMEOUTS.for_call(30.0, 50_000_000).total == 45 + 50_000_000 / 32_768


def test_without_a_limit_on_one_phase_there_is_none_on_the_whole():
    assert TIMEOUTS.for_call(None).total is None
