"""Buying one of several services: what is asked, where it is shown, and what is ordered."""

import pytest
from msgspec.structs import replace
from support.buyer_harness import COMMENTS, LIKES, MEMBERS, POSTS, VIEWS, Buyer, offer

from ledger.reason_codes import PauseReason

VIDEO = "https://youtu.be/AbCdEfGhI_k"
CLEAN = "https://www.youtube.com/watch?v=AbCdEfGhI_k"
OTHER = "https://youtu.be/ZyXwVuTsR_q"


@pytest.fixture
async def anna(room):
    return await Buyer.create(room)


def the_order(anna):
    (order,) = anna.room.ledger.state.orders.values()
    return order


async def test_a_link_suggests_the_services_of_its_platform_and_one_message_leads_to_the_order(
    anna,
):
    await anna.sell(LIKES, VIEWS, MEMBERS)
    listed = await anna.say(VIDEO)
    assert listed.buttons == [
        ["YouTube likes · 2,000 points"],
        ["YouTube views · 2,000 points"],
        ["📋 All services"],
    ]
    asked = await anna.press("YouTube likes · 2,000 points")
    assert "How many likes? Send a number from 10 to 500" in asked
    assert "1,000 likes cost 2,000 points" in asked
    question = await anna.press("All I can pay: 500")
    assert "Likes: 500" in question
    assert "0 points will be left" in question
    placed = await anna.press("✅ Confirm")
    assert "is placed: 500 likes" in placed
    assert {one.id for one in (listed, asked, question, placed)} == {listed.id}
    order = the_order(anna)
    assert (order.service_id, order.quantity, order.total_cost) == ("11", 500, 1000)
    assert (order.video_link, order.video_key) == (CLEAN, "youtube:AbCdEfGhI_k")


async def test_a_link_that_one_service_takes_needs_no_choice(anna):
    await anna.sell(LIKES, POSTS)
    seen = await anna.say("https://www.instagram.com/p/Cabcdefghij/")
    assert "How many likes?" in seen
    assert "Instagram likes" in seen


async def test_with_one_service_on_sale_the_link_is_asked_for_at_once(anna):
    await anna.sell(LIKES)
    seen = await anna.say("📦 Buy Views")
    assert "YouTube likes\n\nSend me the link of the video on YouTube." in seen
    assert "How many likes?" in await anna.say(VIDEO)


async def test_a_service_that_was_chosen_first_asks_for_its_own_kind_of_link(anna):
    await anna.sell(LIKES, MEMBERS)
    await anna.say("📦 Buy Views")
    seen = await anna.press("Telegram members · 2,000 points")
    assert "Send me the link of the profile or channel on Telegram." in seen
    refused = await anna.say(VIDEO)
    assert "This is a link to YouTube, and the service is for Telegram." in refused
    assert "Send me the link of the profile or channel on Telegram." in refused
    seen = await anna.say("@durov")
    assert "How many members?" in seen
    assert "https://t.me/durov" in seen
    await anna.say("10")
    await anna.press("✅ Confirm")
    assert the_order(anna).video_link == "https://t.me/durov"


async def test_a_name_alone_says_nothing_before_a_service_is_chosen(anna):
    await anna.sell(LIKES, MEMBERS)
    assert "I don't know what to do with that" in await anna.say("hello @durov")


async def test_another_link_changes_the_service_if_the_old_one_does_not_take_it(anna):
    await anna.sell(LIKES, MEMBERS)
    await anna.at_confirm(VIDEO, "20")
    seen = await anna.say("https://t.me/durov")
    assert "How many members?" in seen
    assert "durov" in seen


async def test_many_services_are_listed_by_platform_and_page(anna):
    await anna.sell(*[offer(f"{n}", name=f"Service {n}", position=n) for n in range(20, 32)])
    await anna.sell(MEMBERS)
    top = await anna.say("📦 Buy Views")
    assert top.buttons == [["Telegram", "YouTube"]]
    page = await anna.press("YouTube")
    assert page.buttons[0] == ["Service 20 · 2,000 points"]
    assert page.buttons[8:] == [["More ›"], ["📋 All services"]]
    page = await anna.press("More ›")
    assert page.buttons[-2:] == [["‹ Back"], ["📋 All services"]]
    assert page.buttons[0] == ["Service 28 · 2,000 points"]
    assert (await anna.press("📋 All services")).buttons == top.buttons
    assert page.id == top.id


