"""Rules for ads that a network confirms, and for ads that are opened: given, when, then."""

import asyncio

import msgspec
import pytest
from support.given import ANNA, BEN, NOON_MS, Scenario, facts

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.audit.rulebook import Auditor
from ledger.broken_books import BrokenBooks
from ledger.rules.ads import ads_today, opened_at_ms, why_no_ad
from ledger.store.snapshot import refresh


@pytest.fixture
def world() -> Scenario:
    world = Scenario()
    world.join(ANNA)
    return world


def confirmed(world, opened_ms, number=None, **others):
    """The network says that an ad was shown, for a session of this moment."""
    user = world.state.users[ANNA]
    return world.when(
        c.RewardAd(
            by="monetag",
            user_id=ANNA,
            ad_number=number or user.ads_watched + 1,
            opened_at_ms=opened_ms,
            timed=False,
            network="monetag",
            session_id="nonce",
            **others,
        )
    )


def opened(world, number=1, since_ms=NOON_MS, **others):
    return world.when(
        c.OpenAd(by="user:1", user_id=ANNA, ad_number=number, since_ms=since_ms, **others)
    )


def word(world, number=1, offered_ms=NOON_MS):
    """The person says that they watched the ad, where openings are recorded."""
    return world.when(
        c.RewardAd(
            by="user:1",
            user_id=ANNA,
            ad_number=number,
            opened_at_ms=offered_ms,
            after_opening=True,
        )
    )


# What a network confirms


def test_the_event_says_which_network_confirmed_which_session_and_for_how_much(world):
    (event,) = confirmed(world, NOON_MS, price_microusd=1234)
    assert (event.by, event.network, event.session_id) == ("monetag", "monetag", "nonce")
    assert event.price_microusd == 1234
    assert world.state.ad_income_microusd == {"monetag": 1234}


def test_the_income_of_a_network_adds_up(world):
    for price in (5, 0, 7):
        world.later(60)
        confirmed(world, world.now_ms, price_microusd=price)
    assert world.state.ad_income_microusd == {"monetag": 12}


@pytest.mark.parametrize(("price", "stored"), [(-5, 0), (10**12, 10**9)])
def test_a_price_stays_within_its_bounds(world, price, stored):
    (event,) = confirmed(world, NOON_MS, price_microusd=price)
    assert event.price_microusd == stored


def test_an_ad_of_a_network_needs_no_minimum_time(world):
    assert facts(confirmed(world, NOON_MS)) == [("AdRewarded", ANNA, 1)]


def test_a_second_confirmation_of_the_same_session_pays_nothing(world):
    confirmed(world, NOON_MS)
    world.later(600)
    assert confirmed(world, NOON_MS, number=1) == r.AdAlreadyPaid()
    assert world.balance(ANNA) == 1


def test_a_late_confirmation_is_not_punished_by_the_cooldown(world):
    """The session could be started, so it pays, however close the payments come together."""
    world.set("ad_cooldown_s", 30)
    confirmed(world, world.now_ms)
    world.later(30)
    second_ms = world.now_ms
    assert facts(confirmed(world, second_ms)) == [("AdRewarded", ANNA, 1)]


def test_a_session_that_was_opened_during_the_cooldown_pays_nothing(world):
    confirmed(world, world.now_ms)
    world.later(29)
    too_early_ms = world.now_ms
    world.later(600)
    assert confirmed(world, too_early_ms) == r.CooldownActive(1)
    assert facts(confirmed(world, world.now_ms)) == [("AdRewarded", ANNA, 1)]


def test_ban_and_daily_cap_are_decided_again_when_it_pays(world):
    world.set("ads_per_day_max", 0)
    assert isinstance(confirmed(world, NOON_MS), r.DailyCapReached)
    world.set("ads_per_day_max", 5)
    world.when(c.Ban(by="admin:7", user_id=ANNA, key=world.key()))
    assert confirmed(world, NOON_MS) == r.UserIsBanned()


def test_an_ad_confirmed_after_midnight_counts_for_the_new_day(world):
    world.set("ads_per_day_max", 1)
    world.later(12 * 3600 - 5)
    opened_ms = world.now_ms
    world.later(10)
    assert facts(confirmed(world, opened_ms)) == [("AdRewarded", ANNA, 1)]
    assert ads_today(world.state, world.state.users[ANNA], world.now_ms) == 1


