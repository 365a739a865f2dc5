"""The ad page in a browser: each of its states, and what leads from one to the next."""

import asyncio

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
from support.ads_states import (
    STATES,
    THEMES,
    ad_page,
    ad_page_at,
    launch_fragment,
)
from support.ads_stub import AdsStub
from support.browser import chromium

WATCH = "Watch an ad: +1 point"
OPEN, BACK = "Open the bot in Telegram", "Back to the bot"
CHANNEL, JOINED = "Open the channel", "I joined"
# Of each state: its title, a part of its words, its button (in brackets: it can't be tapped), its
# link.
SHOWN = {
    "loading": ("Getting ready", "One moment", "[One moment …]", ""),
    "preparing": ("Looking for an ad", "a few seconds", "[One moment …]", ""),
    "second": ("Looking somewhere else", "we ask the next one", "[One moment …]", ""),
    "ready": ("An ad is ready", "Watch it to the end", WATCH, ""),
    "renewed": ("Here is a fresh ad", "Tap the button once more", WATCH, ""),
    "running": ("The ad is on", "Stay until it ends", "[The ad is on …]", ""),
    "checking": ("Thank you!", "1 point will be credited in a moment", "[One moment …]", ""),
    "credited": ("+1 point", "You have 41 points now", "[One moment …]", ""),
    "late": ("Not confirmed yet", "your points come by themselves", "Watch another ad", ""),
    "timeout": ("The ad did not report back", "you can try again", "Try again", ""),
    "failed": ("That ad did not count", "closed too early", "Try again", ""),
    "no_ad": ("No ad for you right now", "in a few minutes", "Try again", ""),
    "blocked": ("Something blocks the ads", "Switch off the ad blocker", "Try again", ""),
    "cooldown": ("Short break", "when the circle is empty", "[Please wait]", ""),
    "daily_cap": ("That was all for today", "in 5 hours 12 minutes", "", BACK),
    "banned": ("This account can’t earn points", "“📞 Contact Admin”", "", OPEN),
    "frozen": ("Earning is paused", "“📞 Contact Admin”", "", OPEN),
    "not_in_channel": ("Join our channel first", "members of @viewbank_news", JOINED, CHANNEL),
    "not_joined_yet": ("You are not in the channel yet", "Nothing is lost", JOINED, CHANNEL),
    "off": ("There are no ads now", "come back later", "", BACK),
    "outside": ("Open this page in Telegram", "“🪧 Watch Ads”", "", OPEN),
    "unknown": ("We can’t tell who you are", "“🪧 Watch Ads”", "Try again", OPEN),
    "not_started": ("Start the bot first", "tap “Start”", "", OPEN),
    "expired": ("This page was open for a long time", "opened again", "", BACK),
    "offline": ("No connection", "We try again by ourselves in", "Try now", ""),
    "trouble": ("We are back in a moment", "Your points are safe", "Try now", ""),
    "busy": ("Many people are here right now", "goes on by itself in", "[Please wait]", ""),
}
NEVER_SPOKEN = ("loading",)
"""What the page says first is read with the page."""


@pytest.fixture
async def browser():
    async with chromium() as browser:
        yield browser


COLOUR_RULES = {"runOnly": ["color-contrast", "link-in-text-block"]}
"""What a theme can change: the other rules of axe don't look at colours."""


