"""Rules against fraud: freezing, taking back, the required channel."""

import pytest
from msgspec.structs import replace
from support.given import ANNA, BEN, Scenario, facts

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.audit.rulebook import Auditor
from ledger.broken_books import BrokenBooks
from ledger.clocks.timestamps import to_text
from ledger.projections import apply
from ledger.rules.decide import decide

FREEZE = c.FreezeEarning(by="admin:7", user_id=ANNA, key="7:f", reason="a robot", sign="steady")
UNFREEZE = c.UnfreezeEarning(by="admin:7", user_id=ANNA, key="7:u")


@pytest.fixture
def world() -> Scenario:
    world = Scenario()
    world.join(ANNA)
    return world


def take(amount: int, key: str = "7:t", *, below_zero: bool = False) -> c.TakeBackEarnings:
    return c.TakeBackEarnings(
        by="admin:7", user_id=ANNA, amount_points=amount, key=key, below_zero=below_zero
    )


def test_a_freeze_stops_ads_and_lifting_it_lets_them_pay_again(world):
    assert facts(world.when(FREEZE)) == [("EarningFrozen", ANNA, None)]
    assert world.ad(ANNA) == r.EarningIsFrozen()
    frozen = world.state.books.frozen[ANNA]
    assert (frozen.by, frozen.reason, frozen.sign) == ("admin:7", "a robot", "steady")
    assert facts(world.when(UNFREEZE)) == [("EarningUnfrozen", ANNA, None)]
    assert facts(world.ad(ANNA)) == [("AdRewarded", ANNA, 1)]
    assert world.state.books.frozen == {}


def test_a_freeze_counts_once(world):
    assert world.when(UNFREEZE) == r.NotFrozen()
    world.when(FREEZE)
    assert world.when(FREEZE) == r.AlreadyDone()
    assert world.when(c.FreezeEarning(by="admin:7", user_id=ANNA, key="7:g")) == r.AlreadyFrozen()
    assert world.when(c.FreezeEarning(by="admin:7", user_id=9, key="7:g")) == r.UnknownUser(9)


def test_who_is_frozen_still_invites_and_the_friend_is_not_lost(world):
    world.when(FREEZE)
    world.set("referral_after_ads", 0)
    assert facts(world.join(BEN, "code0001")) == [
        ("UserJoined", BEN, None),
        ("ReferralBonusWaits", ANNA, None),
    ]
    world.when(UNFREEZE)
    assert facts(world.ad(BEN)) == [("AdRewarded", BEN, 1), ("ReferralBonusPaid", ANNA, 1000)]


def test_what_is_taken_back_goes_to_an_account_of_its_own(world):
    world.give(ANNA, 100)
    assert facts(world.when(take(60))) == [("EarningsTakenBack", ANNA, -60)]
    assert world.when(take(60)) == r.AlreadyDone()
    assert world.balance(ANNA) == 40
    assert world.state.accounts["house:taken_back"] == 60
    assert world.state.posted_points == 0


def test_nothing_is_taken_below_zero_unless_the_admin_says_so(world):
    world.give(ANNA, 100)
    assert world.when(take(101)) == r.NotEnoughPoints(1, 100)
    (taken,) = world.when(take(130, below_zero=True))
    assert taken.below_zero
    assert world.balance(ANNA) == -30
    assert world.state.posted_points == 0


def test_an_event_that_stays_above_zero_does_not_speak_of_it(world):
    world.give(ANNA, 100)
    (taken,) = world.when(take(100, below_zero=True))
    assert not taken.below_zero


def test_a_balance_below_zero_earns_its_way_up_and_pays_for_nothing(world):
    world.when(take(30, below_zero=True))
    assert facts(world.ad(ANNA)) == [("AdRewarded", ANNA, 1)]
    assert facts(world.give(ANNA, 9)) == [("BalanceAdjusted", ANNA, 9)]
    assert world.balance(ANNA) == -20
    assert world.give(ANNA, -1) == r.NotEnoughPoints(21, -20)
    assert world.order(ANNA, "00000000000a") == r.NotEnoughPoints(120, -20)


def test_an_ad_that_pays_nothing_is_no_error_of_the_books_below_zero(world):
    world.when(take(30, below_zero=True))
    world.set("ad_reward_points", 0)
    assert facts(world.ad(ANNA)) == [("AdRewarded", ANNA, 0)]
    assert world.balance(ANNA) == -30


@pytest.mark.parametrize("amount", [0, -1, 10**15 + 1])
def test_a_senseless_amount_is_refused(world, amount):
    assert world.when(take(amount, below_zero=True)) == r.NothingToAdjust()


def test_a_log_can_not_take_below_zero_without_saying_so(world):
    (taken,) = decide(world.state, take(30, below_zero=True), world.now_ms)
    with pytest.raises(BrokenBooks, match="would be -30"):
        apply(world.state, replace(taken, below_zero=False))


def require(channel: str, key: str = "7:c") -> c.RequireChannel:
    return c.RequireChannel(by="admin:7", channel=channel, key=key)


def test_a_channel_is_required_until_it_is_switched_off(world):
    assert facts(world.when(require("@viewbank_news"))) == [("ChannelRequired", None, None)]
    assert world.state.books.required_channel == "@viewbank_news"
    assert world.when(require("@viewbank_news")) == r.AlreadyDone()
    assert world.when(require("@viewbank_news", "7:d")) == r.NothingChanges()
    world.when(require("", "7:e"))
    assert world.state.books.required_channel == ""


@pytest.mark.parametrize("name", ["news", "@abc", "@1news", "@ne ws", "@" + "n" * 33, "@новости"])
def test_what_names_no_channel_is_refused(world, name):
    assert world.when(require(name)) == r.NotAChannelName()


def audited(world: Scenario, *more: e.AnyEvent) -> str:
    """What the auditor says of the world's log with these events behind it; empty if it is fine."""
    auditor = Auditor()
    try:
        for event in [*world.log, *more]:
            auditor.take(event)
    except BrokenBooks as error:
        return str(error)
    return ""


def stamped(world: Scenario, event: e.UserEvent) -> e.AnyEvent:
    """As a forger would write it."""
    user = world.state.users[event.user_id]
    at, seq = to_text(world.now_ms), world.state.seq + 1
    return replace(event, seq=seq, at=at, by="user:1", prev=user.last_seq)


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        (e.AdRewarded(user_id=ANNA, ad_number=1, amount_points=1), "whose earning was frozen"),
        (e.EarningFrozen(user_id=ANNA, key="x"), "was frozen before"),
        (e.EarningUnfrozen(user_id=BEN, key="x"), "was not frozen before"),
        (e.EarningFrozen(user_id=BEN, key="7:f"), "counted before"),
        (e.EarningsTakenBack(user_id=BEN, amount_points=5, key="x"), "less than 0 points"),
        (e.ReferralBonusWaits(user_id=BEN, referee_id=ANNA), "can wait"),
        (
            e.ReferralBonusPaid(user_id=ANNA, referee_id=BEN, amount_points=1),
            "whose earning was frozen",
        ),
        (
            e.ReferralBonusPaid(user_id=ANNA, referee_id=BEN, amount_points=1, within_days=1),
            "more than 1 days before the bonus",
        ),
    ],
)
def test_a_log_that_breaks_these_rules_is_found(world, event, complaint):
    world.join(BEN, "code0001")
    world.when(FREEZE)
    world.later(2 * 86_400)
    assert audited(world) == ""
    assert complaint in audited(world, stamped(world, event))
