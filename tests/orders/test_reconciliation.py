"""Given, when, then: the daily comparison with the provider's account, and the account itself."""

import asyncio

import pytest
from support.desk_harness import NOON_MS, DeskHarness, in_desk_time
from support.fake_panel import DOWN, SILENCE

from ledger import commands as c
from ledger import events as e
from ledger.clocks.timestamps import DAY_MS
from ledger.event_types.catalogue import Mismatch
from ledger.reason_codes import MismatchCode
from ledger.state import OrderDay, State
from orders.alerts import Alert, AlertCode
from orders.providers.base import Progress

DAY_S = 86_400
COST = 500_000
FULL = 1_000_000_000


async def open_shop(**more) -> DeskHarness:
    """A shop with an order, two days old and reconciled once."""
    shop = await DeskHarness.open(**more)
    await shop.desk.start()
    await shop.accepted("first")
    shop.panel.end("first", Progress.COMPLETED, 0)
    await asyncio.sleep(1.6 * DAY_S)
    assert len(shop.lines(e.OrdersReconciled)) == 1
    return shop


async def next_day(shop: DeskHarness) -> e.OrdersReconciled:
    count = len(shop.lines(e.OrdersReconciled))
    await shop.until(lambda: len(shop.lines(e.OrdersReconciled)) > count, 2 * DAY_S, 60)
    return shop.lines(e.OrdersReconciled)[-1]


@in_desk_time
async def test_it_is_made_once_a_day_and_first_after_a_day_of_orders():
    shop = await DeskHarness.open()
    await shop.desk.start()
    await asyncio.sleep(3 * DAY_S)
    assert shop.lines(e.OrdersReconciled) == []
    await shop.accepted("a1")
    await asyncio.sleep(DAY_S)
    assert shop.lines(e.OrdersReconciled) == []
    await asyncio.sleep(3 * DAY_S)
    days = [one.day for one in shop.lines(e.OrdersReconciled)]
    assert days == ["2026-01-06", "2026-01-07", "2026-01-08"]
    await shop.close()


@in_desk_time
async def test_a_day_without_differences_lists_none():
    shop = await open_shop()
    await shop.accepted("a1", "b2", "c3", "d4")
    shop.panel.end("a1", Progress.COMPLETED, 0)
    shop.panel.end("b2", Progress.PARTIAL, 300)
    shop.panel.end("c3", Progress.CANCELED)
    found = await next_day(shop)
    assert (found.mismatches, found.mismatches_count) == ((), 0)
    assert (found.orders, found.currency) == (4, "USD")
    assert found.balance_micro == FULL - 3 * COST - COST * 7 // 10
    assert found.charged_micro == 2 * COST + COST * 7 // 10
    await shop.close()


@in_desk_time
async def test_an_order_that_the_panel_does_not_know_is_listed():
    shop = await open_shop()
    await shop.accepted("a1")
    shop.panel.lost.add("1001")
    found = await next_day(shop)
    assert found.mismatches == (Mismatch(MismatchCode.ORDER_MISSING, "a1"),)
    await shop.close()


