"""Two programs for one bot: the conflict is reported, and one of them answers."""

from contextlib import asynccontextmanager

import pytest
from support.processes import bot_process, refused

from bot.text.connection_texts import CONFLICT, OTHER_WEBHOOK, WEBHOOK_SET
from ledger.ledger import Ledger
from resilience.backoff import Backoff

only_polling = pytest.mark.parametrize("way", ["polling"], indirect=True)
only_webhook = pytest.mark.parametrize("way", ["webhook"], indirect=True)

NOBODY = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch):
    monkeypatch.setattr("bot.receive.connection_health.RECONNECT_BACKOFF", Backoff(0.01, 0.02))
    monkeypatch.setattr("bot.receive.webhook.CHECK_EVERY_S", 0.05)


@asynccontextmanager
async def another(shop, way):
    other = shop.beside(way)
    await other.open()
    try:
        yield other
    finally:
        assert await other.close() == 0


async def answered(*people):
    """Everybody taps, and gets an answer from whichever program."""
    for person in people:
        await person.press("💳 Balance")
    for person in people:
        await person.wait_for("You have 0 points")


async def test_on_the_same_data_folder_the_second_one_ends_at_once_and_touches_nothing(tmp_path):
    first = await Ledger.open_folder(tmp_path)
    for name in ("inbox.jsonl", "notices.json", "user_data.json", ".notices.json.1.tmp"):
        (tmp_path / name).write_text("what the first one has written")

    def files():
        stats = ((path, path.stat()) for path in tmp_path.iterdir())
        return {
            path.name: (stat.st_ino, stat.st_mtime_ns, path.read_bytes()) for path, stat in stats
        }

    before = files()
    status, said = await refused(bot_process(NOBODY, tmp_path, admin_id=7))
    assert (status, said.count("\n")) == (1, 1), said
    assert "in use: another Viewbank works on this folder" in said
    assert files() == before
    await first.close()


@only_polling
async def test_two_that_poll_both_say_so_and_everybody_is_answered(shop, caplog):
    people = [await shop.person(name) for name in ("Anna", "Ben")]
    async with another(shop, "polling") as other:
        for program in (shop, other, shop, other):
            await program.until_ready_says(503, str(CONFLICT))
        await answered(*people)
    assert caplog.text.count(str(CONFLICT)) >= 2
    await answered(*people)
    await shop.until_ready_says(200)


@only_webhook
async def test_of_two_webhooks_the_newer_one_gets_all_and_the_older_one_says_so(shop, caplog):
    people = [await shop.person(name) for name in ("Anna", "Ben")]
    async with another(shop, "webhook") as other:
        await shop.until_ready_says(503, str(OTHER_WEBHOOK))
        assert (await other.ready())[0] == 200
        await answered(*people)
        assert len(other.ledger.state.users) == 2
        assert str(OTHER_WEBHOOK) in caplog.text
    await people[0].press("💳 Balance")
    await shop.restart()
    await shop.until_ready_says(200)
    await people[0].wait_for("You have 0 points")


@only_webhook
async def test_who_polls_beside_a_webhook_says_so_and_the_webhook_goes_on(shop, caplog):
    people = [await shop.person(name) for name in ("Anna", "Ben")]
    async with another(shop, "polling") as other:
        await other.until_ready_says(503, str(WEBHOOK_SET))
        await shop.until_ready_says(200)
        await answered(*people)
        assert str(WEBHOOK_SET) in caplog.text
        assert "The webhook was gone; it is set again." in caplog.text
        assert await shop.close() == 0
        await people[0].press("💳 Balance")
        await other.restart()
        await other.until_ready_says(200)
        await people[0].wait_for("You have 0 points")
    await shop.open()


@only_polling
async def test_a_webhook_beside_one_that_polls_takes_over_and_the_other_one_says_so(shop):
    people = [await shop.person(name) for name in ("Anna", "Ben")]
    async with another(shop, "webhook") as other:
        await shop.until_ready_says(503, str(WEBHOOK_SET))
        assert (await other.ready())[0] == 200
        await answered(*people)
        assert len(other.ledger.state.users) == 2
