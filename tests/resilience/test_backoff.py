"""Pauses double up to a maximum."""

from resilience.backoff import Backoff


def test_pauses_double_up_to_the_maximum():
    backoff = Backoff(1.0, 30.0)
    assert [backoff.pause_s(failures) for failures in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]


def test_any_number_of_failures_has_a_pause():
    assert Backoff(5.0, 300.0).pause_s(10**9) == 300


def test_jitter_makes_a_pause_longer_by_a_share_and_never_exceeds_the_maximum():
    backoff = Backoff(5.0, 300.0, jitter_share=0.25)
    pauses_s = [(backoff.pause_s(n), backoff.pause_s(n, jitter=1.0)) for n in (1, 2, 3, 7, 8)]
    assert pauses_s == [(5, 6.25), (10, 12.5), (20, 25), (300, 300), (300, 300)]


def test_the_other_sides_wish_is_a_minimum_even_above_the_maximum():
    backoff = Backoff(1.0, 30.0)
    assert backoff.pause_s(1, at_least_s=77) == 77
    assert backoff.pause_s(5, at_least_s=3) == 16
