"""The program and its outside world as processes of their own, so that one can be killed."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from sandbox.client import SandboxClient

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:pretend-token-of-the-tests-0123456789"


class Process:
    """A Python module in a process."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self._arguments = arguments
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, *, stderr: int | None = None) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *self._arguments,
            cwd=ROOT,
            env={**os.environ, **self._environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
        )

    async def refused(self, within_s: float = 20) -> tuple[int, str]:
        """Start it and wait for the end that it finds by itself: exit status, and what it said."""
        await self.start(stderr=asyncio.subprocess.PIPE)
        assert self._process is not None
        try:
            async with asyncio.timeout(within_s):
                _, said = await self._process.communicate()
        finally:
            await self.end(signal.SIGKILL)
        return int(self._process.returncode or 0), said.decode()

    def pause(self) -> None:
        """It goes on existing, and does nothing any more, until `go_on`."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """After `pause`."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGCONT)

    async def line(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        return (await self._process.stdout.readline()).decode().strip()

    async def end(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; its exit status."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(number)
        await self._process.communicate()
        return int(self._process.returncode or 0)


def bot_process(world_url: str, folder: Path, admin_id: int) -> Process:
    """`python -m viewbank`, with the sandbox as its Telegram, provider and ad."""
    return Process(
        "viewbank",
        BOT_TOKEN=TOKEN,
        ADMIN_ID=str(admin_id),
        TELEGRAM_API_URL=world_url,
        ORDER_API_URL=f"{world_url}/provider/order",
        AD_URL=f"{world_url}/ad",
        DATA_DIR=str(folder),
        PORT="0",
        LOG_LEVEL="WARNING",
    )


def sandbox_process(admin_id: int) -> Process:
    """`python -m sandbox`."""
    return Process("sandbox", "--port", "0", "--token", TOKEN, "--admin", str(admin_id))


async def until_serving(world: SandboxClient, process: Process) -> None:
    """Start the bot, and return when it is about to ask for updates."""
    calls = await world.calls()
    await process.start()
    # The last call before the first getUpdates, which isn't listed.
    await world.wait_for_call("deleteWebhook", after=calls[-1].number if calls else 0)
