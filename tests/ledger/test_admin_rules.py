"""Rules for admins: given, when, then; each message counts once."""

import pytest
from support.given import ANNA, BEN, Scenario, facts

from ledger import commands as c
from ledger import refusals as r
from ledger.economy import BOUNDS, Economy
from ledger.rules.admin import BALANCE_MAX_POINTS


@pytest.fixture
def world() -> Scenario:
    world = Scenario()
    world.join(ANNA)
    return world


def test_an_adjustment_moves_the_points(world):
    assert facts(world.give(ANNA, 40)) == [("BalanceAdjusted", ANNA, 40)]
    world.give(ANNA, -15)
    assert world.balance(ANNA) == 25
    assert world.state.accounts == {"house:adjustments": -25}


def test_the_same_message_adjusts_once(world):
    world.give(ANNA, 40, key="7:100")
    assert world.give(ANNA, 40, key="7:100") == r.AlreadyDone()
    assert world.balance(ANNA) == 40


def test_no_adjustment_takes_a_balance_below_zero(world):
    world.give(ANNA, 40)
    assert world.give(ANNA, -41) == r.NotEnoughPoints(1, 40)


def test_an_adjustment_may_empty_a_balance(world):
    world.give(ANNA, 40)
    assert facts(world.give(ANNA, -40)) == [("BalanceAdjusted", ANNA, -40)]
    assert world.balance(ANNA) == 0


def test_a_balance_may_reach_its_limit(world):
    world.give(ANNA, 40)
    assert world.give(ANNA, BALANCE_MAX_POINTS - 39) == r.NothingToAdjust()
    assert isinstance(world.give(ANNA, BALANCE_MAX_POINTS - 40), tuple)
    assert world.give(ANNA, 1) == r.NothingToAdjust()


@pytest.mark.parametrize("points", [0, 10**16])
def test_an_adjustment_of_nothing_or_too_much_is_refused(world, points):
    assert world.give(ANNA, points) == r.NothingToAdjust()


def test_nobody_unknown_is_adjusted_or_banned(world):
    assert world.give(BEN, 1) == r.UnknownUser(BEN)
    assert world.when(c.Ban(by="admin:7", user_id=BEN, key="7:1")) == r.UnknownUser(BEN)


def test_a_ban_is_set_and_lifted_once(world):
    ban = c.Ban(by="admin:7", user_id=ANNA, key="7:1", reason="cheats")
    unban = c.Unban(by="admin:7", user_id=ANNA, key="7:2")
    assert world.when(unban) == r.NotBanned()
    assert facts(world.when(ban)) == [("UserBanned", ANNA, None)]
    assert world.when(ban) == r.AlreadyDone()
    assert world.when(c.Ban(by="admin:7", user_id=ANNA, key="7:3")) == r.AlreadyBanned()
    assert world.state.banned_count == 1
    world.when(unban)
    assert world.when(ban) == r.AlreadyDone(), "an old ban, delivered again, bans nobody"
    assert world.state.banned_count == 0


def test_a_setting_is_in_force_from_then_on(world):
    world.set("ad_reward_points", 3)
    world.ad(ANNA)
    assert world.balance(ANNA) == 3


def test_every_setting_has_bounds_that_hold_its_default():
    economy = Economy()
    assert set(BOUNDS) == set(Economy.__struct_fields__)
    for name, bounds in BOUNDS.items():
        assert bounds.low <= getattr(economy, name) <= bounds.high


@pytest.mark.parametrize("name", list(BOUNDS))
def test_a_setting_beyond_its_bounds_is_refused(world, name):
    low, high = BOUNDS[name].low, BOUNDS[name].high
    assert isinstance(world.set(name, high + 1), r.SettingOutOfRange)
    assert isinstance(world.set(name, low - 1), r.SettingOutOfRange)


