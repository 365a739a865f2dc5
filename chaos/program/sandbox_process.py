"""The sandbox as a process that nobody kills: Telegram, order provider and ad of a chaos run."""

import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from chaos.module_process import ModuleProcess
from sandbox.client import SandboxClient

TOKEN = "123456789:pretend-token-of-the-chaos-run-0123456789"  # noqa: S105 - it opens nothing
ADMIN_ID = 7
PROVIDER_PLAN = 400
PROVIDER_SLOW_S = 0.2
_PROVIDER = {"ok": 66, "slow": 25, "error": 5, "break_after": 2, "break_before": 2}


class Change(msgspec.Struct):
    """One thing that happened in a chat: `message`, `edited` or `callback`, and other kinds."""

    revision: int
    kind: str
    user_id: int
    data: dict[str, Any]


class SandboxProcess:
    """The running sandbox.

    Attributes:
        url: where it listens.
        client: its control API.
    """

    def __init__(self, url: str, client: SandboxClient) -> None:
        """Use `open`."""
        self.url = url
        self.client = client

    @classmethod
    @asynccontextmanager
    async def open(cls, log: Path) -> AsyncIterator["SandboxProcess"]:
        """Start it, and end it when the block ends."""
        options = ["--port", "0", "--token", TOKEN, "--admin", str(ADMIN_ID)]
        process = ModuleProcess("sandbox", *options)
        await process.start(log=log)
        try:
            url = await process.line()
            async with SandboxClient(url) as client:
                yield cls(url, client)
        finally:
            await process.end(signal.SIGKILL, group=True)

    async def changes(self) -> AsyncIterator[Change]:
        """Everything that happens in any chat, from the beginning, as it happens."""
        decode = msgspec.json.Decoder(Change).decode
        address = f"{self.url}/sandbox/events?after=0"
        forever = aiohttp.ClientTimeout(total=None)
        async with (
            aiohttp.ClientSession(timeout=forever) as session,
            session.get(address) as stream,
        ):
            async for line in stream.content:
                if line.startswith(b"data: "):
                    yield decode(line[len(b"data: ") :])

    async def plan_provider(self, dice: random.Random) -> None:
        """Make the provider slow, refuse and break off now and then, until the plan is used up.

        While it is slow, kills hit orders that are in flight.
        """
        kinds = dice.choices(list(_PROVIDER), list(_PROVIDER.values()), k=PROVIDER_PLAN)
        await self.client.provider.answers(
            *(
                {"kind": kind, "text": "Invalid Link", "delay_s": dice.uniform(0, PROVIDER_SLOW_S)}
                for kind in kinds
            )
        )

    async def slow_down(self, chat_id: int, delay_s: float) -> None:
        """Delay every call that the bot makes to a chat."""
        user = self.client.user(chat_id)
        await self.client.fault("slow", times=None, to=user, delay_s=delay_s)

    async def pending_updates(self) -> int:
        """How many updates the bot has not confirmed."""
        address = f"{self.url}/bot{TOKEN}/getWebhookInfo"
        async with aiohttp.ClientSession() as session, session.get(address) as answer:
            return int((await answer.json())["result"]["pending_update_count"])
