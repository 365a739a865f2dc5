"""A stop takes less than ten seconds, even if nothing answers; the next start continues.

The program and the sandbox are processes, so the whole sandbox can be suspended.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.processes import bot_process, sandbox_process, until_serving

from bot.notify.broadcaster import BATCH
from chaos.module_process import ModuleProcess
from ledger.store.recovery import recover
from sandbox.client import SandboxClient, User

ADMIN_ID = 7
STOPS_WITHIN_S = 10
VIDEO = "https://youtu.be/AbCdEfGhI_k"
OTHERS = BATCH + 4


@dataclass
class RunningProgram:
    """The program, its outside world, and people who know the bot."""

    outside: ModuleProcess
    world: SandboxClient
    program: ModuleProcess
    folder: Path

    @property
    def admin(self) -> User:
        return self.world.user(ADMIN_ID)

    async def person(self, name: str) -> User:
        person = await self.world.add_user(name)
        await person.start()
        await person.wait_for("Welcome")
        return person

    def orders(self) -> list[str]:
        return [order.status for order in recover(self.folder).state.orders.values()]


@pytest.fixture
async def running_program(tmp_path: Path) -> AsyncIterator[RunningProgram]:
    outside = sandbox_process(ADMIN_ID)
    await outside.start()
    try:
        async with SandboxClient(await outside.line()) as world:
            program = bot_process(world.wire.url, tmp_path / "data", ADMIN_ID)
            await until_serving(world, program)
            try:
                yield RunningProgram(outside, world, program, tmp_path / "data")
            finally:
                await program.end(signal.SIGKILL)
    finally:
        outside.send(signal.SIGCONT)
        await outside.end(signal.SIGTERM)


async def order(user: User) -> None:
    await user.say(VIDEO)
    await user.wait_for("How many views?")
    await user.say("10")
    await user.wait_for("Please check")
    await user.press("✅ Confirm")
    await user.wait_for("is placed")


async def begin_broadcast(admin: User, text: str) -> None:
    await admin.say("/admin")
    await admin.wait_for("Choose what")
    await admin.press("broadcast")
    await admin.wait_for("the message for everybody")
    await admin.say(text)
    question = await admin.wait_for("Send the message above")
    await admin.press(question.rows[0][0]["callback_data"])


async def how_often(user: User, words: str) -> int:
    return sum(seen.by_bot and words in seen for seen in await user.messages())


async def test_with_telegram_and_provider_hanging_a_stop_is_quick_and_the_next_start_goes_on(
    running_program,
):
    world, admin = running_program.world, running_program.admin
    await admin.start()
    buyer, *others = [await running_program.person(f"P{number}") for number in range(OTHERS)]
    await admin.say(f"/adjust {buyer.id} +1000 welcome")
    await buyer.wait_for("The admin changed your points")
    await world.provider.answers("slow")
    await order(buyer)
    await world.provider.wait_for(waiting=1)
    await world.fault("slow", "copyMessage", times=None)
    await begin_broadcast(admin, "news for everybody")
    await world.wait_for_call("copyMessage")
    await world.fault("500", "sendMessage", times=None)
    before = (await world.calls())[-1].number
    await admin.say(f"/adjust {buyer.id} -100 a correction")
    await world.wait_for_call("sendMessage", after=before)
    await asyncio.gather(*(person.say("/balance") for person in others))

    running_program.outside.send(signal.SIGSTOP)
    async with asyncio.timeout(STOPS_WITHIN_S):
        assert await running_program.program.end(signal.SIGTERM) == 0
    assert running_program.orders() == ["sending"]

    running_program.outside.send(signal.SIGCONT)
    assert await world.clear_faults() >= 2
    await until_serving(world, running_program.program)
    await admin.wait_for("Unclear order")
    await buyer.wait_for("a correction")
    for person in others:
        await person.wait_for("Ads watched")
    await admin.wait_for("Done:", "sends to nobody twice")
    news = [await how_often(person, "news for everybody") for person in (buyer, *others)]
    assert news[BATCH:] == [1] * len(news[BATCH:])
    assert max(news) == 1
    assert running_program.orders() == ["unclear"]
    assert await world.provider.requests() == 1
    async with asyncio.timeout(STOPS_WITHIN_S):
        assert await running_program.program.end(signal.SIGTERM) == 0
