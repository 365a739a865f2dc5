"""Switching between polling and webhook under load: every tap is answered and counts once."""

import asyncio

import pytest

from bot.receive.inbox import INBOX_NAME

PEOPLE = 12
OTHER = {"polling": "webhook", "webhook": "polling"}


@pytest.fixture(autouse=True)
def _telegram_comes_back_soon(monkeypatch):
    monkeypatch.setattr("web.webhook.CLOSED_RETRY_S", 0)


async def with_an_ad(shop, name):
    person = await shop.person(name)
    await person.press("🪧 Watch Ads")
    await person.wait_for("It pays 60 points")
    return person


async def all_watched(people):
    """They tap, all at once, and don't wait for the answer."""
    taps = (one.press("✅ I watched it", may_be_unanswered=True) for one in people)
    await asyncio.gather(*taps)


async def all_balances(people):
    await asyncio.gather(*(one.say("/balance") for one in people))


async def balances_told(person):
    return sum(seen.by_bot and "Ads watched" in seen for seen in await person.messages())


def kept(shop):
    return (shop.folder / INBOX_NAME).read_bytes().count(b'"keep"')


async def test_what_was_in_hand_at_the_stop_is_answered_before_the_end(shop):
    """And what was not waits at Telegram; nothing is in between."""
    people = [await with_an_ad(shop, f"P{number}") for number in range(PEOPLE)]
    await all_watched(people)
    await all_balances(people)
    assert await shop.close() == 0
    waiting = await shop.world.pending_update_ids()
    taken = [one for one in await shop.world.updates() if one["update_id"] not in waiting]
    said = {one["chat_id"] for one in taken if "/balance" in str(one)}
    for person in people:
        assert await balances_told(person) == (person.id in said)
    assert kept(shop) == 0
    await shop.open()
    for person in people:
        await person.wait_for("You have 60 points")
    assert {shop.balance(person) for person in people} == {60}


async def test_switching_loses_no_tap_and_doubles_none(shop, way):
    answerless = [await with_an_ad(shop, f"Inbox{number}") for number in range(3)]
    loaded = [await with_an_ad(shop, f"Load{number}") for number in range(PEOPLE)]
    late = [await with_an_ad(shop, f"Late{number}") for number in range(3)]
    for person in answerless:
        await shop.world.fault("500", "sendMessage", times=None, to=person)
    before = (await shop.world.calls())[-1].number
    await all_balances(answerless)
    await shop.world.wait_for_call("sendMessage", after=before)
    await all_watched(answerless)
    await all_watched(loaded)
    await all_balances(loaded)
    assert await shop.close() == 0
    assert kept(shop) >= 1
    await all_watched(late)
    await all_balances(late)
    assert len(await shop.world.pending_update_ids()) >= 2 * len(late)
    assert await shop.world.clear_faults() >= 1
    shop.switch(OTHER[way])
    await shop.open()
    everybody = [*answerless, *loaded, *late]
    for person in everybody:
        await person.say("/help")
        await person.wait_for("How it works")
        assert await balances_told(person) >= 1
    assert {shop.balance(person) for person in everybody} == {60}
    assert await shop.close() == 0
    assert (await shop.world.pending_update_ids(), kept(shop)) == ([], 0)
    shop.switch(way)
    await shop.open()
    await answerless[0].press("💳 Balance")
    await answerless[0].wait_for("You have 60 points")