async def test_the_pages_of_a_link_keep_the_link(anna):
    await anna.sell(*[offer(f"{n}", name=f"Service {n}", position=n) for n in range(20, 32)])
    await anna.sell(MEMBERS)
    await anna.say(VIDEO)
    anna.forget()
    await anna.press("More ›")
    seen = await anna.press("Service 30 · 2,000 points")
    assert "How many likes?" in seen
    assert CLEAN in seen


async def test_a_service_with_a_long_id_can_be_bought(anna):
    long = offer("service number 1234567890 of the panel: likes", name="Long")
    await anna.sell(long, VIEWS)
    await anna.say(VIDEO)
    await anna.press("Long · 2,000 points")
    anna.forget()
    await anna.press("10")
    anna.forget()
    await anna.press("✅ Confirm")
    assert the_order(anna).service_id == long.service_id


async def test_something_typed_is_answered_below_and_the_former_message_is_deleted(anna):
    await anna.sell(LIKES, VIEWS)
    await anna.say(VIDEO)
    asked = await anna.press("YouTube likes · 2,000 points")
    question = await anna.say("50")
    assert question.id > asked.id
    changed = await anna.say("60 likes")
    assert "Likes: 60" in changed
    left = {seen.id for seen in await anna.user.messages()}
    assert changed.id in left
    assert not left & {asked.id, question.id}
    await anna.press("✅ Confirm")
    assert the_order(anna).quantity == 60


async def test_a_former_message_that_telegram_does_not_delete_becomes_a_line_without_buttons(anna):
    await anna.sell(LIKES)
    asked = await anna.say(VIDEO)
    await anna.room.world.fault("error", "deleteMessage")
    await anna.say("50")
    (old,) = [seen for seen in await anna.user.messages() if seen.id == asked.id]
    assert old.text == "⬇️ This goes on in a newer message below."
    assert old.buttons == []


async def test_who_has_deleted_the_question_can_answer_it_all_the_same(anna):
    await anna.sell(LIKES)
    asked = await anna.say(VIDEO)
    await anna.room.bot.delete(anna.id, asked.id)
    assert "Likes: 50" in await anna.say("50")
    assert await anna.room.world.calls("editMessageText") == []


async def test_two_taps_on_everything_make_one_order(anna):
    await anna.sell(LIKES)
    asked = await anna.say(VIDEO)
    first = await anna.press("10")
    await anna.forge(asked, "views:10:11")
    again = await anna.user.last()
    assert again.rows == first.rows, "the same order, with the same id"
    data = first.rows[0][0]["callback_data"]
    await anna.press("✅ Confirm")
    # The message has changed meanwhile, but the second tap was sent with the first.
    assert "placed already" in await anna.forge(await anna.user.last(), data)
    assert len(anna.room.ledger.state.orders) == 1


async def test_a_service_that_is_paused_before_confirm_is_not_ordered(anna):
    await anna.sell(LIKES, VIEWS)
    await anna.say(VIDEO)
    await anna.press("YouTube likes · 2,000 points")
    await anna.press("10")
    await anna.sell(replace(LIKES, paused_because=PauseReason.PRICE_ROSE))
    seen = await anna.press("✅ Confirm")
    assert "This service is not on sale at the moment" in seen
    # The other one takes the link, and is asked about in the same message.
    assert "How many views?" in seen
    assert anna.balance == 1000


async def test_with_nothing_on_sale_that_is_said_in_one_sentence(anna):
    await anna.sell(replace(LIKES, is_on=False))
    sentence = "There is nothing to buy at the moment. Your points stay yours."
    assert (await anna.say("📦 Buy Views")).text == sentence
    assert (await anna.say(VIDEO)).text == sentence


async def test_without_an_offer_views_are_sold_only_where_the_shop_sells_them(anna):
    assert "Send me the link of your video" in await anna.say("📦 Buy Views")
    anna.room.services.sells_views = False
    assert "There is nothing to buy" in await anna.say("📦 Buy Views")


async def test_views_of_before_are_not_ordered_once_there_are_offers(anna):
    await anna.at_confirm(VIDEO, "10")
    await anna.sell(LIKES)
    seen = await anna.press("✅ Confirm")
    assert "This service is not on sale at the moment" in seen
    assert anna.room.ledger.state.orders == {}


async def test_a_price_that_changed_is_shown_and_can_be_confirmed(anna):
    await anna.sell(LIKES)
    before = await anna.at_confirm(VIDEO, "10")
    await anna.sell(replace(LIKES, points_per_1000=3000))
    seen = await anna.press("✅ Confirm")
    assert "The price has changed, so nothing was ordered yet." in seen
    assert "Price: 30 points" in seen
    assert seen.id == before.id
    await anna.press("✅ Confirm")
    assert the_order(anna).total_cost == 30


