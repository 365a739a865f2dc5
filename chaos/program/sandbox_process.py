"""Owns the world around the program: a process that nobody kills, and a way to hear all of it."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from sandbox.client import SandboxClient

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:pretend-token-of-the-torture-0123456789"  # noqa: S105 - it opens nothing
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


class Process:
    """A Python module in a process of its own, with all that it starts in its group."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Use `start`."""
        self._process = process
        if process.stdout is None:
            raise ValueError("the process was started without its pipe")
        self._said = process.stdout

    @classmethod
    async def start(cls, *arguments: str, log: Path, environment: dict[str, str]) -> "Process":
        """Start `python -m ARGUMENTS`; what it says on stderr is added to `log`."""
        with log.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *arguments,
                cwd=ROOT,
                env=os.environ | environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
        return cls(process)

    async def line(self) -> str:
        """The next line that it says on stdout; empty if it has ended."""
        return (await self._said.readline()).decode().strip()

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return self._process.returncode is not None

    async def end(self, number: signal.Signals, *, group: bool = False) -> int:
        """Send it a signal, or its whole group, and wait for its end; the exit status."""
        with suppress(ProcessLookupError):
            if group:
                os.killpg(self._process.pid, number)
            else:
                self._process.send_signal(number)
        return await self._process.wait()


class Outside:
    """The pretend Telegram, provider and ad.

    Attributes:
        url: where all of it is.
        world: the hand on it.
    """

    def __init__(self, url: str, world: SandboxClient) -> None:
        """Use `open`."""
        self.url = url
        self.world = world

    @classmethod
    @asynccontextmanager
    async def open(cls, log: Path) -> AsyncIterator["Outside"]:
        """Start it, and end it at the end."""
        options = ["--port", "0", "--token", TOKEN, "--admin", str(ADMIN_ID)]
        process = await Process.start("sandbox", *options, log=log, environment={})
        try:
            url = await process.line()
            async with SandboxClient(url) as world:
                yield cls(url, world)
        finally:
            await process.end(signal.SIGKILL, group=True)

    async def changes(self) -> AsyncIterator[Change]:
        """Everything that happens, from the beginning, as it happens."""
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
        """Let the provider be slow, refuse, and break off now and then; until the plan is used up.

        A slow one is what kills hit orders on their way with.
        """
        kinds = dice.choices(list(_PROVIDER), list(_PROVIDER.values()), k=PROVIDER_PLAN)
        await self.world.provider.answers(
            *(
                {"kind": kind, "text": "Invalid Link", "delay_s": dice.uniform(0, PROVIDER_SLOW_S)}
                for kind in kinds
            )
        )

    async def slow_down(self, chat_id: int, delay_s: float) -> None:
        """Let whatever the bot does in a chat take so much longer."""
        user = self.world.user(chat_id)
        await self.world.fault("slow", times=None, to=user, delay_s=delay_s)

    async def pending_updates(self) -> int:
        """How many updates Telegram has not been told that we have."""
        address = f"{self.url}/bot{TOKEN}/getWebhookInfo"
        async with aiohttp.ClientSession() as session, session.get(address) as answer:
            return int((await answer.json())["result"]["pending_update_count"])