@pytest.mark.parametrize(
    ("charged", "listed"),
    [(COST + COST // 100, False), (COST + COST // 100 + 1, True), (COST // 2, True)],
)
@in_desk_time
async def test_a_charge_that_differs_by_more_than_a_hundredth_is_listed(charged, listed):
    shop = await open_shop()
    await shop.accepted("a1")
    shop.panel.of("a1").charge_micro = charged
    shop.panel.end("a1", Progress.COMPLETED, 0)
    found = await next_day(shop)
    expected = Mismatch(MismatchCode.CHARGE_DIFFERS, "a1", COST, charged)
    assert found.mismatches == ((expected,) if listed else ())
    await shop.close()


@pytest.mark.parametrize("charged", [COST // 2, COST])
@in_desk_time
async def test_after_a_refund_a_panel_may_show_the_whole_charge_or_the_rest(charged):
    shop = await open_shop()
    await shop.accepted("a1")
    shop.panel.end("a1", Progress.PARTIAL, 500)
    shop.panel.of("a1").charge_micro = charged
    assert (await next_day(shop)).mismatches == ()
    await shop.close()


@in_desk_time
async def test_a_status_that_stays_different_is_listed():
    shop = await open_shop()
    await shop.accepted("a1")
    shop.panel.end("a1", Progress.COMPLETED, 0)
    await shop.until(lambda: shop.status("a1") == "completed")
    shop.panel.of("a1").progress = Progress.RUNNING
    found = await next_day(shop)
    assert found.mismatches == (Mismatch(MismatchCode.STATUS_DIFFERS, "a1"),)
    await shop.close()


@in_desk_time
async def test_an_end_that_nobody_has_noticed_is_recorded_and_not_listed():
    shop = await open_shop()
    await shop.set("order_poll_s", 86_400)
    await shop.accepted("a1")
    await asyncio.sleep(100)
    shop.panel.end("a1", Progress.CANCELED)
    found = await next_day(shop)
    assert (shop.status("a1"), found.mismatches) == ("canceled", ())
    await shop.close()


@pytest.mark.parametrize("change", [50_000_000, -50_000_000])
@in_desk_time
async def test_money_that_came_or_went_without_an_order_is_listed_with_the_amounts(change):
    shop = await open_shop()
    await shop.accepted("a1")
    shop.panel.balance_micro += change
    found = await next_day(shop)
    expected = FULL - 2 * COST
    assert found.mismatches == (
        Mismatch(MismatchCode.BALANCE_DIFFERS, "", expected, expected + change),
    )
    assert (await next_day(shop)).mismatches == ()
    await shop.close()


@in_desk_time
async def test_an_unclear_order_that_arrived_shows_in_the_balance():
    shop = await open_shop()
    shop.panel.plans["a1"] = [(True, SILENCE)]
    await shop.place("a1")
    found = await next_day(shop)
    assert [one.code for one in found.mismatches] == [MismatchCode.BALANCE_DIFFERS]
    await shop.close()


@in_desk_time
async def test_after_a_restart_the_balance_is_compared_by_the_log():
    shop = await open_shop()
    await shop.accepted("a1")
    again = await shop.killed()
    await again.desk.start()
    await again.accepted("b2")
    again.panel.end("a1", Progress.PARTIAL, 500)
    found = await next_day(again)
    assert (found.mismatches, found.balance_micro) == ((), FULL - 2 * COST - COST // 2)
    await again.close()


@in_desk_time
async def test_a_comparison_that_fell_into_a_downtime_is_made_at_the_start():
    shop = await open_shop()
    await shop.kill()
    await asyncio.sleep(2 * DAY_S)
    again = await DeskHarness.open(shop.panel, shop.store)
    await again.desk.start()
    await asyncio.sleep(60)
    assert len(again.lines(e.OrdersReconciled)) == 1
    await again.close()


@in_desk_time
async def test_a_panel_that_can_not_be_asked_delays_it():
    shop = await open_shop()
    await shop.accepted("a1", "b2")
    shop.panel.failures["statuses"] = shop.panel.failures["status"] = [DOWN] * 10_000
    await asyncio.sleep(DAY_S)
    assert len(shop.lines(e.OrdersReconciled)) == 1
    shop.panel.failures["statuses"].clear()
    found = await next_day(shop)
    assert (found.orders, found.mismatches) == (2, ())
    await shop.close()


@in_desk_time
async def test_more_orders_than_fit_into_a_call_are_all_compared():
    shop = await open_shop(workers=8)
    ids = [f"o{number}" for number in range(250)]
    await asyncio.gather(*(shop.place(one) for one in ids))
    await shop.until(lambda: all(shop.order(one).followed for one in ids))
    shop.panel.lost.update(str(number) for number in range(1001, 1101))
    found = await next_day(shop)
    assert (found.orders, found.mismatches_count, len(found.mismatches)) == (250, 100, 50)
    await shop.close()


# The account.


def days(**charged: int) -> State:
    state = State()
    for day, micro in charged.items():
        state.books.order_days[f"2026-01-{day[1:]}"] = OrderDay(charged_micro=micro)
    return state


@pytest.mark.parametrize(
    ("state", "left"),
    [
        (days(), None),
        (days(d01=0), None),
        (days(d01=FULL), 1.0),  # Since midnight, which counts as a whole day.
    ],
)
@in_desk_time
async def test_how_long_the_balance_lasts_is_said_if_anything_was_charged(state, left):
    shop = await DeskHarness.open()
    await shop.desk.start()
    await asyncio.sleep(1)
    assert shop.desk.account.days_left(state, NOON_MS) == left
    await shop.close()


@in_desk_time
async def test_the_rate_is_that_of_the_last_seven_days():
    shop = await DeskHarness.open()
    assert shop.desk.account.days_left(days(d01=1), NOON_MS) is None
    await shop.desk.start()
    await asyncio.sleep(1)
    state = days(d01=FULL * 1000, d08=FULL // 2, d10=FULL // 4, d11=FULL // 4)
    at_ms = NOON_MS + 10 * DAY_MS + DAY_MS // 2  # Four days after the first of those that count.
    assert shop.desk.account.days_left(state, at_ms) == 4.0
    await shop.close()


@in_desk_time
async def test_a_balance_that_lasts_less_than_two_days_is_told_once_a_day():
    shop = await DeskHarness.open()
    await shop.desk.start()
    await shop.accepted("a1")
    shop.panel.end("a1", Progress.COMPLETED, 0)
    await asyncio.sleep(3600)
    assert shop.alerts == []
    shop.panel.balance_micro = COST
    await asyncio.sleep(2 * 3600)
    assert shop.alerts == [Alert(AlertCode.PROVIDER_BALANCE_LOW)]
    await asyncio.sleep(DAY_S)
    assert shop.alerts == [Alert(AlertCode.PROVIDER_BALANCE_LOW)] * 2
    await shop.close()


@in_desk_time
async def test_those_who_ask_for_the_balance_at_the_same_time_share_a_call():
    shop = await DeskHarness.open()
    shop.loop.call_s = 1.0
    await shop.desk.start()
    await asyncio.sleep(5)
    shop.panel.calls.clear()
    read = await asyncio.gather(*(shop.desk.account.read() for _ in range(9)))
    assert {one.amount_micro for one in read} == {FULL}
    # The first one asks, and what it brings may be older than the question of the others.
    assert len(shop.panel.asked("balance")) == 2
    await shop.close()


@in_desk_time
async def test_a_balance_that_can_not_be_read_delays_no_order_twice():
    shop = await DeskHarness.open()
    shop.panel.failures["balance"] = [DOWN] * 1000
    await shop.desk.start()
    await shop.accepted("a1", "b2", "c3")
    assert len(shop.panel.asked("balance")) <= 3
    assert [one.balance_micro for one in shop.lines(e.OrderSending)] == [None] * 3
    assert shop.desk.account.problem == DOWN
    await shop.close()


@in_desk_time
async def test_an_order_that_breaks_every_connection_does_not_put_it_off_for_ever():
    shop = await open_shop()
    await shop.accepted("a1", "b2")
    number = shop.order("a1").provider_order_id
    status, statuses = shop.panel.status, shop.panel.statuses
    shop.panel.status = lambda one: DOWN if one == number else status(one)
    shop.panel.statuses = lambda ids: DOWN if number in ids else statuses(ids)
    found = await next_day(shop)
    assert (found.orders, found.mismatches) == (1, ())  # b2
    await shop.close()


@in_desk_time
async def test_a_clock_that_ran_a_year_ahead_does_not_put_it_off_for_a_year():
    shop = await open_shop()
    ahead = c.NoteReconciled(by="system", day="2027-01-01", orders=0, charged_micro=0)
    await shop.do(ahead)
    await asyncio.sleep(DAY_S)
    assert shop.lines(e.OrdersReconciled)[-1].day < "2027"
    assert len(shop.lines(e.OrdersReconciled)) < 5
    await shop.close()
