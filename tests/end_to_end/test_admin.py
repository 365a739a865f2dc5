"""What admins, and only admins, can do."""

import pytest

from ledger.order_status import OrderStatus

VIDEO = "https://youtu.be/AbCdEfGhI_k"


@pytest.mark.parametrize(
    "command",
    [
        "/admin",
        "/adjust 7 +100 me",
        "/ban 7",
        "/unban 7",
        "/set ad_reward_points 9",
        "/history 7",
        "/refund 7",
    ],
)
async def test_a_refusal_to_others_says_nothing_useful(shop, command):
    anna = await shop.person("Anna")
    before = shop.ledger.state.seq
    await anna.say(command)
    seen = await anna.wait_for()
    if command == "/history 7":
        assert "Nothing has changed your points yet" in seen
    else:
        assert "I don't know what to do with that" in seen
    assert shop.ledger.state.seq == before


@pytest.mark.parametrize(
    "data", ["panel", "stats", "audit:7", "ban:7", "send_all:1", "refund:x", "refund:x:-:sure"]
)
async def test_an_admins_button_pressed_by_others_does_nothing(shop, data):
    anna = await shop.person("Anna")
    (message,) = [seen for seen in await anna.messages() if seen.by_bot]
    before = shop.ledger.state.seq
    body = {"message_id": message.id, "data": data, "wait_s": 10, "forged": True}
    answer = await shop.world.wire.post(f"/users/{anna.id}/press", body)
    assert "no longer works" in answer["answer"]["text"]
    assert shop.ledger.state.seq == before


async def test_the_numbers_and_people_are_shown(shop):
    anna = await shop.person("Anna", points=50)
    await shop.admin.say("/admin")
    await shop.admin.wait_for("Choose what you would like to see")
    await shop.admin.press("📊 Statistics")
    await shop.admin.wait_for("People: 2", "Points people hold: 50", "Every point is accounted for")
    await shop.admin.press("‹ Admin")
    await shop.admin.wait_for("Choose what")
    await shop.admin.press("👥 People")
    await shop.admin.wait_for("People: 2, newest first (page 1 of 1)")
    await shop.admin.press(f"user:{anna.id}:here")
    await shop.admin.wait_for("👤 Anna @anna", "Balance: 50 points")
    await shop.admin.press("⛔️ Ban")
    await shop.admin.wait_for("Ban Anna @anna", "They will be told")
    await shop.admin.press("⛔️ Yes, ban")
    await shop.admin.wait_for("⛔️ Banned")
    await anna.wait_for("You can't earn or order for now")
    await shop.admin.press("✅ Unban")
    await anna.wait_for("You can earn and order again")


async def test_search_finds_by_id_and_by_username(shop):
    anna = await shop.person("Anna")
    for text in (str(anna.id), "@ANNA", "anna"):
        await shop.admin.say("/admin")
        await shop.admin.wait_for("Choose what")
        await shop.admin.press("👥 People")
        await shop.admin.wait_for("newest first")
        await shop.admin.press("🔍 Search")
        await shop.admin.wait_for("Send me an id")
        await shop.admin.say("nobody at all")
        await shop.admin.wait_for("I can't find this person")
        await shop.admin.say(text)
        await shop.admin.wait_for("👤 Anna @anna")


async def test_a_name_that_has_moved_on_to_somebody_else_is_not_guessed_at(shop):
    old, new = await shop.person("Anna"), await shop.world.add_user("Other", username="anna")
    await new.start()
    await new.wait_for("Welcome")
    for command in ("/adjust @anna 100 gift", "/ban @anna", "/history @anna"):
        await shop.admin.say(command)
        await shop.admin.wait_for("Several people go by this name", str(old.id), str(new.id))
    assert shop.balance(old) == shop.balance(new) == 0


async def test_ten_adjustments_with_long_reasons_are_one_page(shop):
    anna = await shop.person("Anna")
    for number in range(10):
        await shop.admin.say(f"/adjust {anna.id} 1 no. {number} {'why ' * 75}")
        await shop.admin.wait_for(f"The balance is {number + 1} point")
    await shop.admin.say(f"/history {anna.id}")
    await shop.admin.wait_for("no. 9", "no. 0", "…")
    await anna.say("/history")
    await anna.wait_for("no. 9", "no. 0", "…")


