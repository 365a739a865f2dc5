"""The status page and the error pages, in every language and state."""

import html
import re
from html.parser import HTMLParser

import msgspec
import pytest
from support.pseudo import pseudo_translator

from i18n import Translators
from i18n.languages import ENGLISH, LANGUAGES, RUSSIAN, Language
from ledger.order_status import OrderStatus
from web import texts
from web.language import Reader
from web.pages import message_page, status_page
from web.status import LastEvent, Status

TRANSLATORS = Translators(strict=True)
READERS = [Reader(t) for t in TRANSLATORS]
EMPTY = Status(
    version="9.8.7",
    mode_note="",
    started_at="2026-11-22T12:00:00.000Z",
    uptime_s=65,
    problems=[],
    users=0,
    users_banned=0,
    users_unreachable=0,
    orders_total=0,
    orders=dict.fromkeys(OrderStatus, 0),
    users_points=0,
    reserved_points=0,
    open_orders_points=0,
    spent_orders_points=0,
    outstanding_points=0,
    house_points=0,
    postings_sum_points=0,
    postings_sum_to_zero=True,
    events=1,
    last_event=LastEvent(seq=1, hash="ab" * 32, at="2026-11-22T12:00:00.000Z", age_s=0),
)
BUSY = msgspec.structs.replace(
    EMPTY,
    users=1234,
    users_banned=2,
    users_unreachable=3,
    orders_total=6,
    orders=dict.fromkeys(OrderStatus, 1),
    users_points=10**6,
    house_points=-(10**6),
)
STATES = {
    "empty": EMPTY,
    "busy": BUSY,
    "wrong": msgspec.structs.replace(EMPTY, postings_sum_points=5, postings_sum_to_zero=False),
}
AGES = [
    (0, "just now", "только что"),
    (1, "1 second ago", "1 секунду назад"),
    (59, "59 seconds ago", "59 секунд назад"),
    (60, "1 minute ago", "1 минуту назад"),
    (7_199, "1 hour ago", "1 час назад"),
    (86_399, "23 hours ago", "23 часа назад"),
    (86_400, "1 day ago", "1 день назад"),
    (86_400 * 1234, "1,234 days ago", "1\N{NO-BREAK SPACE}234 дня назад"),
]
SENTENCES = {
    "closed": texts.log_closed,
    "slow": texts.log_slow,
    "disk": texts.log_failed(OSError(28, "28")),
    "unknown": texts.log_failed(None),
    "post": lambda t: t(texts.NOT_FOR_READING),
    "other": texts.error_sentence(418),
} | {str(status): texts.error_sentence(status) for status in texts.ERROR_SENTENCES}


async def page_of(client, **request):
    answer = await client.get("/", **request)
    assert (answer.status, answer.content_type, answer.charset) == (200, "text/html", "utf-8")
    return await answer.text()


def figure(page, name):
    (shown,) = re.findall(rf'data-figure="{re.escape(name)}">([^<]*)<', page)
    return shown


async def test_the_page_shows_the_figures_without_its_script(world, person):
    world.now_ms += 125_000

    page = await page_of(world.client)

    assert figure(page, "users") == "1"
    assert figure(page, "users_points") == "3,800"
    assert figure(page, "house_points") == "−3,800"
    assert figure(page, "spent_orders_points") == "1,200"
    assert figure(page, "postings_sum_points") == "0"
    assert figure(page, "orders.accepted") == "1"
    assert figure(page, "last_event.seq") == "8"
    assert figure(page, "last_event.hash") == world.ledger.head.hash
    assert ">2 minutes ago</time>" in page
    assert ">22 Nov 2026, 12:00</time> UTC." in page
    assert person.name not in page


async def test_the_same_figures_in_russian(world, person):
    world.now_ms += 125_000

    page = await page_of(world.client, params={"lang": "ru"})

    assert figure(page, "users_points") == "3\N{NO-BREAK SPACE}800"
    assert figure(page, "house_points") == "−3\N{NO-BREAK SPACE}800"
    assert "<span>Приняты</span>" in page
    assert ">2 минуты назад</time>" in page
    assert ">22 нояб. 2026\N{NARROW NO-BREAK SPACE}г., 12:00</time> UTC." in page
    assert person.name not in page


async def test_a_new_book_says_so_kindly(world):
    page = await page_of(world.client)

    assert "No orders yet." in page
    assert "Nobody has joined yet." in page
    assert ">just now</time>" in page


async def test_the_page_leads_to_the_bot_once_its_name_is_known(world):
    known = await page_of(world.client)
    world.bot_username = ""
    unknown = await page_of(world.client)

    assert '<a class="button" href="https://t.me/viewbank_test_bot">' in known
    assert "t.me" not in unknown


