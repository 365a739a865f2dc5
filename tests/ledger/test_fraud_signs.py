"""Signs of fraud: given these events, then these signs; and none for people."""

import random

import pytest
from support.given import ANNA, Scenario

from ledger import commands as c
from ledger.fraud import search as searching
from ledger.fraud.friends import signs_of
from ledger.fraud.paid_ads import PaidAds, ads_together, steady_paces
from ledger.fraud.search import search
from ledger.fraud.signs import (
    AdsTogether,
    FriendsStop,
    FriendsTogether,
    SessionCount,
    SteadyPace,
    UnpaidSessions,
)
from ledger.ledger import Ledger
from ledger.store.memory import MemoryLogStore

DAY_S = 86_400


@pytest.fixture
def world() -> Scenario:
    world = Scenario()
    world.join(ANNA)
    return world


def paid_ads(world: Scenario) -> PaidAds:
    paid = PaidAds(world.state.economy.ad_cooldown_s)
    for event in world.log:
        paid.note(event)
    return paid


def steady(world: Scenario) -> list[SteadyPace]:
    return list(steady_paces(paid_ads(world).by_user))


def together(world: Scenario, addresses=None) -> list[AdsTogether]:
    return list(ads_together(paid_ads(world).by_user, addresses or {}))


def watch(world: Scenario, user_id: int, ads: int, pause_s) -> None:
    for _ in range(ads):
        world.later(pause_s() if callable(pause_s) else pause_s)
        assert isinstance(world.ad(user_id), tuple)


