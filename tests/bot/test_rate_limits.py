"""The limits: Telegram's limits in any window, and who goes first. Time is an argument."""

import math
import sys
from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.send.circuit_breaker import CircuitBreaker
from bot.send.queue import Line, Ticket
from bot.send.rate_limits import (
    NO_LIMITS,
    SWEEP_MIN,
    TELEGRAM_LIMITS,
    Allowance,
    Priority,
    RateLimits,
)

REPLY, NOTICE, BROADCAST = Priority
TICK_S = 1 / 16
"""Sums of these are exact, so that no assertion needs a tolerance."""


class Office:
    """A line with a clock, and what has left it: when, and with which ticket."""

    def __init__(self, limits: RateLimits = TELEGRAM_LIMITS) -> None:
        self.now_s = 0.0
        self.outage = CircuitBreaker()
        self.allowance = Allowance(limits)
        self.line = Line(self.allowance, self.outage)
        self.came: list[Ticket] = []
        self.left: list[tuple[float, Ticket]] = []

    def come(self, chat_id, priority=REPLY) -> Ticket:
        ticket = self.line.ticket(chat_id, priority)
        self.came.append(ticket)
        if self.line.leaves_at_once(chat_id, priority, self.now_s):
            self.left.append((self.now_s, ticket))
        else:
            self.line.join(ticket, self.now_s)
            self.let_go()
        return ticket

    def let_go(self) -> None:
        while (ticket := self.line.next(self.now_s)) is not None:
            self.left.append((self.now_s, ticket))

    def pass_time(self, until_s: float) -> None:
        """Wake up only when the line has asked for it, as the event loop does."""
        self._work(until_s)
        self.now_s = until_s

    def finish(self) -> None:
        """Until nobody waits, or only for what never comes."""
        self._work(sys.float_info.max)

    def _work(self, until_s: float) -> None:
        while (at_s := self.line.next_at_s()) <= until_s:
            assert at_s > self.now_s, "a line that has let go all it can asks for a later time"
            self.now_s = at_s
            self.let_go()

    def times(self, chosen=lambda _: True) -> list[float]:
        return [at_s for at_s, ticket in self.left if chosen(ticket)]

    def left_at(self, ticket: Ticket) -> list[float]:
        return self.times(lambda other: other is ticket)


CHATS = st.one_of(st.integers(1, 60), st.integers(1, 3), st.integers(-3, -1), st.just("@channel"))
ARRIVALS = st.lists(
    st.tuples(
        st.sampled_from([0, 0, 0, 0, 1, 2, 8, 16, 40]),
        st.one_of(CHATS, st.none()),
        st.sampled_from(Priority),
        st.integers(1, 12),
    ),
    max_size=60,
)


def served(arrivals, limits=TELEGRAM_LIMITS) -> Office:
    office = Office(limits)
    for ticks, chat_id, priority, times in arrivals:
        office.pass_time(office.now_s + ticks * TICK_S)
        for _ in range(times):
            office.come(chat_id, priority)
    office.finish()
    return office


@given(ARRIVALS)
def test_no_second_has_more_messages_than_telegram_takes(arrivals):
    times = served(arrivals).times(lambda ticket: ticket.chat_id is not None)
    assert all(later - sooner >= 1 for sooner, later in zip(times, times[30:], strict=False))


@given(ARRIVALS)
def test_no_chat_has_more_than_a_burst_and_one_a_second(arrivals):
    by_chat = defaultdict(list)
    for at_s, ticket in served(arrivals).left:
        if isinstance(ticket.chat_id, int):
            by_chat[ticket.chat_id].append(at_s)
    for times in by_chat.values():
        for first, first_s in enumerate(times):
            for last, last_s in enumerate(times[first:], first):
                assert last - first + 1 <= 8 + (last_s - first_s)


@given(ARRIVALS)
def test_no_minute_has_more_than_twenty_messages_in_a_group(arrivals):
    by_group = defaultdict(list)
    for at_s, ticket in served(arrivals).left:
        if isinstance(ticket.chat_id, str) or (ticket.chat_id or 0) < 0:
            by_group[ticket.chat_id].append(at_s)
    for times in by_group.values():
        assert all(later - sooner > 60 for sooner, later in zip(times, times[20:], strict=False))


@given(ARRIVALS)
def test_everyone_is_served_once(arrivals):
    office = served(arrivals)
    assert sorted(id(ticket) for _, ticket in office.left) == sorted(map(id, office.came))
    assert not office.line


@given(ARRIVALS)
def test_in_a_chat_what_came_first_leaves_first_within_its_priority(arrivals):
    in_turn = defaultdict(list)
    for _, ticket in served(arrivals).left:
        in_turn[ticket.chat_id, ticket.priority].append(ticket.place)
    for (chat_id, _), places in in_turn.items():
        assert chat_id is None or places == sorted(places)


