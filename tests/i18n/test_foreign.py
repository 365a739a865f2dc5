"""What others chose to be called can't disturb a sentence of ours."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.foreign import ACCENTS_MAX, END_OF_ISOLATE, ISOLATE, foreign_name, foreign_text

MARKS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Anna", "Anna"),
        ("  Anna   Lena ", "Anna Lena"),
        ("Анна", "Анна"),
        ("José 🎁", "José 🎁"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("A\nB\r\n\tC\u2028D", "A B C D"),
        ("\u202eevil", f"{ISOLATE}evil{END_OF_ISOLATE}"),
        ("Anna\u2069\u202e", f"{ISOLATE}Anna{END_OF_ISOLATE}"),
        ("محمد", f"{ISOLATE}محمد{END_OF_ISOLATE}"),
        ("דנה 7", f"{ISOLATE}דנה 7{END_OF_ISOLATE}"),
        ("Z" + "\u0301" * 40, "Z" + "\u0301" * ACCENTS_MAX),
        ("a\u200bb\ufeffc\u00ad", "abc"),
        ("\u3164\u2800", ""),
        ("\u202e", ""),
        ("\x1b[31mred", "[31mred"),
        ("", ""),
    ],
)
def test_a_name_is_shown_on_one_line_and_disturbs_nothing(name, shown):
    assert foreign_name(name) == shown


@given(st.text(st.characters() | st.sampled_from(MARKS + "\u0301אبA1\n")))
def test_no_name_reaches_beyond_itself(name):
    shown = foreign_name(name)
    isolated = shown.startswith(ISOLATE)
    inner = shown[1:-1] if isolated else shown
    assert isolated == shown.endswith(END_OF_ISOLATE)
    assert not set(inner) & set(MARKS)
    assert "\n" not in inner
    assert inner == " ".join(inner.split())
    if not isolated:
        assert not {unicodedata.bidirectional(letter) for letter in inner} & {"R", "AL", "AN"}
    assert foreign_name(inner) in (inner, shown)


def test_a_text_keeps_its_lines_and_loses_its_marks():
    assert foreign_text("one\ntwo\n") == "one\ntwo\n"
    assert foreign_text("\u202eone\ntwö") == f"{ISOLATE}one\ntwö{END_OF_ISOLATE}"
    assert foreign_text("für „alles“ 🎁") == "für „alles“ 🎁"
