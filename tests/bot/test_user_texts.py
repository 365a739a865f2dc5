"""Short texts for users: exact, plain, and within Telegram's limits."""

import pytest
from support.given import ANNA, Scenario

from bot.handlers.account import cursor_from
from bot.text import formats, user_texts
from bot.text.buttons import number
from i18n import Translator
from ledger.economy import Economy
from ledger.history import Cursor

EN = Translator(strict=True)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (121, "2 minutes and 1 second"),
        (600, "10 minutes"),
        (3_599, "59 minutes and 59 seconds"),
        (3_600, "1 hour"),
        (7_199, "2 hours"),
        (7_201, "2 hours and 1 minute"),
        (7_260, "2 hours and 1 minute"),
        (86_400, "24 hours"),
    ],
)
def test_a_time_is_never_said_shorter_nor_a_minute_longer_than_it_is(amount, words):
    assert EN.duration(amount) == words


def test_help_is_silent_about_a_pause_that_is_none():
    assert "100 ads a day.\n" in user_texts.help_text(
        EN, Economy(ads_per_day_max=100, ad_cooldown_s=0), []
    )
    assert "a day, 30 seconds apart.\n" in user_texts.help_text(EN, Economy(ad_cooldown_s=30), [])


def test_the_welcome_promises_only_what_is_paid():
    world = Scenario()
    world.join(ANNA)
    said = user_texts.welcome(
        EN, world.state.users[ANNA], Economy(referral_after_ads=5), [], joined=True
    )
    assert "1,000 points for every friend who joins and watches 5 ads within 30 days." in said


@pytest.mark.parametrize(
    ("parts", "cursor"),
    [
        (["5", "-20"], Cursor(5, -20)),
        ([], None),
        (["5"], None),
        (["5", "²"], None),
        (["5", "--5"], None),
        (["5", "٣"], None),
        (["-5", "5"], None),
        (["0", "5"], None),
        (["9" * 60, "5"], None),
        (["5", "5", "5"], None),
    ],
)
def test_a_forged_cursor_is_none(parts, cursor):
    assert cursor_from(parts) == cursor


def test_a_number_in_a_button_is_whole_and_not_absurd():
    assert [number(part) for part in ("12", "-3", "", "1.5", "x", "9" * 19)] == [
        12,
        -3,
        None,
        None,
        None,
        None,
    ]


def test_a_long_text_is_cut_with_a_sign():
    assert formats.shortened("a" * 200, 200) == "a" * 200
    assert formats.shortened("a" * 201, 200) == "a" * 199 + "…"
