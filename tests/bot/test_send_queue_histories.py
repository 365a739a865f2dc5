"""Random histories of the send queue: whoever may leave leaves, and nobody waits for ever.

The clock is fake. A wake-up that is missed shows as a call that has not ended long after Telegram
is well again, or as a loop in which everything waits for nothing.
"""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fake_time import in_fake_time, now_s
from support.gate_harness import AWAY, Telegram
from telegram.error import Forbidden, TelegramError

from bot.send.api_answers import RetryAfter
from bot.send.rate_limits import NO_LIMITS, TELEGRAM_LIMITS, Priority

ADMIN_ID = 7
WELL_AFTER_S = 4 * 3600.0
"""Five pauses of 15 minutes, twice: no call can be retried for longer."""
MOST_IN_A_SECOND = TELEGRAM_LIMITS.overall_per_s

ANSWERS = st.lists(
    st.sampled_from([None, AWAY, RetryAfter(1), RetryAfter(20), RetryAfter(900), Forbidden("no")]),
    max_size=12,
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.0, 0.1, 0.7, 3.0, 40.0]),
        st.one_of(st.integers(1, 12), st.integers(1, 3), st.none()),
        st.sampled_from(Priority),
        st.integers(1, 12),
        st.sampled_from([None, None, None, 0.0, 0.5, 30.0]),
    ),
    max_size=40,
)


class History:
    """Calls as they come, some of which are cancelled, to a Telegram with plans for each chat."""

    def __init__(self, limits, answers) -> None:
        self.telegram = Telegram(limits, admin_ids=frozenset({ADMIN_ID}))
        self.telegram.takes_s = 0.03
        self.tasks: list[asyncio.Task] = []
        for chat_id, planned in enumerate(answers, 1):
            self.telegram.answers[chat_id] = [one for one in planned if one is not None]
        self.telegram.answers["answerCallbackQuery"] = [AWAY, RetryAfter(1), AWAY, AWAY]

    async def play(self, steps, stop_at) -> None:
        for number, (pause_s, chat_id, priority, times, patience_s) in enumerate(steps):
            if number == stop_at:
                self.telegram.gate.stop()
            await asyncio.sleep(pause_s)
            for _ in range(times):
                task = self._begin(chat_id, priority)
                self.tasks.append(task)
                if patience_s is not None:
                    asyncio.get_running_loop().call_later(patience_s, task.cancel)

    def _begin(self, chat_id, priority):
        if chat_id is None:
            return self.telegram.begin(None, endpoint="answerCallbackQuery")
        return self.telegram.begin(chat_id, priority)

    async def end(self) -> list[object]:
        if not self.tasks:
            return []
        _, waiting = await asyncio.wait(self.tasks, timeout=WELL_AFTER_S)
        assert not waiting
        return await asyncio.gather(*self.tasks, return_exceptions=True)


@pytest.mark.parametrize("limits", [TELEGRAM_LIMITS, NO_LIMITS])
@given(answers=st.lists(ANSWERS, max_size=12), steps=STEPS, stop_at=st.integers(0, 80))
def test_every_call_ends_and_the_limits_hold(limits, answers, steps, stop_at):
    @in_fake_time
    async def play():
        history = History(limits, answers)
        await history.play(steps, stop_at)
        for outcome in await history.end():
            ended = isinstance(outcome, (str, TelegramError, asyncio.CancelledError))
            assert ended, outcome
        queue = history.telegram.gate._queue
        assert all(call.is_abandoned for lane in queue._lanes.values() for _, call in lane)
        if limits is TELEGRAM_LIMITS and stop_at >= len(steps):
            times_s = [at_s for at_s, who in history.telegram.heard if isinstance(who, int)]
            for sooner_s, later_s in zip(times_s, times_s[MOST_IN_A_SECOND:], strict=False):
                assert later_s - sooner_s >= 1 - 1e-9

    play()


@given(answers=st.lists(ANSWERS, max_size=6), steps=STEPS)
def test_whoever_is_healthy_is_answered_soon_after_the_histories_of_others(answers, steps):
    @in_fake_time
    async def play():
        history = History(TELEGRAM_LIMITS, answers)
        await history.play([step for step in steps if step[1] is None or step[1] <= 6], -1)
        for chat_id in (ADMIN_ID, 100, 101):
            asked_s = now_s()
            await history.telegram.call(chat_id)
            # Behind the replies of at most 6 others, which come first as they came first.
            assert now_s() - asked_s < 3.0
        await history.end()

    play()