@given(ARRIVALS)
def test_broadcasts_leave_room_for_ten_answers_in_any_second(arrivals):
    recent = []
    for at_s, ticket in served(arrivals).left:
        if ticket.chat_id is None:
            continue
        recent = [(then_s, kind) for then_s, kind in recent if then_s > at_s - 1]
        if ticket.priority is BROADCAST:
            # The one that is owed to them each second is the exception.
            assert len(recent) < 20 or BROADCAST not in [kind for _, kind in recent]
        recent.append((at_s, ticket.priority))
        assert sum(kind is BROADCAST for _, kind in recent) <= 20


@given(st.lists(st.integers(0, 4), max_size=120))
def test_a_broadcast_never_slows_an_answer(gaps):
    """To ten people at most in a second, each gets it at once, whatever else goes out."""
    office = Office()
    for number in range(200):
        office.come(number + 1000, BROADCAST)
    answers = []
    for number, ticks in enumerate(gaps):
        office.pass_time(office.now_s + ticks * TICK_S)
        if len([at_s for at_s in answers if at_s > office.now_s - 1]) < 10:
            answer = office.come(number + 1)
            answers.append(office.now_s)
            assert office.left_at(answer) == [office.now_s]


@pytest.mark.parametrize("replies_per_s", [0, 16, 24, 28])
def test_broadcasts_go_on_as_long_as_answers_leave_any_room(replies_per_s):
    office = Office()
    for number in range(100):
        office.come(number + 1000, BROADCAST)
    for number in range(replies_per_s * 100):
        office.pass_time(number / replies_per_s)
        office.come(number % 900 + 1)
    office.pass_time(max(office.now_s, 100.0))
    times = office.times(lambda ticket: ticket.priority is BROADCAST)
    assert len(times) == 100
    assert all(later - sooner < 2 for sooner, later in pairwise(times))


def test_a_broadcast_beside_nothing_else_has_twenty_a_second():
    office = Office()
    for number in range(100):
        office.come(number, BROADCAST)
    office.finish()
    assert office.times() == [second for second in range(5) for _ in range(20)]


def test_what_waits_leaves_by_priority_then_first_come_first_served():
    office = Office()
    for number in range(30):
        office.come(number + 1)
    late = [office.come(100 + n, kind) for n, kind in enumerate([BROADCAST, NOTICE, REPLY] * 2)]
    office.finish()
    in_order = [late[number] for number in (2, 5, 1, 4, 0, 3)]
    assert [ticket for _, ticket in office.left[30:]] == in_order


def test_a_chat_over_its_limit_holds_up_nobody_else():
    office = Office()
    for _ in range(20):
        office.come(1)
    other = office.come(2)
    assert office.left_at(other) == [0.0]
    office.finish()
    ones = office.times(lambda ticket: ticket.chat_id == 1)
    assert ones == [0.0] * 8 + [float(second) for second in range(1, 13)]


def test_in_one_chat_an_answer_passes_the_notices_that_wait():
    office = Office()
    waiting = [office.come(1, NOTICE) for _ in range(12)]
    answer = office.come(1)
    office.finish()
    assert office.left_at(answer) == [1.0]
    assert office.left_at(waiting[8]) == [2.0]


def test_without_limits_everything_leaves_at_once():
    office = Office(NO_LIMITS)
    for number in range(5000):
        office.come(number % 7 - 3, BROADCAST)
    assert office.times() == [0.0] * 5000
    assert office.allowance._full_at_s == {}


def test_chats_that_were_quiet_are_forgotten():
    office = Office()
    for number in range(100_000):
        office.pass_time(number / 25)
        office.come(number + 1)
        assert len(office.allowance._full_at_s) <= SWEEP_MIN


@pytest.mark.parametrize("before", [[1] * 8, range(100, 130)], ids=["chat full", "all full"])
def test_who_gave_up_waiting_takes_nobodys_turn(before):
    office = Office()
    for chat_id in before:
        office.come(chat_id)
    gone, next_one = office.come(1), office.come(1)
    gone.future = Cancelled()
    office.pass_time(1.0)
    assert office.left_at(gone) == []
    assert office.left_at(next_one) == [1.0]
    assert not office.line
    assert sum(office.left_at(office.come(number)) == [1.0] for number in range(2, 40)) == 29


class Cancelled:
    def cancelled(self) -> bool:
        return True


# Telegram asks for a pause (429).


def test_a_pause_for_one_chat_holds_this_chat_only():
    office = Office(NO_LIMITS)
    office.allowance.asked_to_wait(1, 30.0, 0.0)
    held, free = office.come(1), office.come(2)
    assert office.left_at(free) == [0.0]
    office.finish()
    assert office.left_at(held) == [30.0]


