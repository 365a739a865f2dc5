"""The circuit breaker: how long orders pause, and when an admin gets an alert."""

import pytest

from ledger.reason_codes import ReasonCode
from orders.alerts import Alert, AlertCode
from orders.providers.answers import Accepted, NotSent, Rejected, Unclear
from orders.sending.circuit_breaker import QUIET_MS, ProviderBreaker

NO_WAY = NotSent(ReasonCode.PROVIDER_UNREACHABLE)
NO_FUNDS = NotSent(ReasonCode.PROVIDER_FUNDS_EMPTY, needs_admin=True)
SILENCE = Unclear(ReasonCode.NO_ANSWER)
TAKEN = Accepted("5")


def breaker(jitter: float = 0.0) -> ProviderBreaker:
    return ProviderBreaker(lambda: jitter)


def test_jitter_makes_a_pause_at_most_a_quarter_longer():
    calm, nervous = breaker(), breaker(1.0)
    pauses = []
    for probe in [False] + [True] * 7:
        calm.note(NO_WAY, 0, probe=probe)
        nervous.note(NO_WAY, 0, probe=probe)
        pauses.append((calm.pause_s(), nervous.pause_s()))
    assert pauses[:3] == [(5, 6.25), (10, 12.5), (20, 25)]
    assert pauses[-2:] == [(300, 300), (300, 300)]


@pytest.mark.parametrize("answer", [TAKEN, Rejected(ReasonCode.REFUSED)])
def test_an_answer_to_the_probe_that_knows_its_mind_ends_the_problem(answer):
    health = breaker()
    health.note(NO_WAY, 0, probe=False)
    assert health.open_because == NO_WAY.reason_code
    health.note(answer, 0, probe=True)
    assert health.open_because is None


@pytest.mark.parametrize("answer", [TAKEN, NO_WAY])
def test_answers_to_orders_that_left_before_the_problem_change_nothing(answer):
    health = breaker()
    health.note(NO_WAY, 0, probe=False)
    health.note(answer, 0, probe=False)
    assert (health.open_because, health.pause_s()) == (NO_WAY.reason_code, 5)


def test_one_unclear_answer_is_no_problem():
    health = breaker()
    for answer in (SILENCE, SILENCE, TAKEN, SILENCE, SILENCE):
        assert health.note(answer, 0, probe=False) is None
    assert health.open_because is None
    assert health.note(SILENCE, 0, probe=False) == Alert(AlertCode.MANY_UNCLEAR)
    assert health.open_because is AlertCode.MANY_UNCLEAR


def test_an_unclear_probe_is_no_sign_of_health():
    health = breaker()
    health.note(NO_WAY, 0, probe=False)
    health.note(SILENCE, 0, probe=True)
    assert (health.open_because, health.pause_s()) == (NO_WAY.reason_code, 10)


def test_a_short_problem_is_told_to_nobody_and_a_long_one_once():
    health = breaker()
    told = [health.note(NO_WAY, 0, probe=tries > 0) for tries in range(12)]
    assert [index for index, text in enumerate(told) if text] == [4]


def test_what_needs_a_person_is_told_at_once_and_again_after_a_day():
    health = breaker()
    assert health.note(NO_FUNDS, 0, probe=False) == Alert(ReasonCode.PROVIDER_FUNDS_EMPTY)
    assert health.note(TAKEN, 0, probe=True) is None
    assert health.note(NO_FUNDS, QUIET_MS - 1, probe=False) is None
    assert health.note(NO_FUNDS, QUIET_MS, probe=True) == Alert(ReasonCode.PROVIDER_FUNDS_EMPTY)


def test_a_clock_that_was_set_back_does_not_silence_the_alert():
    health = breaker()
    assert health.note(NO_FUNDS, QUIET_MS, probe=False) == Alert(ReasonCode.PROVIDER_FUNDS_EMPTY)
    assert health.note(NO_FUNDS, 2 * QUIET_MS - 1, probe=True) is None
    assert health.note(NO_FUNDS, 0, probe=True) == Alert(ReasonCode.PROVIDER_FUNDS_EMPTY)


def test_a_pause_is_as_long_as_the_provider_asks_until_it_answers():
    health = breaker()
    for retry_after_s, pause_s in ((900, 900), (1, 10), (0, 20)):
        slowly = NotSent(ReasonCode.PROVIDER_RATE_LIMIT, retry_after_s)
        health.note(slowly, 0, probe=health.open_because is not None)
        assert health.pause_s() == pause_s


def test_after_a_success_pauses_begin_again_at_the_shortest():
    health = breaker()
    for probe in (False, True, True):
        health.note(NO_WAY, 0, probe=probe)
    assert health.pause_s() == 20
    health.note(TAKEN, 0, probe=True)
    health.note(NO_WAY, 0, probe=False)
    assert health.pause_s() == 5


def test_many_unclear_orders_are_told_again_after_a_day():
    health = breaker()
    alert = Alert(AlertCode.MANY_UNCLEAR)
    for at_ms, told in ((1, alert), (QUIET_MS, None), (QUIET_MS + 1, alert)):
        assert [health.note(SILENCE, at_ms, probe=False) for _ in range(3)] == [None, None, told]
        assert health.pause_s() == 5
        assert health.note(TAKEN, at_ms, probe=True) is None


def test_an_unclear_probe_tells_nobody_anew():
    health = breaker()
    health.note(NO_FUNDS, 0, probe=False)
    assert health.note(SILENCE, 2 * QUIET_MS, probe=True) is None
    assert (health.open_because, health.pause_s()) == (NO_FUNDS.reason_code, 10)


def test_an_unclear_probe_of_a_long_problem_is_told():
    health = breaker()
    told = [health.note(NO_WAY, 0, probe=tries > 0) for tries in range(4)]
    told.append(health.note(SILENCE, 0, probe=True))
    assert told == [None] * 4 + [Alert(NO_WAY.reason_code)]


def test_unclear_answers_to_one_person_say_nothing_about_the_provider():
    health = breaker()
    for _ in range(10):
        assert health.note(SILENCE, 0, probe=False, user_id=42) is None
    assert health.open_because is None
    assert health.note(SILENCE, 0, probe=False, user_id=43) == Alert(AlertCode.MANY_UNCLEAR)


def held(health: ProviderBreaker, order_id: str, *, probe: bool = False) -> Alert | None:
    answer = NotSent(ReasonCode.PROVIDER_FUNDS_EMPTY, needs_admin=True, http_status=200)
    return health.note(answer, 0, probe=probe, order_id=order_id)


def test_an_order_that_is_held_before_and_after_others_are_accepted_has_its_own_problem():
    health = breaker()
    held(health, "a")
    assert (health.was_held("a"), health.own_pause_s("a")) == (True, 0)
    health.note(TAKEN, 0, probe=True, order_id="b")
    assert held(health, "a") is None
    assert (health.open_because, health.own_pause_s("a")) == (None, 5)
    held(health, "c")
    assert health.open_because == ReasonCode.PROVIDER_FUNDS_EMPTY
    assert held(health, "a", probe=True) is None
    assert (health.pause_s(), health.own_pause_s("a")) == (5, 10)
    health.note(TAKEN, 0, probe=True, order_id="a")
    assert (health.was_held("a"), health.own_pause_s("a")) == (False, 0)


def test_a_provider_that_is_not_reached_is_nobodys_own_problem():
    health = breaker()
    health.note(NO_WAY, 0, probe=False, order_id="a")
    health.note(TAKEN, 0, probe=True, order_id="b")
    health.note(NO_WAY, 0, probe=False, order_id="a")
    assert health.open_because == NO_WAY.reason_code
