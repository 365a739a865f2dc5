"""Given, when, then: sending to a provider that follows orders."""

import asyncio

from support.desk_harness import DeskHarness, in_desk_time
from support.fake_panel import NO_FUNDS, NO_WAY, SILENCE, FakePanel

from ledger import commands as c
from ledger import events as e
from ledger.reason_codes import ReasonCode
from orders.alerts import Alert
from orders.providers.answers import Accepted
from orders.providers.base import Progress


async def open_shop(**more) -> DeskHarness:
    shop = await DeskHarness.open(**more)
    await shop.desk.start()
    return shop


@in_desk_time
async def test_the_service_and_the_comments_are_sent():
    panel = FakePanel()
    panel.offer()
    panel.offer("7", kind="Custom Comments", quantity_min=1)
    shop = await open_shop(panel=panel)
    await shop.offer("7", quantity_min=1, service_type="Custom Comments")
    await shop.place("a1", service_id="7", quantity=2, comments="Great!\nThank you")
    await shop.until(lambda: shop.order("a1").followed)
    [sent] = shop.panel.sent
    assert (sent.service_id, sent.quantity, sent.comments) == ("7", 2, "Great!\nThank you")
    [accepted] = shop.lines(e.OrderAccepted)
    assert (accepted.provider_order_id, accepted.spent_points) == ("1000", 0)
    await shop.close()


@in_desk_time
async def test_an_order_waits_until_the_one_for_its_service_and_link_is_at_its_end():
    shop = await open_shop()
    await shop.place("a1", "b2", "c3", video="same")
    await shop.place("other")
    await shop.until(lambda: shop.order("other").followed)
    await asyncio.sleep(3600)
    assert [one.order_id for one in shop.panel.sent] == ["a1", "other"]
    assert shop.desk.dispatcher.pending == 2
    shop.panel.end("a1", Progress.CANCELED)
    await shop.until(lambda: shop.order("b2").followed)
    shop.panel.end("b2", Progress.COMPLETED, 0)
    await shop.until(lambda: shop.order("c3").followed)
    assert shop.panel.received == {"a1": 1, "b2": 1, "c3": 1, "other": 1}
    await shop.close()


@in_desk_time
async def test_orders_for_one_link_and_two_services_do_not_wait_for_each_other():
    panel = FakePanel()
    panel.offer()
    panel.offer("6")
    shop = await open_shop(panel=panel)
    await shop.offer("6")
    await shop.place("a1", video="same")
    await shop.place("b2", video="same", service_id="6")
    await shop.until(lambda: shop.order("a1").followed and shop.order("b2").followed)
    await shop.close()


@in_desk_time
async def test_after_a_restart_an_order_still_waits_for_the_one_that_runs():
    shop = await open_shop()
    await shop.accepted("a1", video="same")
    await shop.place("b2", video="same")
    again = await shop.killed()
    await again.desk.start()
    await asyncio.sleep(3600)
    assert again.status("b2") == "placed"
    again.panel.end("a1", Progress.COMPLETED, 0)
    await again.until(lambda: again.order("b2").followed)
    assert again.panel.received == {"a1": 1, "b2": 1}
    await again.close()


@in_desk_time
async def test_a_provider_that_does_not_follow_gets_one_order_after_the_other():
    panel = FakePanel(follows=False, refuses_duplicates=False)
    panel.offer()
    shop = await open_shop(panel=panel)
    await shop.place("a1", "b2", video="same")
    await shop.until(lambda: shop.status("b2") == "accepted")
    assert shop.order("a1").is_closed
    assert (shop.desk.poller, shop.desk.account, shop.desk.catalogue) == (None, None, None)
    assert shop.panel.calls == []
    await shop.close()


@in_desk_time
async def test_an_order_whose_attempts_are_used_up_is_refunded_and_sent_no_more():
    shop = await open_shop()
    before = shop.balance
    await shop.set("order_attempts_max", 3)
    shop.panel.plans["a1"] = [NO_WAY] * 9
    await shop.place("a1")
    await shop.until(lambda: shop.status("a1") == "rejected")
    await asyncio.sleep(7200)
    assert len(shop.panel.sent) == 3
    assert shop.order("a1").reason_code is ReasonCode.ATTEMPTS_USED_UP
    assert (shop.balance, shop.desk.dispatcher.pending) == (before, 0)
    await shop.accepted("b2")
    await shop.close()


@in_desk_time
async def test_an_empty_balance_keeps_orders_waiting_and_the_admins_are_told_once():
    shop = await open_shop()
    before = shop.balance
    shop.panel.plans["a1"] = [NO_FUNDS] * 100
    await shop.place("a1")
    await asyncio.sleep(6 * 3600)
    assert (shop.status("a1"), shop.balance) == ("placed", before - 20_000)
    assert shop.alerts == [Alert(ReasonCode.PROVIDER_FUNDS_EMPTY)]
    shop.panel.plans["a1"].clear()
    await shop.until(lambda: shop.order("a1").followed)
    assert shop.panel.received["a1"] == 1
    await shop.close()


@in_desk_time
async def test_the_balance_is_read_before_a_send_at_most_once_a_minute():
    shop = await open_shop()
    await shop.accepted("a1", "b2", "c3")
    assert len(shop.panel.asked("balance")) == 1
    await asyncio.sleep(90)
    await shop.accepted("d4", "e5")
    assert len(shop.panel.asked("balance")) == 2
    assert next(one.balance_micro for one in shop.lines(e.OrderSending)) is not None
    await shop.close()


# Load.


