from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect
from support.browser import chromium


@pytest.fixture
async def browser():
    async with chromium() as browser:
        yield browser


@asynccontextmanager
async def opened(browser, client, complaint="", **context):
    """The page in a browser of its own. It must complain of this, and of nothing else."""
    complaints = []
    window = await browser.new_context(**context)
    page = await window.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.clock.install()
    await page.goto(str(client.make_url("/")))
    yield page
    await window.close()
    assert [text for text in complaints if not complaint or complaint not in text] == []
    assert bool(complaints) == bool(complaint)


async def test_nothing_stands_out_sideways(world, person, browser):
    world.ledger.state.users_points = 10**15
    world.telegram = "Telegram has not answered for two minutes."
    for width in (320, 360, 1280):
        async with opened(browser, world.client, viewport={"width": width, "height": 800}) as page:
            await page.click("summary")
            await expect(page.locator(".seal")).to_have_text(world.ledger.head.hash)

            assert await page.evaluate("document.documentElement.scrollWidth") == width
    assert person.user_id in world.ledger.state.users


async def test_the_open_page_follows_the_book_in_the_words_of_the_server(world, browser):
    async with opened(browser, world.client) as page:
        await expect(page.get_by_text("Nobody has joined yet.")).to_be_visible()
        for user_id in range(1, 1235):
            world.ledger.state.users[user_id] = None  # only counted
        world.ledger.state.accounts["house:ads"] = -5
        world.ledger.state.orders_by_status["unclear"] = 3
        world.telegram = "Telegram does not answer."
        world.now_ms += 7_250_000

        await page.clock.fast_forward(5000)
        await expect(page.locator('[data-figure="users"]')).to_have_text("1,234")
        followed = await page.inner_text("main")

        async with opened(browser, world.client, java_script_enabled=False) as still:
            assert followed == await still.inner_text("main")
    for words in ("−5", "2 hours ago", "Telegram does not answer.", "don’t add up"):
        assert words in followed


async def test_a_page_whose_server_is_gone_says_that_it_gets_old(world, browser):
    async with opened(browser, world.client, complaint="status of 503") as page:
        await page.route(
            "**/status", lambda route: route.fulfill(status=503, json={"error": "No."})
        )
        await page.clock.fast_forward(5000)
        await expect(page.get_by_text("No.", exact=True)).to_be_visible()
        await page.unroute("**/status")
        await page.clock.fast_forward(5000)
        await expect(page.get_by_text("No.", exact=True)).to_be_hidden()
