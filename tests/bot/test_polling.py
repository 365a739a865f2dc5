"""Polling: recovers from every answer, and confirms only durable updates."""

import asyncio
import json

import pytest
from support.scripted_telegram import (
    DOWN,
    LOGIN_PAGE,
    NOT_FOUND,
    NOT_KNOWN,
    message,
    receiver_harness,
    refused,
)

from bot.receive.poll_watch import POLL_OVERDUE_S, PollWatch
from bot.receive.polling import LONG_POLL_S, Polling
from bot.send.http import TIMEOUTS


@pytest.fixture
async def bench(tmp_path):
    async with receiver_harness(tmp_path) as bench:
        bench.polling = Polling(bench.app.bot, bench.receiver, bench.health)
        yield bench
        await bench.polling.stop()


def offsets(bench):
    """What each poll confirmed: all below this number."""
    return [int(given.get("offset", 0)) for method, given in bench.server.given if "getU" in method]


@pytest.mark.parametrize("answer", [NOT_KNOWN, NOT_FOUND, DOWN, LOGIN_PAGE, (200, "[]")])
async def test_no_answer_to_a_poll_stops_the_polling(bench, answer):
    bench.server.planned["getUpdates"] = [answer] * 2
    await bench.polling.start()
    await bench.server.poll_waits.wait()
    assert len(bench.pauses_s) == 2
    assert all(bench.problems)
    assert bench.health.problem is None


@pytest.mark.parametrize(
    "answer", ['"a word"', '["a word"]', '[{"message": {}}]', '{"update_id": 5}', "null"]
)
async def test_an_answer_that_makes_no_sense_does_not_end_the_polling(bench, answer):
    bench.server.planned["getUpdates"] = [(200, f'{{"ok": true, "result": {answer}}}')]
    await bench.polling.start()
    await bench.server.poll_waits.wait()
    assert len(bench.pauses_s) == 1


async def test_an_update_that_makes_no_sense_is_passed_over(bench):
    bench.server.updates = [{"update_id": 5, "message": {"chat": 3}}, message(6)]
    await bench.polling.start()
    await bench.server.poll_waits.wait()
    assert (bench.app.handled, bench.server.updates, bench.pauses_s) == ([6], [], [])


async def test_an_update_without_a_number_holds_up_none_beside_it(bench):
    answer = {"ok": True, "result": [{"message": {}}, message(6), {}]}
    bench.server.planned["getUpdates"] = [(200, json.dumps(answer))]
    await bench.polling.start()
    await bench.server.poll_waits.wait()
    assert (bench.app.handled, bench.pauses_s) == ([6], [])


async def test_a_failing_delete_webhook_holds_nobody_up_and_is_tried_again(bench):
    bench.server.planned["deleteWebhook"] = [DOWN] * 3
    await bench.polling.start()
    await bench.server.poll_waits.wait()
    assert len(bench.pauses_s) == 3
    assert bench.server.calls.count("deleteWebhook") == 4


async def test_what_waits_for_a_webhook_is_not_dropped(bench):
    await bench.polling.start()
    await bench.server.poll_waits.wait()
    given = dict(bench.server.given)["deleteWebhook"]
    assert "drop_pending_updates" not in given


async def test_another_program_with_the_token_is_named_until_a_whole_poll_went_well(bench):
    bench.server.planned["getUpdates"] = [refused(409, "Conflict: terminated by other getUpdates")]
    await bench.polling.start()
    await bench.server.poll_waits.wait()
    assert len(bench.pauses_s) == 1
    assert "same BOT_TOKEN" in str(bench.health.problem)


async def test_updates_are_handled_once_and_then_confirmed(bench):
    bench.server.updates = [message(5), message(6)]
    await bench.polling.start()
    await bench.server.poll_waits.wait()
    assert (bench.app.handled, bench.server.updates) == ([5, 6], [])
    assert offsets(bench) == [0, 7]
    assert bench.inbox_path.read_bytes() == b""


async def test_what_takes_longer_is_confirmed_once_it_is_in_the_inbox(bench):
    bench.app.gates[5] = gate = asyncio.Event()
    bench.server.updates = [message(5, person=1), message(6, person=2)]
    await bench.polling.start()
    await bench.server.poll_waits.wait()
    assert (bench.app.handled, bench.server.updates) == ([6], [])
    assert b'"update_id":5' in bench.inbox_path.read_bytes()
    assert b'"update_id":6' not in bench.inbox_path.read_bytes()
    gate.set()


async def test_what_is_in_hand_at_the_stop_is_finished_and_confirmed(bench):
    bench.app.gates[5] = gate = asyncio.Event()
    bench.server.updates = [message(5)]
    await bench.polling.start()
    await bench.server.poll_waits.wait()
    await bench.polling.stop()
    gate.set()
    await bench.receiver.close(5)
    await bench.polling.confirm()
    assert (bench.app.handled, bench.server.updates) == ([5], [])


