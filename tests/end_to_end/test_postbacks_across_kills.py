"""A thousand postbacks, at once and in any order, at a program that is killed meanwhile."""

import asyncio
import random
import signal
from collections import Counter
from pathlib import Path
from time import time

import aiohttp
from support.init_data import init_data_of
from support.processes import TOKEN, bot_process, until_serving
from support.program_harness import free_port

from ledger import commands as c
from ledger import events as e
from ledger.audit.verify import verify
from ledger.ledger import Ledger
from ledger.store.file import LOG_NAME
from ledger.store.file_log import FileLog
from ledger.store.reader import LogReader
from sandbox.client import SandboxClient
from sandbox.server import running

ADMIN_ID = 7
PEOPLE = range(1000, 1100)
SECRET = "the_secret_of_this_test-0123"
KILLS_AFTER = (120, 350, 700)
"""After how many answers the program is killed."""
SHOWN, CLICK, UNPAID = ("impression", "valued"), ("click", "valued"), ("impression", "not_valued")


class Network:
    """Sends postbacks as a network does: again, until one is answered with 200."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self.tally: Counter[str] = Counter()
        self._http = http
        self._at_once = asyncio.Semaphore(64)
        self._answered = asyncio.Condition()

    async def send(self, session: str, kind: tuple[str, str]) -> None:
        query = {"ymid": session, "event_type": kind[0], "reward_event_type": kind[1]}
        async with self._at_once:
            while await self._status(query) != 200:  # noqa: ASYNC110 - as networks do
                await asyncio.sleep(0.02)
        async with self._answered:
            self.tally["answered"] += 1
            self._answered.notify_all()

    async def until_answered(self, times: int) -> None:
        async with self._answered:
            await self._answered.wait_for(lambda: self.tally["answered"] >= times)

    async def _status(self, query: dict[str, str]) -> int:
        try:
            async with self._http.get(f"/postback/monetag/{SECRET}", params=query) as answer:
                await answer.read()
                self.tally[str(answer.status)] += 1
                return answer.status
        except (aiohttp.ClientError, OSError):
            self.tally["lost"] += 1
            return 0


async def let_them_join(folder: Path) -> None:
    ledger = await Ledger.open_folder(folder)
    for user_id in PEOPLE:
        await ledger.execute(
            c.Join(by=f"user:{user_id}", user_id=user_id, referral_code=f"code{user_id}")
        )
    await ledger.close()


async def start(http: aiohttp.ClientSession, user_id: int) -> str:
    """A session from the ad page's own calls."""
    body = {"init_data": init_data_of(user_id, int(time()), TOKEN)}
    async with http.post("/ads/api/enter", json=body) as answer:
        headers = {"Authorization": f"Bearer {(await answer.json())['token']}"}
    async with http.post("/ads/api/start", json={}, headers=headers) as answer:
        session: str = (await answer.json())["session"]
        return session


def calls_of(sessions: list[str], chance: random.Random) -> list[tuple[str, tuple[str, str]]]:
    """1,000 of them: each session is shown and paid for, and much besides."""
    calls = [(session, SHOWN) for session in sessions for _ in range(4)]
    kinds = (SHOWN, CLICK, UNPAID)
    calls += [(chance.choice(sessions), chance.choice(kinds)) for _ in range(600)]
    chance.shuffle(calls)
    return calls


async def test_each_session_is_paid_exactly_once(tmp_path):
    folder, port = tmp_path / "data", free_port()
    await let_them_join(folder)
    async with (
        running(token=TOKEN, admin_ids=[ADMIN_ID]) as outside,
        SandboxClient(outside.url) as world,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http,
    ):
        program = bot_process(
            outside.url,
            folder,
            ADMIN_ID,
            PORT=str(port),
            PUBLIC_URL=f"http://127.0.0.1:{port}",
            TELEGRAM_UPDATES="polling",
            AD_MODE="miniapp",
            AD_ZONE_ID="123",
            AD_POSTBACK_SECRET=SECRET,
        )
        await until_serving(world, program)
        try:
            sessions = [await start(http, user_id) for user_id in PEOPLE]
            network = Network(http)
            calls = calls_of(sessions, random.Random(1))
            async with asyncio.TaskGroup() as group:
                for call in calls:
                    group.create_task(network.send(*call))
                for times in KILLS_AFTER:
                    await network.until_answered(times)
                    await program.end(signal.SIGKILL)
                    await until_serving(world, program)
        finally:
            await program.end(signal.SIGTERM)

    assert network.tally["answered"] == network.tally["200"] == len(calls) == 1000
    assert network.tally["lost"] > 0, "nobody was calling when it was killed"
    report = verify(folder)
    assert report.problems == ()
    paid = [
        (event.user_id, event.session_id)
        for event in LogReader(FileLog(folder / LOG_NAME)).events()
        if isinstance(event, e.AdRewarded)
    ]
    assert sorted(user_id for user_id, _ in paid) == list(PEOPLE)
    assert {session_id for _, session_id in paid} == {one.split(".")[3] for one in sessions}
