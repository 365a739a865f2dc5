"""Telegram's limits hold in any window, and calls leave in order. The clock is fake."""

import asyncio
from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fake_time import in_fake_time, now_s

from bot.send.queue import SendQueue
from bot.send.queued_call import QueuedCall
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
    """A send queue, and what has left it: when, and which call."""

    def __init__(self, limits: RateLimits = TELEGRAM_LIMITS) -> None:
        self.queue = SendQueue(limits)
        self.came: list[QueuedCall] = []
        self.left: list[tuple[float, QueuedCall]] = []
        self.tasks: dict[QueuedCall, asyncio.Task[None]] = {}

    @property
    def allowance(self) -> Allowance:
        return self.queue._allowance

    async def come(self, chat_id, priority=REPLY) -> QueuedCall:
        return (await self.come_together([(chat_id, priority)]))[0]

    async def come_together(self, calls) -> list[QueuedCall]:
        """New calls, one after the other at the same moment."""
        new = [self.queue.new_call(chat_id, priority) for chat_id, priority in calls]
        self.came += new
        for call in new:
            self.tasks[call] = asyncio.create_task(self._leave(call))
        await asyncio.sleep(0)
        return new

    async def again(self, call: QueuedCall) -> None:
        """A call that was lost waits once more, at its old place."""
        self.tasks[call] = asyncio.create_task(self._wait(call))
        await asyncio.sleep(0)

    async def _leave(self, call: QueuedCall) -> None:
        if self.queue.may_leave_at_once(call.chat_id, call.priority):
            self.left.append((now_s(), call))
        else:
            await self._wait(call)

    async def _wait(self, call: QueuedCall) -> None:
        await self.queue.wait(call)
        self.left.append((now_s(), call))

    async def pass_time(self, until_s: float) -> None:
        await asyncio.sleep(until_s - now_s())

    async def finish(self) -> None:
        """Until nobody waits, or only for what never comes."""
        await settle()
        while (timer := self.queue._timer) is not None:
            time_s = asyncio.get_running_loop().time()
            assert timer.when() > time_s, "a queue that has let go all it can asks for later"
            await asyncio.sleep(timer.when() - time_s)
            await settle()

    def times(self, chosen=lambda _: True) -> list[float]:
        return [at_s for at_s, call in self.left if chosen(call)]

    def left_at(self, call: QueuedCall) -> list[float]:
        return self.times(lambda other: other is call)


async def settle() -> None:
    """Let those go on whose turn has come."""
    for _ in range(3):
        await asyncio.sleep(0)


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


async def served(arrivals, limits=TELEGRAM_LIMITS) -> Office:
    office = Office(limits)
    for ticks, chat_id, priority, times in arrivals:
        await office.pass_time(now_s() + ticks * TICK_S)
        await office.come_together([(chat_id, priority)] * times)
    await office.finish()
    return office


@given(ARRIVALS)
@in_fake_time
async def test_no_second_has_more_messages_than_telegram_takes(arrivals):
    times = (await served(arrivals)).times(lambda call: call.chat_id is not None)
    assert all(later - sooner >= 1 for sooner, later in zip(times, times[30:], strict=False))


@given(ARRIVALS)
@in_fake_time
async def test_no_chat_has_more_than_a_burst_and_one_a_second(arrivals):
    by_chat = defaultdict(list)
    for at_s, call in (await served(arrivals)).left:
        if isinstance(call.chat_id, int):
            by_chat[call.chat_id].append(at_s)
    for times in by_chat.values():
        for first, first_s in enumerate(times):
            for last, last_s in enumerate(times[first:], first):
                assert last - first + 1 <= 8 + (last_s - first_s)


@given(ARRIVALS)
@in_fake_time
async def test_no_minute_has_more_than_twenty_messages_in_a_group(arrivals):
    by_group = defaultdict(list)
    for at_s, call in (await served(arrivals)).left:
        if isinstance(call.chat_id, str) or (call.chat_id or 0) < 0:
            by_group[call.chat_id].append(at_s)
    for times in by_group.values():
        assert all(later - sooner > 60 for sooner, later in zip(times, times[20:], strict=False))


