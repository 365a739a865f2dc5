"""At every edge of every setting, what people read is what the ledger does."""

import re
from itertools import product

import pytest
from support.given import ANNA, BEN, Scenario

from bot.text import (
    account_texts,
    earning_texts,
    economy_texts,
    menu,
    user_texts,
)
from bot.text.orders import shop_texts
from bot.text.refusal_texts import refused
from i18n import Translators
from ledger import events as e
from ledger import refusals as r
from ledger.economy import BOUNDS, Economy, price_points, views_offer
from ledger.rules.ads import ad_wait

TRANSLATORS = list(Translators(strict=True))
EN, RU = TRANSLATORS[0], next(t for t in TRANSLATORS if t.language.tag == "ru")
NO_PROMISE = re.compile(
    r"\b0 (points|ads|views|orders|friends)|\b0 (балл|реклам|просмотр|заказ|друз)"
)
UNITS = r"(points|ads|views|orders|friends|people|seconds|minutes|hours|lines|bytes|messages)"
WRONG_PLURAL = re.compile(
    rf"(?<![\d,.])1 {UNITS}\b|(?<![\d,.])1 (баллов|реклам|просмотров|заказов)\b"
)


def edges() -> list[Economy]:
    """Every setting alone at each of its edges, and all together at the lowest."""
    found = [Economy(**{name: one.low for name, one in BOUNDS.items()})]
    for name, bounds in BOUNDS.items():
        others = {"order_views_max": bounds.high} if name == "order_views_min" else {}
        others |= {"order_views_min": 1} if name == "order_views_max" else {}
        found += [Economy(**(others | {name: value})) for value in (bounds.low, bounds.low + 1)]
        found.append(Economy(**(others | {name: bounds.high})))
    return found


def world_of(economy: Economy, points: int = 0) -> Scenario:
    world = Scenario()
    world.join(ANNA)
    for name in Economy.__struct_fields__:
        setattr(world.state.economy, name, getattr(economy, name))
    if points:
        world.give(ANNA, points)
    return world


def texts(t, economy: Economy, points: int) -> list[str]:
    """What a person with these points gets to read of the economy."""
    world = world_of(economy, points)
    state, user = world.state, world.state.users[ANNA]
    offer = views_offer(economy)
    said = [
        user_texts.welcome(t, user, economy, [offer], joined=True),
        user_texts.help_text(t, economy, [offer]),
        earning_texts.refer(t, state, economy, user, "https://t.me/x", paid_today=0),
        earning_texts.next_order(t, user, economy, offer),
        account_texts.no_history(t, economy),
        economy_texts.ad_pays(t, economy),
        economy_texts.friend_pays(t, economy),
        economy_texts.view_costs(t, economy),
        earning_texts.ad_offer(t, economy),
        earning_texts.ad_paid(t, user, economy, offer, economy.ad_reward_points),
        earning_texts.ad_thanks(t, economy.ad_reward_points),
    ]
    if points < price_points(economy, economy.order_views_min):
        said.append(shop_texts.too_few_points(t, user, offer, economy))
    return [*(one.text for one in said), earning_texts.share_text(t, economy, [offer])]


@pytest.mark.parametrize("economy", edges(), ids=str)
def test_no_text_offers_or_promises_nothing(economy):
    for t, points in product(TRANSLATORS, (1, 250)):
        for said in texts(t, economy, points):
            # What a person has earned so far may well be none.
            promised = said.partition("Friends who joined")[0].partition("Друзей")[0]
            assert not NO_PROMISE.search(promised), said


@pytest.mark.parametrize("number", [1, 2, 5, 21])
def test_every_count_has_the_right_form(number):
    values = {
        name: max(one.low, number)
        for name, one in BOUNDS.items()
        if name != "points_per_1000_views"
    }
    economy = Economy(**values, points_per_1000_views=number * 1000)
    for t, points in product(TRANSLATORS, (number, 1000 + number)):
        for said in texts(t, economy, points):
            assert not WRONG_PLURAL.search(said), said


def test_no_text_sets_a_placeholder_before_a_fixed_plural():
    """`{n} orders` must be a plural message: with 1 it is wrong in English, with 21 in Russian."""
    from i18n.extraction import extracted  # noqa: PLC0415 - it takes a moment

    fixed = re.compile(rf"\{{\w+\}}(</?\w+>)* {UNITS}\b")
    single = [message.id for message in extracted() if isinstance(message.id, str)]
    assert len(single) > 200
    assert [text for text in single if fixed.search(text)] == []


