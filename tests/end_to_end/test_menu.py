"""Every button of the menu: its texts and effects."""

import re

import msgspec
import pytest

VIDEO = "https://youtu.be/AbCdEfGhI_k?si=x"
CLEAN = "https://www.youtube.com/watch?v=AbCdEfGhI_k"


async def test_a_newcomer_sees_the_five_buttons(shop):
    anna = await shop.person("Anna")
    assert await anna.keyboard() == [
        ["🪧 Watch Ads", "👥 Refer & Earn"],
        ["📦 Buy Views", "💳 Balance"],
        ["📞 Contact Admin"],
    ]
    assert await anna.commands() == [
        "start",
        "balance",
        "history",
        "orders",
        "language",
        "help",
        "cancel",
    ]
    assert (await shop.admin.commands())[:2] == ["start", "balance"]
    assert {"admin", "adjust", "ban", "unban", "set"} <= set(await shop.admin.commands())


async def test_an_ad_is_paid_and_the_smallest_order_comes_nearer(shop):
    await shop.set(ad_reward_points=4)
    anna = await shop.person("Anna")
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("It pays", "4 points")
    assert (await anna.open("▶️ Open the ad")).endswith("/ad")
    answer = await anna.press("✅ I watched it")
    assert "+4 points" in answer
    await anna.wait_for(
        "You have 4 points", "░░░░░░░░░░ 96 more points for the smallest order: 10 views"
    )
    assert shop.balance(anna) == 4


async def test_an_ad_that_was_not_opened_pays_nothing_where_we_can_know(shop, way):
    await shop.set(ad_watch_s=600)
    anna = await shop.person("Anna")
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("It pays")
    told = await anna.press("✅ I watched it")
    if way == "polling":
        # Without an address of ours, the time counts from the offer.
        assert "Please stay on the ad for" in told
        return
    assert "Please open the ad first" in told
    await anna.open("▶️ Open the ad")
    assert "Please stay on the ad for" in await anna.press("✅ I watched it")
    await shop.set(ad_watch_s=0)
    await anna.press("✅ I watched it")
    await anna.wait_for("Thank you! +60 points")


async def test_without_an_ad_the_button_says_that_there_are_none(shop):
    shop.settings = msgspec.structs.replace(shop.settings, ad_url="")
    await shop.restart()
    anna = await shop.person("Anna")
    # The menu has no such button any more; an older message may still show one.
    await anna.say("🪧 Watch Ads")
    await anna.wait_for("There are no ads at the moment")


async def test_the_cooldown_and_the_watching_time_are_said_in_seconds(shop):
    await shop.set(ad_watch_s=600)
    anna = await shop.person("Anna")
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("Stay on it for 10 minutes")
    await anna.open("▶️ Open the ad")
    told = await anna.press("✅ I watched it")
    assert re.search(r"Please stay on the ad for (10|9) minutes.* more", told.text)
    assert shop.balance(anna) == 0
    await shop.set(ad_watch_s=0, ad_cooldown_s=600)
    await anna.open("▶️ Open the ad")
    await anna.press("✅ I watched it")
    await anna.wait_for("Thank you!")
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("The next ad is ready in")
    assert "The next ad is ready in" in await anna.press("🪧 Watch another ad")


async def test_a_double_tap_leaves_the_thanks_where_they_are(shop):
    anna = await shop.person("Anna")
    await anna.press("🪧 Watch Ads")
    offer = await anna.wait_for("It pays")
    await anna.open("▶️ Open the ad")
    await anna.press("✅ I watched it")
    await anna.wait_for("Thank you! +60 points")
    last = await shop.world.updates()
    await shop.world.repeat(last[-1]["update_id"], new_id=True)
    await anna.say("/balance")
    await anna.wait_for("You have 60 points")
    (thanks,) = [seen for seen in await anna.messages() if seen.id == offer.id]
    assert "Thank you! +60 points" in thanks