async def test_people_are_shown_page_by_page(shop):
    for number in range(12):
        await shop.person(f"P{number}")
    await shop.admin.say("/admin")
    await shop.admin.wait_for("Choose what")
    await shop.admin.press("👥 People")
    await shop.admin.wait_for("page 1 of 2")
    await shop.admin.press("Older ›")
    seen = await shop.admin.wait_for("page 2 of 2")
    labels = [button for row in seen.buttons for button in row]
    assert any(label.startswith("P0 ") for label in labels)
    assert any(label.startswith("Admin ") for label in labels)


async def test_an_adjustment_is_told_with_its_reason(shop):
    anna = await shop.person("Anna")
    await shop.admin.say(f"/adjust {anna.id} +100 for <waiting> & patience")
    await shop.admin.wait_for("+100 points for Anna", "The balance is 100 points now")
    await anna.wait_for("+100 points", "Reason: for <waiting> & patience", "You have 100 points")
    await shop.admin.say("/adjust @anna -30 too much")
    await anna.wait_for("−30 points", "Reason: too much")
    await shop.admin.say(f"/adjust {anna.id} -71 more")
    await shop.admin.wait_for("That is 1 point more than the balance (70 points)")
    assert shop.balance(anna) == 70


@pytest.mark.parametrize(
    "bad", ["/adjust", "/adjust 7", "/adjust 7 100", "/adjust 7 ten reason", "/adjust 7 1.5 reason"]
)
async def test_a_wrong_adjustment_shows_how_to_write_it(shop, bad):
    await shop.admin.say(bad)
    await shop.admin.wait_for("Use it like this: /adjust 42 +100 thanks for waiting")


async def test_the_audit_names_reason_actor_and_balance_of_every_line(shop):
    anna = await shop.person("Anna", points=1000)
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("It pays")
    await anna.open("▶️ Open the ad")
    await anna.press("✅ I watched it")
    await anna.wait_for("Thank you")
    for asked in (str(anna.id), "@anna"):
        await shop.admin.say(f"/history {asked}")
        seen = await shop.admin.wait_for("Balance now: 1,060 points")
        for part in (
            f"user {anna.id}",
            "+60 · watched ad 1",
            "balance 1,060",
            "admin 7",
            "+1,000 · balance changed by hand: welcome",
            "joined",
        ):
            assert part in seen


async def test_settings_are_shown_changed_and_refused_in_plain_words(shop):
    await shop.admin.say("/set")
    await shop.admin.wait_for("ad_reward_points = 60", "points for one ad")
    await shop.admin.say("/set referral_bonus_points 2,500")
    await shop.admin.wait_for("referral_bonus_points is 2,500 from now on")
    await shop.admin.say("/set ad_cooldown_s 90000")
    await shop.admin.wait_for("ad_cooldown_s can be a whole number from 0 to 86,400")
    await shop.admin.say("/set ad_cooldown_s soon")
    await shop.admin.wait_for("takes a whole number, not “soon”")
    await shop.admin.say("/set price 5")
    await shop.admin.wait_for("There is no setting called price")


async def test_a_broadcast_reaches_all_counts_the_blocked_and_shows_its_end(shop):
    people = [await shop.person(f"P{number}") for number in range(5)]
    await people[0].block()
    await people[1].deactivate()
    await shop.admin.say("/admin")
    await shop.admin.wait_for("Choose what")
    await shop.admin.press("📣 Write to everybody")
    await shop.admin.wait_for("Send me the message for everybody")
    await shop.admin.say("Free points on Sunday!")
    await shop.admin.wait_for("Send the message above to 6 people?")
    await shop.admin.press("📣 Send")
    await shop.admin.wait_for("Done: 4 delivered, 2 not reachable.")
    for user in people[2:]:
        await user.wait_for("Free points on Sunday!")
    assert shop.ledger.state.unreachable_count == 2