def test_no_text_has_a_hyphen_where_a_minus_belongs():
    for t in TRANSLATORS:
        assert earning_texts.gain(t, -5).text.startswith("−")
        assert t.signed(-1234).text.startswith("−")


@pytest.mark.parametrize(
    ("after_ads", "gift", "limit"), list(product((0, 1, 2, 5), (0, 1, 50), (0, 1, 20)))
)
def test_the_gift_comes_when_the_invitation_says_and_so_does_the_bonus(after_ads, gift, limit):
    economy = Economy(
        referral_after_ads=after_ads, referral_welcome_points=gift, referrals_per_day_max=limit
    )
    promised = earning_texts.share_text(EN, economy, [])
    if not gift:
        said_after = None
        assert "gift" not in promised
    elif "You start with" in promised:
        said_after = 0
    else:
        said_after = int(re.search(r"After (\d+) ad", promised)[1])
    friend_pays = economy_texts.friend_pays(EN, economy).text
    bonus_after = int(m[1]) if (m := re.search(r"watches (\d+) ad", friend_pays)) else 0
    bonus_after = None if "no points" in friend_pays else bonus_after

    world = world_of(economy)
    paid: dict[type, int] = {}
    decisions = [world.join(BEN, "code0001")]
    for _ in range(7):
        world.later(60)
        decisions.append(world.ad(BEN))
    for watched, decision in enumerate(decisions):
        for event in decision:
            paid.setdefault(type(event), watched)
    assert paid.get(e.ReferralWelcomePaid) == said_after
    assert paid.get(e.ReferralBonusPaid) == bonus_after
    if gift:
        (amount,) = {
            one.amount_points for one in world.log if isinstance(one, e.ReferralWelcomePaid)
        }
        assert earning_texts.points(EN, amount).text in promised


@pytest.mark.parametrize(
    ("after_ads", "days", "every_h"),
    [*product((1, 2, 5), (0, 1, 2, 21), (1, 12, 13, 24, 25, 240)), (5, 30, 180), (5, 30, 181)],
)
def test_gift_and_bonus_come_for_the_ads_within_the_days_that_the_invitation_says(
    after_ads, days, every_h
):
    economy = Economy(
        referral_after_ads=after_ads, referral_within_days=days, referral_welcome_points=50
    )
    said = (earning_texts.share_text(EN, economy, []), economy_texts.friend_pays(EN, economy).text)
    promised = [
        (int(m[1]), int(m[2] or 0))
        for m in (re.search(r"(\d+) ads?(?: within (\d+) days?)?[ .]", text) for text in said)
    ]
    assert promised[0] == promised[1]
    ads, within = promised[0]

    world = world_of(economy)
    world.join(BEN, "code0001")
    for _ in range(8):
        world.later(every_h * 3600)
        world.ad(BEN)
    in_time = not within or ads * every_h <= within * 24
    paid = {type(event) for event in world.log}
    assert (e.ReferralBonusPaid in paid) == (e.ReferralWelcomePaid in paid) == in_time


def test_what_can_not_be_done_in_time_is_not_promised():
    economy = Economy(
        referral_after_ads=5,
        referral_within_days=1,
        ads_per_day_max=2,
        referral_welcome_points=50,
    )
    assert "gift" not in earning_texts.share_text(EN, economy, [])
    assert "no points" in economy_texts.friend_pays(EN, economy).text


def test_without_ads_nothing_is_promised_that_comes_after_ads():
    economy = Economy(ads_per_day_max=0, referral_welcome_points=50, referral_after_ads=2)
    assert "gift" not in earning_texts.share_text(EN, economy, [])
    assert "no points" in economy_texts.friend_pays(EN, economy).text
    at_once = Economy(ads_per_day_max=0, referral_welcome_points=50, referral_after_ads=0)
    assert "50 points as a gift" in earning_texts.share_text(EN, at_once, [])


def test_ads_that_are_switched_off_are_called_so_without_a_time():
    world = world_of(Economy(ads_per_day_max=0))
    user = world.state.users[ANNA]
    wait = ad_wait(world.state, user, world.now_ms)
    assert isinstance(wait, r.DailyCapReached)
    assert refused(EN, wait).text == "There are no ads at the moment."
    assert menu.label(EN, menu.Action.WATCH_ADS) not in str(menu.keyboard(EN, world.state.economy))
    assert (
        "ad" not in user_texts.help_text(EN, world.state.economy, []).text.partition("\n\n")[2][:20]
    )


def shown_figure(text: str) -> int:
    """`{n} more points …` of the balance."""
    return int(re.search(r"([\d,]+) more point", text)[1].replace(",", ""))


