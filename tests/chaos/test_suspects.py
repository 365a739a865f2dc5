"""Real kills: what kills the program is set aside, and what merely waited is never given up."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

from support.processes import TOKEN, bot_process

from chaos.module_process import ModuleProcess
from ledger import events as e
from ledger.store.file_log import FileLog
from ledger.store.reader import LogReader
from sandbox.client import SandboxClient, User
from sandbox.server import Running, running

ADMIN_ID = 7
DEATHS_OF_A_NEW_POISON = 5
"""Two that may have any cause, then three with it alone."""
SET_ASIDE = "Set aside: the program ended"

KILLS, TAPS_EACH = 8, 4
MANY_ADMINS = tuple(range(1001, 1025))
MANY_PEOPLE = 24
ADMIN_ANSWERS = ("The balance is", "This was done already")
"""The second one where the first was lost with the process."""


@asynccontextmanager
async def outside(*admin_ids: int) -> AsyncIterator[tuple[Running, SandboxClient]]:
    async with (
        running(token=TOKEN, admin_ids=list(admin_ids)) as served,
        SandboxClient(served.url, wait_s=20) as world,
    ):
        yield served, world


async def how_often(user: User, words: str) -> int:
    return sum(seen.by_bot and words in seen for seen in await user.messages())


async def until_it_says(user: User, words: str) -> None:
    """Wait for a message, or for an edited one."""
    while not await how_often(user, words):  # noqa: ASYNC110 - the chat is elsewhere
        await asyncio.sleep(0.05)


async def until_answered(user: User, words: tuple[str, ...]) -> None:
    """Wait for as many answers as there were taps; some may have come twice."""
    while sum([await how_often(user, one) for one in words]) < TAPS_EACH:  # noqa: ASYNC110
        await asyncio.sleep(0.2)


class Poisoned:
    """A program that a message kills, and its supervisor, who starts it again."""

    def __init__(self, served: Running, folder: Path) -> None:
        self.folder = folder
        self._served = served
        self._process: ModuleProcess | None = None
        self._environment = {
            "BOT_TOKEN": TOKEN,
            "ADMIN_ID": str(ADMIN_ID),
            "TELEGRAM_API_URL": served.telegram_api_url,
            "ORDER_API_URL": served.provider_url,
            "AD_URL": served.ad_url,
            "DATA_DIR": str(folder),
            "PORT": "0",
            "LOG_LEVEL": "WARNING",
        }

    async def start(self, **environment: str) -> None:
        self._process = ModuleProcess(
            "tests.support.program_with_poison", **self._environment, **environment
        )
        await self._process.start()
        await self._process.line()  # it serves, or has died

    async def deaths_until_told(self, told: User) -> int:
        """Start it again and again until this person is told; how often it died."""
        for deaths in count():
            waiting = asyncio.create_task(until_it_says(told, SET_ASIDE))
            dying = asyncio.create_task(self._process._started().wait())
            await asyncio.wait([waiting, dying], return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if not dying.done():
                dying.cancel()
                return deaths
            assert dying.result() == -signal.SIGKILL
            await self.start()
        raise AssertionError

    async def end(self, number: signal.Signals) -> int:
        return await self._process.end(number)


async def test_a_poison_is_set_aside_told_and_tried_again(tmp_path):
    async with outside(ADMIN_ID) as (served, world):
        program = Poisoned(served, tmp_path / "data")
        await program.start()
        try:
            admin, anna = world.user(ADMIN_ID), await world.add_user("Anna")
            ben = await world.add_user("Ben", username="ben")
            for person in (admin, anna, ben):
                await person.start()
                await person.wait_for("Welcome")
            await ben.say("poison")
            await ben.say("/balance")
            await anna.say("/balance")
            assert await program.deaths_until_told(admin) == DEATHS_OF_A_NEW_POISON
            report = await admin.wait_for(SET_ASIDE)
            for words in ("Ben", "@ben", str(ben.id), "a message", "poison", "3 times"):
                assert words in report
            file = program.folder / "set_aside.jsonl"
            (kept,) = [json.loads(line) for line in file.read_text().splitlines()]
            assert kept["update"]["message"]["text"] == "poison"
            # Nobody else lost anything, nor did Ben.
            await anna.wait_for("💳 You have")
            await ben.wait_for("💳 You have")
            await program.end(signal.SIGTERM)
            await program.start()
            await anna.say("/help")
            await anna.wait_for("Watch")
            assert await how_often(admin, SET_ASIDE) == 1

            await admin.press("🔁 Try it again", may_be_unanswered=True)
            await until_it_says(admin, "It is being handled again")
            assert await program.deaths_until_told(admin) == 3

            await program.end(signal.SIGTERM)
            await program.start(POISON_WORKS="no")
            await admin.press("🔁 Try it again")
            await ben.wait_for("don't know what to do")
            assert file.read_bytes() == b""
        finally:
            await program.end(signal.SIGKILL)


async def test_whoever_taps_while_the_program_is_killed_from_outside_is_answered(tmp_path):
    """24 admins and 24 people; they wait for Telegram's pace while it is killed again and again."""
    data = tmp_path / "data"
    async with outside(*MANY_ADMINS) as (served, world):
        process = bot_process(served.url, data, 0)
        process._environment["ADMIN_ID"] = ",".join(map(str, MANY_ADMINS))
        admins = [world.user(one) for one in MANY_ADMINS]
        people = [await world.add_user(f"P{number}") for number in range(MANY_PEOPLE)]
        await process.start()
        try:
            await asyncio.gather(*(one.start() for one in (*admins, *people)))
            await asyncio.gather(*(one.wait_for("Welcome") for one in (*admins, *people)))
            for kill in range(KILLS):
                if kill < TAPS_EACH:
                    await asyncio.gather(
                        *(
                            admin.say(f"/adjust {person.id} +1 tap {kill}")
                            for admin, person in zip(admins, people, strict=True)
                        ),
                        *(person.say("/balance") for person in people),
                    )
                calls = (await world.calls())[-1].number
                await world.wait_for_call("sendMessage", after=calls)
                assert await process.end(signal.SIGKILL) == -signal.SIGKILL
                await process.start()
            await asyncio.gather(
                *(until_answered(one, ADMIN_ANSWERS) for one in admins),
                *(until_answered(one, ("💳 You have",)) for one in people),
            )
            assert await process.end(signal.SIGTERM) == 0
        finally:
            await process.end(signal.SIGKILL)
    reasons = [
        (event.user_id, event.reason)
        for event in LogReader(FileLog(data / "events.jsonl")).events()
        if isinstance(event, e.BalanceAdjusted)
    ]
    assert sorted(reasons) == sorted(
        (person.id, f"tap {tap}") for person in people for tap in range(TAPS_EACH)
    )
    assert not (data / "set_aside.jsonl").exists()
    assert (data / "inbox.jsonl").read_bytes() == b""
