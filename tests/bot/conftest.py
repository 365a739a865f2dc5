"""The bot's parts with a simulated Telegram, without the rest of the program."""

from collections.abc import AsyncIterator

import pytest
from support.bot_harness import ADMIN_ID, BotHarness

from sandbox.client import SandboxClient
from sandbox.server import running


@pytest.fixture
async def room() -> AsyncIterator[BotHarness]:
    async with running(admin_ids=[ADMIN_ID]) as outside, SandboxClient(outside.url) as world:
        room = BotHarness(outside, world)
        await room.open()
        await room.join(room.admin)
        yield room
        await room.close()
