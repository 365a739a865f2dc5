import asyncio
import json

import pytest

from i18n import Translator
from ledger import commands as c
from web import texts


async def read(client):
    answer = await client.get("/status")
    assert (answer.status, answer.content_type) == (200, "application/json")
    return await answer.json()


async def test_a_new_book_has_one_entry_and_no_points(world):
    world.now_ms += 65_432

    status = await read(world.client)

    first_line = json.loads(world.store.record(1))
    assert status == {
        "version": "9.8.7",
        "mode_note": "",
        "started_at": "2026-11-22T12:00:00.000Z",
        "uptime_s": 65,
        "problems": [],
        "users": 0,
        "users_banned": 0,
        "users_unreachable": 0,
        "orders_total": 0,
        "orders": dict.fromkeys(texts.ORDER_STAGES, 0),
        "users_points": 0,
        "reserved_points": 0,
        "open_orders_points": 0,
        "spent_orders_points": 0,
        "outstanding_points": 0,
        "house_points": 0,
        "postings_sum_points": 0,
        "postings_sum_to_zero": True,
        "events": 1,
        "last_event": {
            "seq": 1,
            "hash": first_line["hash"],
            "at": "2026-11-22T12:00:00.000Z",
            "age_s": 65,
        },
    }


async def test_the_figures_follow_every_command(world, person):
    await world.join(2)
    await world.do(
        c.AdjustBalance(by="admin:7", user_id=2, amount_points=1000, reason="gift", key="7:3")
    )
    await world.do(
        c.PlaceOrder(
            by="user:2",
            user_id=2,
            order_id="aa0000000001",
            video_link="https://youtu.be/x",
            video_key="youtube:x",
            quantity=30,
            price_points=300,
        )
    )

    status = await read(world.client)

    assert (status["users"], status["users_banned"], status["users_unreachable"]) == (2, 1, 1)
    assert status["orders_total"] == 2
    assert {stage: n for stage, n in status["orders"].items() if n} == {"accepted": 1, "placed": 1}
    assert status["users_points"] == 5000 - 1200 + 1000 - 300
    assert status["reserved_points"] == status["open_orders_points"] == 300
    assert status["spent_orders_points"] == 1200
    assert status["outstanding_points"] == 6000 - 1200
    assert status["house_points"] == -6000 + 1200
    assert (status["postings_sum_points"], status["postings_sum_to_zero"]) == (0, True)
    last_line = json.loads(world.store.record(world.ledger.head.seq))
    assert status["events"] == status["last_event"]["seq"] == last_line["seq"] == 11
    assert status["last_event"]["hash"] == last_line["hash"]
    assert person.order_id in world.ledger.state.orders


async def test_points_that_do_not_add_up_are_said_openly(world):
    world.ledger.state.accounts["house:ads"] = 5

    status = await read(world.client)
    page = await (await world.client.get("/")).text()

    assert (status["postings_sum_points"], status["postings_sum_to_zero"]) == (5, False)
    assert "The points don’t add up</h1>" in page
    assert "Every point is accounted for" not in page


async def test_a_clock_that_was_set_back_makes_no_age_negative(world):
    world.now_ms -= 3_600_000

    status = await read(world.client)

    assert (status["uptime_s"], status["last_event"]["age_s"]) == (0, 0)


async def test_a_telegram_that_is_away_is_a_problem_and_no_reason_to_hide_the_figures(world):
    world.telegram = "Telegram does not answer."

    assert (await read(world.client))["problems"] == ["Telegram does not answer."]


async def test_nothing_is_told_before_it_is_on_the_disk(world):
    hurried = await world.serve(disk_timeout_s=0)
    world.store.gate.clear()
    joining = asyncio.create_task(world.join(5))
    await asyncio.to_thread(world.store.waiting.wait)

    hurried_answer = await hurried.get("/status")
    patient_answer = asyncio.create_task(read(world.client))
    world.store.gate.set()
    await joining

    assert hurried_answer.status == 503
    assert await hurried_answer.json() == {"error": texts.log_slow(Translator())}
    assert (await patient_answer)["users"] == 1


@pytest.mark.parametrize("path", ["/status", "/"])
async def test_a_log_that_failed_gives_no_figures_but_one_clear_sentence(world, path):
    await world.fill_the_disk()

    answer = await world.client.get(path)

    assert answer.status == 503
    assert "No space left on device" in await answer.text()
    assert answer.content_type == ("application/json" if path == "/status" else "text/html")
