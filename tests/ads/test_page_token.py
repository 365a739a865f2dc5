"""Page tokens: signed, for one person, for half an hour."""

from hypothesis import given
from hypothesis import strategies as st

from ads.page_token import TOKEN_LIFE_MS, PageToken, mint_token, read_token, token_key
from ads.sessions import AdSession, mint, session_key

KEY = token_key("a secret")
NOW_MS = 1_767_268_800_000


def test_a_token_reads_as_it_was_minted():
    token = mint_token(KEY, 2**52 - 1, NOW_MS)
    assert read_token(KEY, token, NOW_MS) == PageToken(2**52 - 1, NOW_MS + TOKEN_LIFE_MS)


def test_a_token_ends():
    token = mint_token(KEY, 42, NOW_MS)
    assert read_token(KEY, token, NOW_MS + TOKEN_LIFE_MS - 1)
    assert read_token(KEY, token, NOW_MS + TOKEN_LIFE_MS) is None


def test_a_clock_that_is_set_back_makes_no_token_live_longer():
    assert read_token(KEY, mint_token(KEY, 42, NOW_MS), NOW_MS - 1) is None


def test_a_session_is_no_token():
    session = AdSession(42, 1, NOW_MS, "nonce")
    assert read_token(KEY, mint(session_key("a secret"), session), NOW_MS) is None
    assert session_key("a secret") != KEY


@given(st.text())
def test_no_text_but_a_minted_one_is_a_token(text):
    assert read_token(KEY, text, NOW_MS) is None


@given(st.integers(0, 200), st.characters(codec="ascii"))
def test_a_changed_character_makes_it_void(position, character):
    token = mint_token(KEY, 42, NOW_MS)
    position %= len(token)
    changed = token[:position] + character + token[position + 1 :]
    assert (read_token(KEY, changed, NOW_MS) is not None) == (changed == token)
