import logging

import pytest
from babel.messages.pofile import PoFileError

from i18n import N_, Html, N_ctx, Translator, Translators
from i18n.catalog import catalog_path, load
from i18n.languages import ENGLISH, RUSSIAN
from i18n.template import TemplateError

HEADER = r"""
msgid ""
msgstr ""
"Language: ru\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=3; "
"plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\n"
"""
HELLO = N_("Hello")
ORDER = N_ctx("verb", "Order")
POINTS = """
msgid "{n} point"
msgid_plural "{n} points"
msgstr[0] "{n} балл"
msgstr[1] "{n} балла"
msgstr[2] "{n} баллов"
"""


@pytest.fixture
def russian(tmp_path):
    """Makes a translator from the entries of a catalog."""

    def make(entries, *, strict=True):
        path = catalog_path(RUSSIAN, tmp_path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + entries, encoding="utf-8")
        return Translator(RUSSIAN, load(RUSSIAN, tmp_path), strict=strict)

    return make


def test_english_needs_no_catalog():
    t = Translator(strict=True)
    assert t.language == ENGLISH
    assert t("Hello <b>{name}</b>", name="<i>") == Html("Hello <b>&lt;i&gt;</b>")
    assert isinstance(t("Hello"), Html)
    assert t.plural("{n} point", "{n} points", 1) == "1 point"
    assert t.plural("{n} point", "{n} points", 0) == "0 points"
    assert t.plural("{n} point", "{n} points", -1) == "\N{MINUS SIGN}1 point"
    assert t.plural("{n} point of {who}", "{n} points of {who}", 1234, who="&") == (
        "1,234 points of &amp;"
    )


def test_a_translation_takes_the_place_of_the_text(russian):
    t = russian('msgid "Hello {name}"\nmsgstr "Привет, {name}"\n')
    assert t("Hello {name}", name="<b>") == "Привет, &lt;b&gt;"


def test_a_missing_translation_is_english(russian):
    t = russian('msgid "Hello"\nmsgstr ""\n')
    assert t("Hello") == "Hello"
    assert t("Bye") == "Bye"
    assert t.plural("{n} ad", "{n} ads", 21) == "21 ads"


def test_marked_texts_are_translated_at_last(russian):
    t = russian(
        'msgid "Hello"\nmsgstr "Привет"\n\nmsgctxt "verb"\nmsgid "Order"\nmsgstr "Заказать"\n'
    )
    assert t(HELLO) == t.message(HELLO) == "Привет"
    assert t(ORDER) == t.ctx("verb", "Order") == "Заказать"
    assert t("Order") == "Order"


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "0 баллов"),
        (1, "1 балл"),
        (2, "2 балла"),
        (5, "5 баллов"),
        (11, "11 баллов"),
        (21, "21 балл"),
        (22, "22 балла"),
        (101, "101 балл"),
        (-21, "\N{MINUS SIGN}21 балл"),
        (1234, "1\N{NO-BREAK SPACE}234 балла"),
    ],
)
def test_plurals(russian, n, text):
    assert russian(POINTS).plural("{n} point", "{n} points", n) == text


def test_whole_numbers_have_groups_and_ids_come_as_text(russian):
    t = russian("")
    assert t("{count} of {id}", count=1234567, id="1234567") == "1 234 567 of 1234567".replace(
        " ", "\N{NO-BREAK SPACE}", 2
    )


def test_the_empty_text_is_not_the_catalog_s_header(russian):
    t = russian("")
    assert t("") == ""
    assert t.ctx("verb", "") == ""


@pytest.mark.parametrize(
    "translation",
    [
        "Привет, {nom}",
        "Привет",
        "{name.__class__}",
        "{name",
        "<b>{name}",
        "<img>{name}",
        "{name}\\n",
    ],
)
def test_a_faulty_translation_is_left_out(russian, caplog, translation):
    t = russian(f'msgid "Hello {{name}}"\nmsgstr "{translation}"\n')
    assert t("Hello {name}", name="x") == "Hello x"
    assert "left out" in caplog.text


def test_a_plural_is_translated_as_a_whole_or_not_at_all(russian):
    t = russian(POINTS.replace("{n} баллов", ""))
    assert t.plural("{n} point", "{n} points", 1) == "1 point"
    assert t.plural("{n} point", "{n} points", 21) == "21 points"


def test_a_fuzzy_translation_is_not_used(russian):
    assert russian('#, fuzzy\nmsgid "Hello"\nmsgstr "Пока"\n')("Hello") == "Hello"


WRONG_CALLS = [
    (lambda t: t("Hello {name}"), "Hello {name}"),
    (lambda t: t("Hello {name}", nom="x"), "Hello {name}"),
    (lambda t: t("Hello", name="x"), "Hello"),
    (lambda t: t("Hello {0}"), "Hello {0}"),
    (lambda t: t.plural("{n} of {m}", "{n} of {m}", 2), "2 of {m}"),
]


@pytest.mark.parametrize("call", [call for call, _ in WRONG_CALLS])
def test_a_wrong_call_is_an_error_in_tests(call):
    with pytest.raises(TemplateError):
        call(Translator(strict=True))


@pytest.mark.parametrize(("call", "shown"), WRONG_CALLS)
def test_a_wrong_call_never_costs_a_reply(caplog, call, shown):
    assert call(Translator()) == shown
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_a_catalog_that_is_missing_or_broken_stops_the_start(tmp_path, russian):
    with pytest.raises(OSError, match=r"viewbank\.po"):
        Translators(folder=tmp_path / "nowhere")
    russian("")
    catalog_path(RUSSIAN, tmp_path).write_text("no catalog", encoding="utf-8")
    with pytest.raises(PoFileError):
        Translators(folder=tmp_path)


def test_everybody_has_a_translator():
    all_of_them = Translators(strict=True)
    assert [t.language for t in all_of_them] == [ENGLISH, RUSSIAN]
    assert all_of_them.default.language == ENGLISH
    assert all_of_them.choose(None, "ru-RU").language == RUSSIAN
    assert all_of_them.choose("en", "ru").language == ENGLISH
    assert all_of_them.choose(None, None) is all_of_them.default
