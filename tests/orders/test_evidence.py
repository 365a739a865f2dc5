"""Given, when, then: what is found out about unclear orders before an admin is asked."""

import asyncio

import pytest
from support.desk_harness import DeskHarness, in_desk_time
from support.fake_panel import DOWN, IS_RUNNING, SILENCE, FakePanel

from ledger import commands as c
from ledger import events as e
from ledger.reason_codes import ReasonCode
from orders.providers.base import Progress

TAKEN_AND_SILENT = (True, SILENCE)
COST = 500_000
FULL = 1_000_000_000


async def open_shop(**more) -> DeskHarness:
    shop = await DeskHarness.open(**more)
    await shop.desk.start()
    await asyncio.sleep(1)
    return shop


async def evidence(shop: DeskHarness, order_id: str, count: int = 1) -> e.OrderEvidenceFound:
    await shop.until(lambda: len(shop.lines(e.OrderEvidenceFound, order_id)) >= count)
    return shop.lines(e.OrderEvidenceFound, order_id)[-1]


@pytest.mark.parametrize(
    ("plan", "after_micro"), [(TAKEN_AND_SILENT, FULL - COST), (SILENCE, FULL)]
)
@in_desk_time
async def test_the_balance_before_and_after_shows_whether_an_unclear_order_arrived(
    plan, after_micro
):
    shop = await open_shop()
    shop.panel.plans["a1"] = [plan]
    await shop.place("a1")
    found = await evidence(shop, "a1")
    [sending] = shop.lines(e.OrderSending)
    [unclear] = shop.lines(e.OrderUnclear)
    assert (sending.balance_micro, unclear.evidence_follows) == (FULL, True)
    assert (found.cost_micro, found.balance_before_micro) == (COST, FULL)
    assert (found.balance_after_micro, found.others_micro) == (after_micro, 0)
    assert (found.currency, found.refused_as_running, found.by) == ("USD", False, "system")
    assert len(shop.panel.sent) == 1
    await shop.close()


@in_desk_time
async def test_what_other_orders_cost_in_between_is_known():
    shop = await open_shop(workers=1)
    shop.panel.plans["a1"] = [TAKEN_AND_SILENT]
    await shop.place("a0", "a1", "b2", "c3")
    found = await evidence(shop, "a1")
    assert found.balance_before_micro == FULL - COST  # As read, less what a0 cost since.
    assert (found.balance_after_micro, found.others_micro) == (FULL - 4 * COST, 2 * COST)
    await shop.close()


@in_desk_time
async def test_the_money_that_comes_back_in_between_counts_too():
    shop = await open_shop()
    await shop.accepted("z9")
    await asyncio.sleep(100)
    shop.panel.plans["a1"] = [TAKEN_AND_SILENT]
    shop.panel.failures["balance"] = [DOWN] * 4
    await shop.place("a1")
    shop.panel.end("z9", Progress.PARTIAL, 100)
    found = await evidence(shop, "a1")
    lost = found.balance_before_micro - found.balance_after_micro
    assert found.others_micro == -COST // 10
    assert lost - found.others_micro == found.cost_micro
    await shop.close()


@in_desk_time
async def test_admins_are_asked_without_figures_if_the_panel_can_not_be_asked():
    shop = await open_shop()
    shop.panel.plans["a1"] = [SILENCE]
    shop.panel.failures["balance"] = [DOWN] * 50
    await shop.place("a1")
    found = await evidence(shop, "a1")
    assert (found.balance_before_micro, found.balance_after_micro) == (FULL, None)
    [unclear] = shop.lines(e.OrderUnclear)
    waited_s = _seconds(found.at) - _seconds(unclear.at)
    assert 60 <= waited_s <= 300
    await shop.close()


def _seconds(at: str) -> float:
    hours, minutes, seconds = at[11:-1].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


@in_desk_time
async def test_without_an_offer_the_cost_is_not_known():
    shop = await open_shop()
    await shop.offer("6", rate_micro=0)
    shop.panel.plans["a1"] = [SILENCE]
    await shop.place("a1", service_id="6")
    assert (await evidence(shop, "a1")).cost_micro is None
    await shop.close()


@in_desk_time
async def test_an_order_that_an_admin_settles_meanwhile_gets_no_evidence():
    shop = await open_shop()
    shop.panel.plans["a1"] = [SILENCE]
    await shop.place("a1")
    await shop.until(lambda: shop.status("a1") == "unclear")
    await shop.do(
        c.RejectOrder(by="admin:7", order_id="a1", reason_code=ReasonCode.REFUNDED_BY_ADMIN)
    )
    await asyncio.sleep(600)
    assert shop.lines(e.OrderEvidenceFound) == []
    await shop.close()


# Restarts.


@in_desk_time
async def test_an_order_in_flight_at_a_kill_gets_its_evidence_from_the_log():
    shop = await open_shop(workers=2)
    await shop.accepted("z9")
    shop.loop.call_s = 5.0
    await shop.place("a1")
    await shop.until(lambda: bool(shop.panel.received["a1"]))
    assert shop.status("a1") == "sending"
    again = await shop.killed()
    again.loop.call_s = 0.0
    await again.desk.start()
    await again.place("b2")
    found = await evidence(again, "a1")
    assert found.balance_before_micro == FULL - COST
    assert found.others_micro == COST
    assert found.balance_after_micro == FULL - 3 * COST
    assert again.panel.received == {"z9": 1, "a1": 1, "b2": 1}
    await again.close()