@given(ARRIVALS)
@in_fake_time
async def test_everyone_is_served_once(arrivals):
    office = await served(arrivals)
    assert sorted(id(call) for _, call in office.left) == sorted(map(id, office.came))
    assert len(office.queue) == 0


@given(ARRIVALS)
@in_fake_time
async def test_in_a_chat_what_came_first_leaves_first_within_its_priority(arrivals):
    in_turn = defaultdict(list)
    for _, call in (await served(arrivals)).left:
        in_turn[call.chat_id, call.priority].append(call.place)
    for (chat_id, _), places in in_turn.items():
        assert chat_id is None or places == sorted(places)


@given(ARRIVALS)
@in_fake_time
async def test_broadcasts_leave_room_for_ten_others_in_any_second(arrivals):
    recent = []
    for at_s, call in (await served(arrivals)).left:
        if call.chat_id is None:
            continue
        recent = [(then_s, kind) for then_s, kind in recent if then_s > at_s - 1]
        if call.priority is BROADCAST:
            # The one that is owed to them each second is the exception.
            assert len(recent) < 20 or BROADCAST not in [kind for _, kind in recent]
        recent.append((at_s, call.priority))
        assert sum(kind is BROADCAST for _, kind in recent) <= 20


@given(st.lists(st.integers(0, 4), max_size=120))
@in_fake_time
async def test_a_broadcast_never_slows_an_answer(gaps):
    """To eight people at most in a second, each gets it at once, whatever else goes out."""
    office = Office()
    await office.come_together((number + 1000, BROADCAST) for number in range(200))
    answers = []
    for number, ticks in enumerate(gaps):
        await office.pass_time(now_s() + ticks * TICK_S)
        if len([at_s for at_s in answers if at_s > now_s() - 1]) < 8:
            answer = await office.come(number + 1)
            answers.append(now_s())
            assert office.left_at(answer) == [now_s()]


@pytest.mark.parametrize("replies_per_s", [0, 16, 24, 26])
@in_fake_time
async def test_broadcasts_go_on_as_long_as_answers_leave_any_room(replies_per_s):
    office = Office()
    await office.come_together((number + 1000, BROADCAST) for number in range(100))
    for number in range(replies_per_s * 100):
        await office.pass_time(number / replies_per_s)
        await office.come(number % 900 + 1)
    await office.pass_time(max(now_s(), 100.0))
    times = office.times(lambda call: call.priority is BROADCAST)
    assert len(times) == 100
    assert all(later - sooner < 2 for sooner, later in pairwise(times))


@in_fake_time
async def test_a_broadcast_beside_nothing_else_has_twenty_a_second():
    office = Office()
    await office.come_together((number, BROADCAST) for number in range(100))
    await office.finish()
    assert office.times() == [second for second in range(5) for _ in range(20)]


@in_fake_time
async def test_what_waits_leaves_by_priority_then_first_come_first_served():
    office = Office()
    await office.come_together((number + 1, REPLY) for number in range(30))
    kinds = [BROADCAST, NOTICE, REPLY] * 2
    late = await office.come_together((100 + n, kind) for n, kind in enumerate(kinds))
    await office.finish()
    in_order = [late[number] for number in (2, 5, 1, 4, 0, 3)]
    assert [call for _, call in office.left[30:]] == in_order


@in_fake_time
async def test_a_chat_over_its_limit_holds_up_nobody_else():
    office = Office()
    await office.come_together([(1, REPLY)] * 20)
    other = await office.come(2)
    assert office.left_at(other) == [0.0]
    await office.finish()
    ones = office.times(lambda call: call.chat_id == 1)
    assert ones == [0.0] * 8 + [float(second) for second in range(1, 13)]


@in_fake_time
async def test_in_one_chat_an_answer_passes_the_notices_that_wait():
    office = Office()
    waiting = await office.come_together([(1, NOTICE)] * 12)
    answer = await office.come(1)
    await office.finish()
    assert office.left_at(answer) == [0.0], "notices leave room for three replies"
    assert office.left_at(waiting[5]) == [2.0]