@in_desk_time
async def test_five_hundred_orders_in_a_second_are_each_sent_once_and_all_come_to_their_end():
    shop = await DeskHarness.open(workers=4)
    shop.loop.call_s = 2.0
    before = shop.balance
    await shop.desk.start()
    ids = [f"o{number}" for number in range(500)]
    await asyncio.gather(*(shop.place(one) for one in ids))
    started_s = shop.loop.time()
    turns = 0
    while not all(shop.order(one).followed for one in ids):
        await asyncio.sleep(0.1)
        turns += 1
    # The loop was never blocked by a call: its timers came as often as they were due.
    assert turns >= (shop.loop.time() - started_s) / 0.1 - 1
    for number, order_id in enumerate(ids):
        end = (Progress.COMPLETED, Progress.PARTIAL, Progress.CANCELED)[number % 3]
        shop.panel.end(order_id, end, 500 if end is Progress.PARTIAL else None)
    await shop.until(lambda: all(shop.order(one).is_closed for one in ids))
    assert shop.loop.most_in_flight == 4
    assert set(shop.panel.received.values()) == {1}
    assert len(shop.panel.received) == 500
    state = shop.ledger.state
    assert (state.posted_points, state.orders_points) == (0, 0)
    assert shop.balance == before - 167 * 20_000 - 167 * 10_000
    assert shop.desk.dispatcher.pending == 0
    await shop.close()


@in_desk_time
async def test_sends_and_questions_do_not_starve_each_other():
    shop = await open_shop(workers=1)
    shop.loop.call_s = 1.0
    await shop.accepted("first")
    shop.panel.end("first", Progress.COMPLETED, 0)
    ids = [f"o{number}" for number in range(300)]
    await asyncio.gather(*(shop.place(one) for one in ids))
    await shop.until(lambda: shop.order("first").is_closed, within_s=150)
    assert shop.desk.dispatcher.pending > 100
    await shop.until(lambda: all(shop.order(one).followed for one in ids), within_s=1500)
    assert shop.loop.most_in_flight == 1
    await shop.close()


@in_desk_time
async def test_a_number_that_another_running_order_has_is_not_followed_for_a_second_one():
    """What the panel reports of it would be paid for twice."""
    shop = await DeskHarness.open()
    await shop.desk.start()
    await shop.accepted("a1")
    number = shop.order("a1").provider_order_id
    for order_id in ("b2", "c3"):
        shop.panel.plans[order_id] = [Accepted(number, "{}")]
    await shop.place("b2", "c3")
    await shop.until(lambda: {shop.status(one) for one in ("b2", "c3")} == {"unclear"})
    assert shop.order("b2").reason_code is ReasonCode.ANSWER_CONTRADICTORY
    again = await shop.killed()
    await again.desk.start()
    again.panel.plans["d4"] = [Accepted(number, "{}")]
    await again.place("d4")
    await again.until(lambda: again.status("d4") == "unclear")
    again.panel.end("a1", Progress.CANCELED)
    await again.until(lambda: again.status("a1") == "canceled")
    assert {again.order(one).refunded_points for one in ("b2", "c3", "d4")} == {0}
    await again.close()


@in_desk_time
async def test_an_offer_that_an_admin_changes_while_an_order_is_in_flight_changes_no_refund():
    shop = await open_shop()
    shop.loop.call_s = 30
    await shop.place("a1")
    await shop.until(lambda: shop.status("a1") == "sending")
    await shop.offer(points_per_1000=1, rate_micro=1, is_on=False)
    await shop.until(lambda: shop.order("a1").followed)
    shop.panel.end("a1", Progress.PARTIAL, 500)
    await shop.until(lambda: shop.status("a1") == "partial")
    assert shop.order("a1").refunded_points == 10_000
    await shop.close()


@in_desk_time
async def test_orders_that_are_not_sent_after_all_leave_nothing_in_memory():
    shop = await open_shop(workers=1)
    for order_id in ("a1", "b2", "c3"):
        await shop.place(order_id)
        refund = c.RejectOrder(
            by="admin:7", order_id=order_id, reason_code=ReasonCode.REFUNDED_BY_ADMIN
        )
        await shop.ledger.execute(refund)
    await asyncio.sleep(60)
    assert shop.lines(e.OrderRejected)
    assert shop.desk._evidence._before == {}
    await shop.close()


# Another kind of provider, with orders from before.


@in_desk_time
async def test_orders_accepted_by_a_provider_that_reports_nothing_are_not_asked_about_later():
    shop = await DeskHarness.open(panel=FakePanel(follows=False))
    await shop.desk.start()
    ids = [f"o{number}" for number in range(300)]
    await shop.place(*ids)
    await shop.until(lambda: all(shop.status(one) == "accepted" for one in ids))
    shop.panel.follows = True
    shop = await shop.killed()
    await shop.desk.start()
    await asyncio.sleep(7200)
    assert not shop.panel.asked("statuses") + shop.panel.asked("status")
    assert (shop.desk.poller.followed, shop.ledger.state.orders_points) == (0, 0)
    await shop.close()


@in_desk_time
async def test_orders_of_a_panel_wait_for_it_while_another_provider_is_set():
    shop = await open_shop()
    await shop.accepted("a1")
    shop.panel.plans["b2"] = [(True, SILENCE)]
    await shop.place("b2")
    await shop.until(lambda: shop.status("b2") == "unclear")
    shop.panel.follows = False
    shop = await shop.killed()
    await shop.desk.start()
    await asyncio.sleep(86_400)
    assert (shop.status("a1"), shop.status("b2")) == ("accepted", "unclear")
    assert not shop.order("b2").evidence_follows
    shop.panel.follows = True
    shop = await shop.killed()
    await shop.desk.start()
    shop.panel.end("a1", Progress.COMPLETED, 0)
    await shop.until(lambda: shop.status("a1") == "completed")
    assert shop.panel.received == {"a1": 1, "b2": 1}
    await shop.close()
