"""Which language a page is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.languages import ENGLISH, LANGUAGES, RUSSIAN
from web.language import accepted_tags, negotiate

JUNK = [
    "",
    " ",
    ",",
    ",;q=,;",
    "q=1",
    "*",
    "*;q=0.5",
    ";q=1",
    "-",
    "-ru",
    "r",
    "ru;q",
    "ru;q=",
    "ru;q=2",
    "ru;q=-1",
    "ru;q=1.5",
    "ru;q=nan",
    "ru;q=1e0",
    "ru;q=0.1234",
    "ru;q=\N{ARABIC-INDIC DIGIT ONE}",
    "ru;level=1",
    "ru;q=0",
    "ru;q=0.000",
    "r\N{LATIN SMALL LETTER DOTLESS I}u",
    "ru\N{NULL}",
    "русский",
    "ru-toolongsubtag",
    "ru-" + "-".join(["aaaaaaaa"] * 1000),
    "," * 4000,
]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ru", RUSSIAN),
        ("RU", RUSSIAN),
        ("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", RUSSIAN),
        ("en-US,en;q=0.9,ru;q=0.8", ENGLISH),
        ("de,ru;q=0.5", RUSSIAN),
        ("de,fr;q=0.5", ENGLISH),
        ("en;q=0.1,ru;q=0.2", RUSSIAN),
        ("en;q=0.2 , ru ; Q = 0.3", RUSSIAN),
        ("ru;q=0,en;q=0.1", ENGLISH),
        ("ru;q=0.,en;q=0.1", ENGLISH),
        ("en,ru", ENGLISH),
        ("ru,en", RUSSIAN),
        ("de,*;q=0.9,ru;q=0.5", RUSSIAN),
        ("junk;;,ru", RUSSIAN),
        ("ru;q=1.000", RUSSIAN),
    ],
)
def test_the_header_s_most_wanted_language_that_is_known(header, language):
    assert negotiate(header) == language


@pytest.mark.parametrize("header", JUNK, ids=lambda header: ascii(header[:20]))
def test_junk_in_the_header_counts_for_nothing(header):
    assert negotiate(header) == ENGLISH
    assert negotiate(f"{header},ru") == RUSSIAN


@given(st.text() | st.from_regex(r"([a-zA-Z*-]{1,9}(;q=[0-9.]{0,5})?,){0,5}", fullmatch=True))
def test_no_header_fails(header):
    assert negotiate(header) in LANGUAGES


def test_tags_are_ordered_by_weight_and_then_as_they_came():
    assert accepted_tags("a, b;q=0.5, c;q=0.7, d;q=0.5, e;q=0, f") == ["a", "f", "c", "b", "d"]


async def language_of(client, path, accept=None):
    headers = {} if accept is None else {"Accept-Language": accept}
    answer = await client.get(path, headers=headers)
    page = await answer.text()
    language = answer.headers["Content-Language"]
    assert f'<html lang="{language}" dir="ltr">' in page
    assert answer.headers["Vary"] == "Accept-Language"
    return language


@pytest.mark.parametrize("path", ["/", "/nothing", "/static/nothing"])
async def test_the_address_comes_before_the_browser_and_that_before_english(world, path):
    assert await language_of(world.client, path) == "en"
    assert await language_of(world.client, path, "ru") == "ru"
    assert await language_of(world.client, f"{path}?lang=ru", "en") == "ru"
    assert await language_of(world.client, f"{path}?lang=en", "ru") == "en"
    assert await language_of(world.client, f"{path}?lang=RU-ru", "en") == "ru"
    assert await language_of(world.client, f"{path}?lang=en&lang=ru") == "en"


@pytest.mark.parametrize("junk", ["", "tlh", "%FF%00", "<script>", "ru" * 3000, "r%C4%B1"])
async def test_junk_in_the_address_counts_for_nothing(world, junk):
    assert await language_of(world.client, f"/?lang={junk}") == "en"
    assert await language_of(world.client, f"/?lang={junk}", "ru") == "ru"


async def test_several_headers_are_one_list(world):
    headers = [("Accept-Language", "de"), ("Accept-Language", "ru;q=0.5")]
    answer = await world.client.get("/", headers=headers)
    assert answer.headers["Content-Language"] == "ru"


async def test_links_keep_a_language_that_was_chosen_and_no_other(world):
    chosen = await (await world.client.get("/nothing?lang=ru")).text()
    guessed = await (await world.client.get("/nothing", headers={"Accept-Language": "ru"})).text()

    assert chosen.count('href="/?lang=ru"') == 2
    assert guessed.count('href="/"') == 2
    for page in (chosen, guessed):
        assert '<a href="?lang=en" hreflang="en" lang="en" dir="ltr">English</a>' in page


@pytest.mark.parametrize("path", ["/status", "/ready", "/metrics", "/health", "/static/live.js"])
async def test_programs_get_the_same_in_every_language(world, path):
    client = await world.serve(telegram_problem=lambda t: t.language.name, demo=True)

    english = await client.get(path)
    russian = await client.get(f"{path}?lang=ru", headers={"Accept-Language": "ru"})

    assert await russian.read() == await english.read()
    for answer in (english, russian):
        assert {"Content-Language", "Vary"} & set(answer.headers) == set()


async def test_an_error_for_programs_is_in_english(world):
    await world.fill_the_disk()

    answer = await world.client.get("/status?lang=ru", headers={"Accept-Language": "ru"})

    assert (await answer.json())["error"].startswith("The log could not be written (")
