"""Telegram begins to answer and never ends: that call fails, and nobody else waits for it."""

import asyncio

import aiohttp
import pytest
from support.scrape import Scrape

from bot.send.timeouts import Timeouts
from resilience.backoff import Backoff

only_polling = pytest.mark.parametrize("way", ["polling"], indirect=True)

TROUBLED = 5


@pytest.fixture
def _impatient(monkeypatch):
    """Calls and polls end after a second or two instead of half a minute."""
    limits = Timeouts(connect_s=0.5, read_s=0.5, answer_s=0.2)
    monkeypatch.setattr("bot.send.http.TIMEOUTS", limits)
    monkeypatch.setattr("bot.receive.polling.LONG_POLL_S", 1)
    monkeypatch.setattr("bot.receive.connection_health.RECONNECT_BACKOFF", Backoff(0.01, 0.02))
    monkeypatch.setattr("bot.send.circuit_breaker.SEND_BACKOFF", Backoff(0.01, 0.02))
    monkeypatch.setattr("sandbox.botapi.gateway.DRIP_EVERY_S", 0.1)


async def metrics(shop):
    async with aiohttp.ClientSession() as session, session.get(f"{shop.url}/metrics") as answer:
        return Scrape(await answer.read())


@only_polling
@pytest.mark.usefixtures("_impatient")
async def test_polls_that_drip_make_the_bot_not_ready_and_then_it_hears_again(shop, caplog):
    anna = await shop.person("Anna")
    await shop.world.fault("drip", "getUpdates", times=None)
    await shop.until_ready_says(503, "Telegram can't be reached")
    assert "Telegram can't be reached" in caplog.text
    await anna.press("💳 Balance")
    assert await shop.world.clear_faults() >= 1
    await anna.wait_for("You have 0 points")
    await shop.until_ready_says(200, '"last_poll_age_s":')
    assert (await metrics(shop)).value("viewbank_last_poll_age_seconds") >= 0


@only_polling
async def test_without_a_poll_for_long_the_bot_is_not_ready_although_nothing_failed(
    shop, monkeypatch
):
    monkeypatch.setattr("bot.receive.poll_watch.PollWatch._silent_s", lambda _watch: 61.0)
    status, said = await shop.ready()
    assert (status, "no poll to Telegram has come back for 61 s." in said) == (503, True)
    assert (await metrics(shop)).value("viewbank_ready") == 0


@pytest.mark.usefixtures("_impatient")
async def test_a_person_whose_message_drips_is_answered_by_another_try(shop):
    anna = await shop.person("Anna")
    await shop.world.fault("drip", "sendMessage", to=anna)
    await anna.press("💳 Balance")
    await anna.wait_for("You have 0 points")
    assert await shop.world.clear_faults() == 1


async def test_while_messages_to_some_drip_a_newcomer_and_the_admin_are_answered(shop):
    troubled = [await shop.person(f"P{number}") for number in range(TROUBLED)]
    for person in troubled:
        await shop.world.fault("drip", "sendMessage", to=person, times=None)
    await asyncio.gather(*(person.press("💳 Balance") for person in troubled))
    while await shop.world.fault_hits() < TROUBLED:  # noqa: ASYNC110 - asked over HTTP
        await asyncio.sleep(0)

    newcomer = await shop.person("New")
    await newcomer.press("💳 Balance")
    await newcomer.wait_for("You have 0 points")
    await shop.admin.say("/admin")
    await shop.admin.wait_for("Choose what")

    said = [seen.text for person in troubled for seen in await person.messages() if seen.by_bot]
    assert not any("You have 0 points" in text for text in said)
    assert await shop.world.clear_faults() >= TROUBLED