def test_who_is_paid_whenever_the_pause_is_over_stands_out(world):
    watch(world, ANNA, 60, 31.5)
    assert steady(world) == [SteadyPace((ANNA,), 60, 59 * 63 // 2, 30)]


def test_a_person_takes_longer_now_and_then(world):
    dice = random.Random(1)
    watch(world, ANNA, 90, lambda: dice.choice([31, 32, 45, 60]))
    assert steady(world) == []


@pytest.mark.parametrize(("ads", "found"), [(29, 0), (30, 1)])
def test_a_short_row_is_no_sign(world, ads, found):
    watch(world, ANNA, ads, 31)
    assert len(steady(world)) == found


def test_a_pause_that_was_changed_meanwhile_counts_as_it_was(world):
    world.set("ad_cooldown_s", 10)
    watch(world, ANNA, 40, 11)
    world.set("ad_cooldown_s", 60)
    watch(world, ANNA, 20, 11 + 60)
    assert [(sign.ads, sign.pause_s) for sign in steady(world)] == [(40, 10)]


def test_a_clock_that_is_set_breaks_no_row(world):
    watch(world, ANNA, 20, 31)
    world.clock_is_set(-7200)
    watch(world, ANNA, 20, 31)
    assert [sign.ads for sign in steady(world)] == [40]


def farm(world: Scenario, size: int, ads: int, spread_s: float = 0.4) -> list[int]:
    """So many accounts, each of which is paid a moment after the one before it."""
    accounts = list(range(100, 100 + size))
    for user_id in accounts:
        world.join(user_id)
    dice = random.Random(2)
    for _ in range(ads):
        world.later(dice.uniform(40, 90))
        for user_id in accounts:
            world.later(spread_s)
            assert isinstance(world.ad(user_id), tuple)
    return accounts


def crowd(world: Scenario, size: int, ads: int) -> None:
    """Honest people who watch without a break, each at their own pace."""
    dice = random.Random(3)
    for user_id in range(500, 500 + size):
        world.join(user_id)
    start_ms = world.now_ms
    moments = []
    for user_id in range(500, 500 + size):
        at_ms = start_ms + dice.randrange(60_000)
        for _ in range(ads):
            at_ms += 30_000 + int(dice.expovariate(1 / 12_000))
            moments.append((at_ms, user_id))
    for at_ms, user_id in sorted(moments):
        world.now_ms = at_ms
        assert isinstance(world.ad(user_id), tuple)


def test_accounts_that_are_always_paid_together_are_one_group(world):
    accounts = farm(world, 4, 25)
    (sign,) = together(world)
    assert sorted(sign.accounts) == accounts
    assert (sign.ads, sign.at_one_address) == (25, 0)


def test_one_address_behind_them_is_part_of_the_evidence(world):
    accounts = farm(world, 3, 25)
    addresses = dict.fromkeys(accounts[:2], "192.0.2.1")
    (sign,) = together(world, addresses)
    assert sign.at_one_address == 2


def test_a_crowd_of_people_at_the_same_time_is_no_group(world):
    crowd(world, 60, 25)
    assert together(world) == []


def test_a_farm_is_found_in_a_crowd(world):
    crowd(world, 60, 25)
    accounts = farm(world, 5, 22)
    (sign,) = together(world)
    assert sorted(sign.accounts) == accounts


@pytest.mark.parametrize(("size", "ads", "found"), [(3, 6, 0), (12, 6, 1), (12, 4, 0), (2, 40, 0)])
def test_few_ads_need_many_accounts(world, size, ads, found):
    farm(world, size, ads, spread_s=0.1)
    assert len(together(world)) == found


def friends(world: Scenario, count: int, ads: int, apart_s: float = 3600) -> list[int]:
    found = list(range(200, 200 + count))
    for user_id in found:
        world.later(apart_s)
        world.join(user_id, "code0001")
    for user_id in found:
        world.ads(user_id, ads)
    return found


def test_friends_who_stop_as_soon_as_they_are_paid_for_point_at_the_inviter(world):
    found = friends(world, 6, 5)
    world.later(3 * DAY_S)
    (sign,) = signs_of(world.state, ANNA, world.now_ms)
    assert sign == FriendsStop((ANNA, *reversed(found)), 6, 6)


@pytest.mark.parametrize(
    ("count", "ads", "later_s"), [(4, 5, 3 * DAY_S), (6, 9, 3 * DAY_S), (6, 5, 3600)]
)
def test_few_friends_or_such_as_go_on_or_are_fresh_are_no_ring(world, count, ads, later_s):
    friends(world, count, ads)
    world.later(later_s)
    assert signs_of(world.state, ANNA, world.now_ms) == []


def test_friends_who_join_within_minutes_are_a_sign(world):
    found = friends(world, 6, 0, apart_s=20)
    (sign,) = signs_of(world.state, ANNA, world.now_ms)
    assert sign == FriendsTogether((ANNA, *found), 6, 100)


async def played(world: Scenario) -> Ledger:
    """A ledger with the same events, by commands of the same kind."""
    now_ms = [0]
    ledger = await Ledger.open(MemoryLogStore(), clock=lambda: now_ms[0])
    for event in world.log:
        from ledger.clocks.timestamps import to_ms  # noqa: PLC0415

        now_ms[0] = to_ms(event.at)
        if type(event).__name__ == "UserJoined":
            await ledger.execute(
                c.Join(by=event.by, user_id=event.user_id, referral_code=event.referral_code)
            )
        else:
            await ledger.execute(
                c.RewardAd(
                    by=event.by, user_id=event.user_id, ad_number=event.ad_number, opened_at_ms=0
                )
            )
    return ledger


async def test_the_search_finds_all_kinds_and_leaves_out_who_is_stopped(world):
    accounts = farm(world, 3, 25)
    watch(world, ANNA, 35, 31)
    ledger = await played(world)
    sessions = {user_id: SessionCount(100, 98) for user_id in accounts}
    sessions[ANNA] = SessionCount(50, 5)
    signs = await search(ledger, sessions)
    assert [type(sign) for sign in signs] == [AdsTogether, SteadyPace, UnpaidSessions]
    assert signs[2] == UnpaidSessions((ANNA,), 50, 45, 15)
    await ledger.execute(c.FreezeEarning(by="admin:7", user_id=ANNA, key="1"))
    assert [type(sign) for sign in await search(ledger, sessions)] == [AdsTogether]
    for number, user_id in enumerate(accounts):
        await ledger.execute(c.Ban(by="admin:7", user_id=user_id, key=f"b{number}"))
    assert await search(ledger, sessions) == []
    await ledger.close()


async def test_only_the_newest_part_of_the_log_is_read(world, monkeypatch):
    watch(world, ANNA, 40, 31)
    ledger = await played(world)
    assert len(await search(ledger)) == 1
    monkeypatch.setattr(searching, "EVENTS_READ_MAX", 29)
    assert await search(ledger) == []
    await ledger.close()


async def test_a_fresh_log_has_no_signs():
    ledger = await Ledger.open(MemoryLogStore())
    assert await search(ledger) == []
    await ledger.close()
