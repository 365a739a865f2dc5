"""Links and numbers as people really send them, and answers that change an order."""

import pytest

VIDEO = "https://youtu.be/AbCdEfGhI_k"
OTHER = "https://youtu.be/ZyXwVuTsR_q"
CLEAN = "https://www.youtube.com/watch?v=AbCdEfGhI_k"
OTHER_CLEAN = "https://www.youtube.com/watch?v=ZyXwVuTsR_q"


async def at_confirm(shop, points=1000, quantity="10"):
    anna = await shop.person("Anna", points=points)
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await anna.say(quantity)
    return anna, await anna.wait_for("Please check your order", CLEAN)


@pytest.mark.parametrize(
    "text",
    [
        f"Смотри{VIDEO},спасибо👍",
        "look at hhttps//youtu.be/AbCdEfGhI_k!",
        f"\u202a{VIDEO}\u202c {VIDEO}?si=abc",
        "[видео](youtu.be/AbCdEfGhI_k)",
    ],
)
async def test_a_link_among_words_starts_an_order(shop, text):
    anna = await shop.person("Anna", points=1000)
    await anna.say(text)
    await anna.wait_for("How many views?", CLEAN)


async def test_of_two_videos_a_person_chooses_one_after_a_restart_too(shop):
    anna = await shop.person("Anna", points=1000)
    await anna.say(f"{VIDEO} or {OTHER}")
    question = await anna.wait_for("Which one do you mean?", CLEAN, OTHER_CLEAN)
    assert question.buttons == [
        ["1. youtube.com/watch?v=AbCdEfGhI_k"],
        ["2. youtube.com/watch?v=ZyXwVuTsR_q"],
    ]
    await shop.restart()
    await anna.press("video:1", on=question)
    await anna.wait_for("How many views?", OTHER_CLEAN)
    await anna.say(f"{VIDEO} or {OTHER}")
    question = await anna.wait_for("Which one do you mean?")
    for forged in ("video:2", "video:-1", "video:x", "video:", "video"):
        body = {"message_id": question.id, "data": forged, "wait_s": 10, "forged": True}
        answer = await shop.world.wire.post(f"/users/{anna.id}/press", body)
        assert "no longer works" in answer["answer"]["text"]


async def test_a_caption_has_links_too(shop):
    anna = await shop.person("Anna", points=1000)
    await anna.send_document(b"x", "x.txt", f"views for {VIDEO}, please")
    await anna.wait_for("How many views?", CLEAN)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https://youtu.be/AbCdEfGhI", "This link to YouTube is not complete"),
        ("https://www.tiktok.com/@me", "This is a profile or channel on TikTok"),
        ("https://bit.ly/abc", "bit.ly only forwards"),
        ("https://example.com/v", "I can't take links of example.com"),
        ("https://y\u043eutube.com/watch?v=AbCdEfGhI_k", "This link looks disguised"),
    ],
)
async def test_a_bad_link_gets_its_reason_outside_buying_too(shop, text, reason):
    anna = await shop.person("Anna", points=1000)
    await anna.say(text)
    seen = await anna.wait_for(reason)
    assert "I don't know" not in seen
    await anna.say("hello there. And so on/so forth")
    await anna.wait_for("I don't know what to do with that")


async def test_a_banned_person_who_sends_a_link_hears_of_the_ban(shop):
    anna = await shop.person("Anna")
    await shop.admin.say(f"/ban {anna.id} spam")
    await anna.wait_for("Reason: spam")
    for text in (VIDEO, "https://bit.ly/abc", "📦 Buy Views", "🪧 Watch Ads"):
        await anna.say(text)
        seen = await anna.wait_for("You are banned", "write to the admin (📞 Contact Admin)")
        assert "Earn" not in seen


# Numbers.


