"""Signed ad sessions: each ad pays once."""

from hypothesis import given
from hypothesis import strategies as st

from ads.sessions import AHEAD_MAX_MS, SESSION_LIFE_MS, AdSession, mint, read, session_key

KEY = session_key("a secret")
SESSION = AdSession(2**52 - 1, 99_999, 1_767_268_800_000)


def test_a_session_reads_as_it_was_minted_and_fits_into_a_button():
    text = mint(KEY, SESSION)
    assert read(KEY, text, SESSION.opened_at_ms) == SESSION
    assert len(f"ad:{text}".encode()) <= 64


def test_a_session_ends():
    text = mint(KEY, SESSION)
    assert read(KEY, text, SESSION.opened_at_ms + SESSION_LIFE_MS) == SESSION
    assert read(KEY, text, SESSION.opened_at_ms + SESSION_LIFE_MS + 1) is None


def test_a_session_of_a_clock_that_was_ahead_has_ended():
    text = mint(KEY, SESSION)
    assert read(KEY, text, SESSION.opened_at_ms - AHEAD_MAX_MS) == SESSION
    assert read(KEY, text, SESSION.opened_at_ms - AHEAD_MAX_MS - 1) is None


def test_another_secret_makes_another_signature():
    assert read(session_key("another"), mint(KEY, SESSION), SESSION.opened_at_ms) is None


@given(st.text())
def test_no_text_but_a_minted_one_is_a_session(text):
    assert read(KEY, text, 0) is None


@given(st.integers(0, 200), st.characters(codec="ascii"))
def test_a_changed_character_makes_it_void(position, character):
    text = mint(KEY, SESSION)
    position %= len(text)
    changed = text[:position] + character + text[position + 1 :]
    assert (read(KEY, changed, SESSION.opened_at_ms) == SESSION) == (changed == text)
