"""Buying: what has changed between a question and its answer, and data that nobody was given."""

import pytest
from msgspec.structs import replace
from support.buyer_harness import COMMENTS, LIKES, MEMBERS, Buyer, offer

from ledger import commands as c
from ledger.order_status import OrderStatus

VIDEO = "https://youtu.be/AbCdEfGhI_k"
WAYS = ["🪧 Watch Ads", "👥 Refer & Earn"]


@pytest.fixture
async def anna(room):
    return await Buyer.create(room)


async def test_a_service_that_has_come_to_need_comments_asks_for_them_at_confirm(anna):
    await anna.sell(LIKES)
    await anna.at_confirm(VIDEO, "10")
    await anna.sell(replace(LIKES, service_type="Custom Comments", metric="comments"))
    seen = await anna.press("✅ Confirm")
    assert "Send me the comments, one on each line: 10 to 500" in seen
    assert anna.room.ledger.state.orders == {}


async def test_a_service_that_needs_no_comments_any_more_asks_how_many_at_confirm(anna):
    await anna.sell(COMMENTS)
    await anna.say(VIDEO)
    await anna.say("one\ntwo")
    await anna.sell(replace(COMMENTS, service_type="Default"))
    assert "How many comments?" in await anna.press("✅ Confirm")
    assert anna.room.ledger.state.orders == {}


async def test_a_number_in_forged_data_does_not_take_the_place_of_comments(anna):
    await anna.sell(COMMENTS)
    asked = await anna.say(VIDEO)
    await anna.forge(asked, "views:3:13")
    assert "Send me the comments" in await anna.user.last()
    question = await anna.say("one\ntwo\nthree")
    data = question.rows[0][0]["callback_data"]
    anna.forget()
    await anna.forge(question, data.replace(":3:300:", ":2:200:"))
    assert "Send me the comments" in await anna.user.last()
    assert anna.room.ledger.state.orders == {}


@pytest.mark.parametrize("button", ["✅ Confirm", "✏️ Another number"])
@pytest.mark.parametrize("restarted", [False, True])
async def test_a_service_off_sale_is_said_also_where_nothing_else_takes_its_link(
    anna, button, restarted
):
    await anna.sell(LIKES, MEMBERS)
    await anna.at_confirm(VIDEO, "10")
    await anna.sell(replace(LIKES, is_on=False))
    if restarted:
        anna.forget()
    seen = await anna.press(button)
    assert "This service is not on sale at the moment. Please choose another one." in seen
    assert anna.room.ledger.state.orders == {}


async def test_once_nothing_is_on_sale_confirm_says_so(anna):
    await anna.sell(LIKES)
    await anna.at_confirm(VIDEO, "10")
    await anna.sell(replace(LIKES, is_on=False))
    assert "There is nothing to buy at the moment." in await anna.press("✅ Confirm")


async def test_a_second_tap_on_confirm_finds_the_order_although_the_service_is_off_sale(anna):
    await anna.sell(LIKES)
    question = await anna.at_confirm(VIDEO, "10")
    data = question.rows[0][0]["callback_data"]
    await anna.press("✅ Confirm")
    await anna.sell(replace(LIKES, is_on=False))
    assert "placed already" in await anna.forge(await anna.user.last(), data)
    assert len(anna.room.ledger.state.orders) == 1


async def test_a_link_in_the_name_of_a_service_is_not_what_is_ordered_for(anna):
    await anna.sell(offer("20", name="Best https://evil.com/x", platform="", target="post"), LIKES)
    listed = await anna.say("📦 Buy Views")
    await anna.press(listed.buttons[1][0])
    listed = await anna.press("📋 All services")
    assert "evil.com" not in listed
    assert "Send me the link of the post." in await anna.press(listed.buttons[1][0])
    seen = await anna.say("https://example.org/mine")
    anna.forget()
    assert "Post: https://example.org/mine" in await anna.press("10", on=seen)


async def test_who_has_become_too_poor_is_told_once_how_to_get_points(anna):
    await anna.sell(COMMENTS, LIKES)
    await anna.say(VIDEO)
    await anna.press("YouTube comments · 100,000 points")
    await anna.give(-900)
    seen = await anna.say("one\ntwo")
    assert seen.buttons == [WAYS, ["📋 All services"]]
    assert "for that" not in seen


async def test_exactly_so_many_comments_as_the_service_takes_are_asked_for(anna):
    await anna.sell(replace(COMMENTS, quantity_max=2))
    assert "one on each line: exactly 2, all in one message." in await anna.say(VIDEO)


async def test_of_links_for_different_services_none_is_chosen(anna):
    await anna.sell(LIKES, MEMBERS)
    seen = await anna.say(f"{VIDEO} or https://t.me/durov")
    assert "There are different links in your message. Which one do you mean?" in seen
    anna.forget()
    assert "How many members?" in await anna.press("2. t.me/durov")


async def test_what_is_no_link_is_refused_in_words_for_all_that_is_on_sale(anna):
    await anna.sell(LIKES, MEMBERS)
    await anna.say("📦 Buy Views")
    assert "doesn't look like a link. Please copy the link and send it." in await anna.say("15")
    seen = await anna.say("https://example.com/x")
    assert "I can't take links of example.com. I can take: YouTube and Telegram." in seen
    assert "link that it leads to" in await anna.say("https://bit.ly/abc")


async def test_an_order_that_has_ended_waits_for_no_answer_to_stopping_it(anna):
    await anna.sell(LIKES)
    order_id = await anna.ordered(VIDEO, "10")
    await anna.accepted(order_id)
    await anna.press("📄 Show this order")
    await anna.press("🛑 Ask to stop it")
    assert "asked to stop it, and has not answered" in await anna.press("🛑 Yes, ask")
    await anna.do(
        c.EndOrder(by="provider", order_id=order_id, status=OrderStatus.CANCELED, remains=4)
    )
    seen = await anna.press("🔄 Refresh")
    assert "6 of 10 delivered" in seen
    assert "has not answered" not in seen