@pytest.mark.parametrize(
    "typed", ["\u200e50", "50 views", "+50", "0.05k", "5\ufe0f\u20e30", "٥٠", "50."]
)
async def test_a_number_of_views_is_understood_however_it_is_typed(shop, typed):
    _, question = await at_confirm(shop, quantity=typed)
    assert "Views: 50" in question


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("many", "There is no number in “many”"),
        ("10-20", "“10-20” is more than one number"),
        ("10.5", "“10.5” is not a whole number"),
        ("½", "“½” is not a whole number"),
        ("50+", "“50+” is not one exact number"),
        ("$50", "I am not sure which number “$50” means"),
        ("9" * 4000, "is too large"),
        ("-5", "An order can be from 10 to 100,000 views"),
    ],
)
async def test_what_is_no_number_of_views_gets_the_reason(shop, typed, reason):
    anna = await shop.person("Anna", points=1000)
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await anna.say(typed)
    await anna.wait_for(reason, "Send a number from 10 to 100")


@pytest.mark.parametrize(
    ("typed", "change"),
    [
        ("+1,000 x", "+1,000 points"),
        ("1 000 x", "+1,000 points"),
        ("1\u00a0500 x", "+1,500 points"),
        ("+ 20 x", "+20 points"),
        ("1.5k x", "+1,500 points"),
        ("\u200e７ x", "+7 points"),
        ("100 points for x", "+100 points"),
    ],
)
async def test_an_adjustment_is_understood_however_it_is_typed(shop, typed, change):
    anna = await shop.person("Anna")
    await shop.admin.say(f"/adjust \u200e{anna.id} {typed}")
    await shop.admin.wait_for(f"✅ {change} for Anna")
    await anna.wait_for(change, "Reason: ")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("7 +100", "The reason is missing"),
        ("7 +100 points", "The reason is missing"),
        ("7", "The amount and the reason are missing"),
        ("7 ten x", "There is no number in “ten”"),
        ("7 1.5 x", "“1.5” is not a whole number"),
        ("7 5 500 x", "“5 500” can be read in different ways"),
        ("7 100-200 x", "“100-200” is more than one number"),
        ("7 " + "9" * 3000 + " x", "is too large"),
    ],
)
async def test_an_adjustment_that_is_not_understood_says_why(shop, typed, reason):
    await shop.admin.say(f"/adjust {typed}")
    await shop.admin.wait_for(reason, "Use it like this: /adjust 42 +100 thanks for waiting")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("ad_cooldown_s \u22120", "ad_cooldown_s is"),
        ("ad_cooldown_s 45 s", "ad_cooldown_s is 45 from now on"),
        ("order_views_max 20 000", "order_views_max is 20,000 from now on"),
        ("order_views_max = 20.000", "order_views_max is 20,000 from now on"),
        ("ORDER_VIEWS_MAX=20k", "order_views_max is 20,000 from now on"),
        ("\u200eorder_views_max \u200e20\u202f000", "order_views_max is 20,000 from now on"),
        ("order_views_max", "The new value is missing"),
        ("order_views_max many", "There is no number in “many”"),
        ("order_views_max 1,5", "order_views_max takes a whole number, not “1,5”"),
        ("no_such_setting x", "There is no setting called no_such_setting"),
        ("ad_cooldown_s 1 min", "I am not sure which number"),
    ],
)
async def test_a_setting_is_understood_however_it_is_typed_or_says_why_not(shop, typed, answer):
    await shop.set(ad_cooldown_s=1)
    await shop.admin.say(f"/set {typed}")
    await shop.admin.wait_for(answer)


async def test_a_pasted_id_or_time_may_have_marks_and_groups(shop):
    anna = await shop.person("Anna", points=5)
    grouped = f"{anna.id:,}"
    for typed in (
        f"\u200e{anna.id}\u200f",
        grouped,
        "\u2066@Anna\u2069",
        f"{anna.id} at \uff19\uff19",
    ):
        await shop.admin.say(f"/history {typed}")
        await shop.admin.wait_for(f"id {anna.id}", "Balance")


# At Confirm.