async def test_whatever_is_put_into_the_page_is_escaped(world):
    evil = '"><script>alert(1)</script>'
    world.telegram = world.bot_username = evil
    world.ledger.state.orders_by_status[evil] = 2
    world.ledger.state.orders["order"] = None  # only counted

    page = await page_of(await world.serve(version=evil))

    assert "<script>" not in page
    assert page.count("&lt;script&gt;alert(1)") == 7  # version twice, status three times
    assert "<script>" not in message_page(READERS[0], evil, evil)


async def test_the_demo_says_on_the_page_that_nothing_is_real(world):
    demo = await page_of(await world.serve(demo=True))
    real = await page_of(world.client)

    assert '<p class="notice">Demo: nothing here is real.' in demo
    assert "Demo" not in real


async def test_a_problem_with_telegram_is_described_in_the_reader_s_language(world):
    client = await world.serve(telegram_problem=lambda t: f"<{t.language.name}>")

    assert "<li>&lt;English&gt;</li>" in await page_of(client)
    assert "<li>&lt;Русский&gt;</li>" in await page_of(client, params={"lang": "ru"})


async def test_a_stage_the_page_has_no_word_for_is_shown_by_its_name(world):
    world.ledger.state.orders_by_status["on_hold"] = 2
    world.ledger.state.orders["order"] = None  # only counted

    page = await page_of(world.client)

    assert figure(page, "orders.on_hold") == "2"
    assert "On_hold" in page


@pytest.mark.parametrize(("seconds", "english", "russian"), AGES)
def test_an_age_is_told_in_one_unit_rounded_down(seconds, english, russian):
    assert texts.ago(TRANSLATORS[ENGLISH], seconds) == english
    assert texts.ago(TRANSLATORS[RUSSIAN], seconds) == russian


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.t.language.tag)
@pytest.mark.parametrize("state", STATES)
def test_the_page_renders_in_every_language(reader, state):
    """The translators are strict: a text with a wrong argument raises here."""
    language = reader.t.language

    page = status_page(reader, STATES[state], "viewbank_test_bot")

    assert f'<html lang="{language.tag}" dir="ltr">' in page
    assert page.count("aria-current") == 1
    assert re.search(rf'<a [^>]*lang="{language.tag}"[^>]* aria-current="true">', page)
    for each in LANGUAGES:
        assert f">{each.name}</a>" in page


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.t.language.tag)
@pytest.mark.parametrize("name", SENTENCES)
def test_every_error_page_renders_in_every_language(reader, name):
    sentence = SENTENCES[name](reader.t)

    page = message_page(reader, texts.error_title(reader.t, 503), sentence)

    assert f"<p data-sentence>{sentence}</p>" in page
    assert f'<html lang="{reader.t.language.tag}"' in page


def test_a_language_written_from_right_to_left_says_so():
    arabic = Language("ar", "العربية", "ar")
    reader = Reader(type(READERS[0].t)(arabic, strict=True))

    assert '<html lang="ar" dir="rtl">' in message_page(reader, "t", "s")


class Shown(HTMLParser):
    """Everything of a page that people read or hear."""

    ATTRIBUTES = ("alt", "aria-label", "content", "data-now", "data-stale", "placeholder", "title")
    MACHINE_READABLE = ("viewport", "color-scheme")

    def __init__(self, page):
        super().__init__()
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, _tag, attributes):
        attributes = dict(attributes)
        if attributes.get("name") not in self.MACHINE_READABLE:
            self.text += "".join(f" {attributes.get(name, '')} " for name in self.ATTRIBUTES)

    def handle_data(self, data):
        self.text += data


UNTRANSLATED = {"Viewbank", "English", "Русский", *re.findall(r"[^\W\d]+", "ab" * 32)}
"""Names and the hash; they are the same in all languages."""


@pytest.mark.parametrize("state", STATES)
def test_no_text_of_the_page_is_written_without_its_translation(state):
    page = status_page(Reader(pseudo_translator()), STATES[state], "viewbank_test_bot")

    assert untranslated(page) == []


@pytest.mark.parametrize("name", SENTENCES)
def test_no_text_of_an_error_page_is_written_without_its_translation(name):
    t = pseudo_translator()

    page = message_page(Reader(t), texts.error_title(t, 503), SENTENCES[name](t))

    assert untranslated(page) == []


def test_a_text_without_its_translation_is_found():
    assert untranslated('<p title="One">⟦á ⟦b⟧⟧ two</p>') == ["One", "two"]


def untranslated(page):
    shown = html.unescape(Shown(page).text)
    while (outer := re.sub("⟦[^⟦⟧]*⟧", "", shown)) != shown:
        shown = outer
    return [word for word in re.findall(r"[^\W\d]+", shown) if word not in UNTRANSLATED]


def test_every_order_status_has_a_name():
    assert list(texts.ORDER_STAGES) == list(OrderStatus)
