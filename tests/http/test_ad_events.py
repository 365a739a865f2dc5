"""The stream of news: the state at once and after each change, and each payment."""

import asyncio
import json

import pytest
from support.ads_harness import ANNA, BEN, COOLDOWN_MS, AdWorld

from ads.page_token import TOKEN_LIFE_MS
from ledger import commands as c
from web import ad_api
from web.ad_streams import AdStreams


@pytest.fixture
async def world():
    world = AdWorld()
    await world.open()
    await listen(world)
    yield world
    world.store.gate.set()
    for client in world.clients:
        await client.close()
    await world.ledger.close()


async def listen(world, **others):
    endpoints = world.endpoints(**others)
    world.streams = endpoints.streams
    world.client = await world.serve(ads=endpoints)


class Page:
    """A page that reads its stream."""

    def __init__(self, answer):
        self.answer = answer

    async def next(self):
        """The next event: its name and its data; a comment is its text."""
        block = (await self.answer.content.readuntil(b"\n\n")).decode().strip()
        if block.startswith(":"):
            return "comment", block
        name, data = block.split("\n")
        return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))

    async def until(self, status):
        """The next state with this status."""
        while True:
            name, data = await self.next()
            if name == "state" and data["status"] == status:
                return data

    async def rest(self):
        return await self.answer.content.read()


async def page(world, user_id=ANNA):
    answer = await world.client.get("/ads/api/events", headers=await world.enter(user_id))
    assert answer.status == 200
    return Page(answer)


async def test_a_page_gets_its_state_at_once(world):
    opened = await page(world)
    assert opened.answer.content_type == "text/event-stream"
    assert opened.answer.headers["Cache-Control"] == "no-store"
    name, state = await opened.next()
    assert (name, state["status"], state["balance_points"]) == ("state", "ready", 0)


async def test_a_payment_is_told_with_its_session_and_then_the_state(world):
    session = await world.start()
    opened = await page(world)
    await opened.next()
    await world.shown(session)
    assert await opened.next() == ("credited", {"amount_points": 1, "session": session})
    name, state = await opened.next()
    assert (name, state["status"], state["balance_points"]) == ("state", "cooldown", 1)


async def test_the_second_network_is_told_in_the_same_way(world):
    session = await world.start(network="adsgram")
    opened = await page(world)
    await opened.next()
    await world.tell("adsgram", user_id=ANNA)
    assert ("credited", {"amount_points": 1, "session": session}) in [
        await opened.next() for _ in range(2)
    ]


async def test_every_page_of_a_person_learns_it_and_nobody_elses(world):
    session = await world.start()
    mine, also_mine, theirs = await page(world), await page(world), await page(world, BEN)
    for one in (mine, also_mine, theirs):
        await one.next()
    await world.shown(session)
    for one in (mine, also_mine):
        assert (await one.next())[0] == "credited"
    await world.do(
        c.AdjustBalance(by="admin:7", user_id=BEN, amount_points=7, reason="", key="7:1")
    )
    name, state = await theirs.next()
    assert (name, state["balance_points"]) == ("state", 7)


async def test_a_change_by_an_admin_is_told(world):
    opened = await page(world)
    await opened.next()
    await world.do(c.Ban(by="admin:7", user_id=ANNA, key="7:1"))
    await opened.until("banned")
    await world.do(c.Unban(by="admin:7", user_id=ANNA, key="7:2"))
    await opened.until("ready")
    await world.do(c.ChangeSetting(by="admin:7", name="ads_per_day_max", value=0, key="7:3"))
    await opened.until("off")


async def test_a_channel_that_people_must_join_is_news(world):
    opened = await page(world)
    await opened.next()
    for number, channel in enumerate(("@news", "")):
        await world.do(c.RequireChannel(by="admin:7", channel=channel, key=f"7:{number}"))
        assert (await opened.until("ready"))["channel"] == channel


async def test_nothing_is_told_before_it_is_durable(world):
    session = await world.start()
    opened = await page(world)
    await opened.next()
    world.store.gate.clear()
    telling = asyncio.create_task(world.shown(session))
    reading = asyncio.create_task(opened.next())
    await asyncio.wait([reading], timeout=0.2)
    assert not reading.done()
    world.store.gate.set()
    assert (await reading)[0] == "credited"
    await telling


async def test_a_comment_keeps_a_quiet_stream_open(world, monkeypatch):
    monkeypatch.setattr(ad_api, "COMMENT_EVERY_S", 0.01)
    opened = await page(world)
    assert [(await opened.next())[0] for _ in range(3)] == ["state", "comment", "comment"]


async def test_a_stream_ends_with_its_token(world, monkeypatch):
    monkeypatch.setattr(ad_api, "COMMENT_EVERY_S", 0.01)
    opened = await page(world)
    world.now_ms += TOKEN_LIFE_MS
    await asyncio.wait_for(opened.rest(), 5)
    assert len(world.streams) == 0


async def test_a_fourth_page_of_a_person_ends_the_oldest(world):
    pages = [await page(world) for _ in range(4)]
    for one in pages:
        await one.next()
    assert b"credited" not in await asyncio.wait_for(pages[0].rest(), 5)
    assert len(world.streams) == 3
    session = await world.start()
    await world.shown(session)
    for one in pages[1:]:
        assert (await one.next())[0] == "credited"


async def test_there_is_room_for_so_many_pages_and_no_more(world):
    await listen(world, streams={"total_max": 2})
    pages = [await page(world, user_id) for user_id in (ANNA, BEN)]
    answer = await world.client.get("/ads/api/events", headers=await world.enter())
    assert answer.status == 429
    assert await answer.json() == {"error": {"code": "too_many", "retry_after_s": 10}}
    assert len(world.streams) == len(pages)


async def test_a_page_that_is_gone_gives_its_place_back(world, monkeypatch):
    monkeypatch.setattr(ad_api, "COMMENT_EVERY_S", 0.01)
    opened = await page(world)
    await opened.next()
    assert len(world.streams) == 1
    opened.answer.close()
    async with asyncio.timeout(5):
        while len(world.streams):  # noqa: ASYNC110 - the server runs in this loop
            await asyncio.sleep(0.01)


async def test_open_pages_do_not_hold_up_the_stop(world):
    opened = await page(world)
    await opened.next()
    async with asyncio.timeout(3):
        await world.client.server.close()
    assert len(world.streams) == 0


async def test_payments_queue_up_and_states_replace_one_another(world):
    stream = world.streams.open(ANNA)
    for number in range(3):
        await world.shown(await world.start())
        world.now_ms += COOLDOWN_MS * (number + 1)
    assert [one.amount_points for one in stream.take()] == [1, 1, 1]
    assert stream.take() == []
    assert not stream.changed.is_set()


async def test_a_closed_set_takes_no_more_pages(world):
    streams = AdStreams(world.endpoints().service)
    streams.close()
    assert streams.open(ANNA) is None
