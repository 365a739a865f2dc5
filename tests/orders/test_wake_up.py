"""When a sleeping provider is woken."""

from orders.metrics_hooks import OrderHooks
from orders.sending.wake_up import AWAKE_S, EVERY_S, WakeUp


class Sleeper:
    def __init__(self) -> None:
        self.answered_at_s = float("-inf")
        self.asked = 0
        self.answers = True

    def wake(self) -> bool:
        self.asked += 1
        return self.answers


class Counted(OrderHooks):
    def __init__(self) -> None:
        self.outcomes: list[bool] = []

    def woken(self, *, answered: bool) -> None:
        self.outcomes.append(answered)


class World:
    def __init__(self) -> None:
        self.now_s = 1000.0
        self.provider, self.hooks = Sleeper(), Counted()
        self.wake_up = WakeUp(
            self.provider, hooks=self.hooks, now_s=lambda: self.now_s, run=lambda work: work()
        )


def test_many_customers_wake_it_once_a_minute():
    world = World()
    for _ in range(5):
        world.wake_up()
    assert world.provider.asked == 1
    world.now_s += EVERY_S
    world.wake_up()
    assert world.provider.asked == 2


def test_a_provider_that_answered_lately_is_left_alone():
    world = World()
    world.provider.answered_at_s = world.now_s - 1
    world.wake_up()
    assert world.provider.asked == 0
    world.now_s += AWAKE_S
    world.wake_up()
    assert world.provider.asked == 1


def test_it_is_counted_whether_it_answered():
    world = World()
    world.wake_up()
    world.provider.answers = False
    world.now_s += EVERY_S
    world.wake_up()
    assert world.hooks.outcomes == [True, False]


def test_nobody_waits_for_it():
    waiting = []
    wake_up = WakeUp(Sleeper(), now_s=lambda: 1000.0, run=waiting.append)
    wake_up()
    (work,) = waiting
    work()
