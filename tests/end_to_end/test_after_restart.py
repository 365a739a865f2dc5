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
    await anna.say("https://youtu.be/ZyXwVuTsRqP")
    await anna.wait_for("How many views?")
    await anna.press("50", on=old)
    await anna.wait_for("Please check your order", "AbCdEfGhI_k")
    await anna.say("10")
    await anna.wait_for("Please check your order", "ZyXwVuTsRqP")


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
