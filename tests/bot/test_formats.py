"""Formats that many texts share, in every language."""

import json

import pytest

from bot.send.call_params import encode
from bot.text import formats
from i18n import Html, Translators
from i18n.languages import ENGLISH, RUSSIAN
from ledger.state import User

TRANSLATORS = Translators(strict=True)
EN, RU = TRANSLATORS[ENGLISH], TRANSLATORS[RUSSIAN]


def user(**fields: str) -> User:
    return User(user_id=42, referral_code="c", join_date="2026-11-22T16:20:00.000Z", **fields)


@pytest.mark.parametrize(
    ("amount", "english", "russian"),
    [
        (0, "0 points", "0 баллов"),
        (1, "+1 point", "+1 балл"),
        (1_002, "+1,002 points", "+1\u00a0002 балла"),
        (-1, "−1 point", "−1 балл"),
        (-30, "−30 points", "−30 баллов"),
    ],
)
def test_a_change_has_its_sign_and_its_plural(amount, english, russian):
    assert formats.gain(EN, amount) == english
    assert formats.gain(RU, amount) == russian


def test_a_moment_of_the_log_is_shown_to_the_minute():
    assert formats.day_and_time(EN, "2026-11-22T16:20:59.999Z") == "22 Nov 2026, 16:20"
    assert formats.day_and_time(RU, "2026-11-22T06:05:00.000Z") == "22 нояб. 2026\u202fг., 06:05"


def test_people_are_called_by_what_is_known_of_them():
    assert formats.name_of(EN, user(first_name="<Anna>", username="anna")) == "<Anna>"
    assert formats.name_of(EN, user(username="anna")) == "@anna"
    assert formats.name_of(EN, user()) == "User 42"


def test_a_link_is_shown_as_it_is_and_harmless():
    assert formats.linked("https://x/?a=1&b=<") == (
        '<a href="https://x/?a=1&amp;b=&lt;">https://x/?a=1&amp;b=&lt;</a>'
    )


@pytest.mark.parametrize(
    ("done", "total", "squares"), [(0, 0, 10), (0, 5, 0), (1, 3, 3), (5, 5, 10), (9, 5, 10)]
)
def test_a_bar_has_ten_squares(done, total, squares):
    assert formats.bar(done, total) == "▓" * squares + "░" * (10 - squares)


def test_html_goes_out_as_plain_json():
    body = encode({"text": Html("<b>é</b>"), "keyboard": [[{"text": Html("x")}]]})
    assert json.loads(body) == {"text": "<b>é</b>", "keyboard": [[{"text": "x"}]]}
    assert "é".encode() in body