@in_fake_time
async def test_without_limits_everything_leaves_at_once():
    office = Office(NO_LIMITS)
    await office.come_together((number % 7 - 3, BROADCAST) for number in range(5000))
    assert office.times() == [0.0] * 5000
    assert office.allowance._full_at_s == {}


def test_chats_that_were_quiet_are_forgotten():
    allowance = Allowance(TELEGRAM_LIMITS)
    for number in range(100_000):
        at_s = number / 25
        assert max(allowance.opens_at_s(REPLY), allowance.chat_opens_at_s(number + 1)) <= at_s
        allowance.count(number + 1, REPLY, at_s)
        assert len(allowance._full_at_s) <= SWEEP_MIN


@pytest.mark.parametrize("before", [[1] * 8, range(100, 130)], ids=["chat full", "all full"])
@in_fake_time
async def test_who_gave_up_waiting_takes_nobodys_turn(before):
    office = Office()
    await office.come_together((chat_id, REPLY) for chat_id in before)
    gone, next_one = await office.come_together([(1, REPLY)] * 2)
    office.tasks[gone].cancel()
    await office.pass_time(1.0)
    await settle()
    assert office.left_at(gone) == []
    assert office.left_at(next_one) == [1.0]
    assert len(office.queue) == 0
    late = await office.come_together((number, REPLY) for number in range(2, 40))
    together = 28 - sum(at_s > 0.0 for at_s in office.times(lambda call: call not in late))
    assert sum(office.left_at(call) == [1.0] for call in late) == together


# Telegram asks for a pause (429).


@in_fake_time
async def test_a_pause_for_one_chat_holds_this_chat_only():
    office = Office(NO_LIMITS)
    office.allowance.pause(1, 30.0, now_on_loop_s())
    blocked, free = await office.come_together([(1, REPLY), (2, REPLY)])
    assert office.left_at(free) == [0.0]
    await office.finish()
    assert office.left_at(blocked) == [30.0]


@pytest.mark.parametrize("limits", [TELEGRAM_LIMITS, NO_LIMITS])
@in_fake_time
async def test_after_a_pause_a_chat_begins_again_slowly(limits):
    office = Office(limits)
    office.allowance.pause(1, 30.0, now_on_loop_s())
    await office.come_together([(1, REPLY)] * 3)
    await office.finish()
    assert office.times() == ([30.0, 31.0, 32.0] if limits is TELEGRAM_LIMITS else [30.0] * 3)


def test_a_chat_that_is_blocked_for_long_is_not_forgotten():
    allowance = Allowance(TELEGRAM_LIMITS)
    allowance.pause(1, 3600.0, 0.0)
    for number in range(4 * SWEEP_MIN):
        allowance.count(number + 2, REPLY, number / 25)
    assert allowance.chat_opens_at_s(1) == 3600.0


def now_on_loop_s() -> float:
    return asyncio.get_running_loop().time()


# The connection is lost.


def lose(office: Office, call: QueuedCall) -> None:
    call.failures = 0
    office.queue.failed(call, ConnectionError())


@in_fake_time
async def test_one_lost_call_pauses_nothing_but_itself():
    office = Office(NO_LIMITS)
    lost = await office.come(1)
    lose(office, lost)
    await office.again(lost)
    assert office.left_at(await office.come(2)) == [0.0]
    assert office.left_at(await office.come(1)) == [0.0]
    await office.finish()
    assert office.left_at(lost) == [0.0, 1.0]


@in_fake_time
async def test_when_a_second_chats_call_is_lost_one_tries_and_what_can_wait_does():
    office = Office(NO_LIMITS)
    calls = [await office.come(number) for number in range(5)]
    for call in calls:
        lose(office, call)
        await office.again(call)
    probe, notice = await office.come_together([(8, NOTICE), (9, NOTICE)])
    reply = await office.come(10)
    assert office.left_at(probe) == office.left_at(reply) == [0.0]
    await office.finish()
    assert office.times()[7:] == [1.0]
    (_, first) = office.left[7]
    lose(office, first)
    await office.again(first)
    await office.finish()
    assert office.times()[8:] == [3.0]
    office.queue.answered(office.left[8][1].chat_id)
    await office.finish()
    assert office.times()[9:] == [3.0] * 5
    assert office.left_at(notice) == [3.0]
