"""The events of each granted command, with every field."""

import pytest
from msgspec.structs import asdict, replace
from support.given import ANNA, BEN, KEY, LINK, NOON_MS, Scenario

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.clocks.timestamps import to_text
from ledger.reason_codes import ReasonCode

AD, ORDER, BROADCAST = 1, "0123456789ab", "7:50"
START = c.StartBroadcast(by="admin:7", broadcast_id=BROADCAST, chat_id=7, message_id=49)
SEND = c.SendOrder(by="system", order_id=ORDER)
WHY = {"reason_code": ReasonCode.PROVIDER_FAULT, "http_status": 503, "answer": "busy"}


@pytest.fixture
def world() -> Scenario:
    """Anna has an order, Ben is nobody yet."""
    world = Scenario()
    world.join(ANNA)
    world.give(ANNA, 100)
    world.order(ANNA, ORDER)
    return world


def written(world: Scenario, command: c.AnyCommand) -> list[e.AnyEvent]:
    """The events of a command, without what every event has; that is checked here."""
    seq = world.state.seq
    events = world.when(command)
    assert isinstance(events, tuple), events
    for place, event in enumerate(events, 1):
        assert (event.seq, event.at, event.by) == (seq + place, to_text(world.now_ms), command.by)
        assert event.more == len(events) - place
    plain = {"seq": 0, "at": "", "by": "", "more": 0}
    return [
        replace(event, **plain, **({"prev": 0} if "prev" in asdict(event) else {}))
        for event in events
    ]


ANNAS = {"user_id": ANNA, "order_id": ORDER}


@pytest.mark.parametrize(
    ("before", "command", "event"),
    [
        ([], SEND, e.OrderSending(**ANNAS, attempt=1)),
        (
            [SEND],
            c.AcceptOrder(by="provider", order_id=ORDER, provider_order_id="77", answer="{}"),
            e.OrderAccepted(**ANNAS, provider_order_id="77", answer="{}", spent_points=100),
        ),
        (
            [SEND],
            c.NoteNotSent(by="system", order_id=ORDER, **WHY),
            e.OrderNotSent(**ANNAS, **WHY),
        ),
        (
            [SEND],
            c.NoteUnclear(by="provider", order_id=ORDER, **WHY),
            e.OrderUnclear(**ANNAS, **WHY),
        ),
        (
            [SEND],
            c.RejectOrder(by="provider", order_id=ORDER, **WHY),
            e.OrderRejected(**ANNAS, refund_points=100, **WHY),
        ),
        (
            [],
            c.AdjustBalance(by="admin:7", user_id=ANNA, amount_points=7, reason="so", key="7:9"),
            e.BalanceAdjusted(user_id=ANNA, amount_points=7, reason="so", key="7:9"),
        ),
        (
            [],
            c.Ban(by="admin:7", user_id=ANNA, key="7:9", reason="cheats"),
            e.UserBanned(user_id=ANNA, key="7:9", reason="cheats"),
        ),
        (
            [c.Ban(by="admin:7", user_id=ANNA, key="7:8")],
            c.Unban(by="admin:7", user_id=ANNA, key="7:9"),
            e.UserUnbanned(user_id=ANNA, key="7:9"),
        ),
        (
            [],
            c.ChangeSetting(by="admin:7", name="ad_reward_points", value=2, key="7:9"),
            e.SettingChanged(name="ad_reward_points", value=2, key="7:9"),
        ),
        (
            [],
            START,
            e.BroadcastStarted(broadcast_id=BROADCAST, chat_id=7, message_id=49, audience=1),
        ),
        (
            [START],
            c.ProgressBroadcast(
                by="system", broadcast_id=BROADCAST, cursor=1, sent=2, unreachable=3, failed=4
            ),
            e.BroadcastProgressed(
                broadcast_id=BROADCAST, cursor=1, sent=2, unreachable=3, failed=4
            ),
        ),
        (
            [START],
            c.FinishBroadcast(by="system", broadcast_id=BROADCAST, sent=2, unreachable=3, failed=4),
            e.BroadcastFinished(broadcast_id=BROADCAST, sent=2, unreachable=3, failed=4),
        ),
        (
            [],
            c.NoteUnreachable(by="system", user_id=ANNA, reason="deactivated"),
            e.UserUnreachable(user_id=ANNA, reason="deactivated"),
        ),
        (
            [c.NoteUnreachable(by="system", user_id=ANNA, reason="blocked")],
            c.NoteReachable(by="user:1", user_id=ANNA),
            e.UserReachable(user_id=ANNA),
        ),
        (
            [c.Ban(by="admin:7", user_id=ANNA, key="7:8")],
            c.NoteAppeal(by="user:1", user_id=ANNA, message_id=9),
            e.AppealSent(user_id=ANNA, message_id=9),
        ),
        (
            [],
            replace(START, more_message_ids=(50, 51)),
            e.BroadcastStarted(
                broadcast_id=BROADCAST,
                chat_id=7,
                message_id=49,
                audience=1,
                more_message_ids=(50, 51),
            ),
        ),
        (
            [],
            c.NoteTailCut(by="system", offset_bytes=5, length_bytes=6, kept_as="x"),
            e.TailCut(offset_bytes=5, length_bytes=6, kept_as="x"),
        ),
        (
            [],
            c.NoteClockStep(by="system", step_ms=-5000),
            e.ClockStepped(step_ms=-5000),
        ),
        (
            [],
            c.NoteDigest(
                by="system", day="2026-01-01", head_seq=3, head_hash="ab", people=1, ads=2, orders=4
            ),
            e.DigestSent(day="2026-01-01", head_seq=3, head_hash="ab", people=1, ads=2, orders=4),
        ),
    ],
)
def test_a_command_becomes_its_event(world, before, command, event):
    for earlier in before:
        assert isinstance(world.when(earlier), tuple)
    assert written(world, command) == [event]


