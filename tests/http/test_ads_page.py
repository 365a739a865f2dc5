"""The ad page as the server sends it: its words, its weight, nothing that a policy stops."""

import html
import json
import re

import pytest
from babel import Locale

from bot.text.menu import CONTACT, WATCH_ADS
from i18n import Translators
from i18n.languages import ENGLISH, RUSSIAN
from i18n.words import COUNTED
from web.ads_page import AdsPageConfig, render_ads_page
from web.language import Reader
from web.pages import FILES

TRANSLATORS = Translators(strict=True)
READERS = [Reader(t) for t in TRANSLATORS]
CONFIG = AdsPageConfig("viewbank_test_bot", ("monetag", "adsgram"), nonce="n0nce")
SCRIPTS = {
    name: path for name, path in FILES.items() if name.startswith("ads") and name.endswith(".js")
}
BYTES_MAX = 60 * 1024

each_reader = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.t.language.tag)


def words_of(page):
    return json.loads(html.unescape(re.search(r'data-words="([^"]*)"', page)[1]))


@each_reader
def test_the_page_and_all_its_files_weigh_less_than_60_kib_uncompressed(reader):
    page = render_ads_page(reader, CONFIG)

    assert "ads.js" in SCRIPTS
    assert FILES["ads.css"].read_text() in page
    files_bytes = sum(path.stat().st_size for path in SCRIPTS.values())
    assert len(page.encode()) + files_bytes + FILES["icon.svg"].stat().st_size < BYTES_MAX


@each_reader
def test_nothing_in_the_page_needs_a_lax_policy(reader):
    page = render_ads_page(reader, CONFIG)

    assert re.findall(r"<script[^>]*>[^<]", page) == []
    assert re.findall(r"\sstyle=|\son[a-z]+=|javascript:", page) == []
    assert re.findall("<style[^>]*>", page) == ['<style nonce="n0nce">']
    assert page.count("<script") == 1
    fetched = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert [
        url for url in fetched if not url.startswith(("/static/", "#icon-", "https://t.me/"))
    ] == []


def test_every_script_of_the_page_may_load_before_it_is_asked_for():
    page = render_ads_page(READERS[0], CONFIG)

    loaded = re.findall(r'nonce="n0nce" (?:src|href)="/static/([^"]*\.js)"', page)
    assert sorted(loaded) == sorted(SCRIPTS)


def test_the_page_names_the_buttons_as_the_bot_does():
    for reader in READERS:
        page = render_ads_page(reader, CONFIG)
        for label in (CONTACT, WATCH_ADS):
            assert reader.t.message(label) in page


@each_reader
def test_counted_words_have_every_form_of_the_language(reader):
    form_of = Locale.parse(reader.t.language.locale).plural_form

    words = words_of(render_ads_page(reader, CONFIG))

    assert set(words) == {"points", "hours", "minutes", "seconds", "units", *COUNTED}
    for written in words.values():
        assert set(written) == {form_of(n) for n in range(1000)}
        assert all("{n}" in form for form in written.values())


def test_the_forms_are_those_of_the_catalog():
    english, russian = (
        words_of(render_ads_page(Reader(TRANSLATORS[language]), CONFIG))
        for language in (ENGLISH, RUSSIAN)
    )

    assert english["points"] == {"one": "{n} point", "other": "{n} points"}
    assert russian["points"] == {"one": "{n} балл", "few": "{n} балла", "many": "{n} баллов"}


def test_what_the_settings_say_is_escaped():
    evil = '"><script>alert(1)</script>'

    page = render_ads_page(READERS[0], AdsPageConfig(evil, (evil,), evil, evil))

    assert "<script>" not in page


def test_without_a_bot_s_name_the_page_has_no_link_to_somebody_else_s_bot():
    page = render_ads_page(READERS[0], AdsPageConfig("", ()))

    assert "t.me" not in page
