"""Planned faults affect the right calls, as often as planned, and are counted."""

import asyncio

import aiohttp
import pytest


async def send(api, chat_id=42):
    answer = await api("sendMessage", chat_id=chat_id, text="x")
    return answer if isinstance(answer, str) else "ok"


@pytest.mark.usefixtures("ann")
async def test_a_fault_hits_the_next_calls_of_one_method_only(api, world):
    await world.fault("429", "sendMessage", times=2, retry_after_s=3)
    assert (await api("getMe"))["is_bot"]
    answers = [await send(api) for _ in range(3)]
    assert answers == [
        "Too Many Requests: retry after 3",
        "Too Many Requests: retry after 3",
        "ok",
    ]
    assert await world.fault_hits() == 2


@pytest.mark.usefixtures("ann")
async def test_a_fault_can_be_about_one_person(api, world):
    ben = await world.add_user("Ben", id=43, invite="x")
    await world.fault(
        "error", "sendMessage", to=ben, times=None, code=403, description="Forbidden: no"
    )
    assert [await send(api, 43), await send(api, 42), await send(api, 43)] == [
        "Forbidden: no",
        "ok",
        "Forbidden: no",
    ]
    assert await world.clear_faults() == 2
    assert await send(api, 43) == "ok"


@pytest.mark.usefixtures("ann")
async def test_retry_after_stands_in_the_parameters(served, world):
    await world.fault("429", retry_after_s=9)
    async with aiohttp.ClientSession() as session:
        answer = await session.get(f"{served.url}/bot{served.token}/getMe")
        body = await answer.json()
    assert (answer.status, body["parameters"]) == (429, {"retry_after": 9})


async def test_a_slow_call_is_carried_out_and_answered_when_released(api, ann, world):
    await world.fault("slow", "sendMessage")
    call = asyncio.create_task(send(api))
    assert (await ann.wait_for("x")).text == "x"
    assert not call.done()
    assert await world.release_slow_calls() == 1
    assert await call == "ok"


@pytest.fixture
def _fast_drips(monkeypatch):
    monkeypatch.setattr("sandbox.botapi.gateway.DRIP_EVERY_S", 0.01)


@pytest.mark.usefixtures("_fast_drips")
@pytest.mark.parametrize("after", [False, True])
async def test_a_dripping_call_is_answered_by_spaces_until_its_caller_or_the_test_ends_it(
    api, ann, served, world, after
):
    await world.fault("drip", "sendMessage", times=2, after=after)
    url = f"{served.url}/bot{served.token}/sendMessage"
    async with aiohttp.ClientSession() as session:
        for ended_by_caller in (True, False):
            answer = await session.post(url, json={"chat_id": 42, "text": "x"})
            assert answer.status == 200
            assert await answer.content.readexactly(3) == b"   "
            if ended_by_caller:
                answer.close()
            else:
                await world.release_slow_calls()
                with pytest.raises(aiohttp.ClientPayloadError):
                    await answer.read()
    assert await world.clear_faults() == 2
    said = [seen.text for seen in await ann.messages() if seen.by_bot]
    assert said == (["x", "x"] if after else [])
    assert await send(api) == "ok"


@pytest.mark.usefixtures("ann")
async def test_more_messages_than_the_limit_a_second_are_refused(api, world, clock):
    await world.limit_messages(2)
    assert [await send(api) for _ in range(3)] == ["ok", "ok", "Too Many Requests: retry after 1"]
    clock.now += 1.01
    assert await send(api) == "ok"
    await world.limit_messages(None)
    assert [await send(api) for _ in range(3)] == ["ok"] * 3


@pytest.mark.usefixtures("ann")
async def test_every_call_is_in_the_journal_with_its_outcome(api, world):
    await send(api)
    await api("sendMessage", chat_id=42, text="", reply_markup={"keyboard": [["a"]]})
    good, bad = await world.calls("sendMessage")
    assert (good.ok, good.params, good.result["text"]) == (True, {"chat_id": 42, "text": "x"}, "x")
    assert (bad.ok, bad.code, bad.description) == (
        False,
        400,
        "Bad Request: message text is empty",
    )
    assert bad.params["reply_markup"] == {"keyboard": [["a"]]}
    assert [call.number for call in await world.calls(after=good.number)] == [bad.number]
