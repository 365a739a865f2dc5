"""The simulated panel's money: what an order costs, and what comes back at which end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.client import SandboxRefusedError
from sandbox.panel.orders import ByHand, End, PanelOrder, is_running
from sandbox.panel.panel import Panel

FIRST = 100_000_000
COST = 900_000


@pytest.fixture
def shop(shop_v2, world, clock):
    """A customer, the control of the panel, and its clock."""
    return shop_v2, world, clock


async def test_an_order_costs_rate_times_quantity_over_1000_rounded_up(shop_v2, world):
    await world.panel.set_service(302, rate="0.0105")
    await shop_v2.order(service=302, quantity=101)
    assert await world.panel.balance_micro() == FIRST - 1061


async def test_an_empty_balance_refuses_orders_until_there_is_money_again(shop_v2, world):
    await world.panel.set_balance("0.899999")
    form = {"service": 101, "link": "https://youtu.be/a", "quantity": 1000}
    assert await shop_v2.call("add", **form) == {"error": "neworder.error.not_enough_funds"}
    await world.panel.set_balance("0.90")
    assert "order" in await shop_v2.call("add", **form)
    assert (await shop_v2.call("balance"))["balance"] == "0.00000"


@pytest.mark.parametrize("balance", ["", "ten", "NaN", "Infinity", "1e99"])
async def test_what_is_no_amount_is_not_set(world, balance):
    with pytest.raises(SandboxRefusedError, match="is no amount"):
        await world.panel.set_balance(balance)
    assert await world.panel.balance_micro() == FIRST


@pytest.mark.parametrize(
    ("end", "shown", "returned"),
    [
        ("completed", ("Completed", "0", "0.90000"), 0),
        ("partial", ("Partial", "500", "0.45000"), COST // 2),
        ({"status": "Partial", "remains": 157}, ("Partial", "157", "0.75870"), 141_300),
        ({"status": "Partial", "remains": ""}, ("Partial", "", "0.90000"), 0),
        ({"status": "Partial", "remains": "-3"}, ("Partial", "-3", "0.90000"), 0),
        ({"status": "Partial", "remains": 1500}, ("Partial", "1500", "0.00000"), COST),
        ("canceled", ("Canceled", "1000", "0.00000"), COST),
        ({"status": "Canceled", "remains": 250}, ("Canceled", "250", "0.67500"), COST // 4),
        ({"status": "Refunded"}, ("Refunded", "1000", "0.00000"), COST),
        ("error", ("Error", "0", "0.90000"), 0),
        ("unknown_word", ("Awaiting moderation", "0", "0.90000"), 0),
    ],
)
async def test_an_end_shows_its_word_and_gives_back_what_was_not_delivered(
    shop, end, shown, returned
):
    shop_v2, world, clock = shop
    await world.panel.next_ends(end)
    order = await shop_v2.order()
    clock.now += 25
    found = await shop_v2.call("status", order=order)
    assert (found["status"], found["remains"], found["charge"]) == shown
    assert await world.panel.balance_micro() == FIRST - COST + returned


async def test_a_charge_may_stay_what_it_was(shop_v2, world, clock):
    await world.panel.settings(charge_shrinks=False)
    await world.panel.next_ends("partial")
    order = await shop_v2.order()
    clock.now += 25
    assert (await shop_v2.call("status", order=order))["charge"] == "0.90000"
    assert await world.panel.balance_micro() == FIRST - COST // 2


@pytest.mark.parametrize(
    ("end", "words", "returned"),
    [
        ("completed_then_partial", ["Completed", "Partial"], [0, COST // 2]),
        ("completed_then_canceled", ["Completed", "Canceled"], [0, COST]),
        ("partial_then_completed", ["Partial", "Completed"], [COST // 2, 0]),
    ],
)
async def test_an_end_may_change_ten_seconds_later_and_the_balance_follows(
    shop, end, words, returned
):
    shop_v2, world, clock = shop
    await world.panel.next_ends(end)
    order = await shop_v2.order()
    clock.now += 25
    for word, back in zip(words, returned, strict=True):
        assert (await shop_v2.call("status", order=order))["status"] == word
        assert await world.panel.balance_micro() == FIRST - COST + back
        clock.now += 10


async def test_ends_are_used_up_in_their_order(shop_v2, world, clock):
    await world.panel.next_ends("canceled", {"status": "Partial", "times": 2}, "error")
    for number in range(5):
        await shop_v2.order(number, quantity=10)
    clock.now += 25
    words = [one.status for one in await world.panel.orders()]
    assert words == ["Canceled", "Partial", "Partial", "Error", "Completed"]
    with pytest.raises(SandboxRefusedError, match="'gone' is no end of an order"):
        await world.panel.next_ends("gone")


async def test_what_is_set_by_hand_is_shown_and_settled(shop_v2, world, clock):
    order = await shop_v2.order()
    await world.panel.set_order(order, start_count="", charge="0.27819")
    found = await shop_v2.call("status", order=order)
    assert (found["start_count"], found["charge"], found["status"]) == ("", "0.27819", "Pending")
    seen = await world.panel.set_order(order, status="In progress", remains=None)
    assert (seen.status, seen.remains) == ("In progress", None)
    clock.now += 1000
    assert (await shop_v2.call("status", order=order))["status"] == "In progress"
    await world.panel.set_order(order, status="Partial", remains=100)
    assert await world.panel.balance_micro() == FIRST - COST + COST // 10
    await world.panel.set_order(order, status="Canceled")
    assert await world.panel.balance_micro() == FIRST
    await world.panel.set_order(order, status="Completed")
    assert await world.panel.balance_micro() == FIRST - COST
    with pytest.raises(SandboxRefusedError, match="there is no order 7"):
        await world.panel.set_order(7, status="Completed")


async def test_a_status_by_hand_keeps_the_remains_of_that_moment(shop_v2, world, clock):
    order = await shop_v2.order()
    clock.now += 15
    await world.panel.set_order(order, status="Processing")
    clock.now += 5
    found = await shop_v2.call("status", order=order)
    assert (found["status"], found["remains"]) == ("Processing", "500")


async def test_an_order_that_is_set_back_to_running_keeps_its_link_busy(shop_v2, world, clock):
    order = await shop_v2.order()
    clock.now += 100
    await world.panel.set_order(order, status="In progress")
    answer = await shop_v2.call(
        "add", service=101, link="https://youtu.be/video000001", quantity=10
    )
    assert answer == {"error": "neworder.error.link_duplicate"}


WORDS = st.sampled_from(["Pending", "In progress", "Completed", "Partial", "Canceled", "Error"])
REMAINS = st.one_of(st.none(), st.integers(-10, 2000), st.sampled_from(["", "7", "-3", "x", "--1"]))


@given(st.lists(st.tuples(WORDS, REMAINS, st.integers(0, 30)), max_size=8))
def test_the_balance_is_what_the_orders_have_cost_whatever_changes(steps):
    now = [0.0]
    panel = Panel(lambda: now[0])
    order = panel.record(
        PanelOrder(0, 101, "Default", "https://x", 1000, 900_001, 0.0, 25.0, End("Partial"))
    )
    for status, remains, passed_s in steps:
        now[0] += passed_s
        panel.set_order(order.order, ByHand(status=status, remains=remains))
        seen = panel.view(order)
        assert 0 <= seen.returned_micro <= order.cost_micro
        assert panel.state.balance_micro == FIRST - order.cost_micro + seen.returned_micro
        assert panel.is_busy(101, "https://x") == is_running(seen.status)


ENDS = st.builds(
    End,
    status=st.sampled_from(["Completed", "Partial", "Canceled", "Error", "Odd"]),
    remains=REMAINS,
    then=st.sampled_from(["", "Completed", "Partial", "Canceled", "In progress"]),
    then_after_s=st.floats(0, 20),
    then_remains=REMAINS,
)


@given(ENDS, st.floats(0, 30), st.lists(st.floats(0, 20), max_size=6))
def test_the_balance_follows_the_clock_to_the_instant(end, delivery_s, steps_s):
    now = [1_800_000_000.1]
    panel = Panel(lambda: now[0])
    panel.state.ends = [end]
    order = panel.record(
        PanelOrder(0, 101, "Default", "https://x", 1000, 900_001, now[0], delivery_s, End())
    )
    for step_s in [*steps_s, delivery_s, end.then_after_s]:
        now[0] += step_s
        panel.advance()
        seen = panel.view(order)
        assert panel.state.balance_micro == FIRST - order.cost_micro + seen.returned_micro
        assert panel.is_busy(101, "https://x") == is_running(seen.status)
    now[0] += 1
    assert panel.view(order).status == (end.then or end.status)
