"""Rules for joining, ads and referrals: given, when, then."""

import pytest
from support.given import ANNA, BEN, NOON_MS, Scenario, facts

from ledger import commands as c
from ledger import refusals as r


@pytest.fixture
def world() -> Scenario:
    world = Scenario()
    world.join(ANNA)
    return world


def test_a_person_joins_once(world):
    assert world.join(ANNA) == r.AlreadyJoined()


def test_a_code_binds_the_inviter_for_ever(world):
    world.join(BEN, "code0001")
    world.join(3)
    world.join(BEN, "code0003")
    assert world.state.users[BEN].referred_by == ANNA
    assert [friend.user_id for friend in world.state.referrals[ANNA]] == [BEN]
    assert 3 not in world.state.referrals


@pytest.mark.parametrize("code", ["", "nonsense", "code0002", "x" * 5000, "☃"])
def test_a_code_that_names_nobody_is_ignored(world, code):
    assert facts(world.join(BEN, code)) == [("UserJoined", BEN, None)]
    assert world.state.users[BEN].referred_by is None


def test_a_taken_code_is_refused_so_that_another_is_drawn(world):
    again = c.Join(by="user:2", user_id=BEN, referral_code="code0001")
    assert world.when(again) == r.ReferralCodeTaken()


def test_a_banned_person_invites_nobody(world):
    world.when(c.Ban(by="admin:7", user_id=ANNA, key=world.key()))
    world.join(BEN, "code0001")
    assert world.state.users[BEN].referred_by is None
    world.set("referral_after_ads", 0)
    assert facts(world.join(3, "code0001")) == [("UserJoined", 3, None)]


def test_an_ad_pays_its_reward(world):
    assert facts(world.ad(ANNA)) == [("AdRewarded", ANNA, 1)]
    assert world.balance(ANNA) == 1


def test_the_same_ad_pays_once_even_after_the_cooldown(world):
    world.ad(ANNA, 1)
    assert world.ad(ANNA, 1) == r.AdAlreadyPaid()
    world.later(3600)
    assert world.ad(ANNA, 1) == r.AdAlreadyPaid()
    assert world.balance(ANNA) == 1


def test_an_ad_that_was_never_opened_pays_nothing(world):
    assert world.ad(ANNA, 2) == r.UnknownAd()
    assert world.ad(BEN, 1) == r.UnknownUser(BEN)


def test_the_next_ad_waits_for_the_cooldown(world):
    world.ad(ANNA)
    assert world.ad(ANNA) == r.CooldownActive(30)
    world.later(29.999)
    assert world.ad(ANNA) == r.CooldownActive(1)
    world.later(0.001)
    assert facts(world.ad(ANNA)) == [("AdRewarded", ANNA, 1)]


@pytest.mark.parametrize(("watched_s", "left_s"), [(0, 15), (0.001, 15), (14.999, 1)])
def test_an_ad_that_was_just_opened_waits_for_its_time(world, watched_s, left_s):
    assert world.ad(ANNA, watched_s=watched_s) == r.AdNotWatchedLongEnough(left_s)


def test_an_ad_opened_before_the_clock_was_set_back_is_paid(world):
    assert facts(world.ad(ANNA, watched_s=-0.001)) == [("AdRewarded", ANNA, 1)]


def test_an_ad_must_have_been_open_for_its_time(world):
    assert world.ad(ANNA, watched_s=10) == r.AdNotWatchedLongEnough(5)
    assert facts(world.ad(ANNA, watched_s=15)) == [("AdRewarded", ANNA, 1)]


def test_the_daily_cap_ends_with_the_utc_day(world):
    world.set("ads_per_day_max", 2)
    world.ads(ANNA, 2)
    world.later(60)
    refusal = world.ad(ANNA)
    assert refusal == r.DailyCapReached(2, 12 * 3600 - 180)
    world.later(12 * 3600 - 180)
    assert facts(world.ad(ANNA)) == [("AdRewarded", ANNA, 1)]
    assert world.state.users[ANNA].ads_today == 1


def test_a_new_day_counts_from_zero(world):
    world.set("ads_per_day_max", 1)
    world.ads(ANNA, 1)
    world.later(24 * 3600)
    assert facts(world.ad(ANNA)) == [("AdRewarded", ANNA, 1)]


def test_a_forged_time_of_the_last_ad_locks_nobody_out(world):
    world.ads(ANNA, 1)
    world.state.users[ANNA].last_ad_at = "2026-01-01T12:00:59.9"
    assert facts(world.ad(ANNA)) == [("AdRewarded", ANNA, 1)]


def test_a_clock_set_back_begins_the_pause_anew_and_locks_nobody_out(world):
    world.ad(ANNA)
    world.later(-7200)
    assert world.ad(ANNA) == r.CooldownActive(30)
    world.later(30)
    assert facts(world.ad(ANNA)) == [("AdRewarded", ANNA, 1)]


def test_a_banned_person_earns_nothing(world):
    world.when(c.Ban(by="admin:7", user_id=ANNA, key=world.key()))
    assert world.ad(ANNA) == r.UserIsBanned()