@pytest.mark.parametrize(
    ("rate", "low", "high"),
    list(product((1, 7, 333, 1000, 10_000, 123_457), (1, 10, 12), (12, 40, 100_000))),
)
def test_at_the_shown_figure_buy_takes_the_order_and_one_point_below_it_does_not(rate, low, high):
    economy = Economy(points_per_1000_views=rate, order_views_min=low, order_views_max=high)
    smallest = price_points(economy, low)
    for points in {1, smallest - 1, smallest, smallest + 1, price_points(economy, high) - 1} - {0}:
        world = world_of(economy, points)
        user = world.state.users[ANNA]
        text = account_texts.balance(EN, world.state, economy, user, views_offer(economy)).text
        enough = re.search(r"enough for ([\d,]+) view", text)
        assert bool(enough) == (points >= smallest)
        if enough:
            most = int(enough[1].replace(",", ""))
            assert isinstance(order(world, economy, most), tuple)
        if "largest order" in text:
            assert points >= price_points(economy, high)
            continue
        wanted = int(
            re.search(r"([\d,]+) view", text.partition("more point")[2])[1].replace(",", "")
        )
        missing = shown_figure(text)
        below = world_of(economy, points + missing - 1)
        assert isinstance(order(below, economy, wanted), r.NotEnoughPoints)
        assert isinstance(order(world_of(economy, points + missing), economy, wanted), tuple)


def order(world: Scenario, economy: Economy, views: int):
    return world.order(ANNA, "00000000000a", views, price_points(economy, views))


def test_the_bar_goes_to_the_smallest_order_and_then_to_one_view_more():
    economy = Economy()
    lines = [
        earning_texts.next_order(
            EN, world_of(economy, points).state.users[ANNA], economy, views_offer(economy)
        ).text
        for points in (50, 99, 100, 105)
    ]
    assert lines == [
        "▓▓▓▓▓░░░░░ 50 more points for the smallest order: 10 views",
        "▓▓▓▓▓▓▓▓▓░ 1 more point for the smallest order: 10 views",
        "░░░░░░░░░░ 10 more points, and it is enough for 11 views",
        "▓▓▓▓▓░░░░░ 5 more points, and it is enough for 11 views",
    ]


def test_a_price_is_said_exactly():
    said = [
        economy_texts.view_costs(EN, Economy(points_per_1000_views=rate)).text
        for rate in (10_000, 1000, 100, 1, 333)
    ]
    assert said == [
        "A view costs 10 points.",
        "A view costs 1 point.",
        "10 views cost 1 point.",
        "1,000 views cost 1 point.",
        "1,000 views cost 333 points.",
    ]


def test_an_order_of_one_possible_size_is_called_so():
    assert refused(EN, r.QuantityOutOfRange(1, 1)).text == "An order is always 1."
    assert refused(RU, r.QuantityOutOfRange(21, 21)).text == "В заказе всегда 21."


def test_too_many_orders_are_refused_in_words():
    assert refused(EN, r.TooManyOrders(1, 40)).text == (
        "You can place 1 order in a minute. The next one is possible in 40 seconds."
    )
    assert refused(EN, r.TooManyOrders(0, 0)).text.startswith("Nobody can order at the moment.")


def test_friends_who_wait_for_a_day_are_called_so():
    economy = Economy(referrals_per_day_max=1, referral_after_ads=1)
    world = world_of(economy)
    for friend in (BEN, 3):
        world.join(friend, "code0001")
        world.ads(friend, 1)
    world.join(4, "code0001")
    user = world.state.users[ANNA]
    text = earning_texts.refer(EN, world.state, economy, user, "https://t.me/x", paid_today=1).text
    assert "You have got points for 1 friend today, and that is all for one day." in text
    assert "⏳ User 4: 0 of 1 ad watched\n⏳ User 3: counted with one of the next ads" in text
    assert "✅ User 2: +1,000 points" in text


def test_what_is_spent_on_orders_is_no_longer_set_aside():
    world = world_of(Economy(), 250)
    from ledger import commands as c  # noqa: PLC0415

    for order_id in ("00000000000a", "00000000000b"):
        world.order(ANNA, order_id)
        world.when(c.SendOrder(by="system", order_id=order_id))
    world.when(c.AcceptOrder(by="provider", order_id="00000000000a"))
    text = account_texts.balance(EN, world.state, Economy(), world.state.users[ANNA], None).text
    assert "Set aside for open orders: 100 points." in text
    assert "Paid" not in text