async def test_what_could_not_be_answered_before_the_stop_is_left_in_the_inbox(bench):
    bench.app.interrupted = True
    bench.server.updates = [message(5)]
    await bench.polling.start()
    await bench.server.poll_waits.wait()
    await bench.polling.stop()
    await bench.receiver.close(5)
    await bench.polling.confirm()
    assert bench.server.updates == []
    assert b'"update_id":5' in bench.inbox_path.read_bytes()


@pytest.mark.parametrize("answer", [NOT_KNOWN, DOWN, LOGIN_PAGE])
async def test_stopping_in_the_midst_of_problems_is_a_clean_stop(bench, answer):
    seen = asyncio.Event()
    bench.on_pause = seen.set
    bench.server.planned["getUpdates"] = [answer] * 100_000
    await bench.polling.start()
    await seen.wait()
    await bench.polling.stop()
    polls = bench.server.calls.count("getUpdates")
    await bench.polling.confirm()
    assert bench.server.calls.count("getUpdates") == polls


async def test_a_confirmation_that_fails_at_the_stop_is_only_logged(bench, caplog):
    bench.server.updates = [message(5)]
    await bench.polling.start()
    await bench.server.poll_waits.wait()
    bench.server.planned["getUpdates"] = [DOWN]
    await bench.polling.stop()
    await bench.polling.confirm()
    assert bench.server.planned["getUpdates"] == []
    assert "may come once more" in caplog.text


async def test_stopping_before_anything_began_is_allowed(bench):
    await bench.polling.stop()
    await bench.polling.confirm()
    assert bench.server.calls == []


# How long ago the last poll came back


class Clock:
    """A clock, and pauses that end when the test says so."""

    def __init__(self):
        self.now_s = 1000.0
        self.pauses = asyncio.Queue()
        self.begun = None

    def __call__(self):
        return self.now_s

    async def pause(self, seconds):
        over = asyncio.Event()
        self.pauses.put_nowait((seconds, over))
        await over.wait()

    async def pass_pause(self):
        """Let the time of the next pause pass; return when the one after it has begun."""
        seconds, over = self.begun or await self.pauses.get()
        self.now_s += seconds
        over.set()
        self.begun = await self.pauses.get()


@pytest.fixture
async def watch():
    clock = Clock()
    watch = PollWatch(60.0, now_s=clock, pause=clock.pause)
    watch.clock = clock
    watch.start()
    yield watch
    watch.stop()


def overdue(watch):
    return str(watch.problem() or "")


async def test_a_poll_that_came_back_in_time_is_no_problem(watch):
    watch.clock.now_s += 30
    watch.came_back()
    watch.clock.now_s += 60
    assert (watch.age_s(), watch.problem()) == (60.0, None)


@pytest.mark.parametrize("came_back_before", [True, False])
async def test_polls_that_do_not_come_back_are_a_problem_after_a_while(watch, came_back_before):
    if came_back_before:
        watch.came_back()
    watch.clock.now_s += 61
    assert overdue(watch) == (
        "The bot receives nothing: no poll to Telegram has come back for 61 s."
    )
    watch.came_back()
    assert (overdue(watch), watch.age_s()) == ("", 0.0)


async def test_overdue_polls_are_logged_once_and_so_is_their_return(watch, caplog):
    caplog.set_level("WARNING")
    for _ in range(3):
        await watch.clock.pass_pause()
    watch.came_back()
    watch.came_back()
    said = [record.getMessage() for record in caplog.records]
    assert ["no poll to Telegram" in said[0], said[1:]] == [
        True,
        ["Polls to Telegram come back again."],
    ]


async def test_before_the_start_and_after_the_stop_nothing_is_overdue(watch):
    watch.clock.now_s += 100
    watch.stop()
    assert (watch.problem(), PollWatch().problem(), PollWatch().age_s()) == (None, None, None)


async def test_a_refused_poll_does_not_count_and_an_answered_one_does(bench):
    bench.server.planned["getUpdates"] = [DOWN]
    bench.server.updates = [message(5)]
    ages = []
    bench.on_pause = lambda: ages.append(bench.polling.last_poll_age_s())
    await bench.polling.start()
    await bench.server.poll_waits.wait()
    assert ages == [None]
    assert bench.polling.last_poll_age_s() is not None


def test_two_polls_that_take_all_their_time_are_not_overdue():
    slowest_s = TIMEOUTS.for_call(TIMEOUTS.read_s + LONG_POLL_S).total
    assert 2 * slowest_s <= POLL_OVERDUE_S
