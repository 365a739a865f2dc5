"""A conversation with the admin: it stays open, ends, is limited, and replies always find it."""

import pytest

from bot.conversations import PER_WINDOW_MAX
from bot.text import contact_texts

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6360"
    "606000000004000146a5e2130000000049454e44ae426082"
)


async def write(anna, text="hello"):
    """To the admin, by the menu."""
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Write your message now")
    await anna.say(text)
    return await anna.wait_for("Your message is with the admin")


async def got(user, text):
    """How often the bot has said this to somebody."""
    return sum(seen.text == text for seen in await user.messages() if seen.by_bot)


async def test_a_second_message_and_a_photo_reach_the_admin_too_and_are_confirmed_briefly(shop):
    anna = await shop.person("Anna")
    assert "30 minutes" in await write(anna)
    second = await anna.say("and one more thing")
    brief = await anna.wait_for("This is with the admin too")
    assert brief.reply_to.id == second.id
    await anna.send_photo(PICTURE, "proof")
    await anna.wait_for("This is with the admin too")
    for text in ("hello", "and one more thing", "proof"):
        copy = await shop.admin.wait_for(text)
        line = await shop.admin.wait_for("Message from Anna")
        assert line.reply_to.id == copy.id


async def test_the_menu_and_commands_work_meanwhile_and_do_not_go_to_the_admin(shop):
    anna = await shop.person("Anna")
    await write(anna)
    await anna.press("💳 Balance")
    await anna.wait_for("You have 0 points")
    await anna.say("/help")
    await anna.wait_for("How it works")
    await anna.say("/nonsense")
    await anna.wait_for("I don't know what to do with that")
    await anna.say("thank you")
    await anna.wait_for("This is with the admin too")
    await shop.admin.wait_for("thank you")
    told = [seen.text for seen in await shop.admin.messages() if seen.by_bot]
    assert not {"💳 Balance", "/help", "/nonsense"} & set(told)


@pytest.mark.parametrize("way_out", ["✔️ That's all", "/cancel"])
async def test_the_conversation_can_be_ended(shop, way_out):
    anna = await shop.person("Anna")
    await write(anna)
    if way_out.startswith("/"):
        await anna.say(way_out)
        await anna.wait_for("OK, stopped")
    else:
        await anna.press(way_out)
        await anna.wait_for("no longer goes to the admin")
    await anna.say("to nobody")
    await anna.wait_for("I don't know what to do with that")
    assert await got(shop.admin, "to nobody") == 0


async def test_it_closes_by_itself(shop, monkeypatch):
    anna = await shop.person("Anna")
    await write(anna)
    monkeypatch.setattr("bot.conversations.OPEN_S", -1)
    await anna.say("much later")
    await anna.wait_for("I don't know what to do with that")


async def test_something_else_that_was_begun_comes_first(shop):
    anna = await shop.person("Anna", points=1000)
    await write(anna)
    await anna.press("📦 Buy Views")
    await anna.wait_for("Send me the link")
    await anna.say("no link")
    await anna.wait_for("doesn't look like a link")
    assert await got(shop.admin, "no link") == 0


@pytest.mark.parametrize("which", ["answer", "line", "confirmation", "album"])
async def test_a_reply_reaches_the_admin_also_after_a_restart(shop, which):
    anna = await shop.person("Anna")
    confirmed = await write(anna)
    copy = await shop.admin.wait_for("hello")
    if which == "album":
        await shop.admin.send_album(*[PICTURE] * 10, caption="They come", reply_to=copy)
    else:
        await shop.admin.say("They come", reply_to=copy)
    await shop.admin.wait_for("Delivered to Anna")
    answer = await anna.wait_for("They come")
    line = await anna.wait_for("Answer from the admin")
    await shop.restart()
    target = {"answer": answer, "album": answer, "line": line, "confirmation": confirmed}[which]
    await anna.say("Which one?", reply_to=target)
    await shop.admin.wait_for("Which one?")
    await anna.wait_for("Your message is with the admin")


async def test_the_admins_reply_finds_the_person_under_every_message_also_after_a_restart(shop):
    anna = await shop.person("Anna")
    await write(anna, "first")
    await anna.say("second")
    copies, lines = [], []
    for text in ("first", "second"):
        copies.append(await shop.admin.wait_for(text))
        lines.append(await shop.admin.wait_for("Message from Anna"))
    await shop.restart()
    for number, target in enumerate([*copies, *lines]):
        await shop.admin.say(f"answer {number}", reply_to=target)
        done = await shop.admin.wait_for("Delivered to Anna")
        await anna.wait_for(f"answer {number}")
    await shop.admin.say("and more", reply_to=done)
    await anna.wait_for("and more")


