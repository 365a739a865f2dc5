"""Mini Apps and ads in a real browser: a bot's page in a sheet over the chat page."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from support.ad_publisher import Publisher, publishing
from support.browser import DESKTOP, PHONE, chromium
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MenuButtonWebApp,
    WebAppInfo,
)

from sandbox.client import SandboxClient
from sandbox.control_people import NewPerson
from sandbox.server import Running, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEOPLE = [NewPerson("Ann", id=42), NewPerson("Ben", id=43)]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def served() -> AsyncIterator[Running]:
    async with running(users=PEOPLE) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="module")
async def world(served: Running) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(served.url) as world:
        await world.user(42).start()
        yield world


@pytest_asyncio.fixture(loop_scope="module")
async def publisher(served: Running, world: SandboxClient) -> AsyncIterator[Publisher]:
    async with publishing(served.url) as publisher:
        await world.monetag.configure(publisher.template())
        await world.adsgram.configure(publisher.template("adsgram"))
        app = WebAppInfo(f"{publisher.url}/ads")
        async with Bot(served.token, base_url=f"{served.telegram_api_url}/bot") as bot:
            await bot.set_chat_menu_button(menu_button=MenuButtonWebApp("Watch ads", app))
            markup = InlineKeyboardMarkup([[InlineKeyboardButton("Open the ads", web_app=app)]])
            await bot.send_message(42, "Ads for points", reply_markup=markup)
        yield publisher


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, served: Running, publisher: Publisher) -> AsyncIterator[Page]:
    """Ann's chat on a phone; afterwards nothing may have gone wrong or to anywhere else."""
    context = await browser.new_context(viewport=PHONE, reduced_motion="reduce")
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    ours = (served.url, publisher.url, "about:blank")
    page.on(
        "request",
        lambda sent: problems.append(sent.url) if not sent.url.startswith(ours) else None,
    )
    await page.goto(f"{served.url}/#42")
    await expect(page.get_by_role("button", name="Watch ads", exact=True)).to_be_visible()
    yield page
    await context.close()
    assert problems == []


async def open_app(page: Page):
    """Open it from the message; the page in its frame."""
    await page.get_by_role("button", name="Open the ads").click()
    app = page.frame_locator("#mini-app iframe")
    await expect(app.locator("#who")).to_have_text("Ann")
    return app


def ad_of(app):
    return app.get_by_role("dialog", name="Pretend ad")


async def watch(app, button="Watch"):
    await app.get_by_role("button", name=button, exact=True).click()
    await ad_of(app).get_by_role("button", name="Close").click()


async def color_of(locator):
    return await locator.evaluate("element => getComputedStyle(element).backgroundColor")


async def test_the_app_opens_in_a_sheet_over_the_chat_and_closes(page):
    await open_app(page)
    sheet = page.get_by_role("dialog", name="Viewbank")
    await expect(sheet).to_be_visible()
    await sheet.get_by_role("button", name="Close").click()
    await expect(sheet).to_be_hidden()
    await expect(page.get_by_role("log")).to_contain_text("Ads for points")


async def test_the_menu_button_opens_it_too_and_escape_closes_it(page):
    await page.get_by_role("button", name="Watch ads", exact=True).click()
    sheet = page.get_by_role("dialog", name="Viewbank")
    await expect(sheet.frame_locator("iframe").locator("#who")).to_have_text("Ann")
    await sheet.get_by_role("button", name="Close").focus()
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()


async def test_the_page_knows_the_person_the_colours_and_the_height(page):
    app = await open_app(page)
    known = await app.locator("body").evaluate(
        """() => {
          const { initData, initDataUnsafe, version, colorScheme } = Telegram.WebApp;
          const { viewportHeight, isVersionAtLeast } = Telegram.WebApp;
          const style = getComputedStyle(document.documentElement);
          return {
            signed: initData.includes("hash="), id: initDataUnsafe.user.id, version, colorScheme,
            height: viewportHeight === innerHeight,
            button: style.getPropertyValue("--tg-theme-button-color"),
            inset: style.getPropertyValue("--tg-safe-area-inset-top"),
            versions: ["6.0", "9.1", "9.2", "10.0"].map(isVersionAtLeast),
          };
        }"""
    )
    assert known == {
        "signed": True,
        "id": 42,
        "version": "9.1",
        "colorScheme": "light",
        "height": True,
        "button": "#1c6fb3",
        "inset": "0px",
        "versions": [True, True, False, False],
    }


