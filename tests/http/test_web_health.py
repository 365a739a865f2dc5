import asyncio

from i18n import Translator
from ledger import commands as c
from web import texts

ENGLISH = Translator()


async def test_health_says_ok_as_long_as_the_process_answers(world):
    await world.fill_the_disk()
    world.telegram = "Telegram does not answer."

    answer = await world.client.get("/health")

    assert (answer.status, await answer.text()) == (200, "ok")


async def test_ready_says_yes_when_the_log_takes_entries_and_telegram_answers(world):
    answer = await world.client.get("/ready")

    assert answer.status == 200
    assert await answer.json() == {"ready": True, "log": "ok", "telegram": "ok"}


async def test_ready_says_no_and_why_while_telegram_is_away(world):
    world.telegram = "Telegram has not answered for 2 minutes."

    answer = await world.client.get("/ready")

    assert answer.status == 503
    assert await answer.json() == {"ready": False, "log": "ok", "telegram": world.telegram}


async def test_ready_says_yes_again_once_telegram_is_back(world):
    world.telegram = "Telegram has not answered for 2 minutes."
    away = await world.client.get("/ready")
    world.telegram = ""
    back = await world.client.get("/ready")

    assert (away.status, back.status) == (503, 200)


async def test_ready_says_no_and_why_after_the_log_has_failed(world):
    await world.fill_the_disk()

    answer = await world.client.get("/ready")
    body = await answer.json()

    assert answer.status == 503
    assert (body["ready"], body["telegram"]) == (False, "ok")
    assert "No space left on device" in body["log"]


async def test_ready_names_both_when_both_are_wrong(world):
    await world.fill_the_disk()
    world.telegram = "Telegram does not answer."

    body = await (await world.client.get("/ready")).json()

    assert "could not be written" in body["log"]
    assert body["telegram"] == "Telegram does not answer."


async def test_ready_says_no_when_the_ledger_is_closed(world):
    await world.ledger.close()
    answer = await world.client.get("/ready")
    body = await answer.json()
    await world.open()

    assert (answer.status, body["log"]) == (503, texts.log_closed(ENGLISH))


async def test_ready_says_no_while_the_disk_hangs(world):
    hurried = await world.serve(disk_timeout_s=0)
    world.store.gate.clear()
    joining = asyncio.create_task(
        world.ledger.execute(c.Join(by="user:5", user_id=5, referral_code="rc5"))
    )
    await asyncio.to_thread(world.store.waiting.wait)

    held_up = await hurried.get("/ready")
    world.store.gate.set()
    await joining
    later = await hurried.get("/ready")

    assert (held_up.status, (await held_up.json())["log"]) == (503, texts.log_slow(ENGLISH))
    assert later.status == 200


async def test_ready_says_how_long_ago_telegram_was_last_heard(world):
    polling = await world.serve(last_poll_age_s=lambda: 7.9)
    webhook = await world.serve(last_delivery_age_s=lambda: 61.0)

    assert (await (await polling.get("/ready")).json())["last_poll_age_s"] == 7
    assert (await (await webhook.get("/ready")).json())["last_delivery_age_s"] == 61
