"""Matching replies of the bot to pending actions, also to repeated ones after a kill."""

import asyncio

import pytest

from chaos.program.chat_user import ShownMessage
from chaos.program.reply_matching import Match, ReplyMatcher, SentAction
from personas.actions import Action

NEW = ShownMessage(5, "", ())
OFFER = ShownMessage(7, "an ad", ("ad:1.1",))


def sent(action, life=1):
    replies, one = ReplyMatcher(), SentAction(action, life)
    replies.add(one)
    return replies, one


@pytest.fixture
async def replies():
    """Somebody has asked for the balance, in the third life."""
    return sent(Action("/balance", ("You have",)), life=3)[0]


async def test_a_reply_is_taken_once_and_repeated_only_after_a_kill(replies):
    assert replies.show("You have 3 points", NEW, edited=False, life=3) is Match.AWAITED
    assert replies.pending == []
    assert replies.show("You have 3 points", NEW, edited=False, life=3) is Match.UNEXPECTED
    assert replies.show("You have 3 points", NEW, edited=False, life=4) is Match.REPEATED


async def test_other_words_answer_no_action(replies):
    assert replies.show("Welcome", NEW, edited=False, life=4) is Match.UNEXPECTED
    assert len(replies.pending) == 1


async def test_a_press_gets_its_short_answer_once_and_before_anything_comes_of_it():
    replies, press = sent(Action("", ("It pays",), under=OFFER, data="next_ad"))
    assert replies.show("It pays 1 point", NEW, edited=False, life=1) is Match.UNEXPECTED
    assert replies.toast(7, "next_ad", "")
    assert not replies.toast(7, "next_ad", "")
    assert replies.show("It pays 1 point", NEW, edited=False, life=1) is Match.AWAITED
    assert (await asyncio.wait_for(press.reply, 1)).text == "It pays 1 point"


async def test_an_edit_is_the_reply_of_the_press_that_edits_and_of_no_other():
    action = Action("", ("Thank you",), under=OFFER, data="ad:1.1", edits=True, toasts=("+1",))
    replies, press = sent(action)
    assert replies.toast(7, "ad:1.1", "+1 point")
    assert replies.show("Thank you!", NEW, edited=True, life=1) is Match.UNEXPECTED
    assert replies.show("Thank you!", OFFER, edited=True, life=1) is Match.AWAITED
    assert (await asyncio.wait_for(press.reply, 1)).message is OFFER


async def test_what_only_a_second_handling_says_fits_too():
    action = Action("10", ("Please check",), repeated=("I don't know",))
    replies, _ = sent(action)
    assert replies.show("I don't know that", NEW, edited=False, life=1) is Match.AWAITED
