"""/orders: the list, the card of an order, and what its owner can do about it."""

import pytest
from msgspec.structs import replace
from support.buyer_harness import LIKES, VIEWS, Buyer

from ledger import commands as c
from ledger.order_status import OrderStatus
from ledger.reason_codes import OrderRequest, ReasonCode
from ledger.rules.orders import is_known

VIDEO = "https://youtu.be/AbCdEfGhI_k"


@pytest.fixture
async def anna(room):
    anna = await Buyer.create(room)
    await anna.sell(LIKES, VIEWS)
    return anna


async def order_likes(anna, quantity="100"):
    await anna.say(VIDEO)
    await anna.press("YouTube likes · 2,000 points")
    await anna.say(quantity)
    await anna.press("✅ Confirm")
    return anna.room.ledger.state.orders_of[anna.id][-1]


async def test_without_orders_that_is_said(anna):
    assert "You have no orders yet." in await anna.say("/orders")


async def test_the_list_leads_to_a_card_in_the_same_message_and_back(anna):
    order_id = await order_likes(anna)
    listed = await anna.say("/orders")
    assert "1. 100 likes, 200 points · youtube.com/watch?v=AbCdEfGhI_k" in listed
    assert "⏳ waiting to be sent" in listed
    card = await anna.press("1")
    assert f"Order {order_id}" in card
    assert "YouTube likes\n100 likes for https://www.youtube.com/watch?v=AbCdEfGhI_k" in card
    assert (await anna.press("‹ My orders")).text == listed.text
    assert card.id == listed.id


async def test_a_card_is_refreshed_in_place_and_shows_how_far_it_is(anna):
    order_id = await order_likes(anna)
    await anna.accepted(order_id)
    await anna.say("/orders")
    card = await anna.press("1")
    assert "🚀 accepted, delivery starts soon" in card
    progress = c.NoteProgress(by="provider", order_id=order_id, start_count=1204, remains=70)
    await anna.do(progress)
    card = await anna.press("🔄 Refresh")
    assert "▓▓▓░░░░░░░ 30 of 100 delivered" in card
    assert "Count before the start: 1,204" in card
    assert await anna.toast() == "This is how it stands now."
    end = c.EndOrder(by="provider", order_id=order_id, status=OrderStatus.PARTIAL, remains=25)
    await anna.do(end)
    card = await anna.press("🔄 Refresh")
    assert "🧩 partly delivered" in card
    assert "75 of 100 delivered" in card
    assert "Came back to you: 50 points" in card


async def test_an_order_that_is_not_followed_says_so(anna):
    order_id = await order_likes(anna)
    await anna.do(c.SendOrder(by="system", order_id=order_id))
    await anna.do(c.AcceptOrder(by="provider", order_id=order_id))
    assert "✅ accepted; this provider doesn't report delivery" in await anna.say("/orders")


async def test_a_rejected_order_says_why(anna):
    order_id = await order_likes(anna)
    code = ReasonCode.REFUNDED_BY_ADMIN
    await anna.do(c.RejectOrder(by="admin:7", order_id=order_id, reason_code=code))
    await anna.say("/orders")
    card = await anna.press("1")
    assert "Why: It could not be carried out." in card
    assert "Came back to you: 200 points" in card


async def test_a_long_list_has_pages(anna):
    await anna.do(
        c.ChangeSetting(by="admin:7", name="orders_per_minute_max", value=100, key="setting")
    )
    for number in range(12):
        await anna.do(
            c.PlaceOrder(
                by=f"user:{anna.id}",
                user_id=anna.id,
                order_id=f"{number:012x}",
                video_link="https://www.youtube.com/watch?v=AbCdEfGhI_k",
                video_key="youtube:AbCdEfGhI_k",
                quantity=10 + number,
                price_points=20 + 2 * number,
                service_id="11",
            )
        )
    first = await anna.say("/orders")
    assert "newest first (page 1 of 2)" in first
    assert "1. 21 likes" in first
    second = await anna.press("Older ›")
    assert "11. 11 likes" in second
    assert second.buttons == [["11", "12"], ["‹ Newer"]]
    assert "10 likes for" in await anna.press("12")
    assert "page 2 of 2" in await anna.press("‹ My orders")
    assert second.id == first.id


