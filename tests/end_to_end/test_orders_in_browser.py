"""Orders on the chat page, on phones: an admin sells, a buyer buys, a lost answer is settled.

All processes are real; the provider is the sandbox's panel.
"""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect
from support.browser import PHONE, chromium
from support.chat_page import ChatPage, nothing_sticks_out
from support.processes import bot_process, sandbox_process, until_serving

from ledger.order_status import OrderStatus
from ledger.store.recovery import recover
from sandbox.client import SandboxClient
from sandbox.panel.state import PANEL_KEY

ADMIN_ID = 7
PARTIAL_VIDEO = "https://youtu.be/AbCdEfGhI_k?si=tracking"
LOST_VIDEO = "https://youtu.be/LoSt0000_-k"
EVIDENCE_WITHIN_MS = 45_000
"""The program lets the provider's balance settle first."""


@pytest.fixture
async def world() -> AsyncIterator[SandboxClient]:
    outside = sandbox_process(ADMIN_ID)
    await outside.start()
    try:
        async with SandboxClient(await outside.line(), wait_s=30) as world:
            yield world
    finally:
        await outside.end(signal.SIGTERM)


async def test_a_shop_sells_follows_refunds_and_settles_a_lost_answer(world, tmp_path):
    folder = tmp_path / "data"
    panel = {
        "ORDER_API_KIND": "panel",
        "ORDER_API_URL": world.panel.url,
        "ORDER_API_KEY": PANEL_KEY,
    }
    bot = bot_process(world.wire.url, folder, ADMIN_ID, **panel)
    try:
        await until_serving(world, bot)
        await world.panel.settings(delivery_s=2)
        buyer_id = await prepare(world)
        # The round of questions that began before /set would end a minute later.
        assert await bot.end(signal.SIGTERM) == 0
        await until_serving(world, bot)
        async with chromium() as browser:
            admin = await phone(browser, world, ADMIN_ID)
            buyer = await phone(browser, world, buyer_id)
            await sells_a_service(admin)
            await world.panel.next_ends("partial")
            await follows_an_order_to_its_refund(buyer)
            await world.panel.faults({"kind": "break_after", "action": "add"})
            await loses_an_answer(buyer)
            await settles_it_by_the_evidence(admin, world)
            await buyer.sees("is finished: all of it was delivered")
            await finds_nothing_left_to_do(admin)
            await sees_what_the_day_left(admin)
            await nothing_sticks_out(admin.page)
            await nothing_sticks_out(buyer.page)
        assert await bot.end(signal.SIGTERM) == 0
        await each_order_was_sent_once(world, folder, buyer_id)
    finally:
        await bot.end(signal.SIGKILL)


async def prepare(world: SandboxClient) -> int:
    """An admin who looks often, and a buyer with points."""
    admin = world.user(ADMIN_ID)
    await admin.start()
    await admin.wait_for("Welcome")
    await admin.say("/set order_poll_s 1")
    await admin.wait_for("order_poll_s is 1")
    anna = await world.add_user("Anna", username="anna_here")
    await anna.start()
    await anna.wait_for("Welcome")
    await admin.say(f"/adjust {anna.id} +5000 welcome")
    await anna.wait_for("You have 5,000 points")
    return anna.id


async def phone(browser: Browser, world: SandboxClient, user_id: int) -> ChatPage:
    page = await browser.new_page(viewport=PHONE)
    await page.goto(f"{world.wire.url}/#{user_id}")
    return ChatPage(page)


async def sells_a_service(admin: ChatPage) -> None:
    """Found by words in the provider's list, at a typed price, with its margin."""
    await admin.say("/admin")
    await admin.tap("🛍 Services")
    await admin.sees("Nothing is on offer yet")
    await admin.tap("🔄 Read the provider's list")
    await admin.sees("The provider has 10 services")
    await admin.tap("➕ Add a service")
    await admin.sees("Choose a category")
    await admin.tap("🔍 Search")
    await admin.sees("Send me words")
    await admin.say("youtube views fast")
    await admin.tap("YouTube Views [Fast")
    await admin.sees("Price: 14,000 points for 1,000")
    await admin.tap("💰 Another price")
    await admin.sees("Send me the price of 1,000")
    await admin.say("12 000")
    await admin.sees("Price: 12,000 points for 1,000")
    await admin.sees("Brings in US$1.20, costs US$0.90, leaves US$0.30.")
    await admin.tap("✅ Offer it for 12,000 points")
    await admin.sees("On: people can buy it.")
    await admin.sees("Our price: 12,000 points for 1,000")


async def follows_an_order_to_its_refund(buyer: ChatPage) -> None:
    await places_an_order(buyer, PARTIAL_VIDEO)
    await buyer.tap("📄 Show this order")
    await buyer.sees("has ended before all of it was delivered")
    await buyer.sees("Delivered: 50 of 100")
    await buyer.sees("600 points came back to you. You have 4,400 points.")
    await buyer.page.get_by_role("button", name="🔄 Refresh").last.click()
    await buyer.sees("🧩 partly delivered")
    await buyer.sees("Came back to you: 600 points")
    await buyer.say("/orders")
    await buyer.sees("🧩 partly delivered")
    await buyer.say("/history")
    await buyer.sees("partly delivered, points for the missing 50 returned")
    await buyer.sees("+600")


async def places_an_order(buyer: ChatPage, link: str) -> None:
    await buyer.say(link)
    await buyer.sees("How many views?")
    await buyer.tap("100")
    await buyer.sees("Please check your order")
    await buyer.tap("✅ Confirm")
    await buyer.sees("is placed: 100 views")


async def loses_an_answer(buyer: ChatPage) -> None:
    await places_an_order(buyer, LOST_VIDEO)
    await buyer.sees("a person is checking it. Your points are safe")


async def settles_it_by_the_evidence(admin: ChatPage, world: SandboxClient) -> None:
    """What the provider shows, then its number, then a second tap."""
    evidence = "It looks as if the order arrived"
    await admin.sees(evidence, timeout_ms=EVIDENCE_WITHIN_MS)
    await admin.tap("✅ It arrived")
    await admin.sees("Send me the number that the provider gave it")
    await admin.say(f"#{(await world.panel.orders())[-1].id}")
    await admin.sees("Did it arrive as number")
    await admin.tap("✅ Yes, it arrived")
    await admin.sees("it is marked as arrived, and the provider is asked how far it is")


async def finds_nothing_left_to_do(admin: ChatPage) -> None:
    await admin.tap("‹ Orders")
    await admin.sees("No order needs you")
    await expect(admin.page.get_by_role("button", name="🔎 Unclear (0)").last).to_be_visible()


async def sees_what_the_day_left(admin: ChatPage) -> None:
    """Spent: 600 of the part and 1,200 points; the panel took 0.045 and 0.09."""
    await admin.tap("‹ Admin")
    await admin.tap("🏦 Provider")
    await admin.sees("Our balance there")
    await admin.sees("Margin per day")
    table = admin.log.locator("pre").last
    await expect(table).to_contain_text("0.18 0.14 0.04")


async def each_order_was_sent_once(world: SandboxClient, folder: Path, buyer_id: int) -> None:
    assert [order.link for order in await world.panel.orders()] == [
        "https://www.youtube.com/watch?v=AbCdEfGhI_k",
        "https://www.youtube.com/watch?v=LoSt0000_-k",
    ]
    state = recover(folder).state
    assert {order.status for order in state.orders.values()} <= {
        OrderStatus.PARTIAL,
        OrderStatus.COMPLETED,
    }
    assert state.users[buyer_id].balance == 5_000 - 600 - 1_200
