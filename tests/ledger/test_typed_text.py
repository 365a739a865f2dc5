"""Cleaning what people type and paste, and splitting commands into words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.untrusted.typed_text import cleaned, words_of


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("\u200eanna\u200f", "anna"),
        ("\u202d4\u202c2\ufeff", "42"),
        ("\u2066a\u2069\u2060b\u00adc\ufe0f", "abc"),
        ("\u00a0a\u2003b\u3000c\u1680", "a b c"),
        ("a\tb\nc\x00d\x85e\u2028f", "a b c d e f"),
        ("\uff21\uff22\uff11\uff0f\uff1a\uff20", "AB1/:@"),
        ("a\u2011b\u2010c", "a-b-c"),
        ("half \ud83d pair", "half  pair"),
        ("\u3164\u2800\u034f\u115f", ""),
        ("\u0410nna 👍🏽 ё٣", "\u0410nna 👍🏽 ё٣"),  # look-alikes and other scripts stay
    ],
)
def test_invisible_marks_go_and_spaces_and_full_width_forms_become_plain(typed, clean):
    assert cleaned(typed) == clean


@given(st.text(st.characters() | st.sampled_from("\ud800\udc00\u200e\u00a0\uff11")))
def test_clean_text_stays_as_it_is_and_any_file_can_hold_it(text):
    clean = cleaned(text)
    assert cleaned(clean) == clean
    assert clean.encode().decode() == clean


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/set  a 5", ["/set", "a", "5"]),
        ("/adjust 7 1\u00a0000 a\u00a0b", ["/adjust", "7", "1\u00a0000", "a", "b"]),
        ("/adjust \u200e 7\u202f500\n+5", ["/adjust", "7\u202f500", "+5"]),
        ("\u200e \ufeff", []),
    ],
)
def test_words_end_at_white_space_but_not_within_a_number(typed, words):
    assert words_of(typed) == words