async def test_a_change_of_the_theme_reaches_the_page(page):
    app = await open_app(page)
    assert await color_of(app.locator("body")) == "rgb(255, 255, 255)"
    await page.emulate_media(color_scheme="dark")
    await expect(app.locator("body")).to_have_css("background-color", "rgb(23, 33, 43)")
    assert await app.locator("title").evaluate("title => title.textContent") == "dark"


async def test_a_reload_keeps_the_signed_data(page):
    app = await open_app(page)
    await app.locator("body").evaluate("window.before = 1; location.hash = ''; location.reload()")
    await expect(app.locator("#who")).to_have_text("Ann")
    await page.get_by_role("button", name="Menu of the Mini App").click()
    await page.get_by_role("menuitem", name="Reload page").click()
    await expect(app.locator("#who")).to_have_text("Ann")


async def test_opened_in_a_plain_browser_there_is_no_signed_data(browser, publisher):
    page = await browser.new_page()
    await page.goto(f"{publisher.url}/ads")
    await expect(page.locator("#who")).to_have_text("nobody")
    known = await page.evaluate("[Telegram.WebApp.initData, Telegram.WebApp.platform]")
    assert known == ["", "unknown"]
    await page.close()


async def test_back_main_button_and_popups_are_the_windows_around_it(page):
    app = await open_app(page)
    await app.get_by_role("button", name="Telegram").click()
    await page.get_by_role("button", name="Back").click()
    await expect(app.locator("#outcome")).to_have_text("went back")
    await expect(page.get_by_role("button", name="Back")).to_be_hidden()
    popup = page.get_by_role("dialog", name="Really?")
    for answer, outcome in (("Cancel", "not saved"), ("OK", "saved")):
        await page.get_by_role("button", name="Save").click()
        await popup.get_by_role("button", name=answer).click()
        await expect(app.locator("#outcome")).to_have_text(outcome)
    await page.get_by_role("button", name="Close", exact=True).click()
    await page.get_by_role("button", name="Close anyway").click()
    await expect(page.get_by_role("dialog", name="Viewbank")).to_be_hidden()


async def test_links_open_outside_and_links_to_the_bot_in_the_chat(page, served):
    app = await open_app(page)
    async with page.context.expect_page() as opened:
        await app.locator("body").evaluate(f"Telegram.WebApp.openLink('{served.url}/ad')")
    await expect((await opened.value).get_by_text("This is a pretend ad")).to_be_visible()
    go = "Telegram.WebApp.openTelegramLink('https://t.me/viewbank_demo_bot')"
    await app.locator("body").evaluate(go)
    await expect(page.get_by_role("dialog", name="Viewbank")).to_be_hidden()


async def test_another_origin_in_the_frame_is_not_heard(page, served):
    app = await open_app(page)
    await app.locator("body").evaluate(f"location = '{served.url}/ad'")
    await expect(app.get_by_text("This is a pretend ad")).to_be_visible()
    message = '{"eventType":"web_app_close"}'
    await app.locator("body").evaluate("(_, text) => parent.postMessage(text, '*')", message)
    # A second round trip shows that the message was delivered before.
    await app.locator("body").evaluate("() => new Promise(requestAnimationFrame)")
    await expect(page.get_by_role("dialog", name="Viewbank")).to_be_visible()