async def test_a_story_leaves_no_bare_line_and_both_hear_it(shop):
    anna = await shop.person("Anna")
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Write your message now")
    await anna.share_story()
    await anna.wait_for("Telegram doesn't let me pass this message on (story)")
    heard = await shop.admin.wait_for("Message from Anna")
    assert "Telegram doesn't let me pass it on (story)" in heard
    await anna.say("in words then")
    await shop.admin.wait_for("in words then")
    await shop.admin.say("I see", reply_to=heard)
    await anna.wait_for("I see")


async def test_an_answer_that_cannot_be_copied_leaves_nothing_with_the_person(shop):
    anna = await shop.person("Anna")
    await write(anna)
    await shop.admin.wait_for("hello")
    await shop.admin.press("↩️ Reply")
    await shop.admin.wait_for("Write your message to Anna")
    await shop.admin.share_story()
    await shop.admin.wait_for("Not delivered to Anna", "doesn't let me pass this on (story)")
    assert not [seen for seen in await anna.messages() if "Answer from the admin" in seen]
    assert not shop.ledger.state.users[anna.id].unreachable


async def test_whatever_telegram_refuses_is_treated_alike(shop):
    """The rule is Telegram's answer, not a list of kinds."""
    anna = await shop.person("Anna")
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Write your message now")
    await shop.world.fault("error", "copyMessage", times=1)
    await anna.say("gone")
    await anna.wait_for("Telegram doesn't let me pass this message on (text)")
    await shop.admin.wait_for("Message from Anna", "doesn't let me pass it on (text)")


async def test_messages_are_limited_and_that_is_said_once_with_when_it_goes_on(shop):
    anna = await shop.person("Anna")
    await write(anna, "no. 0")
    for number in range(1, PER_WINDOW_MAX + 5):
        await anna.say(f"no. {number}")
    await anna.wait_for("You have written a lot", "you can write again in ")
    await anna.press("📞 Contact Admin")
    await anna.wait_for("You have written a lot")
    await anna.say("/help")
    await anna.wait_for("How it works")
    heard = [seen for seen in await anna.messages() if "You have written a lot" in seen]
    assert len(heard) == 2, "once by itself, and once when asked"
    told = [seen.text for seen in await shop.admin.messages() if seen.by_bot]
    assert [f"no. {number}" in told for number in range(PER_WINDOW_MAX + 5)] == [
        *[True] * PER_WINDOW_MAX,
        *[False] * 5,
    ]


async def test_a_ban_holds_for_messages_and_leaves_one_appeal_a_day_also_after_a_restart(shop):
    anna = await shop.person("Anna")
    await write(anna)
    await shop.admin.say(f"/ban {anna.id} spam")
    news = await anna.wait_for("You can't earn or order for now")
    await anna.say("please forgive me", reply_to=news)
    await anna.wait_for("You can write one message a day")
    await shop.admin.wait_for("please forgive me")
    line = await shop.admin.wait_for("Message from Anna", "banned")
    for number in range(3):
        await anna.say(f"again {number}")
        await anna.say(f"reply {number}", reply_to=await anna.last())
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Your message of today is with the admin", "again in ")
    await shop.restart()
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Your message of today is with the admin")
    told = [seen.text for seen in await shop.admin.messages() if seen.by_bot]
    assert not [text for text in told if text.startswith(("again", "reply"))]
    await shop.admin.say("Why?", reply_to=line)
    await anna.wait_for("Why?")
    await shop.admin.say(f"/unban {anna.id}")
    await anna.wait_for("You can earn and order again")
    await write(anna, "thanks")
    await shop.admin.wait_for("thanks")


async def test_an_appeal_that_cannot_be_passed_on_is_not_used_up(shop):
    anna = await shop.person("Anna")
    await shop.admin.say(f"/ban {anna.id}")
    await anna.wait_for("You can't earn or order for now")
    await anna.press("📞 Contact Admin")
    await anna.wait_for("one message a day")
    await anna.share_story()
    await anna.wait_for("doesn't let me pass this message on")
    await anna.say("please")
    await anna.wait_for(contact_texts.APPEAL_SENT.source)
    await shop.admin.wait_for("please")


async def test_stories_of_a_banned_person_bother_no_admin_and_are_limited_too(shop):
    anna = await shop.person("Anna")
    await shop.admin.say(f"/ban {anna.id}")
    await anna.wait_for("You can't earn or order for now")
    await anna.press("📞 Contact Admin")
    await anna.wait_for("one message a day")
    for _ in range(PER_WINDOW_MAX + 3):
        await anna.share_story()
    await anna.wait_for("You have written a lot")
    assert not [seen for seen in await shop.admin.messages() if "Message from" in seen]
