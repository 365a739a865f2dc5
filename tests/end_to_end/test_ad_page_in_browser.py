"""The ad page in the chat, in a browser: from the button to the points, with the whole program."""

import pytest
from playwright.async_api import expect
from support.ads_program import show_ads_on_the_page
from support.browser import PHONE, chromium

pytestmark = pytest.mark.parametrize("way", ["polling"], indirect=True)

SOON_MS = 10_000


@pytest.fixture
async def ads(shop, way):
    await show_ads_on_the_page(shop, way)
    return shop


@pytest.fixture
async def browser():
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def tabs(ads, browser):
    """Opens Anna's chat in a tab; afterwards nothing may have gone wrong in any of them."""
    anna = await ads.person("Anna")
    problems = []
    context = await browser.new_context(viewport=PHONE, reduced_motion="reduce")

    async def open_tab():
        tab = await context.new_page()
        tab.on("pageerror", lambda error: problems.append(str(error)))
        tab.on(
            "console",
            lambda said: problems.append(said.text) if "Security Policy" in said.text else None,
        )
        await tab.goto(f"{ads.outside.url}/#{anna.id}")
        return tab

    open_tab.anna = anna
    yield open_tab
    await context.close()
    assert problems == []


async def open_page(tab, button="▶️ Watch ads"):
    """The page in its sheet, once it has an ad."""
    await tab.get_by_role("button", name=button).last.click()
    app = tab.frame_locator("#mini-app iframe")
    await expect(app.get_by_role("heading", level=1)).to_have_text("An ad is ready")
    return app


async def ask_for_the_offer(tab):
    await tab.get_by_role("button", name="🪧 Watch Ads").last.click()
    await expect(tab.get_by_role("log")).to_contain_text("Each one pays 60 points")


async def open_ad(app):
    await app.get_by_role("button", name="Watch an ad: +60 points").click()
    return app.get_by_role("dialog").get_by_role("button", name="Close")


async def is_credited(app, balance):
    shown = app.get_by_role("region", name="Your points")
    await expect(shown).to_contain_text(balance, timeout=SOON_MS)


async def test_from_the_button_to_the_points_and_the_word_in_the_chat(ads, tabs):
    tab = await tabs()
    await ask_for_the_offer(tab)
    app = await open_page(tab)
    await (await open_ad(app)).click()
    await expect(app.get_by_role("heading", level=1)).to_have_text("+60 points", timeout=SOON_MS)
    await is_credited(app, "60 points")
    await expect(app.get_by_role("heading", level=1)).to_have_text("An ad is ready")
    await (await open_ad(app)).click()
    await is_credited(app, "120 points")
    await tab.get_by_role("dialog", name="Viewbank").get_by_role("button", name="Close").click()
    log = tab.get_by_role("log")
    await expect(log).to_contain_text("+120 points for 2 ads")
    await expect(log).not_to_contain_text("for 1 ad")
    assert ads.balance(tabs.anna) == 120
    await open_page(tab, "🪧 Watch another ad")


async def test_two_tabs_are_paid_once_for_one_ad_and_both_know_it(ads, tabs):
    await ads.world.monetag.next("late", times=2, delay_s=600)
    apps = []
    for _ in range(2):
        tab = await tabs()
        await ask_for_the_offer(tab)
        apps.append(await open_page(tab))
    closing = [await open_ad(app) for app in apps]
    for close in closing:
        await close.click()
    await ads.world.monetag.wait_for_late(2)
    assert await ads.world.monetag.release() == 2
    await ads.world.monetag.wait_for_postbacks(2)
    for app in apps:
        await is_credited(app, "60 points")
    assert ads.balance(tabs.anna) == 60


async def test_from_the_channel_to_an_ad(ads, tabs):
    await ads.world.add_channel("viewbank_news")
    await ads.admin.say("/set required_channel @viewbank_news")
    await ads.admin.wait_for("people must join @viewbank_news")
    tab = await tabs()
    await tab.get_by_role("button", name="🪧 Watch Ads").first.click()
    app = tab.frame_locator("#mini-app iframe")
    title = app.get_by_role("heading", level=1)
    await expect(title).to_have_text("Join our channel first")
    await app.get_by_role("button", name="I joined").click()
    await expect(title).to_have_text("You are not in the channel yet")
    link = app.get_by_role("link", name="Open the channel")
    await expect(link).to_have_attribute("href", "https://t.me/viewbank_news")
    await ads.world.set_member("viewbank_news", tabs.anna)
    await app.get_by_role("button", name="I joined").click()
    await expect(title).to_have_text("An ad is ready")


async def test_a_script_that_is_blocked_is_called_so_and_pays_nothing(ads, tabs):
    tab = await tabs()
    await ads.world.monetag.next("blocked", times=None)
    await ask_for_the_offer(tab)
    await tab.get_by_role("button", name="▶️ Watch ads").last.click()
    app = tab.frame_locator("#mini-app iframe")
    heading = app.get_by_role("heading", level=1)
    await expect(heading).to_have_text("Something blocks the ads", timeout=SOON_MS)
    assert ads.balance(tabs.anna) == 0


async def test_a_late_postback_is_shown_when_it_comes(ads, tabs):
    tab = await tabs()
    await ads.world.monetag.next("late", delay_s=600)
    await ask_for_the_offer(tab)
    app = await open_page(tab)
    await (await open_ad(app)).click()
    await expect(app.get_by_role("heading", level=1)).to_have_text("Thank you!")
    await ads.world.monetag.wait_for_late(1)
    assert await ads.world.monetag.release() == 1
    await is_credited(app, "60 points")
