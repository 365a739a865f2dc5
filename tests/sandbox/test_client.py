"""The sandbox's test client: waiting, reading chats, and showing them."""

import asyncio

import pytest

from sandbox.client import SandboxRefusedError


def buttons(*rows):
    return {"inline_keyboard": [[{"text": t, "callback_data": d} for t, d in row] for row in rows]}


async def test_waiting_takes_the_next_message_after_the_last_one_seen(api, ann):
    for text in ("one", "two", "three"):
        await api("sendMessage", chat_id=42, text=text)
    assert (await ann.wait_for("o")).text == "one"
    assert (await ann.wait_for("o")).text == "two"
    assert [seen.text for seen in await ann.unseen()] == ["three"]
    await ann.skip()
    assert await ann.unseen() == []


async def test_waiting_sees_a_version_that_was_edited_away(api, ann):
    sent = await api("sendMessage", chat_id=42, text="sending")
    await api("editMessageText", chat_id=42, message_id=sent["message_id"], text="done")
    assert not (await ann.wait_for("sending")).is_edited
    assert (await ann.wait_for("done")).is_edited


async def test_waiting_ends_when_the_message_comes(api, ann):
    waiting = asyncio.create_task(ann.wait_for("points", "12"))
    await api("sendMessage", chat_id=42, text="no")
    await api("sendMessage", chat_id=42, text="12 points")
    assert (await waiting).text == "12 points"


async def test_waiting_in_vain_shows_the_whole_chat(api, ann):
    await api("sendMessage", chat_id=42, text="Welcome", reply_markup=buttons([("Pay", "p")]))
    await api("sendMessage", chat_id=42, text="Menu", reply_markup={"keyboard": [["Help"]]})
    with pytest.raises(AssertionError) as caught:
        await ann.wait_for("never", timeout_s=0.05)
    shown = str(caught.value)
    assert "waited 0.05 s for 'never'" in shown
    for line in ("Ann #1: /start", "bot #2: Welcome", "[Pay]", "keyboard: [Help]"):
        assert line in shown


async def test_a_button_is_pressed_by_its_text_or_data_on_the_newest_message(api, ann, world):
    older = await api("sendMessage", chat_id=42, text="1", reply_markup=buttons([("A", "old")]))
    await api("sendMessage", chat_id=42, text="2", reply_markup=buttons([("A", "new")]))
    await ann.press("A", may_be_unanswered=True)
    await ann.press("old", may_be_unanswered=True)
    await ann.press("A", on=older["message_id"], may_be_unanswered=True)
    pressed = [one["callback_query"]["data"] for one in (await world.updates())[1:]]
    assert pressed == ["new", "old", "old"]


async def test_a_press_brings_back_the_bots_answer(api, ann):
    await api("sendMessage", chat_id=42, text="1", reply_markup=buttons([("A", "a")]))
    press = asyncio.create_task(ann.press("A"))
    (query,) = (await api("getUpdates", offset=-1, timeout=5))[-1:]
    while "callback_query" not in query:
        (query,) = await api("getUpdates", offset=query["update_id"] + 1, timeout=5)
    await api(
        "answerCallbackQuery",
        callback_query_id=query["callback_query"]["id"],
        text="Done",
        show_alert=True,
    )
    answer = await press
    assert (answer.text, answer.is_alert, answer.answered) == ("Done", True, True)


async def test_a_press_that_nobody_answers_is_a_failure(api, ann):
    await api("sendMessage", chat_id=42, text="1", reply_markup=buttons([("A", "a")]))
    with pytest.raises(AssertionError, match=r"nobody answered 'A'"):
        await ann.press("A", wait_s=0.05)
    assert not (await ann.press("A", may_be_unanswered=True)).answered


async def test_a_button_below_the_input_says_its_text(api, ann):
    await api("sendMessage", chat_id=42, text="Menu", reply_markup={"keyboard": [["Help", "More"]]})
    await ann.press("More")
    assert (await ann.messages())[-1].text == "More"


async def test_a_button_that_is_not_there_cannot_be_pressed(ann):
    with pytest.raises(AssertionError, match="no button 'Pay' in sight"):
        await ann.press("Pay")


async def test_a_link_button_has_an_address_and_cannot_be_pressed(api, ann):
    markup = {"inline_keyboard": [[{"text": "Ad", "url": "http://127.0.0.1:8081/ad"}]]}
    await api("sendMessage", chat_id=42, text="x", reply_markup=markup)
    assert await ann.link("Ad") == "http://127.0.0.1:8081/ad"
    with pytest.raises(AssertionError, match="opens a link"):
        await ann.press("Ad")


async def test_people_get_ids_of_their_own_and_keep_the_one_they_asked_for(world):
    first, second = await world.add_user("Ann"), await world.add_user("Ann")
    admin = await world.add_user("Olivia", id=7981712298, is_admin=True)
    assert (first.id != second.id, admin.id) == (True, 7981712298)
    with pytest.raises(SandboxRefusedError, match="there is a person 7981712298 already"):
        await world.add_user("Other", id=7981712298)
    assert world.user(first.id) is first
    assert [one["is_admin"] for one in await world.users()] == [False, False, True]


async def test_an_invite_may_be_a_link_or_a_code(world):
    by_link = await world.add_user("Ann", invite="https://t.me/viewbank_demo_bot?start=abc")
    by_code = await world.add_user("Ben", invite="abc")
    assert [one.text for one in await by_link.messages()] == ["/start abc"]
    assert [one.text for one in await by_code.messages()] == ["/start abc"]


async def test_people_cannot_do_what_no_client_lets_them(ann):
    for text, why in [(" ", "nothing to send"), ("x" * 4097, "at most 4096")]:
        with pytest.raises(SandboxRefusedError, match=why):
            await ann.say(text)
    with pytest.raises(SandboxRefusedError, match="no message 99"):
        await ann.say("x", reply_to=99)
    await ann.block()
    with pytest.raises(SandboxRefusedError, match="unblock the bot first"):
        await ann.say("x")


async def test_a_reply_carries_the_message_it_answers(api, ann, world):
    await api("sendMessage", chat_id=42, text="Which video?")
    await ann.say("this one", reply_to=await ann.wait_for("Which"))
    message = (await world.updates())[-1]["message"]
    assert message["reply_to_message"]["text"] == "Which video?"
    assert message["reply_to_message"]["from"]["is_bot"] is True


@pytest.mark.usefixtures("ann")
async def test_waiting_for_a_call_takes_the_first_after_a_number(api, world):
    await api("sendMessage", chat_id=42, text="one")
    first = await world.wait_for_call("sendMessage")
    waiting = asyncio.create_task(world.wait_for_call("sendMessage", after=first.number))
    await api("sendMessage", chat_id=42, text="two")
    assert (await waiting).params["text"] == "two"
    with pytest.raises(AssertionError, match=r"did not call sendPhoto within 0.05 s"):
        await world.wait_for_call("sendPhoto", timeout_s=0.05)