async def test_an_order_that_has_left_the_memory_is_still_shown(anna, monkeypatch):
    monkeypatch.setattr("ledger.order_projections.CLOSED_KEPT_MS", -1)
    order_id = await order_likes(anna)
    await anna.accepted(order_id)
    await anna.do(c.EndOrder(by="provider", order_id=order_id, status=OrderStatus.COMPLETED))
    await order_likes(anna, "10")
    state = anna.room.ledger.state
    assert order_id not in state.orders
    assert is_known(state, order_id)
    assert "2. 100 likes, 200 points" in await anna.say("/orders")
    card = await anna.press("2")
    assert "✅ delivered" in card
    assert "100 of 100 delivered" in card


async def test_the_same_is_ordered_again_with_the_former_quantity_suggested(anna):
    await order_likes(anna, "123")
    await anna.say("/orders")
    card = await anna.press("1")
    seen = await anna.press("🔁 Order again")
    assert seen.id > card.id
    assert "How many likes?" in seen
    assert "123" in seen.buttons[0]
    await anna.press("123")
    await anna.press("✅ Confirm")
    orders = anna.room.ledger.state.orders.values()
    assert [(one.service_id, one.quantity) for one in orders] == [("11", 123), ("11", 123)]


async def test_what_is_not_on_sale_any_more_is_not_ordered_again(anna):
    await order_likes(anna)
    await anna.say("/orders")
    await anna.press("1")
    await anna.sell(replace(LIKES, is_on=False))
    await anna.press("🔁 Order again")
    assert await anna.toast() == "This service is not on sale any more."


async def test_the_provider_is_asked_to_stop_after_a_second_tap_and_only_once(anna):
    order_id = await order_likes(anna)
    await anna.accepted(order_id)
    await anna.say("/orders")
    card = await anna.press("1")
    seen = await anna.press("🛑 Ask to stop it")
    assert "Ask the provider to stop this order?" in seen
    assert requests(anna, order_id) == {}
    assert "🛑 Ask to stop it" in str((await anna.press("‹ No, go back")).buttons)
    await anna.press("🛑 Ask to stop it")
    seen = await anna.press("🛑 Yes, ask")
    assert requests(anna, order_id) == {OrderRequest.CANCEL: None}
    assert "The provider is asked to stop it, and has not answered." in seen
    assert "Ask to stop" not in str(seen.buttons)
    assert seen.id == card.id
    assert "done already" in await anna.forge(seen, "ask_now:0:cancel")
    answer = c.NoteRequestAnswer(
        by="provider", order_id=order_id, what=OrderRequest.CANCEL, granted=False
    )
    await anna.do(answer)
    seen = await anna.press("🔄 Refresh")
    assert "The provider says that it can't stop it." in seen
    assert "🛑 Ask to stop it" in str(seen.buttons), "it may be asked once more"


async def test_a_finished_order_can_be_refilled_and_not_stopped(anna):
    order_id = await order_likes(anna)
    await anna.accepted(order_id)
    await anna.do(c.EndOrder(by="provider", order_id=order_id, status=OrderStatus.COMPLETED))
    await anna.say("/orders")
    card = await anna.press("1")
    assert "Ask to stop" not in str(card.buttons)
    await anna.press("♻️ Ask for a refill")
    seen = await anna.press("♻️ Yes, ask")
    assert requests(anna, order_id) == {OrderRequest.REFILL: None}
    assert "asked for a refill, and has not answered" in seen


async def test_where_the_provider_can_not_nothing_is_offered_and_a_forged_tap_is_refused(anna):
    await anna.sell(replace(LIKES, can_cancel=False, can_refill=False))
    order_id = await order_likes(anna)
    await anna.accepted(order_id)
    await anna.say("/orders")
    card = await anna.press("1")
    assert "Ask" not in str(card.buttons)
    for forged in ("ask_for:0:cancel", "ask_now:0:cancel", "ask_now:0:refill", "ask_now:0:what"):
        assert "doesn't do this for this order" in await anna.forge(card, forged)
    assert requests(anna, order_id) == {}


@pytest.mark.parametrize("name", ["my_order", "again", "ask_for", "ask_now"])
async def test_nobody_reaches_an_order_of_somebody_else(anna, name):
    order_id = await order_likes(anna)
    await anna.accepted(order_id)
    ben = await Buyer.create(anna.room, "Ben")
    seen = await ben.say("/orders")
    before = anna.room.ledger.state.seq
    for what in (order_id, "0", "1", "-1", "", "0123456789ab"):
        assert "no longer works" in await ben.forge(seen, f"{name}:{what}:cancel")
    assert order_id not in str([one.text for one in await ben.user.messages()])
    assert anna.room.ledger.state.seq == before


def requests(anna, order_id):
    return anna.room.ledger.state.orders[order_id].requests
