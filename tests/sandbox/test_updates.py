"""getUpdates: confirmed by offset, long polling, one poller only, and redelivery."""

import asyncio

import aiohttp
import pytest

TWO_POLLERS = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is"
    " running"
)


def ids(updates):
    return [update["update_id"] for update in updates]


def texts(updates):
    return [update["message"]["text"] for update in updates]


async def test_updates_stay_until_a_higher_offset_confirms_them(api, ann):
    await ann.say("one")
    first = await api("getUpdates")
    assert texts(first) == ["/start", "one"]
    assert ids(first) == [first[0]["update_id"], first[0]["update_id"] + 1]
    assert await api("getUpdates") == first
    assert texts(await api("getUpdates", offset=first[1]["update_id"])) == ["one"]
    assert await api("getUpdates", offset=first[1]["update_id"] + 1) == []


async def test_a_negative_offset_keeps_only_the_newest(api, ann):
    await ann.say("one")
    assert texts(await api("getUpdates", offset=-1)) == ["one"]
    assert texts(await api("getUpdates")) == ["one"]


async def test_a_batch_has_at_most_as_many_as_asked(api, ann):
    await ann.say("one")
    assert texts(await api("getUpdates", limit=1)) == ["/start"]


async def test_a_long_poll_returns_when_something_comes(api, world):
    poll = asyncio.create_task(api("getUpdates", timeout=30))
    ben = await world.add_user("Ben")
    await ben.start()
    assert texts(await poll) == ["/start"]


async def test_a_second_poller_ends_the_first(api, ann):
    last = (await api("getUpdates"))[-1]["update_id"]
    older = asyncio.create_task(api("getUpdates", offset=last + 1, timeout=30))
    newer = asyncio.create_task(api("getUpdates", offset=last + 1, timeout=30))
    assert await older == TWO_POLLERS
    await ann.say("hello")
    assert texts(await newer) == ["hello"]


async def test_a_poller_that_died_leaves_nothing_behind(served, api, ann):
    last = (await api("getUpdates"))[-1]["update_id"]
    address = f"{served.url}/bot{served.token}/getUpdates?timeout=30&offset={last + 1}"
    async with aiohttp.ClientSession() as session:
        poll = asyncio.create_task(session.get(address))
        await served.sandbox.updates.pulse.until(lambda: served.sandbox.updates._poll == 2, 5)
        poll.cancel()
    await ann.say("hello")
    assert texts(await api("getUpdates", timeout=5)) == ["hello"]


async def test_only_the_kinds_asked_for_come_and_left_out_means_as_before(api, ann, world):
    assert await api("getUpdates", offset=-1, allowed_updates=["callback_query"])
    await ann.say("not wanted")
    assert "not wanted" not in texts(await api("getUpdates"))
    await api("getUpdates", allowed_updates=[])
    await ann.say("wanted")
    assert texts(await api("getUpdates"))[-1] == "wanted"
    assert (await world.updates())[-2]["message"]["text"] == "not wanted"


async def test_blocking_and_unblocking_tell_the_bot(api, ann):
    last = (await api("getUpdates"))[-1]["update_id"]
    await ann.block()
    await ann.unblock()
    changes = [update["my_chat_member"] for update in await api("getUpdates", offset=last + 1)]
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]
    assert [change["from"]["id"] for change in changes] == [42, 42]


async def test_a_press_waits_in_the_queue_for_150_seconds_and_a_message_for_a_day(api, ann, clock):
    markup = {"inline_keyboard": [[{"text": "b", "callback_data": "d"}]]}
    await api("sendMessage", chat_id=42, text="x", reply_markup=markup)
    await ann.press("b", may_be_unanswered=True)
    clock.now += 151
    assert texts(await api("getUpdates")) == ["/start"]
    clock.now += 24 * 3600
    assert await api("getUpdates") == []


async def test_an_update_comes_again_under_its_own_id_even_after_it_was_confirmed(api, ann, world):
    await ann.say("pay me")
    seen = await api("getUpdates")
    assert await api("getUpdates", offset=seen[-1]["update_id"] + 1) == []
    await world.repeat_last()
    again = await api("getUpdates", offset=seen[-1]["update_id"] + 1)
    assert again == [seen[-1]]
    assert await api("getUpdates", offset=seen[-1]["update_id"] + 1) == []


@pytest.mark.usefixtures("ann")
async def test_an_update_comes_again_under_a_new_id_with_the_same_content(api, world):
    first = (await api("getUpdates"))[0]
    new_id = await world.repeat(first["update_id"], new_id=True)
    again = (await api("getUpdates", offset=first["update_id"] + 1))[0]
    assert again == {**first, "update_id": new_id}
    assert new_id == first["update_id"] + 1
