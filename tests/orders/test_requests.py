"""Given, when, then: what people ask of an accepted order is passed on until it is answered."""

import asyncio

from support.desk_harness import ANNA, DeskHarness, in_desk_time
from support.fake_panel import DOWN

from ledger import commands as c
from ledger import events as e
from ledger.reason_codes import OrderRequest
from orders.providers.base import Progress


async def open_shop(**more) -> DeskHarness:
    shop = await DeskHarness.open(**more)
    await shop.desk.start()
    return shop


async def ask(shop: DeskHarness, what: OrderRequest = OrderRequest.CANCEL) -> None:
    await shop.do(c.RequestForOrder(by=f"user:{ANNA}", order_id="a1", what=what))


async def answered(shop: DeskHarness) -> e.OrderRequestAnswered:
    await shop.until(lambda: bool(shop.lines(e.OrderRequestAnswered)))
    [answer] = shop.lines(e.OrderRequestAnswered)
    return answer


@in_desk_time
async def test_the_panel_is_asked_to_cancel_and_its_answer_recorded():
    shop = await open_shop()
    await shop.accepted("a1")
    await ask(shop)
    answer = await answered(shop)
    assert (answer.what, answer.granted, answer.by) == (OrderRequest.CANCEL, True, "provider")
    assert shop.panel.asked("cancel") == [("1000",)]
    assert shop.status("a1") == "accepted"  # Only the order's status says what came of it.
    await shop.close()


@in_desk_time
async def test_a_refill_is_asked_for_after_the_end():
    shop = await open_shop()
    await shop.accepted("a1")
    shop.panel.end("a1", Progress.COMPLETED, 0)
    await shop.until(lambda: shop.status("a1") == "completed")
    await ask(shop, OrderRequest.REFILL)
    answer = await answered(shop)
    assert (answer.granted, answer.provider_ref) == (True, "9")
    assert shop.panel.asked("refill") == [("1000",)]
    await shop.close()


@in_desk_time
async def test_a_refusal_is_an_answer():
    shop = await open_shop()
    shop.panel.grants = False
    await shop.accepted("a1")
    await ask(shop)
    answer = await answered(shop)
    assert (answer.granted, answer.answer) == (False, "no")
    await asyncio.sleep(3600)
    assert len(shop.panel.asked("cancel")) == 1
    await shop.close()


@in_desk_time
async def test_a_call_that_fails_is_made_again_with_growing_pauses():
    shop = await open_shop()
    await shop.accepted("a1")
    shop.panel.failures["cancel"] = [DOWN, DOWN, {}, DOWN]
    begun_s = shop.loop.time()
    await ask(shop)
    assert (await answered(shop)).granted
    assert shop.loop.time() - begun_s >= 10 + 20 + 40 + 80
    assert len(shop.panel.asked("cancel")) == 5
    await shop.close()


@in_desk_time
async def test_a_cancellation_that_comes_too_late_is_not_asked_for():
    shop = await open_shop()
    await shop.accepted("a1")
    shop.panel.failures["cancel"] = [DOWN] * 4
    await ask(shop)
    await asyncio.sleep(1)
    shop.panel.end("a1", Progress.COMPLETED, 0)
    await shop.until(lambda: shop.status("a1") == "completed")
    asked = len(shop.panel.asked("cancel"))
    assert not (await answered(shop)).granted
    assert len(shop.panel.asked("cancel")) <= asked + 1
    await shop.close()


@in_desk_time
async def test_a_request_without_an_answer_is_made_again_after_a_restart():
    shop = await open_shop()
    await shop.accepted("a1")
    shop.panel.failures["cancel"] = [DOWN]
    await ask(shop)
    await asyncio.sleep(1)
    again = await shop.killed()
    assert again.lines(e.OrderRequestAnswered) == []
    await again.desk.start()
    assert (await answered(again)).granted
    await asyncio.sleep(3600)
    assert len(again.panel.asked("cancel")) == 2
    await again.close()


@in_desk_time
async def test_an_order_that_is_completed_although_its_cancellation_was_granted_is_paid_for():
    shop = await open_shop()
    await shop.accepted("a1")
    await ask(shop)
    assert (await answered(shop)).granted
    shop.panel.end("a1", Progress.COMPLETED, 0)
    await shop.until(lambda: shop.status("a1") == "completed")
    assert (shop.order("a1").refunded_points, shop.ledger.state.spent_points) == (0, 20_000)
    await shop.close()
