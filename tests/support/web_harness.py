"""The web app on a real ledger, with replaceable dependencies."""

import pytest
from aiohttp.test_utils import TestClient, TestServer

from i18n import Translators
from ledger import commands as c
from ledger.clocks.timestamps import to_ms
from ledger.ledger import Ledger
from support.stores import GatedStore
from web.app import build_web
from web.dependencies import Dependencies

TRANSLATORS = Translators(strict=True)
NOON_MS = to_ms("2026-11-22T12:00:00.000Z")


class WebHarness:
    """A ledger, the web app on it, and everything that a test may change."""

    def __init__(self):
        self.store = GatedStore()
        self.now_ms = NOON_MS
        self.telegram = ""
        self.bot_username = "viewbank_test_bot"
        self.clients = []
        self.ledger: Ledger
        self.client: TestClient

    async def open(self):
        self.ledger = await Ledger.open(self.store, clock=lambda: self.now_ms)

    def dependencies(self, **others):
        given = {
            "ledger": self.ledger,
            "version": "9.8.7",
            "started_at_ms": NOON_MS,
            "telegram_problem": lambda _t: self.telegram,
            "bot_username": lambda: self.bot_username,
            "metrics": lambda: b"some_metric 1\n",
            "translators": TRANSLATORS,
        }
        return Dependencies(**(given | others))

    async def serve(self, **others):
        """Serve another web app; a client of it."""
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
        """Execute a command on a full disk."""
        self.store.fault = True
        with pytest.raises(Exception, match="can't be written"):
            await self.ledger.execute(c.Join(by="user:1", user_id=1, referral_code="rc1"))
        assert self.store.fired == 1
