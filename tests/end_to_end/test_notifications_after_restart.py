"""Notifications survive the end of the program and are sent once."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.processes import TOKEN, bot_process, until_serving

from chaos.module_process import ModuleProcess
from sandbox.client import SandboxClient, User
from sandbox.server import running

ADMIN_ID = 7
VIDEO = "https://youtu.be/AbCdEfGhI_k"
POINTS = 1000
ACCEPTED = "🚀"


class Program:
    """The whole program as a process, with the sandbox as Telegram."""

    def __init__(self, world: SandboxClient, process: ModuleProcess) -> None:
        self.world = world
        self._process = process

    async def start(self) -> None:
        await until_serving(self.world, self._process)

    async def end(self, number: signal.Signals) -> int:
        return await self._process.end(number)

    async def somebody_with_points(self) -> User:
        admin, anna = self.world.user(ADMIN_ID), await self.world.add_user("Anna")
        for person in (admin, anna):
            await person.start()
            await person.wait_for("Welcome")
        await admin.say(f"/adjust {anna.id} +{POINTS} welcome")
        await anna.wait_for("The admin changed your points")
        return anna


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    async with (
        running(token=TOKEN, admin_ids=[ADMIN_ID]) as outside,
        SandboxClient(outside.url) as world,
    ):
        program = Program(world, bot_process(outside.url, tmp_path / "data", ADMIN_ID))
        await program.start()
        yield program
        await program.end(signal.SIGKILL)


async def order(user: User) -> None:
    await user.say(VIDEO)
    await user.wait_for("How many views?")
    await user.say("10")
    await user.wait_for("Please check")
    await user.press("✅ Confirm")
    await user.wait_for("is placed")


async def how_often(user: User, words: str) -> int:
    return sum(seen.by_bot and words in seen for seen in await user.messages())


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
async def test_an_order_accepted_while_telegram_was_away_is_told_after_the_next_start(program, end):
    world = program.world
    anna = await program.somebody_with_points()
    await world.provider.answers("slow")
    await order(anna)
    await world.provider.wait_for(waiting=1)
    await world.fault("500", "sendMessage", times=None, to=anna)
    last_call = (await world.calls())[-1].number
    assert await world.provider.release() == 1
    await world.wait_for_call("sendMessage", after=last_call)
    assert await program.end(end) == (0 if end == signal.SIGTERM else -signal.SIGKILL)
    assert await world.clear_faults() >= 1
    assert await how_often(anna, ACCEPTED) == 0
    await program.start()
    await anna.wait_for(ACCEPTED)
    assert await program.end(signal.SIGTERM) == 0
    await program.start()
    await anna.press("💳 Balance")
    await anna.wait_for(f"{POINTS - 100} points")
    assert await how_often(anna, ACCEPTED) == 1
    assert await how_often(anna, "The admin changed your points") == 1
