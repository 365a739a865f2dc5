"""A sandbox, a test's view of it, and small real bots that talk with it."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from sandbox.client import World
from sandbox.server import Running, running


@pytest.fixture
async def served() -> AsyncIterator[Running]:
    async with running() as world:
        yield world


@pytest.fixture
async def world(served: Running) -> AsyncIterator[World]:
    async with World(served.url) as client:
        yield client


@pytest.fixture
async def bot(served: Running) -> AsyncIterator[Bot]:
    """The real client library, pointed at the sandbox."""
    bot = Bot(
        served.token,
        base_url=f"{served.telegram_api_url}/bot",
        base_file_url=f"{served.telegram_api_url}/file/bot",
        request=HTTPXRequest(read_timeout=10),
    )
    async with bot:
        yield bot
