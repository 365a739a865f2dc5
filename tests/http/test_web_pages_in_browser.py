from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect
from support.browser import chromium

from i18n import Translators
from i18n.languages import ENGLISH, RUSSIAN
from web import texts
from web.language import Reader
from web.pages import message_page

TRANSLATORS = Translators(strict=True)


@pytest.fixture
async def browser():
    async with chromium() as browser:
        yield browser


@asynccontextmanager
async def opened(browser, client, complaint="", path="/", **context):
    """The page in a browser of its own. It must complain of this, and of nothing else."""
    complaints = []
    window = await browser.new_context(**context)
    page = await window.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.clock.install()
    await page.goto(str(client.make_url(path)))
    yield page
    await window.close()
    assert [text for text in complaints if not complaint or complaint not in text] == []
    assert bool(complaints) == bool(complaint)


@pytest.mark.parametrize("width", [320, 360, 1280])
async def test_nothing_stands_out_sideways(world, person, browser, width):
    world.ledger.state.users_points = 10**15
    world.telegram = "Telegram has not answered for two minutes."
    viewport = {"width": width, "height": 800}
    for t in TRANSLATORS:
        path = f"/?lang={t.language.tag}"
        async with opened(browser, world.client, path=path, viewport=viewport) as page:
            await page.click("summary")
            await expect(page.locator(".hash")).to_have_text(world.ledger.head.hash)

            scrolled = await page.evaluate("document.documentElement.scrollWidth")
            assert (t.language.tag, scrolled) == (t.language.tag, width)
    assert person.user_id in world.ledger.state.users


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (ENGLISH, ("−5", "2 hours ago", "in English", "don’t add up", "Being checked")),
        (RUSSIAN, ("−5", "2 часа назад", "in Русский", "не сходятся", "Проверяются")),
    ],
    ids=["en", "ru"],
)
async def test_the_open_page_follows_the_book_in_the_words_of_the_server(
    world, browser, language, words
):
    t, context = TRANSLATORS[language], {"locale": language.tag}
    client = await world.serve(
        telegram_problem=lambda t: world.telegram and f"{world.telegram} in {t.language.name}"
    )
    async with opened(browser, client, **context) as page:
        await expect(page.get_by_text(t("Nobody has joined yet."))).to_be_visible()
        for user_id in range(1, 1235):
            world.ledger.state.users[user_id] = None  # only counted
        for order in range(3):
            world.ledger.state.orders[order] = None  # only counted
        world.ledger.state.accounts["house:ads"] = -5
        world.ledger.state.orders_by_status["unclear"] = 3
        world.telegram = "Problem"
        world.now_ms += 7_250_000

        await page.clock.fast_forward(5000)
        await expect(page.locator('[data-figure="users"]')).to_have_text(t.number(1234))
        followed = await page.inner_text("main")

        async with opened(browser, client, java_script_enabled=False, **context) as still:
            assert followed == await still.inner_text("main")
    for word in words:
        assert word in followed


async def test_what_the_reader_opened_and_selected_stays_while_the_page_follows(world, browser):
    async with opened(browser, world.client) as page:
        await page.click("summary")
        await page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
        await world.join(5)
        await page.clock.fast_forward(5000)
        await expect(page.locator(".hash")).to_have_text(world.ledger.head.hash)

        await expect(page.locator(".hash")).to_be_visible()
        selected = await page.evaluate("getSelection().toString()")
    assert selected.strip() == "Every point is accounted for"


@pytest.mark.parametrize(
    ("language", "ago", "stale"),
    [
        (ENGLISH, "2 minutes ago", "These figures are getting old"),
        (RUSSIAN, "2 минуты назад", "Данные устаревают"),
    ],
    ids=["en", "ru"],
)
async def test_a_page_whose_server_is_gone_says_that_it_gets_old(
    world, browser, language, ago, stale
):
    path = f"/?lang={language.tag}"
    error = message_page(Reader(TRANSLATORS[language]), "Title", "No.")
    gateway = {"status": 502, "content_type": "text/html", "body": "<h1>Bad Gateway</h1>"}
    ours = {"status": 503, "content_type": "text/html", "body": error}
    async with opened(browser, world.client, complaint="status of 50", path=path) as page:
        url = page.url
        await page.route(url, lambda route: route.fulfill(**ours))
        await page.clock.fast_forward(5000)
        await expect(page.get_by_text("No.", exact=True)).to_be_visible()

        await page.unroute(url)
        await page.route(url, lambda route: route.fulfill(**gateway))
        await page.clock.fast_forward(125_000)
        await expect(page.get_by_text(stale)).to_be_visible()
        await expect(page.get_by_text(ago)).to_be_visible()

        await page.unroute(url)
        await page.clock.fast_forward(5000)
        await expect(page.get_by_text(stale)).to_be_hidden()
        await expect(page.locator("time").first).to_have_text(texts.ago(TRANSLATORS[language], 0))


async def test_the_script_counts_ages_in_the_words_of_the_server(world, browser):
    """`live.js` leaves the words to the browser; those of the catalogs must be the same."""
    units = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
    counts = [(n, unit) for unit in units for n in (1, 2, 5, 11, 21, 22)]
    counts += [(101, "day"), (1234, "day")]
    for t in TRANSLATORS:
        async with opened(browser, world.client, path=f"/?lang={t.language.tag}") as page:
            written = await page.evaluate(
                """counts => {
                    const words = new Intl.RelativeTimeFormat(document.documentElement.lang);
                    return counts.map(([n, unit]) => words.format(-n, unit));
                }""",
                counts,
            )
        assert written == [texts.ago(t, n * units[unit]) for n, unit in counts]
