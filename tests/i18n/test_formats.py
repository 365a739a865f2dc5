from datetime import UTC, date, datetime, time

import pytest
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from i18n import Translator, Translators
from i18n.formats import all_of, any_of, day_and_time, number, usd
from i18n.languages import LANGUAGES, RUSSIAN

BABEL_MAX = 10**24
"""Larger numbers make Babel's decimals overflow; ours don't."""

LOCALES = [language.locale for language in LANGUAGES] + ["de", "es", "fa", "hi", "pl", "uz"]


@pytest.mark.parametrize("locale", LOCALES)
@given(value=st.integers(0, BABEL_MAX))
def test_a_number_is_written_as_cldr_says(locale, value):
    assert number(locale, value) == format_decimal(value, locale=locale)


@pytest.mark.parametrize("locale", LOCALES)
@given(value=st.integers(min_value=1))
def test_a_negative_number_has_a_real_minus_sign(locale, value):
    assert number(locale, -value) == "\N{MINUS SIGN}" + number(locale, value)


@pytest.mark.parametrize("locale", LOCALES)
@given(moment=st.datetimes(timezones=st.just(UTC)))
def test_a_moment_is_the_day_and_the_time(locale, moment):
    text = day_and_time(locale, moment)
    assert format_date(moment.date(), "medium", locale=locale) in text
    assert format_skeleton("Hm", time(moment.hour, moment.minute), locale=locale) in text


def test_a_time_zone_is_not_applied_twice():
    moment = datetime(2026, 11, 22, 16, 20, 59, tzinfo=UTC)
    assert Translator().day_and_time(moment) == "22 Nov 2026, 16:20"


def test_lists_in_words():
    assert all_of("en_001", ()) == ""
    assert all_of("en_001", ("a",)) == "a"
    assert all_of("en_001", ("a", "b", "c")) == "a, b and c"
    assert any_of("en_001", ("a", "b", "c")) == "a, b or c"
    assert any_of("ru", ("a", "b", "c")) == "a, b или c"
    assert any_of("en_001", ("{0}", "{x}")) == "{0} or {x}"


def test_the_items_of_a_list_are_escaped():
    t = Translator()
    assert t.any_of(["<", t("<b>{x}</b>", x="&")]) == "&lt; or <b>&amp;</b>"


def test_changes_have_a_sign():
    t = Translator()
    assert [t.signed(n) for n in (1234, 0, -5)] == ["+1,234", "0", "\N{MINUS SIGN}5"]


def test_days():
    assert Translator().day(date(2026, 11, 2)) == "2 Nov 2026"


@pytest.mark.parametrize(
    ("seconds", "english", "russian"),
    [
        (0, "0 seconds", "0 секунд"),
        (1, "1 second", "1 секунда"),
        (119, "119 seconds", "119 секунд"),
        (120, "2 minutes", "2 минуты"),
        (121, "2 minutes and 1 second", "2 минуты и 1 секунда"),
        (3599, "59 minutes and 59 seconds", "59 минут и 59 секунд"),
        (3600, "1 hour", "1 час"),
        (3601, "1 hour and 1 minute", "1 час и 1 минута"),
        (3 * 3600 + 5 * 60, "3 hours and 5 minutes", "3 часа и 5 минут"),
        (86399, "24 hours", "24 часа"),
    ],
)
def test_durations_are_rounded_up(seconds, english, russian):
    assert Translator().duration(seconds) == english
    assert Translators()[RUSSIAN].duration(seconds) == russian


@pytest.mark.parametrize(
    ("microusd", "english", "russian"),
    [
        (0, "$0.00", "0,00 $"),
        (3_520, "$0.00352", "0,00352 $"),
        (1, "$0.000001", "0,000001 $"),
        (35_249, "$0.0352", "0,0352 $"),
        (500_000, "$0.50", "0,50 $"),
        (12_345_678, "$12.35", "12,35 $"),
        (1_234_500_000, "$1,234.50", "1 234,50 $"),
        (-2_500_000, "\N{MINUS SIGN}$2.50", "\N{MINUS SIGN}2,50 $"),
    ],
)
def test_dollars_have_more_places_the_less_they_are(microusd, english, russian):
    assert usd("en", microusd) == english
    assert usd("ru", microusd).replace("\N{NO-BREAK SPACE}", " ") == russian
