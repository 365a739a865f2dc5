import errno
import os
import shutil
import threading
from pathlib import Path
from typing import NamedTuple

import pytest
from aiohttp.test_utils import TestClient, TestServer

from i18n import Translators
from ledger import commands as c
from ledger.ledger import Ledger
from ledger.store.disk import Disk
from ledger.store.profiles import Profile
from ledger.timestamps import to_ms
from web.app import build_web
from web.dependencies import Dependencies

TRANSLATORS = Translators(strict=True)
NOON_MS = to_ms("2026-11-22T12:00:00.000Z")


class FaultyDisk(Disk):
    """A disk that can be full, or hold up a sync until it is let go."""

    def __init__(self):
        self.full = False
        self.faults = 0
        self.holding = threading.Event()
        self.go = threading.Event()
        self.go.set()

    def write(self, fd, data):
        if self.full:
            self.faults += 1
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().write(fd, data)

    def sync(self, fd):
        if not self.go.is_set():
            self.holding.set()
            self.go.wait()
        super().sync(fd)


class World:
    """A ledger, the web room on it, and all that a test may turn."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.disk = FaultyDisk()
        self.now_ms = NOON_MS
        self.telegram = ""
        self.bot_username = "viewbank_test_bot"
        self.clients = []
        self.ledger: Ledger
        self.client: TestClient

    async def open(self):
        self.ledger = await Ledger.open(self.folder, lambda: self.now_ms, self.disk)

    def dependencies(self, **others):
        given = {
            "ledger": self.ledger,
            "version": "9.8.7",
            "started_at_ms": NOON_MS,
            "telegram_trouble": lambda _t: self.telegram,
            "bot_username": lambda: self.bot_username,
            "metrics": lambda: b"some_metric 1\n",
            "translators": TRANSLATORS,
        }
        return Dependencies(**(given | others))

    async def serve(self, **others):
        """A client of a web room of its own."""
        client = TestClient(TestServer(build_web(self.dependencies(**others))))
        await client.start_server()
        self.clients.append(client)
        return client

    async def join(self, user_id):
        await self.do(c.Join(by=f"user:{user_id}", user_id=user_id, referral_code=f"rc{user_id}"))

    async def do(self, command):
        decision = await self.ledger.execute(command)
        assert isinstance(decision, tuple), decision

    async def fill_the_disk(self):
        """Let a command meet a disk that is full."""
        self.disk.full = True
        with pytest.raises(Exception, match="can't be written"):
            await self.ledger.execute(c.Join(by="user:1", user_id=1, referral_code="rc1"))
        assert self.disk.faults == 1


class Person(NamedTuple):
    """Somebody whom every trace of would show."""

    user_id: int
    name: str
    username: str
    code: str
    order_id: str
    link: str
    reason: str

    def traces(self):
        return (
            str(self.user_id),
            f"{self.user_id:,}",
            self.name,
            self.username,
            self.code,
            self.order_id,
            self.link,
            "PrivateVid1",
            self.reason,
            "prov-55117733",
        )


@pytest.fixture
async def world(tmp_path):
    """A fresh ledger, and a client of the web room on it."""
    world = World(tmp_path / "data")
    await world.open()
    world.client = await world.serve()
    yield world
    world.disk.go.set()
    for client in world.clients:
        await client.close()
    await world.ledger.close()


@pytest.fixture
async def person(world):
    """A person with a name, points, and an accepted order; their ban and their silence too."""
    person = Person(
        user_id=71_234_598_760,
        name="Zebedee Quux",
        username="zebquux",
        code="cOdEzEbQ",
        order_id="feedc0ffee42",
        link="https://www.youtube.com/watch?v=PrivateVid1",
        reason="for a friend of Quentin",
    )
    who, order = f"user:{person.user_id}", person.order_id
    await world.do(c.Join(by=who, user_id=person.user_id, referral_code=person.code))
    profile = Profile(user_id=person.user_id, username=person.username, first_name=person.name)
    world.ledger.note_profile(profile)
    await world.do(
        c.AdjustBalance(
            by="admin:7",
            user_id=person.user_id,
            amount_points=5000,
            reason=person.reason,
            key="7:1",
        )
    )
    await world.do(
        c.PlaceOrder(
            by=who,
            user_id=person.user_id,
            order_id=order,
            video_link=person.link,
            video_key="youtube:PrivateVid1",
            quantity=120,
            price_points=1200,
        )
    )
    await world.do(c.SendOrder(by="system", order_id=order))
    await world.do(c.AcceptOrder(by="provider", order_id=order, provider_order_id="prov-55117733"))
    await world.do(c.Ban(by="admin:7", user_id=person.user_id, key="7:2", reason=person.reason))
    await world.do(c.NoteUnreachable(by="system", user_id=person.user_id, reason="blocked"))
    return person


@pytest.fixture
def chromium():
    """The path of the browser. Without one a browser test is skipped, or fails if it must run."""
    path = shutil.which("chromium")
    if path is None:
        missing = "no chromium on this machine: the page was not looked at in a browser"
        if os.environ.get("VIEWBANK_NEED_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    return path