async def test_both_friends_hear_of_the_bonus(shop):
    await shop.set(referral_after_ads=1, referral_welcome_points=30)
    anna = await shop.person("Anna")
    await anna.press("👥 Refer & Earn")
    seen = await anna.wait_for("Friends who joined: 0")
    code = shop.ledger.state.users[anna.id].referral_code
    assert f"?start={code}" in seen
    ben = await shop.person("Ben", invite=code)
    await anna.press("👥 Refer & Earn")
    await anna.wait_for("Friends who joined: 1", "⏳ Ben: 0 of 1 ad watched")
    await ben.press("🪧 Watch Ads")
    await ben.wait_for("It pays")
    await ben.open("▶️ Open the ad")
    await ben.press("✅ I watched it")
    await ben.wait_for("Your welcome gift: +30 points")
    await anna.wait_for("Thank you for inviting Ben: +1,000 points! You have 1,000 points.")
    await anna.press("👥 Refer & Earn")
    await anna.wait_for("Friends you got points for: 1", "✅ Ben: +1,000 points")


async def test_inviting_oneself_or_an_old_user_changes_nothing(shop):
    anna = await shop.person("Anna")
    ben = await shop.person("Ben")
    for user in (anna, ben):
        await user.start(shop.ledger.state.users[anna.id].referral_code)
        await user.wait_for("Welcome back")
        assert shop.ledger.state.users[user.id].referred_by is None


async def test_views_are_bought_and_the_order_reports_by_itself(shop):
    anna = await shop.person("Anna", points=1234)
    await anna.press("📦 Buy Views")
    await anna.wait_for("Send me the link of your video")
    await anna.say(VIDEO)
    await anna.wait_for("How many views?", "from 10 to 123", CLEAN)
    await anna.say("50")
    await anna.wait_for("Price: 500 points", "734 points will be left")
    await anna.press("✅ Confirm")
    await anna.wait_for("is placed", "You have 734 points left")
    await anna.wait_for("is accepted")
    await anna.say("/orders")
    await anna.wait_for("50 views, 500 points", "✅ accepted")
    (order,) = await shop.world.provider.orders()
    assert (order.video, order.qty) == (CLEAN, 50)


async def test_a_tapped_number_and_a_link_out_of_the_blue_work_too(shop):
    anna = await shop.person("Anna", points=1000)
    await anna.say("youtu.be/AbCdEfGhI_k")
    await anna.wait_for("How many views?")
    await anna.press("All I can pay: 100")
    await anna.wait_for("Views: 100", "0 points will be left")
    await anna.press("✖️ Cancel")
    await anna.wait_for("nothing was ordered")
    assert shop.balance(anna) == 1000


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ("hello there", "That doesn't look like a link"),
        ("https://youtu.be/AbCdEfGhI", "not complete"),
        ("https://t.me/c/1234567890/55", "in a private channel"),
        ("https://www.tiktok.com/@me/photo/7123456789012345678", "a photo on TikTok"),
        ("https://bit.ly/3abcdef", "bit.ly only forwards to somewhere else"),
        ("https://example.com/v", "I can't take links of example.com"),
        ("https://www.youtube.com/@me", "a profile or channel on YouTube, not one single video"),
    ],
)
async def test_a_bad_link_gets_one_clear_sentence_and_the_question_again(shop, bad, sentence):
    anna = await shop.person("Anna", points=1000)
    await anna.press("📦 Buy Views")
    await anna.wait_for("Send me the link")
    await anna.say(bad)
    await anna.wait_for(sentence, "Send me the link of your video")
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")


@pytest.mark.parametrize("bad", ["many", "-5", "10.5", "1e3", "9", "101", "99999999999999999999"])
async def test_a_bad_number_gets_one_clear_sentence_and_the_question_again(shop, bad):
    anna = await shop.person("Anna", points=1000)
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await anna.say(bad)
    await anna.wait_for("How many views? Send a number from 10 to 100")
    await anna.say("10")
    await anna.wait_for("Please check your order")


@pytest.mark.parametrize("way_out", ["/cancel", "💳 Balance", "🪧 Watch Ads", "/start", "/help"])
async def test_a_command_or_menu_button_leaves_the_questions(shop, way_out):
    anna = await shop.person("Anna", points=1000)
    await anna.press("📦 Buy Views")
    await anna.wait_for("Send me the link")
    await anna.say(way_out)
    await anna.wait_for()
    await anna.say("50")
    await anna.wait_for("I don't know what to do with that")


async def test_too_few_points_are_said_before_any_question(shop):
    anna = await shop.person("Anna", points=40)
    await anna.press("📦 Buy Views")
    seen = await anna.wait_for("The smallest order is 10 views for 100", "You need 60 points more")
    assert seen.buttons == [["🪧 Watch Ads", "👥 Refer & Earn"]]
    await anna.press("👥 Refer & Earn", on=seen)
    await anna.wait_for("Your link")
    await anna.press("🪧 Watch Ads", on=seen)
    await anna.wait_for("It pays")