@pytest.mark.parametrize("name", list(BOUNDS))
def test_a_setting_may_be_at_its_bounds(world, name):
    """But for the two that limit each other, which have a test of their own."""
    if name != "order_views_min":
        assert isinstance(world.set(name, BOUNDS[name].high), tuple)
    if name != "order_views_max" and BOUNDS[name].low != getattr(world.state.economy, name):
        assert isinstance(world.set(name, BOUNDS[name].low), tuple)


def test_a_maximum_may_be_zero_and_switches_off_what_it_limits():
    for name in ("ads_per_day_max", "referrals_per_day_max", "orders_per_minute_max"):
        assert BOUNDS[name].low == 0


def test_the_smallest_order_is_never_above_the_largest(world):
    assert world.set("order_views_min", 100_001) == r.SettingOutOfRange(
        "order_views_min", 1, 100_000
    )
    assert world.set("order_views_max", 9) == r.SettingOutOfRange(
        "order_views_max", 10, 1_000_000_000
    )


def test_the_smallest_order_may_be_the_largest(world):
    assert isinstance(world.set("order_views_min", 100_000), tuple)
    assert world.set("order_views_max", 99_999) == r.SettingOutOfRange(
        "order_views_max", 100_000, 1_000_000_000
    )


def test_an_unknown_or_unchanged_setting_changes_nothing(world):
    assert world.set("price", 1) == r.UnknownSetting("price")
    assert world.set("ad_cooldown_s", 30) == r.NothingChanges()


def test_an_old_setting_delivered_again_does_not_come_back(world):
    world.set("ad_reward_points", 5, key="7:1")
    world.set("ad_reward_points", 2, key="7:2")
    assert world.set("ad_reward_points", 5, key="7:1") == r.AlreadyDone()
    assert world.state.economy.ad_reward_points == 2


def start(broadcast_id: str = "7:50") -> c.StartBroadcast:
    return c.StartBroadcast(by="admin:7", broadcast_id=broadcast_id, chat_id=7, message_id=49)


def progress(cursor: int, sent: int = 0) -> c.ProgressBroadcast:
    return c.ProgressBroadcast(
        by="system", broadcast_id="7:50", cursor=cursor, sent=sent, unreachable=0, failed=0
    )


def test_a_broadcast_starts_once_and_only_goes_forward(world):
    world.join(BEN)
    world.when(start())
    assert world.when(start()) == r.AlreadyDone()
    assert isinstance(world.when(progress(1)), tuple)
    assert world.when(progress(1)) == r.NothingChanges()
    assert world.when(progress(0)) == r.NothingChanges()
    assert world.when(progress(3)) == r.NothingChanges()
    end = c.FinishBroadcast(by="system", broadcast_id="7:50", sent=1, unreachable=1, failed=0)
    assert isinstance(world.when(end), tuple)
    assert world.when(end) == r.UnknownBroadcast()
    assert world.when(progress(2)) == r.UnknownBroadcast()


def test_how_a_broadcast_fared_can_be_noted_without_going_further(world):
    world.when(start())
    world.when(progress(1))
    assert isinstance(world.when(progress(1, sent=1)), tuple)
    assert world.state.broadcasts["7:50"].sent == 1
    assert world.when(progress(1, sent=1)) == r.NothingChanges()


def test_a_broadcast_to_nobody_is_refused():
    assert Scenario().when(start()) == r.NobodyToWrite()


def test_nobody_unknown_is_unreachable(world):
    gone = c.NoteUnreachable(by="system", user_id=BEN, reason="blocked")
    assert world.when(gone) == r.UnknownUser(BEN)


def test_who_can_be_reached_is_noted_once(world):
    gone = c.NoteUnreachable(by="system", user_id=ANNA, reason="blocked")
    back = c.NoteReachable(by="user:1", user_id=ANNA)
    assert world.when(back) == r.NothingChanges()
    assert isinstance(world.when(gone), tuple)
    assert world.when(gone) == r.NothingChanges()
    assert world.state.unreachable_count == 1
    assert isinstance(world.when(back), tuple)
    assert world.state.unreachable_count == 0
