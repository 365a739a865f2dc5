"""A new user on the chat page, and a power cut afterwards. All processes are real."""

import json
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page
from support.browser import DESKTOP, PHONE, chromium
from support.chat_page import ChatPage, nothing_sticks_out
from support.processes import bot_process, sandbox_process, until_serving

from ledger.store.recovery import recover
from sandbox.client import SandboxClient

ADMIN_ID = 7
VIDEO = "https://youtu.be/AbCdEfGhI_k?si=tracking"


@pytest.fixture
async def world() -> AsyncIterator[SandboxClient]:
    outside = sandbox_process(ADMIN_ID)
    await outside.start()
    try:
        async with SandboxClient(await outside.line()) as world:
            yield world
    finally:
        await outside.end(signal.SIGTERM)


def balances(folder: Path) -> dict[int, int]:
    return {user_id: user.balance for user_id, user in recover(folder).state.users.items()}


async def test_a_newcomer_plays_through_everything_and_a_power_cut_takes_nothing(world, tmp_path):
    folder = tmp_path / "data"
    bot = bot_process(world.wire.url, folder, ADMIN_ID)
    try:
        await until_serving(world, bot)
        async with chromium() as browser:
            await prepare(world)
            anna = await world.add_user("Anna", username="anna_here")
            await anna.start()
            await anna.wait_for("Welcome")
            ben = await newcomer_joins_by_link(
                await browser.new_page(viewport=PHONE), world, anna.id
            )
            await earns_and_buys(ben)
            admin = ChatPage(await browser.new_page(viewport=DESKTOP))
            await writes_to_the_admin(ben, admin, world)
            await admin_audits(admin)
            await nothing_sticks_out(ben.page)
            await nothing_sticks_out(admin.page)
        await bot.end(signal.SIGKILL)
        before = balances(folder)
        assert sorted(before.values()) == [0, 140, 1000]
        (folder / "user_data.json").unlink(missing_ok=True)
        await until_serving(world, bot)
        assert balances(folder) == before
        await anna.press("💳 Balance")
        await anna.wait_for("You have 1,000 points")
        assert await bot.end(signal.SIGTERM) == 0
        assert json.loads((folder / "user_data.json").read_bytes())["seq"] > 1
        assert balances(folder) == before
    finally:
        await bot.end(signal.SIGKILL)


async def prepare(world: SandboxClient) -> None:
    admin = world.user(ADMIN_ID)
    await admin.start()
    await admin.wait_for("Welcome")
    economy = {"ad_reward_points": 120, "ad_cooldown_s": 0, "ad_watch_s": 0}
    for name, value in {**economy, "referral_after_ads": 2}.items():
        await admin.say(f"/set {name} {value}")
        await admin.wait_for(f"{name} is {value}")


async def newcomer_joins_by_link(page: Page, world: SandboxClient, inviter_id: int) -> ChatPage:
    """Anna's link, followed by somebody new, on a phone."""
    await page.goto(f"{world.wire.url}/#{inviter_id}")
    anna = ChatPage(page)
    await anna.tap("👥 Refer & Earn")
    await anna.sees("Friends who joined: 0")
    link = [word for word in (await anna.log.inner_text()).split() if "?start=" in word][-1]
    await page.get_by_role("button", name="Anna").first.click()
    await page.get_by_role("button", name="Add person").click()
    dialog = page.get_by_role("dialog", name="Add a person")
    await dialog.get_by_label("First name").fill("Ben")
    await dialog.get_by_label("Joined by the invite link").fill(link)
    await dialog.get_by_role("button", name="Add").click()
    ben = ChatPage(page)
    await ben.sees("Welcome, Ben!")
    return ben


async def earns_and_buys(ben: ChatPage) -> None:
    for _ in range(2):
        await ben.tap("🪧 Watch Ads")
        await ben.sees("It pays 120 points.")
        await ben.tap("I watched it")
        await ben.sees("Thank you! +120 points")
    await ben.sees("You have 240 points, enough for 24 views.")
    await ben.tap("📦 Buy Views")
    await ben.sees("Send me the link of your video")
    await ben.say(VIDEO)
    await ben.sees("How many views?")
    await ben.say("10")
    await ben.sees("Please check your order")
    await ben.tap("Confirm")
    await ben.sees("is accepted")
    await ben.tap("💳 Balance")
    await ben.sees("You have 140 points, enough for 14 views.")


async def writes_to_the_admin(ben: ChatPage, admin: ChatPage, world: SandboxClient) -> None:
    await admin.page.goto(f"{world.wire.url}/#{ADMIN_ID}")
    await ben.tap("📞 Contact Admin")
    await ben.sees("Write your message now")
    await ben.say("When do the views come?")
    await ben.sees("Your message is with the admin")
    await admin.sees("When do the views come?")
    await admin.tap("↩️ Reply")
    await admin.sees("Write your message to Ben")
    await admin.say("Within an hour.")
    await admin.sees("Delivered to Ben")
    await ben.sees("Within an hour.")


async def admin_audits(admin: ChatPage) -> None:
    await admin.say("/history @ben_here")
    await admin.sees("Balance now: 140 points")
    await admin.sees("−100 · ordered 10 views")
    await admin.sees("+120 · watched ad 2")
