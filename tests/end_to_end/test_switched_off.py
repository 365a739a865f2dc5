"""What is not set, or set to nothing, is not offered, and what is limited says until when."""

import msgspec

VIDEO = "https://youtu.be/AbCdEfGhI_k"
FOUR_BUTTONS = [["👥 Refer & Earn"], ["📦 Buy Views", "💳 Balance"], ["📞 Contact Admin"]]


async def without_ads(shop):
    """Start the program again, with the token alone."""
    assert await shop.close() == 0
    shop.settings = msgspec.structs.replace(shop.settings, ad_url="")
    await shop.open()


async def test_without_an_ad_page_the_bot_runs_and_offers_no_ads(shop):
    await without_ads(shop)
    anna = await shop.person("Anna")
    (welcome,) = [one for one in await anna.messages() if "Welcome, Anna" in one]
    assert "Watch Ads" not in welcome
    assert "Inviting friends gives no points at the moment." in welcome
    assert await anna.keyboard() == FOUR_BUTTONS
    await anna.say("/help")
    assert "Watch Ads" not in await anna.wait_for("How it works")
    await anna.press("📦 Buy Views")
    assert "Watch Ads" not in await anna.wait_for("The smallest order is")
    await anna.say("/history")
    assert "Watch Ads" not in await anna.wait_for("Nothing has changed your points yet.")
    descriptions = shop.outside.sandbox.settings.descriptions
    assert "Watch ads" not in descriptions[""]
    assert "рекламу" not in descriptions["ru"]


async def test_a_button_of_an_earlier_menu_says_that_there_are_no_ads_and_the_menu_follows(shop):
    anna = await shop.person("Anna")
    await without_ads(shop)
    await anna.say("🪧 Watch Ads")
    await anna.wait_for("There are no ads at the moment.")
    assert await anna.keyboard() == FOUR_BUTTONS


async def test_ads_that_an_admin_switches_off_are_called_so(shop):
    anna = await shop.person("Anna")
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("It pays")
    await shop.set(ads_per_day_max=0)
    assert "There are no ads at the moment." in await anna.press("✅ I watched it")
    await anna.press("🪧 Watch Ads")
    said = await anna.wait_for("There are no ads at the moment.")
    assert "hours" not in said
    assert await anna.keyboard() == FOUR_BUTTONS
    await shop.set(ads_per_day_max=5)
    await anna.say("/start")
    await anna.wait_for("Welcome back")
    assert (await anna.keyboard())[0] == ["🪧 Watch Ads", "👥 Refer & Earn"]


async def to_confirm(anna):
    await anna.press("📦 Buy Views")
    await anna.wait_for("Send me the link")
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await anna.say("10")
    return await anna.wait_for("Please check your order")


async def test_an_order_too_many_waits_with_its_confirmation(shop):
    await shop.set(orders_per_minute_max=1)
    anna = await shop.person("Anna", points=1000)
    await to_confirm(anna)
    await anna.press("✅ Confirm")
    await anna.wait_for("is placed")
    question = await to_confirm(anna)
    refused = await anna.press("✅ Confirm")
    assert "You can place 1 order in a minute. The next one is possible in" in refused
    await shop.set(orders_per_minute_max=2)
    await anna.press("✅ Confirm", on=question.id)
    await anna.wait_for("is placed")
    assert len(shop.ledger.state.orders_of[anna.id]) == 2


async def test_with_a_limit_of_zero_nobody_is_asked_for_a_link(shop):
    anna = await shop.person("Anna", points=1000)
    await shop.set(orders_per_minute_max=0)
    await anna.press("📦 Buy Views")
    await anna.wait_for("Nobody can order at the moment.")
    await anna.say("/balance")
    assert "enough for" not in await anna.wait_for("You have 1,000 points.")


async def test_the_first_inviter_at_the_limit_is_known_to_the_admin_once(shop):
    await shop.set(referral_after_ads=0, referrals_per_day_max=2)
    anna = await shop.person("Anna")
    code = shop.ledger.state.users[anna.id].referral_code
    for name in ("Ben", "Cleo", "Dan"):
        await shop.person(name, invite=code)
    await anna.wait_for("for 2 friends today, and that is all for one day")
    await shop.admin.wait_for("Anna", "has got points for 2 friends today")
    await shop.admin.press("👤 Person")
    await shop.admin.wait_for("👤 Anna", "Friends: 3")
    told = [one for one in await shop.admin.messages() if "the most in one day" in one]
    assert len(told) == 1
    assert shop.balance(anna) == 2000
    await anna.press("👥 Refer & Earn")
    await anna.wait_for(
        "⏳ Dan: counted with one of the next ads they watch", "✅ Ben: +1,000 points"
    )
