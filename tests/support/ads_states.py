"""The ad page in a browser, and the way to each of its states."""

import asyncio
import json
from contextlib import asynccontextmanager
from urllib.parse import urlencode

from playwright.async_api import expect

from support.ads_stub import AdsStub

# Telegram's own colours: its hints and buttons are harder to read than they should be.
THEMES = {
    "light": {
        "bg_color": "#ffffff",
        "secondary_bg_color": "#efeff4",
        "section_bg_color": "#ffffff",
        "text_color": "#000000",
        "hint_color": "#999999",
        "subtitle_text_color": "#999999",
        "link_color": "#2481cc",
        "button_color": "#50a8eb",
        "button_text_color": "#ffffff",
    },
    "dark": {
        "bg_color": "#17212b",
        "secondary_bg_color": "#232e3c",
        "section_bg_color": "#17212b",
        "text_color": "#f5f5f5",
        "hint_color": "#708499",
        "subtitle_text_color": "#708499",
        "link_color": "#6ab3f3",
        "button_color": "#5288c1",
        "button_text_color": "#ffffff",
    },
}
EXPECTED_COMPLAINTS = ("Failed to load resource", "ERR_", "was preloaded")


class AdPage:
    """The page in one browser window, with its server."""

    def __init__(self, stub, page):
        self.stub = stub
        self.page = page
        self.title = page.locator("h1")
        self.ring = page.locator(".ring")
        self.ears = page.get_by_role("status")
        self.complaints = []

    async def at(self, state):
        await expect(self.page.locator(".stage")).to_have_attribute("data-state", state)

    async def pass_s(self, seconds):
        """Let time pass on the page."""
        await self.page.clock.fast_forward(seconds * 1000)

    async def tap(self):
        await self.page.locator("#go").click()

    async def watch(self):
        """Tap the button of an ad that is ready."""
        await self.at("ready")
        await self.tap()

    async def end_ad(self):
        await self.page.evaluate("fake.end()")

    async def fake_calls(self, name):
        calls = await self.page.evaluate("fake.calls")
        return [given for called, *given in calls if called == name]

    async def streaming(self):
        """Wait until the page follows the stream."""
        await self.stub.until(lambda: self.stub.streams)

    async def told(self, *outcomes):
        """What the server was told of how ads ended, session by session."""
        await self.stub.until(lambda: len(self.stub.asked("done")) >= len(outcomes))
        done = {body["session"]: body["outcome"] for body in self.stub.asked("done")}
        assert done == {f"s{number}": outcome for number, outcome in enumerate(outcomes, 1)}


@asynccontextmanager
async def ad_page(browser, *, theme="light", path="/ads", fake=None, stub=None, go=True, **context):
    """The page, opened in a window of its own; it complains of nothing but what it was denied."""
    fake = {"theme": THEMES[theme], **(fake or {})}
    context = {"viewport": {"width": 390, "height": 844}, "color_scheme": theme} | context
    stub = stub or AdsStub()
    async with stub:
        window = await browser.new_context(**context)
        page = await window.new_page()
        opened = AdPage(stub, page)
        page.on("console", lambda message: opened.complaints.append(message.text))
        page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        await page.clock.install()
        await page.add_init_script(f"window.fake = {json.dumps(fake)}")
        if go:
            await page.goto(stub.url(path))
        try:
            yield opened
        finally:
            await window.close()
    unexpected = [c for c in opened.complaints if not any(e in c for e in EXPECTED_COMPLAINTS)]
    assert unexpected == []


def launch_fragment(theme="light", init_data="query_id=1&hash=abc"):
    """What Telegram puts behind the page's address."""
    params = {"tgWebAppData": init_data, "tgWebAppThemeParams": json.dumps(THEMES[theme])}
    return "#" + urlencode(params)


def _failing(name, status, **error):
    def before(stub):
        stub.fail(name, status, **error)

    return before


def _with(**changes):
    def before(stub):
        stub.state |= changes

    return before