@in_desk_time
async def test_evidence_that_was_being_gathered_at_a_kill_is_gathered_after_it():
    shop = await open_shop()
    shop.panel.plans["a1"] = [TAKEN_AND_SILENT]
    await shop.place("a1", "b2")
    await shop.until(lambda: shop.status("a1") == "unclear" and shop.order("b2").followed)
    again = await shop.killed()
    assert again.order("a1").evidence_follows
    await again.desk.start()
    found = await evidence(again, "a1")
    assert found.balance_before_micro - found.balance_after_micro - found.others_micro == COST
    assert again.panel.received["a1"] == 1
    await asyncio.sleep(600)
    assert len(again.lines(e.OrderEvidenceFound)) == 1
    await again.close()


@in_desk_time
async def test_a_provider_that_does_not_follow_orders_leaves_no_evidence_owing():
    shop = await open_shop()
    shop.panel.plans["a1"] = [SILENCE]
    await shop.place("a1")
    await shop.until(lambda: shop.status("a1") == "unclear")
    await shop.kill()
    simple = FakePanel(follows=False)
    again = await DeskHarness.open(simple, shop.store)
    await again.desk.start()
    found = await evidence(again, "a1")
    assert (found.cost_micro, found.balance_after_micro) == (None, None)
    await again.close()


# A later order that is refused because one is running.


@in_desk_time
async def test_a_later_order_that_is_refused_because_one_runs_is_evidence_and_waits():
    shop = await open_shop()
    shop.panel.plans["a1"] = [TAKEN_AND_SILENT]
    await shop.place("a1", video="same")
    first = await evidence(shop, "a1")
    await shop.place("b2", "c3", video="same")
    second = await evidence(shop, "a1", 2)
    assert second.refused_as_running
    assert second.balance_after_micro == first.balance_after_micro
    assert second.balance_before_micro == first.balance_before_micro
    await asyncio.sleep(7200)
    assert [one.order_id for one in shop.panel.sent] == ["a1", "b2"]
    assert (shop.status("b2"), shop.status("c3")) == ("placed", "placed")
    assert shop.lines(e.OrderNotSent)[0].reason_code is ReasonCode.EARLIER_ORDER_RUNNING
    assert shop.desk.dispatcher.paused_because is None
    await shop.do(
        c.AcceptOrder(by="admin:7", order_id="a1", provider_order_id="1000", followed=True)
    )
    await asyncio.sleep(100)
    assert shop.status("b2") == "placed"
    shop.panel.end("a1", Progress.COMPLETED, 0)
    await shop.until(lambda: shop.order("b2").followed)
    shop.panel.end("b2", Progress.COMPLETED, 0)
    await shop.until(lambda: shop.order("c3").followed)
    assert shop.panel.received == {"a1": 1, "b2": 1, "c3": 1}
    await shop.close()


@in_desk_time
async def test_a_refusal_while_the_evidence_is_gathered_is_part_of_it():
    shop = await open_shop()
    shop.panel.plans["a1"] = [TAKEN_AND_SILENT]
    await shop.place("a1", "b2", video="same")
    found = await evidence(shop, "a1")
    assert (found.refused_as_running, found.balance_after_micro) == (True, FULL - COST)
    await asyncio.sleep(600)
    assert len(shop.lines(e.OrderEvidenceFound)) == 1
    await shop.close()


@in_desk_time
async def test_an_order_is_not_sent_if_an_unclear_one_is_found_to_run_in_the_last_moment():
    shop = await open_shop()
    shop.panel.plans["a1"] = [TAKEN_AND_SILENT]
    await shop.place("a1", video="same")
    await evidence(shop, "a1")
    await asyncio.sleep(90)
    shop.loop.call_s = 5.0
    await shop.place("b2", video="same")
    await asyncio.sleep(2)  # The balance is being read for it.
    await shop.do(
        c.AcceptOrder(by="admin:7", order_id="a1", provider_order_id="1000", followed=True)
    )
    await asyncio.sleep(600)
    assert [one.order_id for one in shop.panel.sent] == ["a1"]
    assert (shop.status("b2"), shop.order("b2").attempts) == ("placed", 0)
    shop.panel.end("a1", Progress.COMPLETED, 0)
    await shop.until(lambda: shop.order("b2").followed)
    await shop.close()


@in_desk_time
async def test_the_orders_that_wait_are_sent_when_the_unclear_one_is_refunded():
    shop = await open_shop()
    shop.panel.plans["a1"] = [SILENCE]
    shop.panel.plans["b2"] = [IS_RUNNING]
    await shop.place("a1", "b2", video="same")
    await evidence(shop, "a1")
    await asyncio.sleep(600)
    assert shop.status("b2") == "placed"
    await shop.do(
        c.RejectOrder(by="admin:7", order_id="a1", reason_code=ReasonCode.REFUNDED_BY_ADMIN)
    )
    await shop.until(lambda: shop.order("b2").followed)
    assert [one.order_id for one in shop.panel.sent] == ["a1", "b2", "b2"]
    await shop.close()


@in_desk_time
async def test_a_refusal_because_of_an_order_of_somebody_else_is_a_refusal():
    shop = await open_shop()
    shop.panel.plans["a1"] = [IS_RUNNING]
    await shop.place("a1")
    await shop.until(lambda: shop.status("a1") == "rejected")
    assert shop.order("a1").reason_code is ReasonCode.EARLIER_ORDER_RUNNING
    await shop.close()
