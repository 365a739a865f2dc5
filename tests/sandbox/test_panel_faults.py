"""The simulated panel's faults: what the client sees, and what the panel has recorded."""

import asyncio
import json

import aiohttp
import pytest

from sandbox.panel.faults import Chaos

LINK = "https://youtu.be/dQw4w9WgXcQ"
ADD = {"service": 101, "link": LINK, "quantity": 1000}
LOST = (aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, ConnectionResetError)


async def answered(world):
    return [one.answered for one in await world.panel.orders()]


@pytest.mark.parametrize(
    ("fault", "answer", "recorded"),
    [
        ("error", (200, '{"error":"neworder.error.not_enough_funds"}'), []),
        ({"kind": "error", "text": "Bad Link"}, (200, '{"error":"Bad Link"}'), []),
        ({"kind": "error", "takes_order": True, "text": "?"}, (200, '{"error":"?"}'), ["error"]),
        ("500", (500, '{"error": "Internal Server Error"}'), []),
        ({"kind": "status", "takes_order": True}, (500, '{"error": "Int'), ["status 500"]),
        ("429", (429, '{"error": "Too many requests"}'), []),
        ("html", (200, "<!doctype html>"), []),
        ({"kind": "html", "takes_order": True}, (200, "<!doctype html>"), ["html"]),
        ("empty", (200, ""), []),
        ({"kind": "empty", "takes_order": True}, (200, ""), ["empty"]),
        ("bare_string", (200, '"error"'), []),
        ({"kind": "bare_string", "text": "a", "takes_order": True}, (200, '"a"'), ["bare_string"]),
        ("redirect", (302, ""), []),
        ("half_json", (200, '{"order'), ["half_json"]),
        (
            {"kind": "body", "status": 200, "takes_order": True, "text": '{"order":{order}.0}'},
            (200, '{"order":880001.0}'),
            ["body"],
        ),
        ({"kind": "body", "status": 200, "text": "[{link}]"}, (200, f"[{LINK}]"), []),
    ],
)
async def test_a_planned_answer_comes_once_and_the_next_is_normal(
    shop_v2, world, fault, answer, recorded
):
    await world.panel.faults(fault)
    status, body = await shop_v2.raw("add", **ADD)
    assert (status, body[: len(answer[1])]) == answer
    assert await answered(world) == recorded
    assert "balance" in await shop_v2.call("balance")
    assert await shop_v2.order(2) == 880001 + len(recorded)
    assert await world.panel.calm() == 1