async def complaints_of_axe(page, options=None):
    found = await Axe().run(page, options=options)
    return [
        (rule["id"], node["html"])
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


async def switch_theme(page, theme):
    await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    await page.evaluate(
        """theme => {
            Object.assign(Telegram.WebApp.themeParams, theme);
            fake.emit("themeChanged");
        }""",
        THEMES[theme],
    )


def test_every_state_is_tried():
    assert set(SHOWN) == set(STATES)


@pytest.mark.parametrize("state", STATES)
async def test_every_state_has_its_words_and_its_way_on_in_light_and_dark(browser, state):
    title, words, button, link = SHOWN[state]
    async with ad_page_at(browser, state, reduced_motion="reduce") as opened:
        page = opened.page
        await expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        await expect(page.locator(".sentence")).to_contain_text(words)
        if state not in NEVER_SPOKEN and state != "cooldown":
            await expect(opened.ears).to_contain_text(title)
            await expect(opened.ears).to_contain_text(words)

        shown = page.get_by_role("button")
        if button:
            await expect(shown).to_have_accessible_name(button.strip("[]"))
            disabled = "true" if button.startswith("[") else "false"
            await expect(shown).to_have_attribute("aria-disabled", disabled)
        else:
            await expect(shown).to_have_count(0)
        links = page.get_by_role("link")
        await expect(links).to_have_text([link] if link else [])

        assert await complaints_of_axe(page) == []
        await switch_theme(page, "dark")
        await expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
        assert await complaints_of_axe(page, COLOUR_RULES) == []


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_no_state_stands_out_sideways_on_narrow_or_zoomed_screens(browser, language):
    """195 px is a phone of 390 px at 200 %."""
    stub = AdsStub()
    stub.state |= {"balance_points": 10**12, "order_min_points": 10**13, "ads_per_day_max": 100_000}
    async with ad_page(browser, stub=stub, path=f"/ads?lang={language}") as opened:
        await opened.at("ready")
        for width, height in ((320, 568), (195, 422)):
            await opened.page.set_viewport_size({"width": width, "height": height})
            for state in STATES:
                seen = await opened.page.evaluate(
                    """async state => {
                        const view = await import("/static/ads-view.js");
                        view.show(state);
                        const title = document.querySelector("h1").getBoundingClientRect();
                        const bar = document.querySelector(".bar").getBoundingClientRect();
                        const covered = title.bottom > bar.top && title.top < bar.bottom;
                        return [document.documentElement.scrollWidth, covered];
                    }""",
                    state,
                )
                assert (state, width, *seen) == (state, width, width, False)


async def test_an_ad_is_watched_credited_and_followed_by_a_rest(browser):
    async with ad_page(browser) as opened:
        page, stub = opened.page, opened.stub
        await page.evaluate("window.sameDocument = true")
        await opened.streaming()
        await opened.watch()
        await opened.at("running")
        assert await opened.fake_calls("enableClosingConfirmation") == [[]]

        await opened.end_ad()
        await opened.at("checking")
        await expect(page.locator("dd").first).to_have_text("40 points")
        await opened.told("shown")

        stub.credit()
        await expect(page.get_by_role("heading", name="+1 point")).to_be_visible()
        await expect(page.locator("dd")).to_have_text(["41 points", "4 of 100"])
        await expect(opened.ears).to_have_text("+1 point. Credited. You have 41 points now.")
        assert await opened.fake_calls("notificationOccurred") == [["success"]]
        assert await opened.fake_calls("disableClosingConfirmation") != []

        await opened.pass_s(4)
        await opened.at("cooldown")
        stub.state |= {"status": "ready", "cooldown_left_s": 0}
        await opened.pass_s(30)
        await opened.at("ready")
        await expect(page.get_by_role("button", name=WATCH)).to_be_focused()
        assert await page.evaluate("window.sameDocument")


async def test_the_ad_is_shown_within_the_tap_for_the_session_that_was_fetched_before(browser):
    async with ad_page(browser) as opened:
        await opened.at("ready")
        assert opened.stub.asked("start") == [{"network": "monetag"}]
        ((preloaded,),) = await opened.fake_calls("preload")
        await opened.tap()

        ((options, within_tap),) = await opened.fake_calls("monetag")
        assert within_tap
        assert (preloaded["ymid"], options["ymid"]) == ("s1", "s1")
        assert options["catchIfNoFeed"] is True
        assert opened.stub.sessions == 1


async def test_the_word_of_the_ad_s_script_credits_nothing(browser):
    async with ad_page_at(browser, "late") as opened:
        await expect(opened.page.locator("dd").first).to_have_text("40 points")
        assert await opened.fake_calls("notificationOccurred") == []

        opened.stub.credit()
        await opened.at("credited")


async def test_a_credit_that_comes_while_the_ad_runs_is_shown_when_it_ends(browser):
    async with ad_page(browser) as opened:
        await opened.streaming()
        await opened.watch()
        opened.stub.credit()
        await expect(opened.page.locator("dd").first).to_have_text("41 points")
        await opened.at("running")

        await opened.end_ad()
        await opened.at("credited")


async def test_a_credit_whose_event_got_lost_shows_in_the_state(browser):
    async with ad_page_at(browser, "checking") as opened:
        await opened.streaming()
        opened.stub.tell(ads_today=4, balance_points=41, status="cooldown", cooldown_left_s=30)
        await opened.at("credited")


async def test_an_ad_that_never_settles_frees_the_button_and_is_still_credited(browser):
    async with ad_page_at(browser, "timeout") as opened:
        await expect(opened.page.get_by_role("button", name="Try again")).to_be_focused()
        await opened.told("timeout")

        await opened.streaming()
        opened.stub.credit()
        await opened.at("credited")


@pytest.mark.parametrize(
    "fake", [{"monetag": "no_ad"}, {"preload": "no_ad"}], ids=["show", "preload"]
)
async def test_the_second_network_is_asked_when_the_first_has_no_ad(browser, fake):
    async with ad_page(browser, fake=fake) as opened:
        await opened.watch()
        if "monetag" in fake:
            await opened.end_ad()
        await opened.at("running")
        await expect(opened.page.locator("script[src='/fake/adsgram.js']")).to_have_count(1)
        assert [block for block, _ in await opened.fake_calls("adsgram")] == ["4321"]

        await opened.end_ad()
        await opened.at("checking")
        assert opened.stub.asked("start") == [{"network": "monetag"}, {"network": "adsgram"}]
        await opened.told("no_ad", "shown")


async def test_a_blocked_script_leads_to_the_second_network(browser):
    async with ad_page(browser, go=False) as opened:
        await opened.page.route("**/fake/monetag.js", lambda route: route.abort())
        await opened.page.goto(opened.stub.url())
        await opened.watch()
        assert len(await opened.fake_calls("adsgram")) == 1
        await opened.told("blocked")


async def test_a_script_that_is_allowed_again_works_without_a_reload(browser):
    async with ad_page_at(browser, "blocked") as opened:
        await opened.page.unroute_all()
        await opened.tap()
        await opened.at("ready")


async def test_a_page_without_network_says_so_and_goes_on_by_itself(browser):
    async with ad_page(browser) as opened:
        await opened.at("ready")
        await opened.streaming()
        await opened.page.route("**/ads/api/*", lambda route: route.abort())
        opened.stub.cut_streams()
        await opened.pass_s(2)
        await opened.at("offline")
        await expect(opened.ears).to_contain_text("We try again by ourselves in")

        await opened.page.unroute_all()
        await opened.pass_s(60)
        await opened.at("ready")


async def test_a_stream_that_ends_once_is_opened_again_without_a_word(browser):
    async with ad_page(browser) as opened:
        await opened.at("ready")
        await opened.streaming()
        opened.stub.cut_streams()
        await opened.pass_s(2)
        await opened.stub.until(lambda: len(opened.stub.asked("events")) == 2)
        await opened.streaming()
        await opened.at("ready")
        assert opened.stub.sessions == 1


async def test_try_now_does_not_wait(browser):
    async with ad_page_at(browser, "offline") as opened:
        await opened.page.unroute_all()
        await opened.tap()
        await opened.at("ready")


async def test_a_token_that_ended_is_renewed_without_a_word(browser):
    async with ad_page_at(browser, "no_ad") as opened:
        opened.stub.fail("start", 401, code="expired")
        entered = len(opened.stub.asked("enter"))
        await opened.tap()
        await opened.at("expired")
        assert len(opened.stub.asked("enter")) == entered + 1

    async with ad_page_at(browser, "no_ad") as opened:
        await opened.page.evaluate("fake.monetag = 'shown'")
        opened.stub.token = "newer"
        await opened.tap()
        await opened.at("ready")


async def test_a_credit_is_shown_whatever_is_on_the_page(browser):
    for state in ("preparing", "second", "ready", "no_ad", "cooldown", "frozen"):
        async with ad_page_at(browser, state) as opened:
            await opened.streaming()
            opened.stub.credit()
            await opened.at("credited")
            await opened.pass_s(4)
            await opened.at("cooldown")


async def test_a_busy_server_is_given_the_time_that_it_asks_for(browser):
    async with ad_page_at(browser, "busy") as opened:
        asked = len(opened.stub.asked("start"))
        await opened.pass_s(19)
        assert len(opened.stub.asked("start")) == asked
        opened.stub.problems.clear()
        await opened.pass_s(10)
        await opened.at("ready")


async def test_who_has_started_the_bot_meanwhile_goes_on_by_coming_back(browser):
    async with ad_page_at(browser, "not_started") as opened:
        await opened.page.get_by_role("link").click()
        assert await opened.fake_calls("openTelegramLink") == [["https://t.me/viewbank_test_bot"]]
        assert await opened.fake_calls("close") == []

        opened.stub.problems.clear()
        await opened.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await opened.at("ready")


async def test_who_joins_the_channel_goes_on_with_the_button(browser):
    async with ad_page_at(browser, "not_in_channel") as opened:
        link = opened.page.get_by_role("link", name=CHANNEL)
        await expect(link).to_have_attribute("href", "https://t.me/viewbank_news")
        await link.click()
        assert await opened.fake_calls("openTelegramLink") == [["https://t.me/viewbank_news"]]
        assert await opened.fake_calls("close") == []

        await opened.tap()
        await opened.at("not_joined_yet")
        await opened.tap()
        # The same once more is said once more.
        await opened.at("not_joined_yet")
        await expect(opened.ears).to_contain_text("You are not in the channel yet")
        opened.stub.problems.clear()
        await opened.tap()
        await opened.at("ready")


async def test_the_channel_is_in_reach_of_the_keyboard(browser):
    async with ad_page_at(browser, "not_in_channel") as opened:
        await opened.page.keyboard.press("Tab")
        await expect(opened.page.get_by_role("button", name=JOINED)).to_be_focused()
        await opened.page.keyboard.press("Tab")
        await expect(opened.page.get_by_role("link", name=CHANNEL)).to_be_focused()
        await opened.page.keyboard.press("Enter")
        assert await opened.fake_calls("openTelegramLink") == [["https://t.me/viewbank_news"]]
        await opened.page.keyboard.press("Shift+Tab")
        opened.stub.problems.clear()
        await opened.page.keyboard.press("Enter")
        await opened.at("ready")


async def test_a_channel_that_is_no_longer_required_holds_nobody_back(browser):
    async with ad_page_at(browser, "not_joined_yet") as opened:
        await opened.streaming()
        opened.stub.tell(channel="@other_news")
        await opened.at("not_in_channel")
        link = opened.page.get_by_role("link", name=CHANNEL)
        await expect(link).to_have_attribute("href", "https://t.me/other_news")
        opened.stub.problems.clear()
        opened.stub.tell(channel="")
        await opened.at("ready")


async def test_who_is_banned_before_the_channel_leads_to_the_bot(browser):
    async with ad_page_at(browser, "not_in_channel") as opened:
        await opened.streaming()
        opened.stub.tell(status="banned")
        await opened.at("banned")
        link = opened.page.get_by_role("link", name=OPEN)
        await expect(link).to_have_attribute("href", "https://t.me/viewbank_test_bot")


async def test_the_channel_is_asked_for_in_the_reader_s_language(browser):
    async with ad_page_at(browser, "not_in_channel", locale="ru") as opened:
        await expect(opened.title).to_have_text("Сначала подпишитесь на наш канал")
        await expect(opened.page.get_by_role("button")).to_have_text("Я подписался")
        await expect(opened.page.get_by_role("link")).to_have_text("Открыть канал")


async def test_a_cap_that_was_lowered_is_shown_as_reached(browser):
    async with ad_page(browser) as opened:
        await opened.at("ready")
        await opened.streaming()
        opened.stub.tell(status="daily_cap", ads_per_day_max=2)
        await opened.at("daily_cap")
        await expect(opened.page.locator("dd").last).to_have_text("2 of 2")


async def test_the_way_back_closes_the_page(browser):
    async with ad_page_at(browser, "daily_cap") as opened:
        await opened.page.get_by_role("link").click()
        assert await opened.fake_calls("close") == [[]]
        await opened.page.evaluate("fake.back()")
        assert await opened.fake_calls("close") == [[], []]


@pytest.mark.parametrize("status", ["banned", "frozen", "cooldown", "daily_cap", "off"])
async def test_what_changes_elsewhere_shows_at_once(browser, status):
    async with ad_page(browser) as opened:
        await opened.at("ready")
        await opened.streaming()
        opened.stub.tell(status=status, cooldown_left_s=30)
        await opened.at(status)
        opened.stub.tell(status="ready", cooldown_left_s=0)
        await opened.at("ready")


async def test_the_server_s_refusal_of_an_ad_is_shown_as_its_state(browser):
    stub = AdsStub()
    stub.fail("start", 409, code="banned")
    async with ad_page(browser, stub=stub, go=False) as opened:
        await opened.page.goto(stub.url())
        await opened.at("trouble")
        stub.state["status"] = "banned"
        await opened.pass_s(10)
        await opened.at("banned")


async def test_no_network_for_ads_is_said_as_such(browser):
    stub = AdsStub()
    stub.fail("start", 409, code="no_ads")
    async with ad_page(browser, stub=stub) as opened:
        await opened.at("off")


async def test_the_rest_is_shown_as_a_circle_and_said_a_few_times_only(browser):
    async with ad_page_at(browser, "cooldown", reduced_motion="reduce") as opened:
        count = opened.page.locator(".count")
        await expect(opened.ears).to_have_text("Next ad in 21 seconds")
        left = "getComputedStyle(document.querySelector('.left')).strokeDashoffset"
        before = float((await opened.page.evaluate(left)).rstrip("px"))
        await opened.page.clock.pause_at(await opened.page.evaluate("Date.now() / 1000 + 5"))
        seconds = int(await count.inner_text())
        assert 10 < seconds < 20
        await expect(opened.ears).not_to_have_text(f"Next ad in {seconds} seconds")
        assert float((await opened.page.evaluate(left)).rstrip("px")) > before
        await opened.page.clock.run_for((seconds - 10) * 1000)
        await expect(count).to_have_text("10")
        await expect(opened.ears).to_have_text("Next ad in 10 seconds")


async def test_those_who_want_less_motion_get_none(browser):
    moving = """() => document.getAnimations().length"""
    for wish, still in (("reduce", True), ("no-preference", False)):
        for state in ("loading", "ready", "running"):
            async with ad_page_at(browser, state, reduced_motion=wish) as opened:
                count = await opened.page.evaluate(moving)
                assert (wish, state, count == 0) == (wish, state, still)


async def test_the_page_is_there_before_anything_from_outside_is(browser):
    """Telegram's script never arrives; the address says who the person is, and the colours."""
    async with ad_page(browser, go=False) as opened:
        await opened.page.route("**/fake/telegram.js", lambda _route: asyncio.sleep(3600))
        url = opened.stub.url("/ads" + launch_fragment("dark"))
        await opened.page.goto(url, wait_until="domcontentloaded")
        await opened.at("ready")
        await expect(opened.page.locator("html")).to_have_attribute("data-scheme", "dark")
        assert opened.stub.asked("enter") == [{"init_data": "query_id=1&hash=abc"}]


async def test_outside_telegram_the_link_is_a_plain_one(browser):
    async with ad_page(browser, go=False) as opened:
        await opened.page.route("**/fake/telegram.js", lambda route: route.abort())
        await opened.page.goto(opened.stub.url())
        await opened.at("outside")
        link = opened.page.get_by_role("link")
        await expect(link).to_have_attribute("href", "https://t.me/viewbank_test_bot")
        await expect(link).to_have_attribute("target", "_blank")
        assert opened.stub.asked("enter") == []


async def test_the_keyboard_is_enough(browser):
    async with ad_page(browser) as opened:
        await opened.at("ready")
        await opened.page.keyboard.press("Tab")
        await expect(opened.page.get_by_role("button", name=WATCH)).to_be_focused()
        await opened.page.keyboard.press("Enter")
        await opened.at("running")
        await opened.page.keyboard.press("Enter")
        assert len(await opened.fake_calls("monetag")) == 1

        await opened.streaming()
        await opened.end_ad()
        opened.stub.credit(status="daily_cap")
        await opened.at("credited")
        await opened.pass_s(4)
        await expect(opened.page.get_by_role("link", name=BACK)).to_be_focused()


async def test_the_page_is_in_the_reader_s_language(browser):
    stub = AdsStub()
    stub.state |= {"balance_points": 1234, "reward_points": 22, "order_min_quantity": 21}
    async with ad_page(browser, stub=stub, locale="ru") as opened:
        button = opened.page.get_by_role("button")
        await expect(button).to_have_text("Смотреть рекламу: +22 балла")
        await expect(opened.page.locator("dd")).to_have_text(["1 234 балла", "3 из 100"])
        await expect(opened.page.locator(".reached")).to_have_text("Баллов уже хватает на заказ")


async def test_the_smallest_order_is_said_in_the_words_of_what_is_sold(browser):
    stub = AdsStub()
    stub.state |= {"order_metric": "likes", "order_min_quantity": 20}
    async with ad_page(browser, stub=stub) as opened:
        await expect(opened.page.locator(".missing")).to_contain_text("20 likes")


async def test_without_anything_on_sale_there_is_no_order_to_save_up_for(browser):
    stub = AdsStub()
    stub.state |= {"order_metric": "", "order_min_quantity": 0, "order_min_points": 0}
    async with ad_page(browser, stub=stub) as opened:
        await expect(opened.page.locator("dd").first).to_contain_text("point")
        await expect(opened.page.locator("progress")).to_be_hidden()
        await expect(opened.page.locator(".goal")).to_be_hidden()


async def test_no_secret_is_in_an_address(browser):
    async with ad_page_at(browser, "checking") as opened:
        await opened.streaming()
        assert opened.stub.asked("events") == [""]


async def test_events_are_read_whole_however_they_are_cut(browser):
    sent = (
        ': hello\r\n\nevent: state\ndata: {"a":1}\n\n: quiet\n\nevent: credited\r\ndata:2\r\n\r\n'
    )
    async with ad_page(browser) as opened:
        for size in range(1, len(sent)):
            read = await opened.page.evaluate(
                """async ([sent, size]) => {
                    const { createParser } = await import("/static/ads-stream.js");
                    const events = [];
                    const parse = createParser((...event) => events.push(event));
                    for (let at = 0; at < sent.length; at += size) parse(sent.slice(at, at + size));
                    return events;
                }""",
                [sent, size],
            )
            assert read == [["state", '{"a":1}'], ["credited", "2"]]


async def test_pauses_of_the_stream_grow_to_a_limit_and_are_not_all_alike(browser):
    async with ad_page(browser) as opened:
        pauses = await opened.page.evaluate(
            """async () => {
                const { pauseAfter_ms } = await import("/static/ads-stream.js");
                return [0, 1, 2, 9].map((fails) => [0, 1].map((by) => pauseAfter_ms(fails, by)))
                    .concat([[pauseAfter_ms(0, 0, 20), pauseAfter_ms(9, 1, 20)]]);
            }"""
        )
        assert pauses == [[350, 700], [700, 1400], [1400, 2800], [15000, 30000], [20000, 30000]]


@pytest.mark.parametrize("theme", THEMES)
async def test_telegram_s_colours_are_kept_where_they_can_be_read(browser, theme):
    """Hints and buttons of Telegram's own themes can't; backgrounds and texts stay as they are."""
    async with ad_page(browser, theme=theme) as opened:
        await opened.at("ready")
        colors = await opened.page.evaluate(
            """() => ["page", "card", "text", "hint", "button"].map((name) =>
                document.documentElement.style.getPropertyValue(`--${name}`))"""
        )
    given = THEMES[theme]
    kept = ("secondary_bg_color", "section_bg_color", "text_color")
    assert colors[:3] == [given[name] for name in kept]
    assert given["hint_color"] not in colors
    assert given["button_color"] not in colors
