"""The control of the simulated panel: its records, its catalogue, and its state on disk."""

import asyncio

import aiohttp
import pytest

from sandbox.client import SandboxClient, SandboxRefusedError
from sandbox.server import running


async def test_every_request_is_counted_by_its_action(shop_v2, shop_v1, world):
    order = await shop_v2.order()
    await shop_v1.call("status", order=order)
    await shop_v2.call("status", order=order)
    await shop_v2.call("balance")
    shop_v2.key = "wrong"
    await shop_v2.call("balance")
    state = await world.panel.state()
    assert state["requests"] == {"add": 1, "status": 2, "balance": 2}
    assert (await world.panel.requests(), await world.panel.requests("cancel")) == (5, 0)


async def test_the_most_requests_at_once_are_remembered_after_they_are_answered(shop_v2, world):
    assert await world.panel.at_once_max() == 0
    for number in range(4):
        await shop_v2.order(number)
    assert await world.panel.at_once_max() == 1
    await world.panel.always("slow", action="add")
    adding = [asyncio.create_task(shop_v2.order(number)) for number in range(10, 13)]
    await world.panel.wait_for(waiting=3)
    await world.panel.release()
    await asyncio.gather(*adding)
    await shop_v2.call("balance")
    assert await world.panel.at_once_max() == 3


async def test_a_request_whose_connection_broke_off_is_over(shop_v2, world):
    await world.panel.faults({"kind": "break_before"}, {"kind": "slow", "action": "add"})
    with pytest.raises((aiohttp.ServerDisconnectedError, ConnectionResetError)):
        await shop_v2.order(1)
    adding = asyncio.create_task(shop_v2.order(2))
    await world.panel.wait_for(waiting=1)
    await world.panel.release()
    await adding
    assert await world.panel.at_once_max() == 1


async def test_an_order_is_recorded_with_all_that_was_sent(shop_v2, world, clock):
    await shop_v2.order(12, service=102, quantity=77)
    (order,) = await world.panel.orders()
    assert (order.id, order.service, order.link, order.quantity, order.comments, order.at) == (
        880001,
        102,
        "https://youtu.be/video000012",
        77,
        [],
        clock.now,
    )
    assert (order.answered, order.raw["path"]) == ("ok", "v2")


async def test_a_service_changes_vanishes_and_comes_at_run_time(shop_v2, world):
    await world.panel.set_service(101, rate="1.80", min=500)
    await world.panel.remove_service(102)
    await world.panel.set_service(777, name="X Likes", rate="0.5", min=1, max=9)
    found = {one["service"]: one for one in await shop_v2.call("services")}
    assert (found[101]["rate"], found[101]["min"], found[101]["max"]) == ("1.80", "500", "1000000")
    assert 102 not in found
    assert found[777]["name"] == "X Likes"
    form = {"link": "https://youtu.be/a", "quantity": 100}
    assert await shop_v2.call("add", service=101, **form) == {
        "error": "neworder.error.min_quantity"
    }
    assert await shop_v2.call("add", service=102, **form) == {"error": "error.incorrect_service_id"}


@pytest.mark.parametrize(
    "change",
    [{"rate": "a lot"}, {"rate": 5}, {"price": "1"}, {"service": 3}, {"type": "Nothing"}],
)
async def test_a_change_that_makes_no_sense_is_refused(shop_v2, world, change):
    before = await shop_v2.call("services")
    with pytest.raises(SandboxRefusedError):
        await world.panel.set_service(101, **change) if "service" not in change else (
            await world.wire.post("/panel/services/101", change)
        )
    assert await shop_v2.call("services") == before


async def test_a_setting_that_does_not_exist_is_refused(world):
    with pytest.raises(SandboxRefusedError, match="colour"):
        await world.panel.settings(colour="red")
    with pytest.raises(SandboxRefusedError, match="there is no such service"):
        await world.panel.remove_service(9)
    with pytest.raises(SandboxRefusedError, match="'gone' is no end of an order"):
        await world.panel.chaos(1, {}, ends={"gone": 0.5})


async def test_how_long_an_order_takes_can_be_set(shop_v2, world):
    await world.panel.settings(delivery_s=0)
    order = await shop_v2.order()
    assert (await shop_v2.call("status", order=order))["status"] == "Completed"


async def test_a_test_can_wait_for_requests_and_is_told_what_did_not_come(shop_v2, world):
    await shop_v2.order()
    assert len((await world.panel.wait_for(requests=1, action="add", orders=1))["orders"]) == 1
    world.wire.wait_s = 0
    with pytest.raises(AssertionError, match="the panel saw only"):
        await world.panel.wait_for(orders=2)


async def test_the_last_orders_are_shown_in_short(shop_v2, world):
    for number in range(7):
        await shop_v2.order(number, quantity=10)
    await world.panel.next_ends("partial")
    last = await world.wire.get("/panel/last")
    assert [one["order"] for one in last["orders"]] == [880007, 880006, 880005, 880004, 880003]
    assert last["orders"][0]["name"] == "YouTube Views [Fast | 30 days refill]"
    assert [one["status"] for one in last["ends"]] == ["Partial"]


async def test_orders_balance_catalogue_and_plan_survive_a_restart(tmp_path):
    state_file = tmp_path / "world.json"
    form = {"action": "add", "service": "101", "link": "https://youtu.be/a", "quantity": "1000"}

    async def add(session, served):
        async with session.post(served.panel_url, data={"key": served.panel_key, **form}) as answer:
            return await answer.json()

    async with aiohttp.ClientSession() as session:
        async with (
            running(state_file=state_file) as served,
            SandboxClient(served.url) as world,
        ):
            assert await add(session, served) == {"order": 880001}
            await world.panel.set_order(880001, status="Partial", remains=None, charge="0.1")
            await world.panel.set_service(101, rate="2.00")
            await world.panel.settings(numbers="text", delivery_s=5)
            await world.panel.next_ends("error", "partial")
            before = await world.panel.state()
        async with (
            running(state_file=state_file) as served,
            SandboxClient(served.url) as world,
        ):
            assert await world.panel.state() == before
            assert await add(session, served) == {"order": "880002"}
            assert await world.panel.requests("add") == 2
            assert await world.panel.balance_micro() == 100_000_000 - 900_000 - 2_000_000


async def test_a_state_file_from_before_the_panel_is_read(tmp_path):
    state_file = tmp_path / "world.json"
    async with running(state_file=state_file):
        pass
    text = state_file.read_text()
    start = text.index(',"panel":')
    state_file.write_text(text[:start] + "}")
    async with running(state_file=state_file) as served, SandboxClient(served.url) as world:
        assert await world.panel.orders() == []
        assert len((await world.panel.state())["services"]) == 10
