"""An invited friend on the way to the bonus, as both sides see it."""

from ledger import commands as c


async def inviter(shop, **economy):
    await shop.set(**economy)
    anna = await shop.person("Anna")
    return anna, shop.ledger.state.users[anna.id].referral_code


async def watch(user, ads: int):
    for _ in range(ads):
        await user.press("🪧 Watch Ads")
        await user.wait_for("It pays")
        await user.open("▶️ Open the ad")
        await user.press("✅ I watched it")
        await user.wait_for("Thank you!")


async def test_both_sides_see_how_far_a_friend_is(shop):
    anna, code = await inviter(shop, referral_after_ads=3, referral_welcome_points=50)
    ben = await shop.person("Ben", invite=code)
    news = await anna.wait_for("👋 Ben has joined with your link.")
    assert "You get 1,000 points for each who watches 3 ads within 30 days." in news
    (sent,) = [one for one in await shop.world.calls("sendMessage") if "👋 Ben" in str(one.params)]
    assert sent.params["disable_notification"] is True
    await watch(ben, 1)
    await ben.press("💳 Balance")
    await ben.wait_for(
        "2 more ads and Anna gets 1,000 points for inviting you, and you get 50 points.",
        "That counts until",
    )
    await ben.press("👥 Refer & Earn")
    await ben.wait_for("2 more ads and Anna gets 1,000 points")
    await anna.press("👥 Refer & Earn")
    await anna.wait_for("On the way: 1", "⏳ Ben: 1 of 3 ads watched")
    await watch(ben, 2)
    await anna.wait_for("Thank you for inviting Ben")
    await ben.press("💳 Balance")
    assert "Anna" not in await ben.wait_for("You have")
    await anna.press("👥 Refer & Earn")
    assert "On the way" not in await anna.wait_for("✅ Ben: +1,000 points")


async def test_a_friend_sees_nothing_of_the_inviter_but_the_first_name(shop):
    await shop.set(referral_after_ads=1)
    anna = await shop.world.add_user("Anna", last_name="Secret", username="annasecret")
    await anna.start()
    await anna.wait_for("Welcome")
    ben = await shop.person("Ben", invite=shop.ledger.state.users[anna.id].referral_code)
    await ben.press("💳 Balance")
    seen = await ben.wait_for("1 more ad and Anna gets")
    assert "ecret" not in seen
    assert str(anna.id) not in seen


async def test_a_friend_who_is_stopped_is_refused_and_why(shop):
    anna, code = await inviter(shop, referral_after_ads=3)
    ben = await shop.person("Ben", invite=code)
    cleo = await shop.person("Cleo", invite=code)
    await shop.admin.say(f"/ban {ben.id}")
    await shop.admin.wait_for("is banned now")
    await shop.admin.say(f"/freeze {cleo.id}")
    await shop.admin.wait_for("❄️ Cleo")
    await anna.press("👥 Refer & Earn")
    await anna.wait_for(
        "Not counted: 2",
        "🚫 Ben: not counted, this account is banned",
        "🚫 Cleo: not counted, this account can't earn at the moment",
    )
    await cleo.press("💳 Balance")
    assert "Anna" not in await cleo.wait_for("You have")


async def test_a_long_list_of_friends_has_pages(shop):
    anna, code = await inviter(shop)
    for number in range(23):
        await shop.ledger.execute(
            c.Join(
                by=f"user:{number + 50}",
                user_id=number + 50,
                referral_code=f"friend{number}",
                invited_by_code=code,
            )
        )
    await anna.press("👥 Refer & Earn")
    await anna.wait_for("Friends who joined: 23", "page 1 of 3", "User 72:")
    await anna.press("Older ›")
    await anna.wait_for("page 2 of 3", "User 62:")
    await anna.press("Older ›")
    seen = await anna.wait_for("page 3 of 3", "User 50:")
    assert "Older ›" not in str(seen.buttons)
    await anna.press("‹ Newest")
    await anna.wait_for("page 1 of 3")
