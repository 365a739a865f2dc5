"""The program and the sandbox as processes, so that one of them can be killed."""

import asyncio
import signal
from pathlib import Path

from chaos.module_process import ModuleProcess
from sandbox.client import SandboxClient

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:pretend-token-of-the-tests-0123456789"


def bot_process(sandbox_url: str, folder: Path, admin_id: int, **environment: str) -> ModuleProcess:
    """`python -m viewbank`, with the sandbox as its Telegram, provider and ad."""
    usual = {
        "BOT_TOKEN": TOKEN,
        "ADMIN_ID": str(admin_id),
        "TELEGRAM_API_URL": sandbox_url,
        "ORDER_API_URL": f"{sandbox_url}/provider/order",
        "AD_URL": f"{sandbox_url}/ad",
        "DATA_DIR": str(folder),
        "PORT": "0",
        "LOG_LEVEL": "WARNING",
    }
    return ModuleProcess("viewbank", **usual | environment)


def sandbox_process(admin_id: int) -> ModuleProcess:
    """`python -m sandbox`."""
    return ModuleProcess("sandbox", "--port", "0", "--token", TOKEN, "--admin", str(admin_id))


async def refused(process: ModuleProcess, within_s: float = 20) -> tuple[int, str]:
    """Start it and wait until it ends by itself: its exit status, and its stderr."""
    await process.start(capture_errors=True)
    try:
        async with asyncio.timeout(within_s):
            return await process.finish()
    finally:
        if not process.ended:
            await process.end(signal.SIGKILL)


async def until_serving(world: SandboxClient, process: ModuleProcess) -> None:
    """Start the bot, and return when it is about to ask for updates."""
    calls = await world.calls()
    await process.start()
    # The last call before the first getUpdates, which isn't listed.
    await world.wait_for_call("deleteWebhook", after=calls[-1].number if calls else 0)
