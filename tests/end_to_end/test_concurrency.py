"""Concurrent updates: in order for each person, and nobody waits for another."""

import asyncio

import aiohttp
import pytest
from msgspec.structs import replace
from support.scrape import Scrape

from bot.receive.flood_meter import BURST
from bot.send.rate_limits import TELEGRAM_LIMITS
from bot.text import contact_texts, user_texts
from bot.text.orders import shop_texts
from sandbox import people
from sandbox.botapi.params import Upload

VIDEO = "https://youtu.be/AbCdEfGhI_k"
FLOOD = 100


@pytest.fixture(autouse=True)
def _telegram_comes_back_soon(monkeypatch):
    monkeypatch.setattr("web.webhook.CLOSED_RETRY_S", 0)


def said(messages, words):
    return sum(seen.by_bot and words in seen for seen in messages)


async def test_two_steps_that_came_before_the_bot_looked_are_taken_one_after_the_other(shop):
    buyers = [await shop.person(name, points=1000) for name in ("Anna", "Ben")]
    assert await shop.close() == 0
    for buyer in buyers:
        await buyer.say(VIDEO)
        await buyer.say("10")
    await shop.open()
    for buyer in buyers:
        await buyer.wait_for("How many views?")
        await buyer.wait_for("Please check your order", "Views: 10")


async def test_three_taps_on_confirm_at_once_are_one_order(shop):
    anna = await shop.person("Anna", points=1000)
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await anna.say("10")
    await anna.wait_for("Please check")
    answers = await asyncio.gather(*(anna.press("✅ Confirm") for _ in range(3)))
    assert sorted(answer.text for answer in answers) == [
        "",
        *[shop_texts.ORDERED_ALREADY.source] * 2,
    ]
    await anna.wait_for("is accepted")
    assert (shop.balance(anna), await shop.world.provider.requests()) == (900, 1)


async def test_an_album_and_a_cancel_behind_it_reach_whom_they_are_for_in_their_order(shop):
    anna = await shop.person("Anna")
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Write your message now")
    send_album(shop, anna, ["one", "two", "three"])
    await anna.say("/cancel")
    await anna.say("this is for nobody")
    await anna.wait_for(user_texts.NOT_UNDERSTOOD.source)
    replies = [seen.text for seen in await anna.messages() if seen.by_bot][-3:]
    assert replies == [
        contact_texts.MESSAGE_SENT.source,
        user_texts.CANCELLED.source,
        user_texts.NOT_UNDERSTOOD.source,
    ]
    passed_on = [seen.text for seen in await shop.admin.messages() if seen.by_bot][-4:]
    assert (passed_on[:3], "Message from Anna" in passed_on[3]) == (["one", "two", "three"], True)


def send_album(shop, person, captions):
    """All at the same moment, as Telegram delivers the parts of an album."""
    sandbox = shop.outside.sandbox
    stored = sandbox.files.keep("document", Upload("proof.txt", "text/plain", b"proof"))
    for caption in captions:
        people.send_file(sandbox, sandbox.accounts[person.id], stored, caption=caption)
        sandbox.updates.history[-1].payload["media_group_id"] = "an album"


async def test_a_flood_gets_one_word_and_others_are_answered_meanwhile(shop):
    shop.limits = replace(TELEGRAM_LIMITS, chat_burst=100)
    await shop.restart()
    flooder, other = await shop.person("Flooder"), await shop.person("Other")
    await shop.world.fault("slow", "sendMessage", to=flooder)
    await asyncio.gather(*(flooder.say(f"message {number}") for number in range(FLOOD)))
    # The figures can only be polled, and each look at them takes time from the program.
    while await flooded(shop) < FLOOD - 2 * BURST:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    await other.press("💳 Balance")
    await other.wait_for("You have 0 points")
    assert said(await flooder.messages(), user_texts.NOT_UNDERSTOOD.source) == 1, (
        "the flood still waits"
    )
    assert await shop.world.release_slow_calls() == 1
    heard = await flooder.messages()
    while not said(heard, "How it works"):
        # Refused too, until a second has passed since the flood.
        await flooder.say("/help")
        heard = await flooder.messages()
    answered = said(heard, user_texts.NOT_UNDERSTOOD.source)
    assert answered >= BURST - 1, "/start counted too"
    assert said(heard, user_texts.TOO_FAST.source) == 1, "one word for all of it"
    assert await flooded(shop) >= FLOOD - answered


async def flooded(shop):
    async with aiohttp.ClientSession() as session, session.get(f"{shop.url}/metrics") as answer:
        scrape = Scrape(await answer.read())
    return scrape.value("viewbank_updates_total", kind="message", outcome="flooded")
