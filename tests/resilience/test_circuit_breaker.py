"""Closed, open, half open: when calls may leave, by the outcomes of the calls before."""

import math

import pytest

from resilience.backoff import Backoff
from resilience.circuit_breaker import CircuitBreaker


@pytest.fixture
def breaker() -> CircuitBreaker:
    return CircuitBreaker(Backoff(1.0, 30.0))


def test_a_closed_breaker_lets_every_call_leave(breaker):
    assert (breaker.is_closed, breaker.opens_at_s) == (True, -math.inf)


def test_a_tripped_breaker_lets_nothing_leave_before_the_pause_is_over(breaker):
    breaker.trip(100.0)
    assert (breaker.is_closed, breaker.opens_at_s, breaker.pause_s) == (False, 101.0, 1.0)


def test_while_a_probe_is_out_nothing_else_leaves(breaker):
    breaker.trip(0.0)
    probe = object()
    breaker.start_probe(probe)
    assert breaker.opens_at_s == math.inf
    assert breaker.is_probe(probe)
    assert not breaker.is_probe(object())


def test_each_failed_probe_makes_the_next_pause_longer(breaker):
    pauses_s, now_s = [], 0.0
    breaker.trip(now_s)
    for _ in range(8):
        pauses_s.append(breaker.opens_at_s - now_s)
        now_s = breaker.opens_at_s
        breaker.start_probe(object())
        breaker.trip(now_s)
    assert pauses_s == [1, 2, 4, 8, 16, 30, 30, 30]


def test_closing_says_whether_it_was_open_and_the_next_pause_is_short_again(breaker):
    assert not breaker.close()
    breaker.trip(0.0)
    breaker.trip(1.0)
    assert breaker.trips == 2
    assert breaker.close()
    assert breaker.trips == 0
    assert (breaker.is_closed, breaker.opens_at_s, breaker.pause_s) == (True, -math.inf, 0.0)
    breaker.trip(5.0)
    assert breaker.opens_at_s == 6.0


def test_a_probe_that_was_given_up_makes_room_for_another(breaker):
    breaker.trip(0.0)
    probe = object()
    breaker.start_probe(probe)
    breaker.retry_now(7.0)
    assert (breaker.opens_at_s, breaker.is_probe(probe)) == (7.0, False)


def test_a_closed_breaker_has_nothing_to_retry(breaker):
    breaker.retry_now(7.0)
    assert breaker.opens_at_s == -math.inf


def test_a_pause_that_the_service_asks_for_is_a_minimum(breaker):
    breaker.trip(0.0, at_least_s=60.0)
    assert breaker.opens_at_s == 60.0


def test_each_pause_draws_its_own_jitter():
    draws = iter([0.0, 1.0])
    breaker = CircuitBreaker(Backoff(4.0, 300.0, jitter_share=0.25), lambda: next(draws))
    breaker.trip(0.0)
    breaker.trip(0.0)
    assert breaker.pause_s == 10.0
