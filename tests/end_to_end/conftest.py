"""The whole program in one event loop with the sandbox, connected only by HTTP.

Each test runs twice: once the program asks Telegram for updates, once Telegram posts them to it.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from support.program_harness import ADMIN_ID, ProgramHarness

from ledger.store.snapshot import refresh
from sandbox.client import SandboxClient
from sandbox.server import running
from viewbank.snapshot_schedule import SnapshotSchedule

ECONOMY = {"ad_cooldown_s": 0, "ad_watch_s": 0, "ad_reward_points": 60}


@pytest.fixture(params=["polling", "webhook"])
def way(request: pytest.FixtureRequest) -> str:
    """How updates come in."""
    return str(request.param)


async def _refresh_in_a_thread(schedule: SnapshotSchedule) -> str:
    await asyncio.to_thread(refresh, schedule._folder)
    return ""


@pytest.fixture
async def shop(
    tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ProgramHarness]:
    # Two processes for each test would take most of its time; they have tests of their own.
    monkeypatch.setattr(SnapshotSchedule, "_run", _refresh_in_a_thread)
    async with running(admin_ids=[ADMIN_ID]) as outside, SandboxClient(outside.url) as world:
        shop = ProgramHarness(outside, world, tmp_path / "data", way)
        await shop.open()
        await shop.admin.start()
        await shop.admin.wait_for("Welcome")
        await shop.set(**ECONOMY)
        yield shop
        await shop.close()


@pytest.fixture
async def panel_shop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ProgramHarness]:
    """The program with a panel as the provider, on polling."""
    monkeypatch.setattr(SnapshotSchedule, "_run", _refresh_in_a_thread)
    async with running(admin_ids=[ADMIN_ID]) as outside, SandboxClient(outside.url) as world:
        shop = ProgramHarness(outside, world, tmp_path / "data", "polling")
        shop.settings = msgspec.structs.replace(
            shop.settings,
            order_api_kind="panel",
            order_api_url=outside.panel_url,
            order_api_key=outside.panel_key,
        )
        await shop.open()
        await shop.admin.start()
        await shop.admin.wait_for("Welcome")
        yield shop
        await shop.close()