def test_the_inviter_is_paid_when_the_friend_has_watched_enough(world):
    world.join(BEN, "code0001")
    world.ads(BEN, 4)
    assert world.balance(ANNA) == 0
    world.later(60)
    assert facts(world.ad(BEN)) == [
        ("AdRewarded", BEN, 1),
        ("ReferralBonusPaid", ANNA, 1000),
    ]
    assert world.balance(ANNA) == 1000
    assert world.state.referrals[ANNA][0].reward == 1000


def test_a_friend_pays_the_bonus_once(world):
    world.join(BEN, "code0001")
    world.ads(BEN, 9)
    assert world.balance(ANNA) == 1000


def test_the_friend_gets_the_welcome_gift_in_the_same_command(world):
    world.set("referral_welcome_points", 50)
    world.set("referral_after_ads", 1)
    world.join(BEN, "code0001")
    decision = world.ad(BEN)
    assert facts(decision) == [
        ("AdRewarded", BEN, 1),
        ("ReferralBonusPaid", ANNA, 1000),
        ("ReferralWelcomePaid", BEN, 50),
    ]
    assert [event.more for event in decision] == [2, 1, 0]


def test_with_no_ads_to_watch_first_joining_pays_at_once(world):
    world.set("referral_after_ads", 0)
    assert facts(world.join(BEN, "code0001")) == [
        ("UserJoined", BEN, None),
        ("ReferralBonusPaid", ANNA, 1000),
    ]


def test_a_banned_inviter_waits_for_the_bonus_until_the_ban_is_lifted(world):
    world.join(BEN, "code0001")
    world.when(c.Ban(by="admin:7", user_id=ANNA, key=world.key()))
    world.ads(BEN, 6)
    assert world.balance(ANNA) == 0
    world.when(c.Unban(by="admin:7", user_id=ANNA, key=world.key()))
    world.ads(BEN, 1)
    assert world.balance(ANNA) == 1000


def two_friends_too_many(world):
    """Anna may get one bonus a day; three friends have come."""
    world.set("referrals_per_day_max", 1)
    world.set("referral_after_ads", 1)
    for friend in (BEN, 3, 4):
        world.join(friend, "code0001")
        world.ads(friend, 1)


def test_bonuses_above_the_daily_limit_wait_for_another_day(world):
    two_friends_too_many(world)
    assert world.balance(ANNA) == 1000
    world.ads(3, 1)
    assert world.balance(ANNA) == 1000
    world.later(24 * 3600)
    assert facts(world.ad(3)) == [("AdRewarded", 3, 1), ("ReferralBonusPaid", ANNA, 1000)]
    world.later(60)
    assert facts(world.ad(4)) == [("AdRewarded", 4, 1)]
    world.later(24 * 3600)
    assert facts(world.ad(4)) == [("AdRewarded", 4, 1), ("ReferralBonusPaid", ANNA, 1000)]
    assert [friend.reward for friend in world.state.referrals[ANNA]] == [1000, 1000, 1000]


def test_the_limit_of_bonuses_is_one_for_each_inviter(world):
    world.join(5)
    two_friends_too_many(world)
    world.join(6, "code0005")
    world.ads(6, 1)
    assert world.balance(5) == 1000


def test_a_bonus_says_which_of_the_day_it_is_and_whether_it_is_the_last(world):
    world.set("referrals_per_day_max", 2)
    world.set("referral_after_ads", 0)
    found = []
    for friend in (BEN, 3):
        bonus = world.join(friend, "code0001")[1]
        found.append((bonus.number_today, bonus.day_max, bonus.is_last_of_day))
    assert found == [(1, 2, False), (2, 2, True)]


def test_a_friend_gets_the_gift_in_time_though_the_inviters_bonus_waits(world):
    world.set("referral_welcome_points", 50)
    two_friends_too_many(world)
    assert world.balance(3) == 51
    world.later(24 * 3600)
    # With the bonus that comes later, the gift is not paid a second time.
    assert facts(world.ad(3)) == [("AdRewarded", 3, 1), ("ReferralBonusPaid", ANNA, 1000)]
    assert world.state.books.early_gifts == {4: 50}


@pytest.mark.parametrize("after_ads", [0, 1])
def test_with_a_limit_of_zero_no_bonus_is_paid_until_it_is_raised(world, after_ads):
    world.set("referrals_per_day_max", 0)
    world.set("referral_after_ads", after_ads)
    world.join(BEN, "code0001")
    world.ads(BEN, 2)
    assert world.balance(ANNA) == 0
    world.set("referrals_per_day_max", 1)
    world.ads(BEN, 1)
    assert world.balance(ANNA) == 1000


def test_the_counts_of_a_day_are_forgotten_with_the_next(world):
    two_friends_too_many(world)
    assert world.state.books.bonus_day.counts == {ANNA: 1}
    world.later(24 * 3600)
    world.join(5)
    world.join(6, "code0005")
    world.ads(6, 1)
    assert world.state.books.bonus_day.counts == {5: 1}


def test_the_events_of_a_command_know_their_place(world):
    world.join(BEN, "code0001")
    world.set("referral_after_ads", 1)
    world.later(60)
    ad, bonus = world.ad(BEN)
    assert (ad.seq, ad.more, ad.prev) == (4, 1, 2)
    assert (bonus.seq, bonus.more, bonus.prev) == (5, 0, 1)
    assert ad.at == bonus.at == "2026-01-01T12:01:00.000Z"
    assert world.now_ms - 60_000 == NOON_MS