async def test_half_a_json_is_half_of_the_true_answer(shop_v2, world):
    await world.panel.faults({"kind": "half_json", "action": "balance"})
    whole = '{"balance":"100.00000","currency":"USD"}'
    assert await shop_v2.raw("balance") == (200, whole[: len(whole) // 2])


async def test_a_refusal_for_too_many_requests_says_when_to_come_back(served, world):
    await world.panel.faults({"kind": "status", "status": 429, "retry_after_s": 7})
    async with aiohttp.ClientSession() as session, session.post(served.panel_url) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "7")


@pytest.mark.parametrize(
    ("fault", "recorded"),
    [
        ("break_before", []),
        ("break_after", ["break_after"]),
        ("cut_body", ["cut_body"]),
    ],
)
async def test_a_connection_breaks_off_with_or_without_the_order(shop_v2, world, fault, recorded):
    await world.panel.faults(fault)
    with pytest.raises(LOST):
        await shop_v2.raw("add", **ADD)
    assert await answered(world) == recorded
    assert await world.panel.requests("add") == 1


async def test_a_slow_answer_comes_when_it_is_released_and_the_order_is_there_before(
    shop_v2, world
):
    await world.panel.faults("slow")
    call = asyncio.create_task(shop_v2.call("add", **ADD))
    await world.panel.wait_for(requests=1, action="add", waiting=1)
    assert (call.done(), await answered(world)) == (False, ["slow"])
    assert await world.panel.release() == 1
    assert await call == {"order": 880001}


async def test_a_sleeping_panel_holds_up_all_requests_and_records_nothing_until_it_wakes(
    shop_v2, world
):
    await world.panel.faults({"kind": "wake", "delay_s": 45})
    first = asyncio.create_task(shop_v2.call("add", **ADD))
    await world.panel.wait_for(waiting=1)
    second = asyncio.create_task(shop_v2.call("balance"))
    await world.panel.wait_for(requests=2)
    assert (first.done(), second.done(), await answered(world)) == (False, False, [])
    await world.panel.release()
    assert await first == {"order": 880001}
    assert "balance" in await second


async def test_who_gives_up_before_the_panel_is_awake_has_not_ordered(shop_v2, world):
    await world.panel.faults({"kind": "wake", "delay_s": 45})
    call = asyncio.create_task(shop_v2.call("add", **ADD))
    await world.panel.wait_for(waiting=1)
    call.cancel()
    balance = await shop_v2.call("balance")  # comes only once nobody sleeps any more
    assert (balance["balance"], await answered(world)) == ("100.00000", [])


async def test_a_fault_can_be_for_one_action_and_for_several_requests(shop_v2, world):
    await world.panel.faults({"kind": "error", "action": "add", "times": 2, "text": "down"})
    assert "balance" in await shop_v2.call("balance")
    answers = [await shop_v2.call("add", **ADD) for _ in range(3)]
    assert answers == [{"error": "down"}, {"error": "down"}, {"order": 880001}]


async def test_a_script_can_let_requests_pass_first(shop_v2, world):
    await world.panel.faults({"kind": "ok", "times": 2}, "empty")
    statuses = [(await shop_v2.raw("balance"))[1] != "" for _ in range(4)]
    assert statuses == [True, True, False, True]


async def test_a_fault_waits_for_a_request_that_can_show_it(shop_v2, world):
    await world.panel.faults("half_batch", "unknown_word")
    order = await shop_v2.order()
    assert await world.panel.fired() == {}
    found = await shop_v2.call("status", order=order)
    assert (found["status"], await world.panel.fired()) == (
        "Awaiting moderation",
        {"unknown_word": 1},
    )
    assert await shop_v2.call("status", orders=order) == {}
    assert await world.panel.fired() == {"unknown_word": 1, "half_batch": 1}


async def test_what_is_set_for_always_goes_on_until_it_is_calmed(shop_v2, world):
    await world.panel.always("429")
    assert [(await shop_v2.raw("balance"))[0] for _ in range(3)] == [429] * 3
    assert await world.panel.calm() == 3
    assert "balance" in await shop_v2.call("balance")


async def test_a_wrong_id_is_that_of_another_order(shop_v2, world):
    first = await shop_v2.order(1)
    await world.panel.set_order(first, status="Completed")
    await world.panel.faults("wrong_id", {"kind": "wrong_id", "action": "status"})
    assert await shop_v2.order(2) == first
    assert [one.id for one in await world.panel.orders()] == [first, first + 1]
    assert (await shop_v2.call("status", order=first + 1))["status"] == "Completed"
    assert (await shop_v2.call("status", order=first + 1))["status"] == "Pending"


async def test_a_batch_may_be_answered_by_half(shop_v2, world):
    ids = [await shop_v2.order(number) for number in range(4)]
    asked = ",".join(map(str, ids))
    await world.panel.faults("half_batch")
    assert list(await shop_v2.call("status", orders=asked)) == [str(one) for one in ids[:2]]
    assert list(await shop_v2.call("status", orders=asked)) == [str(one) for one in ids]


async def test_a_good_id_of_a_batch_may_be_called_bad(shop_v2, world):
    ids = [await shop_v2.order(number) for number in range(2)]
    await world.panel.faults("bad_id")
    found = await shop_v2.call("status", orders=",".join(map(str, ids)))
    assert found[str(ids[0])] == {"error": "Incorrect order ID"}
    assert found[str(ids[1])]["status"] == "Pending"


async def test_a_row_may_be_the_one_before_it_where_all_ids_are_good(shop_v1, world):
    ids = [await shop_v1.order(number) for number in range(3)]
    await world.panel.faults("wrong_row")
    found = await shop_v1.call("status", orders=",".join(map(str, ids)))
    assert [row["order"] for row in found.values()] == [ids[0], ids[1], ids[1]]


async def test_a_status_word_may_be_any_text(shop_v2, world):
    order = await shop_v2.order()
    await world.panel.faults("unknown_word", {"kind": "unknown_word", "text": "In_Progress"})
    words = [(await shop_v2.call("status", order=order))["status"] for _ in range(3)]
    assert words == ["Awaiting moderation", "In_Progress", "Pending"]


async def test_chance_mixes_faults_with_good_answers_until_it_is_calmed(shop_v2, world):
    odds = {"status": 0.2, "html": 0.2, "empty": 0.2, "error": 0.2}
    await world.panel.chaos(1, odds, actions=["balance"])
    seen = [await shop_v2.raw("balance") for _ in range(60)]
    assert {status for status, _ in seen} == {200, 429, 500}
    assert {body[:9] for _, body in seen} >= {"", "<!doctype", '{"error":', '{"balance'}
    fired = await world.panel.fired()
    assert (set(fired), 20 < sum(fired.values()) < 60) == (set(odds), True)
    assert len(await shop_v2.call("services")) == 10
    await world.panel.calm()
    assert {status for status, _ in [await shop_v2.raw("balance") for _ in range(20)]} == {200}
    assert await world.panel.fired() == fired


def test_chance_depends_on_seed_action_and_number_only():
    chaos = Chaos(seed=3, odds={"break_after": 0.3, "html": 0.3}, actions=["add"])
    drawn = [chaos.fault(number, "add") for number in range(300)]
    assert drawn == [chaos.fault(number, "add") for number in range(300)]
    kinds = [fault.kind for fault in drawn if fault]
    assert (kinds.count("break_after") > 60, kinds.count("html") > 60) == (True, True)
    assert len(kinds) < 240
    assert {chaos.fault(number, "status") for number in range(300)} == {None}
    other = Chaos(seed=4, odds=chaos.odds, actions=["add"])
    assert drawn != [other.fault(number, "add") for number in range(300)]


async def test_in_chaos_a_clear_refusal_never_takes_the_order(shop_v2, world):
    await world.panel.chaos(5, {"error": 0.5}, text="Bad Link")
    answers = [json.loads((await shop_v2.raw("add", **{**ADD, "link": f"{LINK}{n}"}))[1])
               for n in range(30)]  # fmt: skip
    taken = [one["order"] for one in answers if "order" in one]
    assert 0 < len(taken) < 30
    assert [one.id for one in await world.panel.orders()] == taken


async def test_in_chaos_orders_end_by_chance_too(shop_v2, world, clock):
    await world.panel.chaos(1, {}, ends={"partial": 0.25, "canceled": 0.25, "error": 0.25})
    for number in range(30):
        await shop_v2.order(number, quantity=10)
    clock.now += 100
    ends = {one.status for one in await world.panel.orders()}
    assert ends == {"Partial", "Canceled", "Error", "Completed"}