@pytest.mark.parametrize("limits", [TELEGRAM_LIMITS, NO_LIMITS])
def test_after_a_pause_a_chat_begins_again_slowly(limits):
    office = Office(limits)
    office.allowance.asked_to_wait(1, 30.0, 0.0)
    for _ in range(3):
        office.come(1)
    office.finish()
    assert office.times() == ([30.0, 31.0, 32.0] if limits is TELEGRAM_LIMITS else [30.0] * 3)


def test_a_pause_for_a_second_chat_meanwhile_holds_everything():
    office = Office(NO_LIMITS)
    office.allowance.asked_to_wait(1, 30.0, 0.0)
    office.allowance.asked_to_wait(2, 20.0, 5.0)
    office.now_s = 5.0
    third, press = office.come(3), office.come(None)
    office.finish()
    assert office.left_at(third) == office.left_at(press) == [25.0]


def test_a_pause_for_a_second_chat_later_holds_nobody_else():
    office = Office(NO_LIMITS)
    office.allowance.asked_to_wait(1, 5.0, 0.0)
    office.allowance.asked_to_wait(2, 20.0, 6.0)
    office.now_s = 6.0
    assert office.left_at(office.come(3)) == [6.0]


def test_a_pause_for_a_call_without_a_chat_holds_everything():
    office = Office(NO_LIMITS)
    office.allowance.asked_to_wait(None, 20.0, 0.0)
    waiting = [office.come(3, BROADCAST), office.come(None)]
    office.finish()
    assert [office.left_at(ticket) for ticket in waiting] == [[20.0], [20.0]]


def test_what_has_no_chat_waits_for_telegram_and_never_for_messages():
    office = Office()
    office.allowance.asked_to_wait(None, 20.0, 0.0)
    for number in range(100):
        office.come(number)
    press = office.come(None)
    office.finish()
    assert office.left_at(press) == [20.0]
    assert office.times(lambda ticket: ticket.chat_id == 99) == [23.0]


def test_a_chat_that_is_held_for_long_is_not_forgotten():
    office = Office()
    office.allowance.asked_to_wait(1, 3600.0, 0.0)
    for number in range(4 * SWEEP_MIN):
        office.pass_time(number / 25)
        office.come(number + 2)
    held = office.come(1)
    office.finish()
    assert office.left_at(held) == [3600.0]


# The connection is lost.


def lose(office: Office, ticket: Ticket) -> None:
    ticket.not_before_s = office.now_s + 1
    office.outage.failed(ticket, ticket.chat_id, "NetworkError", office.now_s)


def test_one_lost_call_pauses_its_own_chat_only():
    office = Office(NO_LIMITS)
    lost = office.come(1)
    lose(office, lost)
    office.line.join(lost, 0.0)
    assert office.left_at(office.come(2)) == [0.0]
    behind = office.come(1)
    office.finish()
    assert office.left_at(lost) == [0.0, 1.0]
    assert office.left_at(behind) == [1.0]


def test_when_a_second_chats_call_is_lost_one_tries_and_all_others_wait():
    office = Office(NO_LIMITS)
    tickets = [office.come(number) for number in range(5)]
    for ticket in tickets:
        lose(office, ticket)
        office.line.join(ticket, 0.0)
    waiting = office.come(9)
    office.finish()
    assert office.times()[5:] == [1.0]
    (_, probe) = office.left[5]
    lose(office, probe)
    office.line.join(probe, office.now_s)
    office.finish()
    assert office.times()[6:] == [3.0]
    assert office.outage.answered()
    office.line.hurry(office.now_s)
    office.let_go()
    assert office.times()[7:] == [3.0] * 5
    assert office.left_at(waiting) == [3.0]


def test_pauses_grow_up_to_half_a_minute():
    outage, now_s, pauses = CircuitBreaker(), 0.0, []
    for chat_id in (1, 2):
        outage.failed(object(), chat_id, "NetworkError", now_s)
    for _ in range(8):
        pauses.append(outage.opens_at_s - now_s)
        now_s = outage.opens_at_s
        probe = object()
        outage.leaves(probe)
        assert outage.opens_at_s == math.inf
        outage.failed(object(), 3, "NetworkError", now_s)  # it was under way all the time
        assert outage.opens_at_s == math.inf
        outage.failed(probe, 4, "NetworkError", now_s)
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]


def test_calls_lost_one_by_one_with_answers_in_between_are_no_outage():
    outage = CircuitBreaker()
    for chat_id in range(5):
        assert not outage.failed(object(), chat_id, "NetworkError", 0.0)
        assert not outage.answered()
    assert not outage.general
    assert outage.trouble(0.0) == ""


def test_trouble_is_said_while_it_is_news():
    outage = CircuitBreaker()
    outage.failed(1, 1, "NetworkError", 0.0)
    assert outage.trouble(0.0) == ""
    outage.failed(1, 1, "TimedOut", 1.0)
    assert "TimedOut" in outage.trouble(40.0)
    assert outage.trouble(1000.0) == ""
    outage.answered()
    assert outage.trouble(1.0) == ""
