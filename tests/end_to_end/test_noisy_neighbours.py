"""Some people are in trouble or make it: a newcomer and the admin are served all the same."""

import asyncio

import aiohttp
import pytest
from msgspec import structs
from support.program_harness import ADMIN_ID
from support.scrape import Scrape

from bot.send.rate_limits import TELEGRAM_LIMITS
from resilience.backoff import Backoff
from sandbox.client import User

NEIGHBOURS = 12


@pytest.fixture
async def neighbours(shop) -> list[User]:
    """People who were served until now."""
    return [await shop.person(f"Noisy {number}") for number in range(NEIGHBOURS)]


async def served(shop, number=1) -> None:
    """A newcomer, and the admin, get their answers."""
    newcomer = await shop.person(f"Newcomer {number}")
    await newcomer.press("💳 Balance")
    await newcomer.wait_for("You have 0 points")
    await shop.admin.say("/admin")
    await shop.admin.wait_for("Choose what")


async def counted(shop, name: str, **labels: str) -> float:
    async with aiohttp.ClientSession() as session, session.get(f"{shop.url}/metrics") as answer:
        return Scrape(await answer.read()).value(name, **labels)


async def test_messages_that_always_fail_delay_nobody_else_and_are_given_up(
    shop, neighbours, monkeypatch, caplog
):
    monkeypatch.setattr("bot.send.circuit_breaker.GIVE_UP_AFTER_S", 0.5)
    monkeypatch.setattr("bot.send.circuit_breaker.SEND_BACKOFF", Backoff(0.1, 0.2))
    await shop.restart()
    for one in neighbours:
        await shop.world.fault("500", "sendMessage", times=None, to=one)
    await asyncio.gather(*(one.say("/balance") for one in neighbours))
    number = 0
    while await counted(shop, "viewbank_telegram_calls_given_up_total") < NEIGHBOURS:
        number += 1
        await served(shop, number)
        assert (await shop.ready())[0] == 200
    assert f"A message to {neighbours[0].id} is given up" in caplog.text
    assert await shop.world.clear_faults() >= 2 * NEIGHBOURS, "each was tried again"
    await neighbours[0].say("/balance")
    await neighbours[0].wait_for("You have 0 points")


async def test_pauses_that_telegram_asks_some_chats_for_delay_nobody_else(shop, neighbours):
    for one in neighbours:
        await shop.world.fault("429", "sendMessage", times=None, to=one, retry_after_s=10**9)
    await asyncio.gather(*(one.say("/balance") for one in neighbours))
    for number in range(3):
        await served(shop, number)
    assert await shop.world.clear_faults() == NEIGHBOURS, "each was asked once, and waits"
    assert (await shop.ready())[0] == 200


async def test_a_copy_to_the_admin_that_fails_delays_no_answer_to_the_admin(shop):
    anna = await shop.person("Anna")
    await shop.world.fault("500", "copyMessage", times=None, to=shop.admin)
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Write")
    await anna.say("hello?")
    await shop.world.wait_for_call("copyMessage")
    for number in range(3):
        await served(shop, number)
    assert await shop.world.clear_faults() >= 1
    await shop.admin.wait_for("hello?")


TROUBLE = [("500", {}), ("429", {"retry_after_s": 900})]


@pytest.mark.parametrize(("kind", "more"), TROUBLE)
async def test_a_person_whose_message_waits_for_an_admin_in_trouble_is_served_meanwhile(
    shop, kind, more
):
    anna = await shop.person("Anna")
    await shop.world.fault(kind, times=None, to=shop.admin, **more)
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Write")
    await anna.say("hello?")
    await anna.press("💳 Balance")
    await anna.wait_for("You have 0 points")
    assert await shop.world.clear_faults() >= 1


@pytest.mark.parametrize(("kind", "more"), TROUBLE)
async def test_an_admin_who_answers_a_person_in_trouble_is_served_meanwhile(shop, kind, more):
    anna = await shop.person("Anna")
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Write")
    await anna.say("hello?")
    await shop.admin.wait_for("hello?")
    await anna.wait_for("✅")
    await shop.world.fault(kind, times=None, to=anna, **more)
    await shop.admin.press("↩️ Reply")
    await shop.admin.wait_for("/cancel")
    await shop.admin.say("hello!")
    await shop.admin.say("/admin")
    await shop.admin.wait_for("Choose what")
    assert await shop.world.clear_faults() >= 1


@pytest.mark.parametrize(("kind", "more"), TROUBLE)
async def test_of_two_admins_one_in_trouble_keeps_no_message_from_the_other(shop, kind, more):
    other = await shop.world.add_user("Other admin")
    anna = await shop.person("Anna")
    shop.settings = structs.replace(shop.settings, admin_ids=frozenset({ADMIN_ID, other.id}))
    await shop.restart()
    await other.start()
    await other.wait_for("Welcome")
    await shop.world.fault(kind, times=None, to=shop.admin, **more)
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Write")
    await anna.say("hello?")
    await other.wait_for("hello?")
    await anna.wait_for("✅")
    assert await shop.world.clear_faults() >= 1


async def test_floods_delay_neither_a_newcomer_nor_the_admin_nor_a_ban(shop, neighbours):
    shop.limits = TELEGRAM_LIMITS
    await shop.restart()
    flood = [one.say("/balance") for _ in range(25) for one in neighbours]
    await asyncio.gather(*flood)
    banned = neighbours[0]
    await shop.admin.say(f"/ban {banned.id} flooding")
    await shop.admin.wait_for("banned")
    await served(shop)
    await shop.ledger.settled()
    assert shop.ledger.state.users[banned.id].banned
    answers = [seen for one in neighbours for seen in await one.messages() if seen.by_bot]
    assert len(answers) < 25 * NEIGHBOURS, "the flood still waits"
