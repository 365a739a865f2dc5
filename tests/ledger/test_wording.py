"""Every event has its words, on one line."""

from typing import get_args

import pytest
from books import events_of, write_books

from ledger import events as e
from ledger.wording import describe, one_line

TAIL_CUT = e.TailCut(
    seq=1, at="", by="system", offset_bytes=1234, length_bytes=56, kept_as="events.jsonl.torn-x"
)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    events = events_of(write_books(tmp_path_factory.mktemp("told")))
    return {type(event).__name__: describe(event) for event in [*events, TAIL_CUT]}


def test_every_event_has_words_of_its_own(told):
    assert set(told) == {kind.__name__ for kind in get_args(e.AnyEvent)}
    assert len(set(told.values())) == len(told)
    assert all(text and "\n" not in text for text in told.values())


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("UserJoined", "joined"),
        ("AdRewarded", "watched ad 5"),
        ("ReferralBonusPaid", "bonus for inviting user 102"),
        ("ReferralWelcomePaid", "welcome gift for coming with user 101"),
        (
            "OrderPlaced",
            "ordered 10 views of https://youtu.be/AbCdEfGhI_k, order 000000000004",
        ),
        ("OrderAccepted", "the provider accepted as its P-9, order 000000000001"),
        ("OrderRejected", "rejected, points given back, order 000000000002: no video"),
        ("BalanceAdjusted", "balance changed by hand: counted twice"),
        ("UserBanned", "banned"),
        ("SettingChanged", "setting referral_welcome_points is now 50"),
        ("TailCut", "56 unfinished bytes cut off at byte 1,234, kept in events.jsonl.torn-x"),
    ],
)
def test_the_words_say_what_happened_and_why(told, kind, words):
    assert told[kind] == words


def test_what_could_steer_a_terminal_becomes_blank():
    assert one_line("a\x1b[31mred\nb\u202ec\u2066 é 🎁") == "a [31mred b c  é 🎁"
