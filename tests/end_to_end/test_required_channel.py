"""The required channel: who is no member is shown the way, and nobody loses anything on it."""

import pytest

BUTTON = "📢 Open the channel"


async def with_channel(shop, *, bot_is_admin: bool = True):
    await shop.world.add_channel("viewbank_news", bot_is_admin=bot_is_admin)
    await shop.admin.say("/set required_channel @viewbank_news")
    return await shop.admin.wait_for("people must join @viewbank_news before they can earn")


async def test_a_person_joins_the_channel_and_then_earns(shop):
    assert "⚠️" not in await with_channel(shop)
    anna = await shop.person("Anna")
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("please join our channel @viewbank_news first")
    assert await anna.link(BUTTON) == "https://t.me/viewbank_news"
    assert "You are not in @viewbank_news yet" in await anna.press("✅ I joined")
    await shop.world.set_member("viewbank_news", anna)
    await anna.press("✅ I joined")
    await anna.wait_for("You can earn points now")
    await anna.press("🪧 Watch another ad")
    await anna.wait_for("It pays")
    await anna.open("▶️ Open the ad")
    await anna.press("✅ I watched it")
    await anna.wait_for("Thank you!")


@pytest.mark.parametrize(
    ("status", "is_member", "earns"),
    [
        ("creator", False, True),
        ("administrator", False, True),
        ("member", False, True),
        ("restricted", True, True),
        ("restricted", False, False),
        ("left", False, False),
        ("kicked", False, False),
    ],
)
async def test_every_status_counts_as_telegram_means_it(shop, status, is_member, earns):
    await with_channel(shop)
    anna = await shop.person("Anna")
    await shop.world.set_member("viewbank_news", anna, status, is_member=is_member)
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("It pays" if earns else "please join our channel")


async def test_the_inviter_is_kept_and_hears_of_the_friend_before_the_channel(shop):
    await with_channel(shop)
    anna = await shop.person("Anna")
    code = shop.ledger.state.users[anna.id].referral_code
    ben = await shop.person("Ben", invite=code)
    await anna.wait_for("👋 Ben has joined with your link.")
    await ben.press("🪧 Watch Ads")
    await ben.wait_for("please join our channel")
    await shop.world.set_member("viewbank_news", ben)
    await ben.press("✅ I joined")
    await ben.wait_for("You can earn points now")
    assert shop.ledger.state.users[ben.id].referred_by == anna.id
    await anna.press("👥 Refer & Earn")
    await anna.wait_for("friends must join @viewbank_news", "⏳ Ben: 0 of 5 ads watched")


async def test_where_members_can_not_be_checked_nobody_is_held_back_and_admins_hear_once(shop):
    assert "I can't see who is in @viewbank_news" in await with_channel(shop, bot_is_admin=False)
    anna = await shop.person("Anna")
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("It pays")
    assert shop.ledger.state.books.required_channel == "@viewbank_news"
    told = [one for one in await shop.admin.messages() if "I can't see who is in" in one]
    assert len(told) == 1


async def test_a_bot_that_is_no_admin_any_more_tells_the_admins_once(shop):
    await with_channel(shop)
    await shop.world.add_channel("viewbank_news", bot_is_admin=False)
    for name in ("Anna", "Ben"):
        user = await shop.person(name)
        await user.press("🪧 Watch Ads")
        await user.wait_for("It pays")
    await shop.admin.wait_for("I can't see who is in", "ember list is inaccessible")
    told = [one for one in await shop.admin.messages() if "I can't see who is in" in one]
    assert len(told) == 1


async def test_a_failure_of_telegram_punishes_nobody(shop):
    await with_channel(shop)
    await shop.world.fault("error", "getChatMember", code=403, description="Forbidden: planned")
    anna = await shop.person("Anna")
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("It pays")
    assert await shop.world.clear_faults() == 1


async def test_a_member_is_asked_about_once_in_a_while(shop):
    await with_channel(shop)
    anna = await shop.person("Anna")
    await shop.world.set_member("viewbank_news", anna)
    before = len(await shop.world.calls("getChatMember"))
    for _ in range(3):
        await anna.press("🪧 Watch Ads")
        await anna.wait_for("It pays")
    assert len(await shop.world.calls("getChatMember")) == before + 1


async def test_switched_off_nobody_has_to_join(shop):
    await with_channel(shop)
    await shop.admin.say("/set")
    await shop.admin.wait_for("required_channel = @viewbank_news")
    await shop.admin.say("/set required_channel off")
    await shop.admin.wait_for("Nobody has to join a channel any more")
    anna = await shop.person("Anna")
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("It pays")
    await shop.admin.say("/set required_channel off")
    await shop.admin.wait_for("Nothing changed")


@pytest.mark.parametrize(
    "typed",
    [
        "https://t.me/+AbCdEf123",
        "-1001234567890",
        "@ab",
        "our channel",
        "@новости",
        "t.me/joinchat/x",
    ],
)
async def test_what_names_no_public_channel_is_refused_in_words(shop, typed):
    await shop.admin.say(f"/set required_channel {typed}")
    await shop.admin.wait_for("I need the @name of a public channel")
    assert shop.ledger.state.books.required_channel == ""


@pytest.mark.parametrize(
    "typed",
    ["@viewbank_news", "viewbank_news", "https://t.me/viewbank_news", "= t.me/viewbank_news/5"],
)
async def test_a_channel_may_be_given_as_people_have_it(shop, typed):
    await shop.world.add_channel("viewbank_news")
    await shop.admin.say(f"/set required_channel {typed}")
    await shop.admin.wait_for("people must join @viewbank_news")