async def _loading(opened):
    await opened.page.route("**/ads/api/enter", lambda _route: asyncio.sleep(3600))


async def _preparing(opened):
    await opened.page.route("**/ads/api/start", lambda _route: asyncio.sleep(3600))


async def _second(opened):
    await opened.page.route("**/fake/adsgram.js", lambda _route: asyncio.sleep(3600))


async def _blocked(opened):
    await opened.page.route("**/fake/monetag.js", lambda route: route.abort())
    await opened.page.route("**/fake/adsgram.js", lambda route: route.abort())


async def _offline(opened):
    await opened.page.route("**/ads/api/enter", lambda route: route.abort())


async def _running(opened):
    await opened.watch()


async def _checking(opened):
    await opened.watch()
    await opened.end_ad()


async def _credited(opened):
    await opened.streaming()
    await _checking(opened)
    await opened.at("checking")
    opened.stub.credit()


async def _late(opened):
    await _checking(opened)
    await opened.at("checking")
    await opened.pass_s(21)


async def _timeout(opened):
    await opened.watch()
    await opened.at("running")
    await opened.pass_s(76)


async def _renewed(opened):
    await opened.at("ready")
    # The page was in the background: its own timers did not run.
    await opened.page.evaluate("Object.defineProperty(document, 'hidden', {value: true})")
    await opened.pass_s(870)
    await opened.tap()


def _not_in_channel(stub):
    stub.state |= {"channel": "@viewbank_news"}
    stub.fail("start", 409, code="not_in_channel")


async def _joined(opened):
    await opened.at("not_in_channel")
    await opened.tap()


class Way:
    """How to get to a state: what the server says, what is done to the page before and after."""

    def __init__(self, stub=None, before=None, after=None, fake=None):
        self.stub, self.before, self.after, self.fake = stub, before, after, fake


STATES = {
    "loading": Way(before=_loading),
    "preparing": Way(before=_preparing),
    "second": Way(before=_second, fake={"preload": "no_ad"}),
    "ready": Way(),
    "renewed": Way(after=_renewed),
    "running": Way(after=_running),
    "checking": Way(after=_checking),
    "credited": Way(after=_credited),
    "late": Way(after=_late),
    "timeout": Way(after=_timeout),
    "failed": Way(after=_checking, fake={"monetag": "failed"}),
    "no_ad": Way(
        after=_checking,
        fake={"monetag": "no_ad"},
        stub=lambda s: setattr(s, "networks", ("monetag",)),
    ),
    "blocked": Way(before=_blocked),
    "cooldown": Way(stub=_with(status="cooldown", cooldown_left_s=21)),
    "daily_cap": Way(stub=_with(status="daily_cap", ads_today=100)),
    "banned": Way(stub=_with(status="banned")),
    "frozen": Way(stub=_with(status="frozen")),
    "not_in_channel": Way(stub=_not_in_channel),
    "not_joined_yet": Way(stub=_not_in_channel, after=_joined),
    "off": Way(stub=_with(status="off")),
    "outside": Way(fake={"initData": ""}),
    "unknown": Way(stub=_failing("enter", 401, code="bad_init_data")),
    "not_started": Way(stub=_failing("enter", 403, code="not_started")),
    "expired": Way(stub=_failing("enter", 401, code="expired")),
    "offline": Way(before=_offline),
    "trouble": Way(stub=_failing("enter", 503, code="not_ready")),
    "busy": Way(stub=_failing("start", 429, code="too_many", retry_after_s=20)),
}


@asynccontextmanager
async def ad_page_at(browser, state, **options):
    """The page in one of its states."""
    way, stub = STATES[state], AdsStub()
    if way.stub:
        way.stub(stub)
    fake = {**(way.fake or {}), **options.pop("fake", {})}
    path = options.pop("path", "/ads")
    async with ad_page(browser, stub=stub, fake=fake, go=False, **options) as opened:
        if way.before:
            await way.before(opened)
        await opened.page.goto(stub.url(path))
        if way.after:
            await way.after(opened)
        await opened.at(state)
        yield opened
