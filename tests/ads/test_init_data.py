"""initData: Telegram's word on who opened the page, and everything that is not that."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.init_data import BOT_TOKEN, init_data_of, sign

from ads.init_data import (
    FRESH_FOR_S,
    FUTURE_MAX_S,
    LENGTH_MAX_BYTES,
    check_init_data,
    init_data_key,
)

KEY = init_data_key(BOT_TOKEN)
NOW_S = 1_767_225_600
HASH_1 = "a5f4d00d1109101438bfa22960bc81ff71b526e5785d80a4ce9e3c8479a7c764"
FULL = (
    "query_id=AAHtestQUERYid0001&user=%7B%22id%22%3A7000000001%2C%22first_name%22%3A%22Ana%20%5C"
    "u0026%20Zo%C3%AB%22%2C%22last_name%22%3A%22O%27Neil%22%2C%22username%22%3A%22ana_test%22%2C"
    "%22language_code%22%3A%22en%22%2C%22allows_write_to_pm%22%3Atrue%2C%22photo_url%22%3A%22"
    "https%3A%5C%2F%5C%2Ft.me%5C%2Fi%5C%2Fuserpic%5C%2F320%5C%2Fx.svg%22%7D&auth_date=1767225600"
    "&start_param=ref_AbC-123&signature=a2-0ZU_K8qBLYTAGyoesGosY0_psb-I_iaeEkkXVrIUEKuT0KVzqUE7U"
    f"PJebCqakZicOiqGAM0-8vsHvsDO8Dg&hash={HASH_1}"
)
SMALLEST = (
    "auth_date=1767225600&user=%7B%22id%22%3A42%2C%22first_name%22%3A%22Test%22%7D"
    "&hash=ccccf19aed7113b2a791481d350e00360d77bb056c8ab0bd27e5ce7312551279"
)


def check(init_data, now_s=NOW_S, key=KEY):
    return check_init_data(init_data, key, now_s)


def signed_user(user, **others):
    return sign({"auth_date": str(NOW_S), "user": user} | others)


def test_the_key_is_made_from_the_token():
    assert KEY.hex() == "86d7da5729969b9ef44dde5f8c03d6799a099f4be35d36c8be4a7862ee0fc661"


def test_the_two_vectors_are_let_in():
    assert len(FULL) == 552
    assert check(FULL) == 7_000_000_001
    assert check(SMALLEST) == 42


@pytest.mark.parametrize(
    "wrong",
    [
        "7d829ebfd4dfde1d5e9aa0d0562a4d876614ecf24295713b89862db1086a7d4a",  # without signature
        "ea1bd706c3f244b42935de05a326b3a9236500530f1f7b502086608adc93e9c9",  # key and text swapped
        "420d2e6cf64d71f5949f7902da6bb8fc52e836517faaa21825f0a9e87a5474b3",  # the login widget's
        HASH_1.upper(),
        HASH_1[:-1],
        HASH_1 + "0",
        "",
        "ü" * 64,
    ],
)
def test_another_hash_is_refused(wrong):
    assert check(FULL.replace(HASH_1, wrong)) == "bad_init_data"


def test_the_order_of_the_fields_and_unknown_ones_do_not_matter():
    fields = parse_qsl(FULL)
    assert check(urlencode(fields[::-1])) == 7_000_000_001
    assert check(signed_user('{"id":42}', brand_new="x", another="")) == 42


def test_a_bot_with_another_token_lets_nobody_in():
    assert check(FULL, key=init_data_key("1:another")) == "bad_init_data"


def test_a_plain_browser_has_no_init_data():
    assert check("") == "outside_telegram"


@pytest.mark.parametrize(
    "broken",
    [
        " ",
        "hash",
        "no form data",
        f"hash={HASH_1}",
        FULL.partition("&hash=")[0],
        FULL + "&user=%7B%22id%22%3A1%7D",
        FULL + "&extra=1",
        FULL + f"&hash={HASH_1}",
        FULL + "&",
        FULL.replace("&start_param=ref_AbC-123", ""),
        FULL.replace("Ana", "Anb"),
        FULL.replace("auth_date=1767225600", "auth_date=1767225601"),
        FULL.replace("Zo%C3%AB", "Zo%EB"),
        FULL.replace("Ana", "\ud800"),
        "a=" + "b" * LENGTH_MAX_BYTES,
        "&".join(f"a{number}=1" for number in range(200)),
    ],
)
def test_what_was_changed_or_is_broken_is_refused(broken):
    assert check(broken) == "bad_init_data"


@pytest.mark.parametrize(
    "user",
    [
        "",
        "null",
        "[]",
        "{}",
        "{",
        "Ana",
        '{"id":"42"}',
        '{"id":true}',
        '{"id":0}',
        '{"id":-42}',
        '{"id":4.2}',
        '{"id":null}',
        f'{{"id":{2**52}}}',
        '{"id":' + "9" * 500 + "}",
        "[" * 3000,
    ],
)
def test_a_user_who_is_none_is_refused_though_the_hash_is_right(user):
    assert check(signed_user(user)) == "bad_init_data"
    assert check(signed_user('{"id":42}')) == 42


def test_a_missing_user_is_refused_though_the_hash_is_right():
    assert check(sign({"auth_date": str(NOW_S)})) == "bad_init_data"


@pytest.mark.parametrize(
    "date", ["", "soon", "-5", "1767225600.0", " 1767225600", "１７６７", "9" * 20]
)
def test_a_moment_that_is_none_is_refused_though_the_hash_is_right(date):
    assert check(sign({"auth_date": date, "user": '{"id":42}'})) == "bad_init_data"


def test_it_lives_for_an_hour():
    assert check(SMALLEST, NOW_S + FRESH_FOR_S) == 42
    assert check(SMALLEST, NOW_S + FRESH_FOR_S + 1) == "expired"
    assert check(SMALLEST, NOW_S - FUTURE_MAX_S) == 42
    assert check(SMALLEST, NOW_S - FUTURE_MAX_S - 1) == "bad_init_data"


def test_one_field_cannot_stand_for_two():
    """The text that is signed would be the same."""
    merged = {"auth_date": f'{NOW_S}\nuser={{"id":42}}', "user": '{"id":42}'}
    assert check(sign(merged)) == "bad_init_data"
    joined = sign({"a": "1\nauth_date=5", "auth_date": str(NOW_S), "user": '{"id":42}'})
    assert check(joined) == "bad_init_data"


@given(st.text(), st.integers(0, 2**40))
def test_no_text_is_let_in_that_telegram_has_not_signed(text, now_s):
    assert isinstance(check(text, now_s), str)


@given(st.integers(0, len(FULL) - 1), st.characters())
def test_a_changed_character_never_makes_another_person(position, character):
    changed = FULL[:position] + character + FULL[position + 1 :]
    assert check(changed) in (7_000_000_001, "bad_init_data")


def test_what_the_tests_sign_is_what_telegram_signs():
    assert check(init_data_of(42, NOW_S)) == 42
