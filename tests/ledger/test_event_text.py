"""Every event is described on one line."""

from typing import get_args

import pytest
from support.books import deliveries, events_of, write_books

from ledger import events as e
from ledger.words.event_text import describe, one_line

TAIL_CUT = e.TailCut(
    seq=1, at="", by="system", offset_bytes=1234, length_bytes=56, kept_as="events.jsonl.torn-x"
)

OPENING = e.OpeningBalanceRecorded(
    seq=2, at="", by="system", user_id=1, amount_points=57, ads_watched=127
)
IMPORTED = e.OrderImported(
    seq=3,
    at="",
    by="system",
    user_id=1,
    order_id="0123456789ab",
    video_link="https://youtu.be/x",
    quantity=20,
    price_points=200,
    old_status="pending",
)
DIGEST = e.DigestSent(
    seq=4,
    at="",
    by="system",
    day="2026-11-22",
    head_seq=3,
    head_hash="ab" * 32,
    people=1,
    ads=2,
    orders=3,
)
APPEAL = e.AppealSent(seq=5, at="", by="user:1", user_id=1, message_id=9)
CLOCK_STEP = e.ClockStepped(seq=5, at="", by="system", step_ms=-86_400_500)
OPENED = e.AdOpened(seq=5, at="", by="user:1", user_id=1, ad_number=6, network="adsgram")
FRAUD = [
    e.ReferralBonusWaits(seq=6, at="", by="user:2", user_id=1, referee_id=2),
    e.EarningFrozen(seq=7, at="", by="admin:7", user_id=1, key="7:1", sign="ring"),
    e.EarningUnfrozen(seq=8, at="", by="admin:7", user_id=1, key="7:2"),
    e.EarningsTakenBack(
        seq=9, at="", by="admin:7", user_id=1, key="7:3", amount_points=-5, reason="robot"
    ),
    e.ChannelRequired(seq=10, at="", by="admin:7", channel="@news", key="7:4"),
]
NOT_IN_THE_STORY = [*FRAUD, APPEAL, OPENED, TAIL_CUT, OPENING, IMPORTED, DIGEST, CLOCK_STEP]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    delivered = events_of(write_books(tmp_path_factory.mktemp("delivered"), deliveries))
    events = events_of(write_books(tmp_path_factory.mktemp("told")))
    everything = [*delivered, *events, *NOT_IN_THE_STORY]
    return {type(event).__name__: describe(event) for event in everything}


def test_every_event_has_words_of_its_own(told):
    assert set(told) == {kind.__name__ for kind in get_args(e.AnyEvent)}
    assert len(set(told.values())) == len(told)
    assert all(text and "\n" not in text for text in told.values())


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("UserJoined", "joined"),
        ("AdRewarded", "watched ad 5"),
        ("AdOpened", "opened ad 6"),
        ("ReferralBonusPaid", "bonus for inviting user 102"),
        ("ReferralWelcomePaid", "welcome gift for coming with user 101"),
        (
            "OrderPlaced",
            "ordered 10 views of https://youtu.be/AbCdEfGhI_k, order 000000000004",
        ),
        ("OrderAccepted", "the provider accepted as its P-9, order 000000000001"),
        (
            "OrderRejected",
            (
                "rejected, points given back, order 000000000002: "
                "The provider did not take this order."
            ),
        ),
        ("BalanceAdjusted", "balance changed by hand: counted twice"),
        ("UserBanned", "banned"),
        ("SettingChanged", "setting referral_welcome_points is now 50"),
        ("ClockStepped", "the machine's clock was set back by 86,400.500 s"),
        ("TailCut", "56 unfinished bytes cut off at byte 1,234, kept in events.jsonl.torn-x"),
        ("OpeningBalanceRecorded", "brought along from the bot before, with 127 ads watched"),
        (
            "OrderImported",
            (
                "had ordered 20 views of https://youtu.be/x for 200 points in the bot before, "
                "pending there, order 0123456789ab"
            ),
        ),
        ("DigestSent", f"the admins were told of line 3, hash {'ab' * 32}"),
    ],
)
def test_the_words_say_what_happened_and_why(told, kind, words):
    assert told[kind] == words


def test_what_could_steer_a_terminal_becomes_blank():
    assert one_line("a\x1b[31mred\nb\u202ec\u2066 é 🎁") == "a [31mred b c  é 🎁"
