"""Signed ad sessions: each ad pays once."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ads.sessions import (
    AHEAD_MAX_MS,
    LINK_SESSION_LIFE_MS,
    SESSION_LIFE_MS,
    AdSession,
    mint,
    new_nonce,
    read,
    read_any,
    session_key,
)

KEY = session_key("a secret")
SESSION = AdSession(2**52 - 1, 99_999, 1_767_268_800_000)
OF_A_NETWORK = SESSION._replace(nonce="AAECAwQFBgcICQoLDA0ODw")
BOTH = pytest.mark.parametrize(
    ("session", "life_ms"), [(SESSION, LINK_SESSION_LIFE_MS), (OF_A_NETWORK, SESSION_LIFE_MS)]
)


def test_a_session_reads_as_it_was_minted_and_fits_into_a_button():
    text = mint(KEY, SESSION)
    assert read(KEY, text, SESSION.opened_at_ms) == SESSION
    assert len(f"ad:{text}".encode()) <= 64


def test_a_session_of_a_network_fits_into_an_address_and_into_100_characters():
    text = mint(KEY, OF_A_NETWORK._replace(ad_number=2**31))
    assert len(text) <= 100
    assert re.fullmatch(r"[A-Za-z0-9._-]+", text)
    assert read(KEY, mint(KEY, OF_A_NETWORK), SESSION.opened_at_ms) == OF_A_NETWORK


def test_a_nonce_has_128_random_bits():
    nonces = {new_nonce() for _ in range(1000)}
    assert len(nonces) == 1000
    assert {len(nonce) for nonce in nonces} == {22}


def test_a_button_that_was_made_by_an_earlier_version_is_still_read():
    """Its text, with the key of this secret, as it stands in people's messages."""
    text = "fffffffffffff.1869f.19b796dd600.15fe4b1ef59a8c923afa"
    assert read(KEY, text, SESSION.opened_at_ms) == SESSION
    assert mint(KEY, SESSION) == text


@BOTH
def test_a_session_ends(session, life_ms):
    text = mint(KEY, session)
    assert read(KEY, text, session.opened_at_ms + life_ms) == session
    assert read(KEY, text, session.opened_at_ms + life_ms + 1) is None
    assert read_any(KEY, text) == session


def test_a_session_without_its_nonce_is_none():
    body, _, signature = mint(KEY, OF_A_NETWORK).rpartition(".")
    shorter = body.rpartition(".")[0]
    assert read_any(KEY, f"{shorter}.{signature}") is None
    assert read_any(KEY, body) is None


def test_a_session_of_a_clock_that_was_ahead_has_ended():
    text = mint(KEY, SESSION)
    assert read(KEY, text, SESSION.opened_at_ms - AHEAD_MAX_MS) == SESSION
    assert read(KEY, text, SESSION.opened_at_ms - AHEAD_MAX_MS - 1) is None


def test_another_secret_makes_another_signature():
    assert read(session_key("another"), mint(KEY, SESSION), SESSION.opened_at_ms) is None


@given(st.text())
def test_no_text_but_a_minted_one_is_a_session(text):
    assert read(KEY, text, 0) is None


@given(st.sampled_from([SESSION, OF_A_NETWORK]), st.integers(0, 200), st.characters(codec="ascii"))
def test_a_changed_character_makes_it_void(session, position, character):
    text = mint(KEY, session)
    position %= len(text)
    changed = text[:position] + character + text[position + 1 :]
    assert (read(KEY, changed, session.opened_at_ms) == session) == (changed == text)