async def test_an_ad_is_shown_and_the_postback_pays(page, world, publisher):
    app = await open_app(page)
    await app.get_by_role("button", name="Watch").click()
    await expect(ad_of(app)).to_contain_text("Moonlight Coffee")
    await expect(ad_of(app).get_by_role("button", name="Close")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(app.locator("#outcome")).to_contain_text('"reward_event_type":"valued"')
    await world.monetag.wait_for_postbacks(1)
    [got] = publisher.got
    assert (got["ymid"], got["zone_id"], got["telegram_id"], got["request_var"]) == (
        "S1",
        "77",
        "42",
        "task",
    )


async def test_an_ad_can_be_closed_after_its_countdown_only(page, world, publisher):
    await world.monetag.configure(publisher.template(), countdown_s=100)
    app = await open_app(page)
    await app.get_by_role("button", name="Watch").click()
    await expect(ad_of(app)).to_contain_text("100 s")
    await expect(ad_of(app).get_by_role("button", name="Close")).to_be_disabled()
    await page.keyboard.press("Escape")
    await expect(ad_of(app)).to_be_visible()
    assert len(await world.monetag.wait_for_ads(1)) == 1


@pytest.mark.parametrize(
    ("preset", "outcome"),
    [
        ("no_feed", "rejected Ad feed is empty"),
        ("reject", "rejected Network error"),
        ("blocked", "rejected script blocked"),
    ],
)
async def test_what_fails_rejects_and_sends_nothing(page, world, preset, outcome):
    await world.monetag.next(preset)
    app = await open_app(page)
    await app.get_by_role("button", name="Watch").click()
    await expect(app.locator("#outcome")).to_have_text(outcome)
    assert await world.monetag.postbacks() == []


async def test_an_ad_that_is_not_valued_says_so(page, world, publisher):
    await world.monetag.next("not_valued")
    app = await open_app(page)
    await watch(app)
    await expect(app.locator("#outcome")).to_contain_text('"reward_event_type":"not_valued"')
    await world.monetag.wait_for_postbacks(1)
    assert publisher.got[0]["reward_event_type"] == "not_valued"


async def test_a_promise_that_never_settles(page, world):
    await world.monetag.next("never_settles", "paid")
    app = await open_app(page)
    await watch(app)
    await world.monetag.wait_for_postbacks(1)
    await expect(app.locator("#outcome")).to_have_text("waiting")
    # The next ad works; it settles, and the first one still has not.
    await watch(app)
    await expect(app.locator("#outcome")).to_contain_text("resolved")
    first, second = await world.monetag.wait_for_ads(2)
    assert (first["closed"], first["settled"]) == (True, False)
    assert second["closed"] is True


@pytest.mark.parametrize(
    ("options", "outcome"),
    [
        ("{ymid: 'A'}", 'resolved "nothing"'),
        ("{ymid: 'A', catchIfNoFeed: true}", "rejected Ad feed is empty"),
        ("{ymid: 'A', type: 'preload', catchIfNoFeed: true}", "rejected Ad feed is empty"),
        ("{ymid: 'A', type: 'strange', catchIfNoFeed: true}", "rejected Ad feed is empty"),
    ],
)
async def test_no_ad_looks_like_success_unless_asked_for(page, world, options, outcome):
    await world.monetag.next("no_feed")
    app = await open_app(page)
    await app.locator("body").evaluate(f"monetag().then(() => say(show_77({options})))")
    await expect(app.locator("#outcome")).to_have_text(outcome)


async def test_a_preload_finds_the_ad_that_the_call_with_the_same_id_shows(page, world):
    await world.monetag.next("not_valued", "paid")
    app = await open_app(page)
    load = "monetag().then(() => say(show_77({type: 'preload', ymid: 'A', timeout: 5})))"
    await app.locator("body").evaluate(load)
    await expect(app.locator("#outcome")).to_have_text('resolved "nothing"')
    assert await world.monetag.ads() == []
    await app.locator("body").evaluate("() => { say(show_77({ymid: 'A'})) }")
    await ad_of(app).get_by_role("button", name="Close").click()
    await expect(app.locator("#outcome")).to_contain_text("not_valued")


async def test_a_preload_that_takes_too_long_rejects(page, world):
    await world.monetag.next({"load_s": 100})
    app = await open_app(page)
    load = "monetag().then(() => say(show_77({type: 'preload', ymid: 'A', timeout: 0.01})))"
    await app.locator("body").evaluate(load)
    await expect(app.locator("#outcome")).to_have_text("rejected Timeout exceeded")


async def test_with_type_start_the_promise_settles_while_the_ad_is_shown(page):
    app = await open_app(page)
    show = "monetag().then(() => say(show_77({type: 'start', ymid: 'A'})))"
    await app.locator("body").evaluate(show)
    await expect(app.locator("#outcome")).to_contain_text("resolved", timeout=5000)
    await expect(ad_of(app)).to_be_visible()


async def test_a_popup_needs_a_tap_without_a_detour(page, world, publisher):
    app = await open_app(page)
    await app.locator("body").evaluate("monetag()")
    await app.get_by_role("button", name="Popup too late").click()
    outcome = app.locator("#outcome")
    await expect(outcome).to_have_text("rejected Popup was not started by a user action")
    async with page.context.expect_page() as opened:
        await app.get_by_role("button", name="Popup", exact=True).click()
    await expect((await opened.value).get_by_text("This is a pretend ad")).to_be_visible()
    await expect(outcome).to_contain_text("resolved")
    await world.monetag.wait_for_postbacks(1)
    assert [(one["ymid"], one["event_type"]) for one in publisher.got] == [("S2", "impression")]


async def test_adsgram_pays_for_a_whole_ad_and_not_for_a_skipped_one(page, world, publisher):
    app = await open_app(page)
    await watch(app, "AdsGram")
    await expect(app.locator("#outcome")).to_contain_text('"done":true')
    await world.adsgram.wait_for_postbacks(1)
    assert publisher.got == [{"userid": "42"}]
    await world.adsgram.configure(publisher.template("adsgram"), countdown_s=100)
    await app.get_by_role("button", name="AdsGram").click()
    await ad_of(app).get_by_role("button", name="Skip").click()
    await expect(app.locator("#outcome")).to_contain_text("The ad was skipped")
    assert await app.locator("body").evaluate("heard") == ["onStart", "onSkip"]
    await world.adsgram.next("no_feed")
    await app.get_by_role("button", name="AdsGram").click()
    await expect(app.locator("#outcome")).to_contain_text('"description":"No ads"')
    assert await app.locator("body").evaluate("heard") == ["onBannerNotFound"]
    assert len(publisher.got) == 1


async def test_the_next_ad_is_chosen_on_the_page(page, world):
    app = await open_app(page)
    await page.get_by_role("button", name="Menu of the Mini App").click()
    await page.get_by_role("menuitem", name="Choose the next ad …").click()
    lab = page.get_by_role("dialog", name="Choose the next ad")
    await lab.get_by_label("What happens").select_option("No ad now")
    await lab.get_by_role("button", name="Set").click()
    await expect(lab).to_be_hidden()
    await app.get_by_role("button", name="Watch", exact=True).click()
    await expect(app.locator("#outcome")).to_have_text("rejected Ad feed is empty")
    await watch(app)
    await world.monetag.wait_for_postbacks(1)
    await page.get_by_role("button", name="Close", exact=True).click()
    await page.get_by_role("button", name="Bot menu").click()
    await page.get_by_role("menuitem", name="Choose the next ad …").click()
    await expect(lab).to_contain_text("Postback for ad 2: 200 ok")


@pytest.mark.parametrize("size", [PHONE, DESKTOP, {"width": 320, "height": 568}])
async def test_the_sheet_fits_the_window(page, size):
    await page.set_viewport_size(size)
    await open_app(page)
    box = await page.get_by_role("dialog", name="Viewbank").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert box["y"] + box["height"] <= size["height"]
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(overflow) == 0
    assert box["height"] > size["height"] * 0.8
    assert re.match("http", await page.locator("#mini-app iframe").get_attribute("src"))
