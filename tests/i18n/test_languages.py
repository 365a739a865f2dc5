import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.languages import DEFAULT, ENGLISH, LANGUAGES, RUSSIAN, SOURCE, Language, choose, nearest

BRAZILIAN = Language("pt-br", "Português (Brasil)", "pt_BR")
SIMPLIFIED = Language("zh-hans", "简体中文", "zh_Hans")
TRADITIONAL = Language("zh-hant", "繁體中文", "zh_Hant")
HEBREW = Language("he", "עברית", "he")
INDONESIAN = Language("id", "Bahasa Indonesia", "id")
MANY = (*LANGUAGES, BRAZILIAN, SIMPLIFIED, TRADITIONAL, HEBREW, INDONESIAN)


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("en", ENGLISH),
        ("ru", RUSSIAN),
        ("RU", RUSSIAN),
        ("ru-RU", RUSSIAN),
        ("ru_ru", RUSSIAN),
        ("ru-x-private", RUSSIAN),
        ("pt-br", BRAZILIAN),
        ("pt", BRAZILIAN),
        ("pt-pt", BRAZILIAN),
        ("zh-hans", SIMPLIFIED),
        ("zh-hant", TRADITIONAL),
        ("zh-tw", TRADITIONAL),
        ("zh-hant-hk", TRADITIONAL),
        ("zh-cn", SIMPLIFIED),
        ("zh", SIMPLIFIED),
        ("iw", HEBREW),
        ("in", INDONESIAN),
        ("uz-cyrl", ENGLISH),
        ("tlh", ENGLISH),
        ("-", ENGLISH),
        ("", ENGLISH),
        (None, ENGLISH),
    ],
)
def test_the_nearest_language_to_the_app_s(code, language):
    assert choose(None, code, MANY) == language


def test_the_person_s_own_choice_comes_first():
    assert choose("en", "ru") == ENGLISH
    assert choose("ru", "en") == RUSSIAN
    assert choose("ru", None) == RUSSIAN


def test_a_choice_that_is_gone_counts_for_nothing():
    assert choose("tlh", "ru") == RUSSIAN
    assert choose("", "ru") == RUSSIAN


@given(st.text() | st.none(), st.text() | st.none())
def test_nonsense_never_fails(stored, code):
    assert choose(stored, code) in LANGUAGES


@given(st.from_regex(r"[a-z]{2,3}([-_][a-z0-9]{1,8}){0,3}", fullmatch=True))
def test_tags_never_fail(code):
    assert choose(None, code, MANY) in MANY


def test_the_list_is_fit_to_choose_from():
    assert LANGUAGES[0] == DEFAULT
    assert SOURCE in LANGUAGES
    assert len({language.tag for language in LANGUAGES}) == len(LANGUAGES)
    assert [language.name for language in LANGUAGES] == ["English", "Русский"]


@pytest.mark.parametrize(
    ("tag", "language"),
    [("ru-RU", RUSSIAN), ("EN", ENGLISH), ("pt", BRAZILIAN), ("de", None), ("*", None), ("", None)],
)
def test_the_nearest_language_to_a_tag_or_none(tag, language):
    assert nearest(tag, MANY) == language


def test_a_language_knows_the_direction_of_its_script():
    assert [language.direction for language in (ENGLISH, RUSSIAN, HEBREW)] == ["ltr", "ltr", "rtl"]