def test_why_there_is_no_ad(world):
    user = world.state.users[ANNA]
    assert why_no_ad(world.state, user, world.now_ms) is None
    confirmed(world, world.now_ms)
    assert why_no_ad(world.state, user, world.now_ms) == r.CooldownActive(30)
    world.when(c.Ban(by="admin:7", user_id=ANNA, key=world.key()))
    assert why_no_ad(world.state, user, world.now_ms) == r.UserIsBanned()


# What is opened


def test_an_ad_is_opened_once_for_each_offer(world):
    assert facts(opened(world)) == [("AdOpened", ANNA, None)]
    world.later(5)
    assert opened(world) == r.AlreadyDone()
    assert opened_at_ms(world.state, ANNA, 1) == NOON_MS
    assert facts(opened(world, since_ms=world.now_ms)) == [("AdOpened", ANNA, None)]


def test_only_the_next_ad_can_be_opened(world):
    assert opened(world, number=2) == r.UnknownAd()
    world.ads(ANNA, 1)
    assert opened(world, number=1) == r.AdAlreadyPaid()
    assert world.when(c.OpenAd(by="user:2", user_id=BEN, ad_number=1, since_ms=0)) == (
        r.UnknownUser(BEN)
    )
    world.when(c.Ban(by="admin:7", user_id=ANNA, key=world.key()))
    assert opened(world, number=2) == r.UserIsBanned()


def test_the_word_of_a_person_counts_only_after_the_opening(world):
    world.later(600)
    assert word(world) == r.AdNotOpened()
    opened(world)
    assert word(world) == r.AdNotWatchedLongEnough(15)
    world.later(15)
    assert facts(word(world)) == [("AdRewarded", ANNA, 1)]
    assert world.state.openings == {}


def test_an_opening_from_before_the_offer_does_not_count(world):
    opened(world)
    world.later(3600)
    assert word(world, offered_ms=world.now_ms) == r.AdNotOpened()


def test_an_opening_for_a_network_is_none_for_the_link(world):
    opened(world, network="adsgram", session_id="nonce")
    world.later(60)
    assert word(world) == r.AdNotOpened()
    assert opened_at_ms(world.state, ANNA, 1, "adsgram") == NOON_MS


def test_an_opening_counts_for_one_ad(world):
    opened(world)
    world.later(60)
    word(world)
    world.later(60)
    assert word(world, number=2) == r.AdNotOpened()


def test_openings_and_income_survive_a_restart(tmp_path):
    from ledger.ledger import Ledger  # noqa: PLC0415 - a ledger with a disk, for this test alone

    async def play():
        ledger = await Ledger.open_folder(tmp_path, clock=lambda: NOON_MS)
        for user_id in (ANNA, BEN):
            await ledger.execute(
                c.Join(by=f"user:{user_id}", user_id=user_id, referral_code=f"code{user_id}")
            )
        await ledger.execute(c.OpenAd(by="user:1", user_id=ANNA, ad_number=1, since_ms=0))
        await ledger.execute(
            c.RewardAd(
                by="monetag",
                user_id=BEN,
                ad_number=1,
                opened_at_ms=NOON_MS,
                timed=False,
                network="monetag",
                price_microusd=77,
            )
        )
        await ledger.close()
        refresh(tmp_path)
        again = await Ledger.open_folder(tmp_path, clock=lambda: NOON_MS)
        await again.close()
        return again.state

    state = asyncio.run(play())
    assert opened_at_ms(state, ANNA, 1) == NOON_MS
    assert state.ad_income_microusd == {"monetag": 77}


# What an auditor finds


def test_an_auditor_finds_an_opening_of_another_ad(world):
    opened(world)
    auditor = Auditor()
    joined, opening = world.log
    auditor.take(joined)
    with pytest.raises(BrokenBooks, match="to open ad 1, found 7"):
        auditor.take(msgspec.structs.replace(opening, ad_number=7))


def test_old_lines_of_paid_ads_have_no_network():
    line = b'{"type":"ad_rewarded","user_id":1,"ad_number":1,"amount_points":1}'
    event = e.decode.decode(line)
    assert (event.network, event.session_id, event.price_microusd) == ("", "", 0)
    assert e.encode.encode(event) == line