async def test_a_broadcast_can_be_called_off(shop):
    anna = await shop.person("Anna")
    await shop.admin.say("/admin")
    await shop.admin.wait_for("Choose what")
    await shop.admin.press("📣 Write to everybody")
    await shop.admin.wait_for("Send me the message")
    await shop.admin.say("Oops")
    await shop.admin.wait_for("Send the message above")
    await shop.admin.press("✖️ Cancel")
    await shop.admin.wait_for("nothing was sent")
    assert not [seen for seen in await anna.messages() if "Oops" in seen]


@pytest.mark.parametrize(
    ("button", "sure", "balance", "told"),
    [
        ("✅ It arrived", "✅ Yes, it arrived", 900, "is accepted"),
        ("↩️ It did not: refund", "↩️ Yes, refund", 1000, "100 points came back"),
    ],
)
async def test_an_unclear_order_is_settled_by_an_admin(shop, button, sure, balance, told):
    await shop.world.provider.answers("break_after")
    anna = await shop.person("Anna", points=1000)
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await anna.say("10")
    await anna.wait_for("Please check")
    await anna.press("✅ Confirm")
    await anna.wait_for("a person is checking it")
    await shop.admin.wait_for("Unclear order", "It is never sent again automatically")
    await shop.admin.press(button)
    await shop.admin.wait_for("❓")
    assert shop.ledger.state.orders_by_status[OrderStatus.UNCLEAR] == 1
    await shop.admin.press("✖️ No, back")
    await shop.admin.wait_for("Unclear order")
    await shop.admin.press(button)
    await shop.admin.wait_for("❓")
    await shop.admin.press(sure)
    await anna.wait_for(told)
    assert shop.balance(anna) == balance
    assert await shop.world.provider.requests() == 1


async def order_that_waits(shop):
    """Anna's order, which the provider does not take for lack of funds."""
    await shop.world.provider.always("error", text="You do not have enough balance")
    anna = await shop.person("Anna", points=1000)
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await anna.say("10")
    await anna.wait_for("Please check")
    await anna.press("✅ Confirm")
    await shop.admin.wait_for("Our balance at the provider is used up")
    assert shop.balance(anna) == 900
    return anna


async def test_a_waiting_order_is_refunded_with_a_second_tap(shop):
    anna = await order_that_waits(shop)
    await shop.admin.say("/admin")
    await shop.admin.wait_for("Choose what")
    await shop.admin.press("📦 Orders (1)")
    await shop.admin.wait_for("These need you")
    await shop.admin.press("⏳ Waiting (1)")
    await shop.admin.wait_for("Waiting orders: they are sent as soon as that is possible")
    (order,) = shop.ledger.state.orders.values()
    await shop.admin.press(f"one_order:{order.order_id}")
    await shop.admin.wait_for(
        "Waiting order", "AbCdEfGhI_k", "Our balance at the provider is used up"
    )
    await shop.admin.press("↩️ Refund")
    await shop.admin.wait_for("Give it up?", "gets 100 points back")
    await shop.admin.press("✖️ No, back")
    await shop.admin.wait_for("It is sent as soon as that is possible")
    assert shop.balance(anna) == 900
    await shop.admin.press("↩️ Refund")
    await shop.admin.wait_for("Give it up?")
    await shop.admin.press("↩️ Yes, refund")
    await shop.admin.wait_for("the points were returned")
    await anna.wait_for("It could not be carried out", "100 points came back")
    assert shop.balance(anna) == 1000
    await shop.admin.say(f"/refund {order.order_id}")
    await shop.admin.wait_for("This order is settled already")
    assert await shop.world.provider.requests() == 1


async def test_a_waiting_order_is_found_by_its_id(shop):
    await order_that_waits(shop)
    (order,) = shop.ledger.state.orders.values()
    await shop.admin.say("/refund")
    await shop.admin.wait_for("Use it like this: /refund 0123456789ab")
    await shop.admin.say("/refund ffffffffffff")
    await shop.admin.wait_for("I don't know this order")
    await shop.admin.say(f"/refund {order.order_id.upper()}")
    await shop.admin.wait_for("Waiting order", order.order_id)


