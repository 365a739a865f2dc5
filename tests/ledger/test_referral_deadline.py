"""Rules for the deadline of an invited friend: given, when, then."""

import pytest
from support.given import ANNA, BEN, Scenario, facts

from ledger import commands as c
from ledger import events as e
from ledger.economy import BOUNDS, Economy
from ledger.rules.referrals import FriendState, can_qualify, friend_state

DAY_S = 86_400


@pytest.fixture
def world() -> Scenario:
    """Ben came with Anna's link, and needs two ads within a day."""
    world = Scenario()
    world.join(ANNA)
    world.set("referral_after_ads", 2)
    world.set("referral_within_days", 1)
    world.join(BEN, "code0001")
    return world


def state_of(world: Scenario, user_id: int = BEN) -> FriendState:
    return friend_state(world.state, world.state.users[user_id], world.now_ms)


@pytest.mark.parametrize(("after_s", "bonus"), [(DAY_S, 1000), (DAY_S + 0.001, 0)])
def test_the_last_ad_counts_until_the_deadline_to_the_millisecond(world, after_s, bonus):
    world.ad(BEN)
    world.later(after_s)
    assert isinstance(world.ad(BEN), tuple)
    assert world.balance(ANNA) == bonus


def test_a_bonus_says_which_deadline_was_in_force(world):
    world.ads(BEN, 2)
    (paid,) = [event for event in world.log if isinstance(event, e.ReferralBonusPaid)]
    assert paid.within_days == 1


def test_a_friend_who_comes_too_late_is_never_paid_for(world):
    world.later(2 * DAY_S)
    world.ads(BEN, 5)
    assert world.balance(ANNA) == 0
    assert state_of(world) is FriendState.EXPIRED


def test_a_deadline_of_zero_is_none(world):
    world.set("referral_within_days", 0)
    world.later(3000 * DAY_S)
    world.ads(BEN, 2)
    assert world.balance(ANNA) == 1000


def test_the_settings_of_the_moment_of_the_ad_decide(world):
    world.later(2 * DAY_S)
    world.ads(BEN, 2)
    world.set("referral_within_days", 30)
    assert state_of(world) is FriendState.WAITING
    world.ads(BEN, 1)
    assert world.balance(ANNA) == 1000


@pytest.mark.parametrize("how", ["ban", "freeze", "limit"])
def test_a_bonus_that_must_wait_has_no_deadline_any_more(world, how):
    stop, go = {
        "ban": (
            c.Ban(by="admin:7", user_id=ANNA, key="s"),
            c.Unban(by="admin:7", user_id=ANNA, key="g"),
        ),
        "freeze": (
            c.FreezeEarning(by="admin:7", user_id=ANNA, key="s"),
            c.UnfreezeEarning(by="admin:7", user_id=ANNA, key="g"),
        ),
        "limit": (
            c.ChangeSetting(by="admin:7", name="referrals_per_day_max", value=0, key="s"),
            c.ChangeSetting(by="admin:7", name="referrals_per_day_max", value=1, key="g"),
        ),
    }[how]
    world.when(stop)
    world.ads(BEN, 1)
    world.later(60)
    assert facts(world.ad(BEN)) == [("AdRewarded", BEN, 1), ("ReferralBonusWaits", ANNA, None)]
    assert state_of(world) is FriendState.WAITING
    world.later(60)
    assert facts(world.ad(BEN)) == [("AdRewarded", BEN, 1)]
    world.later(10 * DAY_S)
    world.when(go)
    assert facts(world.ad(BEN)) == [("AdRewarded", BEN, 1), ("ReferralBonusPaid", ANNA, 1000)]
    assert state_of(world) is FriendState.PAID
    assert world.state.books.waiting_bonuses == {}


def test_a_frozen_person_earns_with_nothing_and_spends_what_they_have(world):
    world.give(ANNA, 100)
    world.when(c.FreezeEarning(by="admin:7", user_id=ANNA, key="s", reason="why"))
    world.ads(BEN, 2)
    assert world.balance(ANNA) == 100
    assert isinstance(world.order(ANNA, "00000000000a"), tuple)


def test_who_came_from_the_previous_bot_has_no_deadline(world):
    world.when(
        c.ImportUser(
            by="system",
            user_id=3,
            referral_code="old",
            referred_by=ANNA,
            amount_points=0,
            ads_watched=1,
            joined_at="2020-01-01T00:00:00.000Z",
        )
    )
    world.ads(3, 1)
    assert world.balance(ANNA) == 1000


@pytest.mark.parametrize(
    ("command", "state"),
    [
        (None, FriendState.WATCHING),
        (c.Ban(by="admin:7", user_id=BEN, key="b"), FriendState.BANNED),
        (c.FreezeEarning(by="admin:7", user_id=BEN, key="b"), FriendState.FROZEN),
    ],
)
def test_a_friend_who_is_stopped_is_called_so(world, command, state):
    if command is not None:
        world.when(command)
    assert state_of(world) is state


def fastest(economy: Economy) -> bool:
    """Whether a friend who watches each ad as soon as the ledger pays it is paid for."""
    world = Scenario()
    world.join(ANNA)
    for name in Economy.__struct_fields__:
        setattr(world.state.economy, name, getattr(economy, name))
    world.now_ms -= world.now_ms % (DAY_S * 1000)
    world.join(BEN, "code0001")
    end_ms = world.now_ms + (economy.referral_within_days or 9) * DAY_S * 1000
    while world.now_ms <= end_ms and not world.state.users[BEN].referral_paid:
        outcome = world.ad(BEN, watched_s=9999)
        world.later(getattr(outcome, "seconds_left", 0) or (1 if isinstance(outcome, tuple) else 9))
    return world.state.users[BEN].referral_paid


@pytest.mark.parametrize("days", [0, 1, 2])
@pytest.mark.parametrize(("ads", "a_day"), [(0, 0), (1, 0), (1, 1), (2, 1), (3, 1), (4, 1), (7, 2)])
@pytest.mark.parametrize("pause_s", [0, 86_400])
def test_a_friend_can_qualify_just_when_the_fastest_one_does(ads, a_day, days, pause_s):
    economy = Economy(
        referral_after_ads=ads,
        ads_per_day_max=a_day,
        referral_within_days=days,
        ad_cooldown_s=pause_s,
    )
    assert BOUNDS["ad_cooldown_s"].high == 86_400
    assert can_qualify(economy) == fastest(economy)
