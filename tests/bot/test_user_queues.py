"""One person's items in order, different people's at the same time; who waits long steps aside."""

import asyncio

import pytest

from bot.receive.user_queues import UserQueues

ANNA, BEN = 1, 2


class Work:
    """Items that are processed until they are let go."""

    def __init__(self) -> None:
        self.queues = UserQueues(self.process)
        self.began: list[str] = []
        self.ended: list[str] = []
        self._going: dict[str, asyncio.Event] = {}

    async def process(self, item: str) -> None:
        self.began.append(item)
        self._going[item] = asyncio.Event()
        await self._going[item].wait()
        self.ended.append(item)

    async def end(self, item: str) -> None:
        self._going[item].set()
        await self.settle()

    async def settle(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)


@pytest.fixture
async def work():
    work = Work()
    yield work
    await work.queues.close(0)


async def test_one_persons_items_wait_for_one_another_and_for_nobody_elses(work):
    for user_id, item in ((ANNA, "a1"), (ANNA, "a2"), (BEN, "b1")):
        work.queues.add(user_id, item)
    await work.settle()
    assert work.began == ["a1", "b1"]
    await work.end("a1")
    assert work.began == ["a1", "b1", "a2"]


async def test_the_next_ones_go_on_beside_one_that_steps_aside_and_in_order(work):
    for item in ("a1", "a2", "a3"):
        work.queues.add(ANNA, item)
    await work.settle()
    work.queues.step_aside(ANNA, "a1")
    work.queues.add(ANNA, "a4")
    await work.settle()
    assert work.began == ["a1", "a2"]
    for item in ("a2", "a3"):
        await work.end(item)
    assert work.began == ["a1", "a2", "a3", "a4"]
    await work.end("a1")
    assert work.ended == ["a2", "a3", "a1"]


async def test_one_that_steps_aside_still_counts_until_it_has_ended(work):
    for item in ("a1", "a2"):
        work.queues.add(ANNA, item)
    await work.settle()
    work.queues.step_aside(ANNA, "a1")
    work.queues.step_aside(ANNA, "a1")
    assert work.queues.count(ANNA) == 2
    await work.settle()
    work.queues.step_aside(ANNA, "a2")
    assert work.queues.count(ANNA) == 2
    await work.end("a1")
    assert work.queues.count(ANNA) == 1
    await work.end("a2")
    assert work.queues.count(ANNA) == 0


async def test_who_waits_for_their_turn_cannot_step_aside(work):
    for item in ("a1", "a2"):
        work.queues.add(ANNA, item)
    await work.settle()
    work.queues.step_aside(ANNA, "a2")
    work.queues.step_aside(BEN, "b1")
    await work.settle()
    assert work.began == ["a1"]


async def test_one_that_stepped_aside_is_waited_for_at_the_end(work):
    work.queues.add(ANNA, "a1")
    await work.settle()
    work.queues.step_aside(ANNA, "a1")
    closing = asyncio.create_task(work.queues.close(60))
    await work.settle()
    await work.end("a1")
    await closing
    assert work.ended == ["a1"]
