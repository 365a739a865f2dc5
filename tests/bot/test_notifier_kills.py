"""Notifications across kills at any point: complete and in order."""

import asyncio
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.notifier_harness import ANNA, BEN, NotifierHarness
from telegram.error import NetworkError

from bot.notify import cursor, notifier

PEOPLE = (ANNA, BEN, 3)
EVERYDAY = (
    "notice",
    "several_in_one_write",
    "nothing_to_tell",
    "a_moment",
    "telegram_goes",
    "telegram_answers_nothing",
    "telegram_comes_back",
    "restart",
)


class Life:
    """The steps of one notifier, and the notifications that people must have in the end."""

    def __init__(self, harness: NotifierHarness) -> None:
        self.promised: dict[int, list[str]] = {person: [] for person in PEOPLE}
        self._harness = harness
        self._count = 0
        self._held = False

    def told(self) -> dict[int, list[str]]:
        return {person: self._harness.telegram.reasons(person) for person in PEOPLE}

    async def notice(self, *people: int) -> None:
        giving = []
        for person in people:
            self._count += 1
            self.promised[person].append(f"gift {self._count}")
            giving.append(self._harness.give(person, f"gift {self._count}"))
        await asyncio.gather(*giving)

    async def several_in_one_write(self, person: int) -> None:
        await self.notice(person, *PEOPLE)

    async def nothing_to_tell(self, person: int) -> None:
        self._count += 1
        await self._harness.join(1000 * person + self._count)

    async def a_moment(self, person: int) -> None:
        for _ in range(3 * person):
            await asyncio.sleep(0)

    async def telegram_goes(self, _person: int) -> None:
        self._harness.telegram.fail(NetworkError("away"))

    async def telegram_answers_nothing(self, _person: int) -> None:
        self._held = True
        self._harness.telegram.hold()

    async def telegram_comes_back(self, _person: int) -> None:
        self._held = False
        self._harness.telegram.fail(None)
        self._harness.telegram.let_go()

    async def restart(self, _person: int) -> None:
        await self._harness.restart()

    async def kill(self, _person: int) -> None:
        await self._harness.kill()
        if self._held:
            self._harness.telegram.hold()
        await self._harness.start()

    async def end(self) -> None:
        await self.telegram_comes_back(ANNA)
        await self._harness.all_out()
        await self._harness.restart()
        await self._harness.all_out()
        await self._harness.close()


async def play(folder, steps, *, save_every_s: float = 3600) -> Life:
    with (
        patch.object(notifier, "STOP_WITHIN_S", 0),
        patch.object(cursor, "SAVE_EVERY_S", save_every_s),
        patch.object(cursor, "SAVE_EVERY_LINES", 7),
    ):
        harness = NotifierHarness(folder)
        await harness.open()
        await harness.join(3)
        life = Life(harness)
        for what, person in steps:
            await getattr(life, what)(person)
        await life.end()
        return life


def lives(*more: str):
    steps = st.tuples(st.sampled_from((*EVERYDAY, *more)), st.sampled_from(PEOPLE))
    return st.lists(steps, max_size=40)


def without_repeats(told: dict[int, list[str]]) -> dict[int, list[str]]:
    return {person: list(dict.fromkeys(texts)) for person, texts in told.items()}


rule = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@rule
@given(steps=lives())
def test_through_failures_and_restarts_everybody_hears_everything_once_and_in_order(
    tmp_path_factory, steps
):
    life = asyncio.run(play(tmp_path_factory.mktemp("life"), steps))
    assert life.told() == life.promised


@rule
@given(steps=lives("kill", "kill", "kill"), save_every_s=st.sampled_from([0, 3600]))
def test_through_kills_everybody_hears_everything_and_in_order(
    tmp_path_factory, steps, save_every_s
):
    life = asyncio.run(play(tmp_path_factory.mktemp("life"), steps, save_every_s=save_every_s))
    assert without_repeats(life.told()) == life.promised


async def test_the_kills_of_these_lives_do_make_notices_come_twice(tmp_path):
    """Else they would have been no kills, and the rule above would hold by itself."""
    steps = [("notice", ANNA), ("a_moment", 3), ("notice", ANNA), ("a_moment", 3), ("kill", ANNA)]
    life = await play(tmp_path, steps)
    assert without_repeats(life.told()) == life.promised
    assert life.told() != life.promised


@pytest.mark.parametrize("failure", ["telegram_goes", "telegram_answers_nothing"])
async def test_kills_while_telegram_fails_lose_nothing_and_repeat_nothing(tmp_path, failure):
    steps = [(failure, ANNA)]
    for person in PEOPLE * 5:
        steps += [("notice", person), ("a_moment", person), ("kill", person), ("restart", person)]
    life = await play(tmp_path, steps)
    assert life.told() == life.promised
