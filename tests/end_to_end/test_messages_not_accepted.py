"""Telegram delivers updates but accepts no messages: they wait, admins see why, none is lost."""

import asyncio

import pytest

from resilience.backoff import Backoff
from sandbox.client import User

WAITING = "Messages wait, because Telegram doesn't accept them now"


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr("bot.send.circuit_breaker.SEND_BACKOFF", Backoff(0.1, 30.0))
    monkeypatch.setattr("bot.send.circuit_breaker.PROBLEM_AFTER_S", 0.1)
    monkeypatch.setattr("bot.notify.broadcaster.BROADCAST_BACKOFF", Backoff(0.1, 60.0))


async def told(user: User, *words: str) -> list[str]:
    """Which of these the bot has said, in its order."""
    said = [seen.text for seen in await user.messages() if seen.by_bot]
    return [word for text in said for word in words if word in text]


async def test_all_who_write_meanwhile_are_answered_in_their_order_and_everybody_hears_news_once(
    shop,
):
    people = [await shop.person(f"P{number}") for number in range(6)]
    await shop.admin.say("/admin")
    await shop.admin.wait_for("Choose what")
    await shop.admin.press("broadcast")
    await shop.admin.wait_for("the message for everybody")
    await shop.admin.say("news for everybody")
    question = await shop.admin.wait_for("Send the message above")
    for method in ("sendMessage", "copyMessage", "editMessageText"):
        await shop.world.fault("500", method, times=None)

    await asyncio.gather(*(person.say("/balance") for person in people))
    await asyncio.gather(*(person.say("/help") for person in people))
    await shop.until_ready_says(503, WAITING)
    await shop.admin.press(question.rows[0][0]["callback_data"])
    await shop.admin.say(f"/adjust {people[0].id} +5 a gift")
    before = (await shop.world.calls())[-1].number
    await shop.world.wait_for_call("sendMessage", after=before)
    assert WAITING in (await shop.ready())[1]

    assert await shop.world.clear_faults() >= 3
    words = ("Ads watched", "How it works", "news for everybody")
    for person in people:
        await person.wait_for("How it works")
    async with asyncio.timeout(10):
        # It may have come before the last reply.
        while not await told(people[0], "a gift"):
            pass
    await shop.admin.wait_for("Done: 7 delivered, 0 not reachable.")
    for person in people:
        assert sorted(await told(person, *words)) == sorted(words)
        assert await told(person, *words[:2]) == [*words[:2]]
    assert await told(people[0], "a gift") == ["a gift"]
    assert (await shop.ready())[0] == 200
