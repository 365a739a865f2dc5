"""How long the desk leaves the provider alone, and when people hear of it."""

import pytest

from orders.circuit_breaker import MANY_UNCLEAR, QUIET_MS, Trouble
from orders.providers.answers import Accepted, NotSent, Rejected, Unclear

NO_WAY = NotSent("No connection.")
NO_FUNDS = NotSent("No funds.", needs_admin=True)
SILENCE = Unclear("No answer.")
TAKEN = Accepted("5")


def trouble(jitter: float = 0.0) -> Trouble:
    return Trouble(lambda: jitter)


def test_jitter_makes_a_pause_at_most_a_quarter_longer():
    calm, nervous = trouble(), trouble(1.0)
    pauses = []
    for probe in [False] + [True] * 7:
        calm.note(NO_WAY, 0, probe=probe)
        nervous.note(NO_WAY, 0, probe=probe)
        pauses.append((calm.pause_s(), nervous.pause_s()))
    assert pauses[:3] == [(5, 6.25), (10, 12.5), (20, 25)]
    assert pauses[-2:] == [(300, 300), (300, 300)]


@pytest.mark.parametrize("answer", [TAKEN, Rejected("No.")])
def test_an_answer_to_the_probe_that_knows_its_mind_ends_the_trouble(answer):
    health = trouble()
    health.note(NO_WAY, 0, probe=False)
    assert health.reason == "No connection."
    health.note(answer, 0, probe=True)
    assert health.reason == ""


@pytest.mark.parametrize("answer", [TAKEN, NO_WAY])
def test_answers_to_orders_that_left_before_the_trouble_change_nothing(answer):
    health = trouble()
    health.note(NO_WAY, 0, probe=False)
    health.note(answer, 0, probe=False)
    assert (health.reason, health.pause_s()) == ("No connection.", 5)


def test_one_unclear_answer_is_no_trouble():
    health = trouble()
    for answer in (SILENCE, SILENCE, TAKEN, SILENCE, SILENCE):
        assert health.note(answer, 0, probe=False) == ""
    assert health.reason == ""
    assert health.note(SILENCE, 0, probe=False) == MANY_UNCLEAR
    assert health.reason == MANY_UNCLEAR


def test_an_unclear_probe_is_no_sign_of_health():
    health = trouble()
    health.note(NO_WAY, 0, probe=False)
    health.note(SILENCE, 0, probe=True)
    assert (health.reason, health.pause_s()) == ("No connection.", 10)


def test_a_short_trouble_is_told_to_nobody_and_a_long_one_once():
    health = trouble()
    told = [health.note(NO_WAY, 0, probe=tries > 0) for tries in range(12)]
    assert [index for index, text in enumerate(told) if text] == [4]


def test_what_needs_a_person_is_told_at_once_and_again_after_an_hour():
    health = trouble()
    assert health.note(NO_FUNDS, 0, probe=False) == "No funds."
    assert health.note(TAKEN, 0, probe=True) == ""
    assert health.note(NO_FUNDS, QUIET_MS - 1, probe=False) == ""
    assert health.note(NO_FUNDS, QUIET_MS, probe=True) == "No funds."


def test_a_clock_that_was_set_back_does_not_silence_the_alert():
    health = trouble()
    assert health.note(NO_FUNDS, QUIET_MS, probe=False) == "No funds."
    assert health.note(NO_FUNDS, 0, probe=True) == "No funds."