def test_an_order_is_written_with_its_price(world):
    world.give(ANNA, 120)
    command = c.PlaceOrder(
        by="user:1",
        user_id=ANNA,
        order_id="b",
        video_link=LINK,
        video_key=KEY,
        quantity=12,
        price_points=120,
    )
    order = e.OrderPlaced(
        user_id=ANNA, order_id="b", video_link=LINK, video_key=KEY, quantity=12, price_points=120
    )
    assert written(world, command) == [order]


def test_a_friends_ad_is_written_with_bonus_and_gift(world):
    world.set("referral_after_ads", 1)
    world.set("referral_welcome_points", 50)
    join = c.Join(by="user:2", user_id=BEN, referral_code="ben", invited_by_code="code0001")
    assert written(world, join) == [
        e.UserJoined(user_id=BEN, referral_code="ben", referred_by=ANNA)
    ]
    ad = c.RewardAd(by="monetag", user_id=BEN, ad_number=AD, opened_at_ms=NOON_MS, timed=False)
    assert written(world, ad) == [
        e.AdRewarded(user_id=BEN, ad_number=AD, amount_points=1),
        e.ReferralBonusPaid(
            user_id=ANNA,
            referee_id=BEN,
            amount_points=1000,
            number_today=1,
            day_max=20,
            within_days=30,
        ),
        e.ReferralWelcomePaid(user_id=BEN, referrer_id=ANNA, amount_points=50),
    ]


def test_a_log_starts_once():
    world = Scenario()
    start = c.StartLog(by="system")
    assert written(world, start) == [e.LogStarted(format=e.LOG_FORMAT)]
    assert world.when(start) == r.AlreadyDone()


def test_a_digest_is_written_once_a_day(world):
    digest = c.NoteDigest(
        by="system", day="2026-01-02", head_seq=3, head_hash="ab", people=1, ads=2, orders=4
    )
    assert isinstance(world.when(digest), tuple)
    assert world.when(digest) == r.AlreadyDone()
    assert world.when(replace(digest, day="2026-01-01")) == r.AlreadyDone()
    assert isinstance(world.when(replace(digest, day="2026-01-03")), tuple)


def test_a_digest_of_a_day_to_come_counts_as_not_told(world):
    digest = c.NoteDigest(
        by="system", day="2027-01-01", head_seq=3, head_hash="ab", people=1, ads=2, orders=4
    )
    assert isinstance(world.when(digest), tuple)
    assert world.when(replace(digest, day="2026-01-01")) == r.AlreadyDone(), "it is not over"
    assert isinstance(world.when(replace(digest, day="2025-12-31")), tuple)
    assert world.when(replace(digest, day="2025-12-31")) == r.AlreadyDone()
