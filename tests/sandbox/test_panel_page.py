"""The panel's part of the chat page, in a real browser."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect
from support.browser import chromium

from sandbox.client import SandboxClient
from sandbox.control_people import NewPerson
from sandbox.server import Running, running

pytestmark = pytest.mark.asyncio(loop_scope="module")
SIZES = [{"width": 320, "height": 568}, {"width": 1280, "height": 800}]


@pytest_asyncio.fixture(loop_scope="module")
async def served() -> AsyncIterator[Running]:
    async with running(users=[NewPerson("Ann", id=42)]) as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all; each test has a page of its own."""
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, served: Running) -> AsyncIterator[Page]:
    """The page with the menu's entry chosen; afterwards no script may have failed."""
    page = await browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.goto(f"{served.url}/#42")
    await expect(page.get_by_role("button", name="START", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Bot menu").click()
    await page.get_by_role("menuitem", name="Orders at the panel …").click()
    yield page
    await page.close()
    assert problems == []


async def order(served: Running, number: int) -> None:
    form = {"key": served.panel_key, "action": "add", "service": 101, "quantity": 1000}
    link = {"link": f"https://youtu.be/{number}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(served.panel_url, data={**form, **link}) as answer,
    ):
        assert "order" in await answer.json()


async def test_the_last_orders_are_shown_as_they_change(page, served):
    panel = page.get_by_role("dialog", name="Orders at the panel")
    await expect(panel).to_contain_text("No order yet.")
    async with SandboxClient(served.url) as world:
        await world.panel.settings(delivery_s=100_000)
    await order(served, 1)
    lines = panel.get_by_role("listitem")
    await expect(lines).to_have_text(
        ["880001: Pending 1,000 × YouTube Views [Fast | 30 days refill], 1,000 left"]
    )
    async with SandboxClient(served.url) as world:
        await world.panel.set_order(880001, status="Completed")
    await expect(lines).to_contain_text(["880001: Completed"])
    await expect(panel).to_contain_text("Money at the panel: 99.10000 USD")


@pytest.mark.parametrize("word", ["Partial", "Canceled"])
async def test_a_button_says_how_the_next_order_ends(page, served, word):
    panel = page.get_by_role("dialog", name="Orders at the panel")
    await panel.get_by_role("button", name=word).click()
    await expect(panel.get_by_role("status")).to_have_text(f"The next order ends: {word}.")
    async with SandboxClient(served.url) as world:
        await world.panel.settings(delivery_s=0)
        await order(served, 1)
        await order(served, 2)
    await expect(panel.get_by_role("listitem")).to_contain_text(
        ["880002: Completed", f"880001: {word}"]
    )
    await expect(panel.get_by_role("status")).to_have_text("The next order ends: Completed.")
    await panel.get_by_role("button", name="Close").click()
    await expect(panel).to_be_hidden()


@pytest.mark.parametrize("size", SIZES)
async def test_it_fits_the_window_and_breaks_no_rule_of_accessibility(page, served, size):
    await page.set_viewport_size(size)
    await order(served, 1)
    panel = page.get_by_role("dialog", name="Orders at the panel")
    await expect(panel.get_by_role("listitem")).to_contain_text(["880001"])
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(overflow) == 0
    found = await Axe().run(page, context="#panel-dialog")
    assert [one["id"] for one in found.response["violations"]] == []
    assert found.response["passes"]