async def test_a_link_does_not_speak_for_the_provider(shop):
    link = "https://www.tiktok.com/@not_enough_funds/video/7301234567890123456"
    body = '{"error":"Video is private: {video}"}'
    await shop.world.provider.always("body", status=400, text=body)
    anna = await shop.person("Anna", points=1000)
    await anna.say(link)
    await anna.wait_for("How many views?")
    await anna.say("10")
    await anna.wait_for("Please check")
    await anna.press("✅ Confirm")
    await anna.wait_for("did not accept the link", "100 points came back")
    assert shop.balance(anna) == 1000
    assert not [seen for seen in await shop.admin.messages() if "balance at the provider" in seen]


async def test_a_failure_is_one_sentence_for_the_person_and_one_for_the_admin(
    shop, monkeypatch, caplog
):
    def broken(*_: object) -> str:
        raise ZeroDivisionError("a secret detail")

    monkeypatch.setattr("bot.text.account_texts.balance", broken)
    anna = await shop.person("Anna")
    for _ in range(3):
        await anna.say("/balance")
        await anna.wait_for("something went wrong on our side. Your points are safe.")
    await shop.admin.wait_for("Something went wrong in the program (broken, line")
    told = [seen for seen in await shop.admin.messages() if "Something went wrong in" in seen]
    assert len(told) == 1
    assert "a secret detail" not in told[0]
    assert "Traceback" in caplog.text


BEGUN = {
    "nothing": (),
    "a message to everybody": ("/admin", "broadcast"),
    "a search": ("/admin", "users:0", "search"),
    "an answer": ("answer",),
}


@pytest.mark.parametrize("begun", BEGUN)
@pytest.mark.parametrize("typed", ["/stats", "/Stats@viewbank_demo_bot now", "/статистика", "/x@y"])
async def test_an_unknown_command_is_a_message_to_nobody_whatever_was_begun(shop, begun, typed):
    anna = await shop.person("Anna")
    if begun == "an answer":
        await anna.press("📞 Contact Admin")
        await anna.wait_for("Write your message now")
        await anna.say("hello")
        await shop.admin.wait_for("Message from Anna")
        await shop.admin.press(f"answer:{anna.id}")
        await shop.admin.wait_for("Write your message to Anna")
    else:
        for step in BEGUN[begun]:
            if step.startswith("/"):
                await shop.admin.say(step)
            else:
                await shop.admin.press(step)
            await shop.admin.wait_for()
    before = len(await anna.messages())
    await shop.admin.say(typed)
    seen = await shop.admin.wait_for("I don't know the command", "Nothing was sent to anybody")
    assert ("What you had begun goes on" in seen) == (begun != "nothing")
    assert len(await anna.messages()) == before
    if begun == "an answer":
        await shop.admin.say("here it is")
        await anna.wait_for("here it is")


@pytest.mark.parametrize("by", ["command", "button", "self"])
async def test_no_admin_can_be_banned(shop, by):
    if by == "button":
        anna = await shop.person("Anna")
        card = await shop.admin.last()
        for data in (f"ban:{shop.admin.id}", f"ban:{shop.admin.id}:sure"):
            body = {"message_id": card.id, "data": data, "wait_s": 10, "forged": True}
            answer = await shop.world.wire.post(f"/users/{shop.admin.id}/press", body)
            assert "admins can't be banned" in answer["answer"]["text"]
        await anna.say("/help")
    else:
        await shop.admin.say(f"/ban {shop.admin.id if by == 'self' else '7'} reason")
        await shop.admin.wait_for("Admin is an admin, and admins can't be banned")
    assert shop.ledger.state.banned_count == 0


async def test_a_ban_can_be_thought_over(shop):
    anna = await shop.person("Anna")
    await shop.admin.say("/admin")
    await shop.admin.wait_for("Choose what")
    await shop.admin.press("👥 People")
    await shop.admin.wait_for("newest first")
    await shop.admin.press(f"user:{anna.id}:here")
    card = await shop.admin.wait_for("👤 Anna @anna")
    await shop.admin.press("⛔️ Ban")
    question = await shop.admin.wait_for("Ban Anna @anna")
    await shop.admin.press("✖️ No, back")
    back = await shop.admin.wait_for("👤 Anna @anna")
    assert card.id == question.id == back.id
    assert shop.ledger.state.banned_count == 0


