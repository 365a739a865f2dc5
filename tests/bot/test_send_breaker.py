"""When messages to Telegram fail: is it one chat's trouble, or everybody's?"""

import math

import pytest

from bot.send import global_pause
from bot.send.chat_evidence import OWN_TROUBLE_MAX, ChatEvidence
from bot.send.circuit_breaker import GIVE_UP_AFTER_S, SendBreaker
from bot.send.global_pause import PAUSE_MAX_S, GlobalPause
from bot.send.queued_call import QueuedCall
from bot.send.rate_limits import Priority, SendClass

REPLIES = [SendClass.PRESS, *global_pause.REPLIES]
WHAT_CAN_WAIT = [SendClass.NOTICE, SendClass.BROADCAST]


def call(chat_id=1) -> QueuedCall:
    return QueuedCall(chat_id, Priority.REPLY, chat_id)


def failed(breaker, *chat_ids, now_s=0.0):
    return [breaker.failed(call(chat_id), "NetworkError", now_s) for chat_id in chat_ids]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (SendClass.RETRY, [1, 2, 4, 8, 16, 30, 30, 30]),
        (SendClass.NOTICE, [0, 0.2, 0.4, 0.8, 1, 1, 1, 1]),
    ],
)
def test_pauses_grow_up_to_a_bound(kind, expected):
    breaker, now_s, pauses = SendBreaker(), 0.0, []
    failed(breaker, 1, 2)
    for number in range(8):
        pauses.append(breaker.opens_at_s(kind) - now_s)
        now_s = breaker.opens_at_s(kind)
        probe = call(number + 10)
        breaker.leaves(probe, kind)
        assert breaker.opens_at_s(kind) == math.inf
        failed(breaker, 3, now_s=now_s)  # it was under way all the time
        assert breaker.opens_at_s(kind) == math.inf
        breaker.failed(probe, "NetworkError", now_s)
    assert pauses == pytest.approx(expected)


def test_while_it_is_open_replies_leave_all_the_same():
    breaker = SendBreaker()
    assert failed(breaker, 1, 2, 3) == [False, True, False]
    for kind in (*WHAT_CAN_WAIT, SendClass.RETRY):
        breaker.leaves(call(9), kind)
    assert [breaker.opens_at_s(kind) for kind in REPLIES] == [-math.inf] * len(REPLIES)
    assert [breaker.opens_at_s(kind) for kind in WHAT_CAN_WAIT] == [math.inf] * 2


def test_calls_lost_one_by_one_with_answers_in_between_open_no_circuit():
    breaker = SendBreaker()
    for chat_id in range(5):
        assert failed(breaker, chat_id) == [False]
        assert not breaker.answered(100)
    assert not breaker.is_open
    assert breaker.problem(0.0) is None


def test_chats_that_failed_while_others_were_answered_open_no_circuit_any_more():
    breaker = SendBreaker()
    failed(breaker, 1, 2, 3)
    assert breaker.is_open
    assert breaker.answered(4)
    assert failed(breaker, 1, 2, 3, 1, 2, 3) == [False] * 6
    assert breaker.problem(0.0) is None
    assert failed(breaker, 5) == [False]
    assert failed(breaker, 6) == [True], "two others in a row"


def test_a_chat_that_was_answered_again_counts_again():
    breaker = SendBreaker()
    failed(breaker, 1, 2)
    breaker.answered(3)
    breaker.answered(1)
    breaker.answered(2)
    assert failed(breaker, 1, 2) == [False, True]


def test_one_chat_alone_is_no_problem_however_often_it_fails():
    breaker = SendBreaker()
    assert failed(breaker, *[1] * 20) == [False] * 20
    assert breaker.problem(0.0) is None


def test_a_problem_is_said_while_it_is_news():
    breaker = SendBreaker()
    failed(breaker, 1)
    assert breaker.problem(0.0) is None
    failed(breaker, 2, now_s=1.0)
    assert breaker.problem(1.0) is None, "somebody else may be answered in a moment"
    assert "NetworkError" in str(breaker.problem(40.0))
    assert breaker.problem(1000.0) is None
    breaker.answered(1)
    assert breaker.problem(40.0) is None


def test_a_call_is_hopeless_after_a_while_if_others_are_answered_and_never_if_none_is():
    breaker, poisoned = SendBreaker(), call(1)
    breaker.failed(poisoned, "NetworkError", 0.0)
    assert not breaker.is_hopeless(poisoned, 1e9)
    breaker.answered(2)
    assert not breaker.is_hopeless(poisoned, GIVE_UP_AFTER_S - 1)
    assert breaker.is_hopeless(poisoned, GIVE_UP_AFTER_S)


def test_what_was_answered_before_the_first_failure_proves_nothing():
    breaker, late = SendBreaker(), call(1)
    breaker.answered(2)
    breaker.failed(late, "NetworkError", 0.0)
    assert not breaker.is_hopeless(late, GIVE_UP_AFTER_S)


def test_an_answer_that_executes_nothing_closes_it_and_proves_nothing_about_the_chats():
    breaker = SendBreaker()
    failed(breaker, 1, 2)
    assert breaker.heard()
    assert failed(breaker, 1, 2) == [False, True]


def test_no_more_chats_are_remembered_than_needed():
    evidence = ChatEvidence()
    for chat_id in range(2 * OWN_TROUBLE_MAX):
        evidence.add(chat_id)
        evidence.answered(-1)
    assert len(evidence._own_trouble) == OWN_TROUBLE_MAX


# Requests to pause.


def test_a_pause_for_all_is_bounded_however_long_telegram_asks_for():
    pause = GlobalPause()
    for chat_id in (1, 2, 3):
        pause.limited(chat_id, 1e9, 0.0)
    assert pause.is_on(PAUSE_MAX_S - 1)
    assert not pause.is_on(PAUSE_MAX_S)


def test_the_same_chat_again_and_again_is_one_chat():
    pause = GlobalPause()
    for _ in range(9):
        pause.limited(1, 30.0, 0.0)
        pause.limited(None, 30.0, 0.0)
    assert not pause.is_on(0.0)
