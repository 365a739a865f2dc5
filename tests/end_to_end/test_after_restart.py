"""Buttons and questions from before a restart, and updates handled a second time."""

VIDEO = "https://youtu.be/AbCdEfGhI_k"


async def test_a_number_tapped_after_a_restart_is_taken(shop):
    anna = await shop.person("Anna", points=1000)
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await shop.restart()
    await anna.press("50")
    await anna.wait_for("Please check your order", "AbCdEfGhI_k", "Views: 50")


async def test_an_old_number_is_about_its_own_video_and_leaves_the_newer_question(shop):
    anna = await shop.person("Anna", points=1000)
    await anna.say(VIDEO)
    old = await anna.wait_for("How many views?")
    # After a restart the bot knows of no former message, whose buttons then stay.
    await shop.restart()
    await anna.say("https://youtu.be/ZyXwVuTsRqP")
    await anna.wait_for("How many views?", "ZyXwVuTsRqP")
    await anna.press("50", on=old)
    assert (await anna.wait_for("Please check your order", "AbCdEfGhI_k")).id == old.id
    await anna.say("10")
    await anna.wait_for("Please check your order", "ZyXwVuTsRqP")


async def test_the_link_and_the_number_go_on_in_one_message_after_a_restart_too(shop):
    anna = await shop.person("Anna", points=1000)
    await anna.say(VIDEO)
    asked = await anna.wait_for("How many views?")
    await anna.press("50")
    assert (await anna.wait_for("Please check your order", "Views: 50")).id == asked.id
    await shop.restart()
    await anna.press("✏️ Another number")
    assert (await anna.wait_for("How many views?")).id == asked.id
    await shop.restart()
    await anna.press("All I can pay: 100")
    await anna.wait_for("Views: 100")
    await shop.restart()
    await anna.press("✅ Confirm")
    assert (await anna.wait_for("is placed: 100 views")).id == asked.id
    await anna.press("📄 Show this order")
    assert (await anna.wait_for("100 views for", "Ordered: ")).id == asked.id


async def test_buttons_from_before_there_were_services_still_work(shop):
    """Their data names no service: views of videos."""
    anna = await shop.person("Anna", points=1000)
    await anna.say(VIDEO)
    asked = await anna.wait_for("How many views?")
    await press(shop, anna, asked, "views:20")
    question = await anna.wait_for("Please check your order", "Views: 20")
    await press(shop, anna, question, "order:00000000000a:20:200")
    await anna.wait_for("Order 00000000000a is placed: 20 views")
    for old in ("order:00000000000b:20:200", "views:20", "change:00000000000b", "no_order:x"):
        told = await press(shop, anna, await anna.say("hello"), old)
        assert old.startswith("no_order") or "no longer works" in told["text"]
    assert len(shop.ledger.state.orders) == 1


async def press(shop, user, message, data):
    """Press a button that may be forged, or from an older version."""
    body = {"message_id": message.id, "data": data, "wait_s": 10, "forged": True}
    return (await shop.world.wire.post(f"/users/{user.id}/press", body))["answer"]


async def test_words_that_are_too_late_for_a_press_come_as_a_message(shop):
    """As after a kill between the answer to a press and what was to follow."""
    anna = await shop.person("Anna", points=1000)
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("It pays")
    await anna.open("▶️ Open the ad")
    await anna.press("✅ I watched it")
    await anna.wait_for("Thank you!")
    await shop.world.repeat_last(new_id=True)
    await anna.wait_for("This ad has been paid already")
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await anna.say("10")
    await anna.wait_for("Please check")
    await anna.press("✅ Confirm")
    last = (await shop.world.updates())[-1]
    await anna.wait_for("is placed")
    await shop.world.repeat(last["update_id"], new_id=True)
    await anna.wait_for("This order is placed already")