async def test_two_taps_on_confirm_make_one_order(shop):
    anna = await shop.person("Anna", points=1000)
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await anna.say("10")
    question = await anna.wait_for("Please check your order")
    await anna.press("✅ Confirm", on=question)
    last = await shop.world.updates()
    await anna.wait_for("is accepted")
    await shop.world.repeat(last[-1]["update_id"], new_id=True)
    await anna.say("💳 Balance")
    await anna.wait_for("You have 900 points")
    assert await shop.world.provider.requests() == 1


async def test_a_rejected_order_gives_the_points_back_and_says_why(shop):
    await shop.world.provider.answers({"kind": "error", "text": "Invalid Link"})
    anna = await shop.person("Anna", points=1000)
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await anna.say("10")
    await anna.wait_for("Please check")
    await anna.press("✅ Confirm")
    await anna.wait_for("was not possible", "100 points came back", "You have 1,000 points")


async def test_the_history_shows_change_reason_and_balance_newest_first(shop):
    anna = await shop.person("Anna", points=1000)
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("It pays")
    await anna.open("▶️ Open the ad")
    await anna.press("✅ I watched it")
    await anna.wait_for("Thank you")
    await anna.say("/history")
    seen = await anna.wait_for("What changed your points")
    ad, gift = seen.text.index("+60 · ad no. 1 watched"), seen.text.index("+1,000 · changed by")
    assert ad < gift
    assert "balance 1,060" in seen
    assert "welcome" in seen


async def test_a_long_history_is_leafed_through(shop):
    anna = await shop.person("Anna")
    for _ in range(12):
        await anna.press("🪧 Watch Ads")
        await anna.wait_for("It pays")
        await anna.open("▶️ Open the ad")
        await anna.press("✅ I watched it")
        await anna.wait_for("Thank you")
    await anna.say("/history")
    await anna.wait_for("ad no. 12 watched")
    await anna.press("Older ›")
    await anna.wait_for("ad no. 2 watched", "ad no. 1 watched")
    await anna.press("‹ Newest")
    await anna.wait_for("ad no. 12 watched")


async def test_a_history_that_fits_on_one_page_offers_no_older_one(shop):
    anna = await shop.person("Anna")
    for number in range(10):
        await shop.admin.say(f"/adjust {anna.id} 1 no. {number}")
        await anna.wait_for(f"no. {number}")
    await anna.say("/history")
    seen = await anna.wait_for("no. 9", "no. 0")
    assert seen.buttons == []


async def test_a_history_that_ends_sooner_than_thought_still_leads_back(shop):
    anna = await shop.person("Anna", points=5)
    await anna.say("/history")
    seen = await anna.wait_for("What changed your points")
    for forged in ("mine:1:5", "mine:99999999999999999999:5"):
        body = {"message_id": seen.id, "data": forged, "wait_s": 10, "forged": True}
        await shop.world.wire.post(f"/users/{anna.id}/press", body)
    last = await anna.wait_for("There is nothing older to show here")
    assert last.buttons == [["‹ Newest"]]


async def test_a_person_gets_the_answer_though_telegram_wants_a_pause(shop):
    anna = await shop.person("Anna")
    await shop.world.fault("429", "sendMessage", retry_after_s=1)
    await anna.say("/balance")
    await anna.wait_for("You have 0 points")
    assert await shop.world.clear_faults() == 1


async def test_help_and_unknown_words_point_to_the_menu(shop):
    anna = await shop.person("Anna")
    await anna.say("/help")
    await anna.wait_for("How it works", "a view costs 10 points".capitalize())
    await anna.say("/unknown")
    await anna.wait_for("I don't know what to do with that")


async def test_an_offer_from_before_there_was_an_address_gets_a_button_that_counts(shop, way):
    anna = await shop.person("Anna")
    await anna.press("🪧 Watch Ads")
    offer = await anna.wait_for("It pays")
    shop.switch(way, public=True)
    await shop.restart()
    assert "Please open the ad first" in await anna.press("✅ I watched it", on=offer)
    await anna.open("▶️ Open the ad", on=offer)
    await anna.press("✅ I watched it", on=offer)
    await anna.wait_for("Thank you! +60 points")
