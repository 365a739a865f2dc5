"""Telegram fails while the bot runs: nothing is lost, and the status page shows it."""

import asyncio

import aiohttp
import pytest

from resilience.backoff import Backoff

# With a webhook nothing is asked for, so nothing is refused.
only_polling = pytest.mark.parametrize("way", ["polling"], indirect=True)

TOKEN_UNKNOWN = {"code": 401, "description": "Unauthorized"}
NOT_FOUND = {"code": 404, "description": "Not Found"}


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr("bot.receive.connection_health.RECONNECT_BACKOFF", Backoff(0.01, 0.02))


async def ready(shop):
    async with aiohttp.ClientSession() as session, session.get(f"{shop.url}/ready") as answer:
        return answer.status, await answer.text()


async def polls_fail(shop, times):
    """Wait until this many polls have failed in a row."""
    seen = 0
    for _ in range(times):
        seen = (await shop.world.wait_for_call("getUpdates", after=seen)).number


async def first_fault_hit(shop):
    """Wait until a planned fault has fired."""
    async with asyncio.timeout(20):
        while not await shop.world.fault_hits():
            pass


async def end_the_poll(user):
    """The poll that may have been under way before the problem began takes one update more."""
    await user.say("/help")


@only_polling
@pytest.mark.parametrize("problem", [TOKEN_UNKNOWN, NOT_FOUND], ids=["401", "404"])
async def test_one_refused_poll_leaves_the_bot_answering(shop, problem):
    anna = await shop.person("Anna")
    await shop.world.fault("error", "getUpdates", **problem)
    await end_the_poll(anna)
    await polls_fail(shop, 1)
    await anna.press("💳 Balance")
    await anna.wait_for("You have 0 points")
    assert await shop.world.fault_hits() == 1
    assert (await ready(shop))[0] == 200


@only_polling
@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("error", TOKEN_UNKNOWN, "know the BOT_TOKEN any more"),
        ("500", {}, "Telegram can't be reached"),
        ("drop", {}, "Telegram can't be reached"),
    ],
)
async def test_while_polls_fail_ready_says_no_and_afterwards_all_are_answered(
    shop, kind, more, words
):
    anna = await shop.person("Anna")
    await shop.world.fault(kind, "getUpdates", times=None, **more)
    await end_the_poll(anna)
    await polls_fail(shop, 2)
    status, text = await ready(shop)
    assert (status, words in text) == (503, True), text
    await anna.press("💳 Balance")
    assert await shop.world.clear_faults() >= 2
    await anna.wait_for("You have 0 points")
    assert (await ready(shop))[0] == 200


@only_polling
async def test_stopping_while_telegram_refuses_the_token_is_a_clean_stop(shop):
    anna = await shop.person("Anna")
    await shop.world.fault("error", "getUpdates", times=None, **TOKEN_UNKNOWN)
    await end_the_poll(anna)
    await polls_fail(shop, 2)
    await shop.restart()
    assert await shop.world.clear_faults() >= 2
    await anna.press("💳 Balance")
    await anna.wait_for("You have 0 points")


async def test_a_start_that_telegram_does_not_complete_can_be_stopped(shop):
    assert await shop.close() == 0
    method = "setWebhook" if shop.settings.public_url else "deleteWebhook"
    await shop.world.fault("500", method, times=None)
    await asyncio.wait_for(shop.open(), 20)
    await shop.world.wait_for_call(method)
    assert await asyncio.wait_for(shop.close(), 20) == 0
    assert await shop.world.clear_faults() >= 1
    await shop.open()


async def test_an_answer_that_could_not_be_sent_holds_nobody_else_up(shop):
    anna, ben = await shop.person("Anna"), await shop.person("Ben")
    await shop.world.fault("500", "sendMessage", times=None, to=anna)
    await anna.press("💳 Balance")
    await ben.press("💳 Balance")
    await ben.wait_for("You have 0 points")
    await first_fault_hit(shop)
    assert await shop.world.clear_faults() >= 1
    await anna.press("💳 Balance")
    await anna.wait_for("You have 0 points")