async def test_a_search_knows_names_and_parts_of_them(shop):
    for name, last, username in (
        ("Анна", "Петрова", "annap"),
        ("Hanna", "Smith", None),
        ("Ben", "Smithers", "ben"),
    ):
        user = await shop.world.add_user(name, last_name=last, username=username)
        await user.start()
        await user.wait_for("Welcome")
    await shop.admin.say("/admin")
    await shop.admin.wait_for("Choose what")
    await shop.admin.press("👥 People")
    await shop.admin.wait_for("newest first")
    await shop.admin.press("🔍 Search")
    await shop.admin.wait_for("Send me an id, a @username, or a part of a name")
    await shop.admin.say("SMITH")
    seen = await shop.admin.wait_for("2 people found")
    assert [row[0].split(" · ")[0] for row in seen.buttons[:2]] == ["Ben", "Hanna"]
    await shop.admin.say("петр")
    await shop.admin.wait_for("👤 Анна Петрова @annap")
    await shop.admin.press("🧾 History")
    await shop.admin.wait_for("Balance now")
    await shop.admin.press("‹ Card")
    await shop.admin.wait_for("👤 Анна Петрова @annap")


async def test_a_history_can_be_leafed_through_in_both_directions(shop):
    anna = await shop.person("Anna")
    for number in range(1, 31):
        await shop.admin.say(f"/adjust {anna.id} 1 no. {number}.")
        await shop.admin.wait_for(f"The balance is {number} point")
    await shop.admin.say(f"/history {anna.id}")
    first = await shop.admin.wait_for("no. 30.", "no. 21.")
    await shop.admin.press("Older ›", on=first)
    second = await shop.admin.wait_for("no. 20.", "no. 11.")
    assert second.buttons == [["‹ Newest", "Older ›"], ["‹ Card"]]
    await shop.admin.press("Older ›", on=first)
    third = await shop.admin.wait_for("no. 10.", "no. 1.")
    assert third.buttons == [["‹ Newest", "‹ Newer", "Older ›"], ["‹ Card"]]
    await shop.admin.press("‹ Newer", on=first)
    await shop.admin.wait_for("no. 20.", "no. 11.")


async def test_a_settled_order_leaves_the_lists_at_once(shop):
    await shop.world.provider.answers("break_after", "break_after")
    anna = await shop.person("Anna", points=1000)
    for video in ("AbCdEfGhI_k", "BbCdEfGhI_k"):
        await anna.say(f"https://youtu.be/{video}")
        await anna.wait_for("How many views?")
        await anna.say("10")
        await anna.wait_for("Please check")
        await anna.press("✅ Confirm")
        await anna.wait_for("a person is checking it")
    await shop.admin.say("/admin")
    panel = await shop.admin.wait_for("Choose what")
    await shop.admin.press("📦 Orders (2)", on=panel)
    for left in (2, 1):
        await shop.admin.wait_for("These need you")
        await shop.admin.press(f"🔎 Unclear ({left})", on=panel)
        listed = await shop.admin.wait_for("Unclear orders: it is not known")
        assert len(listed.buttons) == left + 1
        await shop.admin.press(listed.rows[0][0]["callback_data"], on=panel)
        await shop.admin.wait_for("Unclear order")
        await shop.admin.press("↩️ It did not: refund", on=panel)
        await shop.admin.wait_for("Did it not arrive?", "100 points back")
        await shop.admin.press("↩️ Yes, refund", on=panel)
        await shop.admin.wait_for("the points were returned")
        await shop.admin.press("‹ Orders", on=panel)
    await shop.admin.wait_for("No order needs you")
    await shop.admin.press("‹ Admin", on=panel)
    seen = await shop.admin.wait_for("Choose what")
    assert ["📦 Orders"] in seen.buttons
    assert shop.balance(anna) == 1000


async def test_a_strangers_name_reorders_nothing_beside_it(shop):
    stranger = await shop.world.add_user("\u202eevil\n\u0301\u0301\u0301\u0301\u0301", username="x")
    await stranger.start()
    await stranger.wait_for("Welcome")
    await stranger.press("📞 Contact Admin")
    await stranger.wait_for("Write your message now")
    await stranger.say("hi")
    seen = await shop.admin.wait_for("Message from")
    assert "\u202e" not in seen.text
    assert "\u2068evil" in seen.text
    assert seen.text.count("\u2068") == seen.text.count("\u2069")