async def test_a_number_at_confirm_changes_the_order_also_if_the_old_buttons_stay(shop):
    anna, first = await at_confirm(shop)
    for method in ("deleteMessage", "editMessageText"):
        await shop.world.fault("error", method)
    await anna.say("20 views")
    second = await anna.wait_for("Please check your order", "Views: 20", CLEAN)
    assert "changed this order" in (await anna.press("✅ Confirm", on=first)).text
    await anna.press("✅ Confirm", on=second)
    await anna.wait_for("is placed: 20 views", "You have 800 points left")
    assert await shop.world.provider.requests() <= 1
    assert len(shop.ledger.state.orders) == 1


async def test_a_link_at_confirm_changes_the_order_and_keeps_the_number(shop):
    anna, _ = await at_confirm(shop)
    await anna.say(f"sorry, {OTHER}")
    question = await anna.wait_for("Please check your order", "Views: 10", OTHER_CLEAN)
    await anna.press("✅ Confirm", on=question)
    await anna.wait_for("is placed: 10 views", OTHER_CLEAN)


async def test_an_order_that_was_changed_is_placed_once_even_after_a_restart(shop):
    anna, first = await at_confirm(shop)
    for method in ("deleteMessage", "editMessageText"):
        await shop.world.fault("error", method)
    await anna.say("20")
    second = await anna.wait_for("Please check your order", "Views: 20")
    await shop.restart()
    await anna.press("✅ Confirm", on=first)
    await anna.wait_for("is placed: 10 views")
    assert "placed already" in (await anna.press("✅ Confirm", on=second)).text
    assert [order.quantity for order in shop.ledger.state.orders.values()] == [10]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("yes", "To order, tap “✅ Confirm”"),
        ("5 or 6", "“5 or 6” is more than one number"),
        ("9", "An order can be from 10 to 100,000 views"),
        ("101", "You need 10 more points"),
        ("https://bit.ly/abc", "bit.ly only forwards"),
    ],
)
async def test_anything_else_at_confirm_leaves_the_order_as_it_is(shop, typed, answer):
    anna, question = await at_confirm(shop)
    await anna.say(typed)
    await anna.wait_for(answer, "Please check your order", "Views: 10")
    # The question stands below the answer, and no more where it was.
    await shop.world.wait_for_call("deleteMessage")
    assert question.id not in {seen.id for seen in await anna.messages()}
    await anna.press("✅ Confirm")
    await anna.wait_for("is placed: 10 views")


@pytest.mark.parametrize("button", ["✅ Confirm", "✖️ Cancel"])
async def test_after_the_last_answer_a_number_changes_nothing_any_more(shop, button):
    anna, question = await at_confirm(shop)
    await anna.press(button, on=question)
    await anna.wait_for()
    await anna.say("20")
    await anna.wait_for("I don't know what to do with that")


# Buttons that lead nowhere.


@pytest.mark.parametrize("first", [0, 1])
async def test_of_two_open_ads_the_second_leads_on_to_the_next_one(shop, first):
    anna = await shop.person("Anna")
    offers = []
    for _ in range(2):
        await anna.press("🪧 Watch Ads")
        offers.append(await anna.wait_for("It pays"))
    await anna.open("▶️ Open the ad", on=offers[first])
    await anna.press("✅ I watched it", on=offers[first])
    await anna.wait_for("Thank you")
    await anna.press("✅ I watched it", on=offers[1 - first])
    seen = await anna.wait_for("This ad has been paid already", "You have 60 points")
    assert seen.buttons == [["🪧 Watch another ad"]]
    await anna.press("🪧 Watch another ad", on=seen)
    await anna.wait_for("It pays")
    assert shop.balance(anna) == 60


async def test_after_a_double_tap_the_thanks_stay(shop):
    anna = await shop.person("Anna")
    await anna.press("🪧 Watch Ads")
    offer = await anna.wait_for("It pays")
    await anna.open("▶️ Open the ad", on=offer)
    await anna.press("✅ I watched it", on=offer)
    await anna.wait_for("Thank you")
    await shop.world.repeat_last(new_id=True)
    await anna.wait_for("This ad has been paid already")
    (now,) = [seen for seen in await anna.messages() if seen.id == offer.id]
    assert "Thank you" in now
