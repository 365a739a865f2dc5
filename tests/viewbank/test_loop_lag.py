"""The event loop's lag, measured on a loop whose clock the test sets."""

import asyncio

import pytest

from viewbank.telemetry.loop_lag import LoopLag


class Timer:
    def __init__(self, due_s, call):
        self.due_s = due_s
        self.call = call
        self.cancelled = False

    def cancel(self):
        self.cancelled = True


class Loop:
    """A loop with a clock and timers, which is late by a configured time."""

    def __init__(self):
        self.now_s = 100.0
        self.timers = []

    def time(self):
        return self.now_s

    def call_at(self, when_s, callback, *args):
        timer = Timer(when_s, lambda: callback(*args))
        self.timers.append(timer)
        return timer

    def run_next(self, late_s):
        timer = self.timers.pop(0)
        self.now_s = timer.due_s + late_s
        timer.call()


@pytest.fixture
def loop(monkeypatch):
    loop = Loop()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    return loop


def test_what_is_noted_is_how_late_the_loop_was(loop):
    noted = []
    LoopLag(noted.append, every_s=0.25).start()

    for late_s in (0.0, 0.5, 0.125):
        loop.run_next(late_s)

    assert noted == [0.0, 0.5, 0.125]


def test_a_timer_that_is_a_tick_early_is_not_late(loop):
    noted = []
    LoopLag(noted.append).start()

    loop.run_next(-0.0625)

    assert noted == [0.0]


def test_a_delay_is_not_made_up_for_by_looking_more_often(loop):
    LoopLag(lambda _: None, every_s=0.25).start()

    loop.run_next(3.0)

    assert [timer.due_s for timer in loop.timers] == [loop.now_s + 0.25]


def test_nothing_is_left_running_after_the_stop(loop):
    lag = LoopLag(lambda _: None)
    lag.start()
    loop.run_next(0.0)

    lag.stop()

    assert [timer.cancelled for timer in loop.timers] == [True]


async def test_it_works_with_the_real_loop():
    noted = asyncio.Queue()
    lag = LoopLag(noted.put_nowait, every_s=0.001)
    lag.start()

    async with asyncio.timeout(20):
        looks = [await noted.get() for _ in range(3)]
    lag.stop()

    assert all(late_s >= 0 for late_s in looks)


def test_stopping_what_was_never_started_does_nothing():
    LoopLag(lambda _: None).stop()