async def test_limits_that_changed_are_said_and_the_number_asked_for_anew(anna):
    await anna.sell(LIKES)
    await anna.at_confirm(VIDEO, "10")
    await anna.sell(replace(LIKES, quantity_min=50))
    seen = await anna.press("✅ Confirm")
    assert "An order can be from 50 to 1,000 likes." in seen
    assert "How many likes? Send a number from 50 to 500" in seen


async def test_too_few_points_say_how_many_are_missing_and_lead_to_more(anna):
    await anna.sell(LIKES)
    await anna.say(VIDEO)
    seen = await anna.say("501")
    assert "You need 2 more points for that (you have 1,000)." in seen
    assert "How many likes?" in seen
    await anna.give(-995)
    seen = await anna.say("📦 Buy Views")
    assert "You need 15 points more." in seen
    assert seen.buttons == [["🪧 Watch Ads", "👥 Refer & Earn"]]
    assert "Your link" in await anna.press("👥 Refer & Earn", on=seen)
    assert "It pays" in await anna.press("🪧 Watch Ads", on=seen)


async def test_a_number_that_costs_too_much_offers_ways_to_earn_there_and_then(anna):
    await anna.sell(LIKES)
    await anna.say(VIDEO)
    seen = await anna.say("900")
    assert ["🪧 Watch Ads", "👥 Refer & Earn"] in seen.buttons


async def test_comments_are_one_a_line_and_shown_and_survive_a_restart(anna):
    await anna.sell(COMMENTS)
    asked = await anna.say(VIDEO)
    assert "Send me the comments, one on each line" in asked
    assert "An order can be from 2 to 5 comments." in await anna.say("only one")
    seen = await anna.say("so <b>good</b> 👍\n\n  see https://example.com/x  \nthird")
    assert "Comments: 3" in seen
    anna.forget()
    await anna.press("✅ Confirm")
    order = the_order(anna)
    assert order.comments == "so <b>good</b> 👍\nsee https://example.com/x\nthird"
    assert (order.quantity, order.total_cost, order.video_link) == (3, 300, CLEAN)


async def test_other_comments_take_the_place_of_the_first_ones(anna):
    await anna.sell(COMMENTS)
    await anna.say(VIDEO)
    await anna.say("one\ntwo")
    assert "All comments together can have" in await anna.say(("x" * 2000 + "\n") * 2)
    await anna.press("✏️ Other comments")
    await anna.say("three\nfour")
    await anna.press("✅ Confirm")
    assert the_order(anna).comments == "three\nfour"


async def test_a_tap_in_another_conversation_leaves_that_open(anna):
    await anna.sell(LIKES)
    asked = await anna.say(VIDEO)
    await anna.say("📞 Contact Admin")
    await anna.press("10", on=asked)
    assert "Your message is with the admin" in await anna.say("hello there")


async def test_a_banned_person_buys_nothing_with_old_buttons(anna):
    from ledger import commands as c  # noqa: PLC0415

    await anna.sell(LIKES)
    await anna.say(VIDEO)
    await anna.do(c.Ban(by="admin:7", user_id=anna.id, key="k", reason="spam"))
    assert "You are banned" in await anna.press("10")


@pytest.mark.parametrize(
    "data",
    [
        "views:0:11",
        "views:-5:11",
        "views",
        "order",
        "order:1:2:3:4",
        "change:x:11",
        "choose",
        "choose:nothing",
        "shop:-5:*",
        "shop:99:youtube",
        "video:7:11",
    ],
)
async def test_forged_data_orders_nothing_and_breaks_nothing(anna, data, caplog):
    await anna.sell(LIKES, VIEWS)
    listed = await anna.say(VIDEO)
    await anna.forge(listed, data)
    assert anna.room.ledger.state.orders == {}
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []


async def test_an_order_of_somebody_else_is_not_shown_by_its_confirm_button(anna):
    await anna.sell(LIKES)
    question = await anna.at_confirm(VIDEO, "10")
    ben = await Buyer.create(anna.room, "Ben")
    data = question.rows[0][0]["callback_data"]
    await anna.press("✅ Confirm")
    asked = await ben.say(VIDEO)
    assert "placed already" in await ben.forge(asked, data)
    assert "is placed" not in await ben.user.last()
    assert len(anna.room.ledger.state.orders) == 1
