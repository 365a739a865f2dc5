"""What an admin decides about an offer: prices, places, pauses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.economy import Economy, Offer
from orders.providers.base import Service
from orders.shop.offer_terms import (
    PRICE,
    WhyNot,
    in_order,
    last_position,
    loses,
    moved,
    readable_up,
    suggested_points,
    why_not,
)

OFFER = Offer(service_id="1", name="Likes", points_per_1000=9000, quantity_min=10, quantity_max=100)
SERVICE = Service("1", "Likes", "Default", "Cat", 500_000, 10, 1000)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("Default", None),
        ("default", None),
        ("Custom Comments", None),
        ("Drip-Feed", WhyNot.DRIP_FEED),
        ("Custom Comments Package", WhyNot.NEEDS_MORE),
        ("Subscriptions", WhyNot.NEEDS_MORE),
        ("", WhyNot.NEEDS_MORE),
    ],
)
def test_only_services_that_need_a_link_and_a_number_or_comments_can_be_offered(kind, reason):
    assert why_not(replace(SERVICE, kind=kind)) is reason


@pytest.mark.parametrize("service_id", ["", "a:b", "1" * 33, "\u0661", "1 2"])
def test_a_number_that_fits_into_no_button_cannot_be_offered(service_id):
    assert why_not(replace(SERVICE, service_id=service_id)) is WhyNot.ODD_NUMBER


@pytest.mark.parametrize(
    ("exact", "readable"), [(1, 1), (99, 99), (101, 110), (7_534, 7_600), (7_600, 7_600)]
)
def test_a_readable_number_is_not_below_the_exact_one(exact, readable):
    assert readable_up(exact) == readable


@given(st.integers(0, 10**12), st.integers(1, 10**9))
def test_a_suggested_price_earns_what_it_costs_unless_no_price_can(rate_micro, value_micro):
    economy = Economy(point_value_micro=value_micro)
    price = suggested_points(rate_micro, economy)
    assert PRICE.low <= price <= PRICE.high
    assert price == PRICE.high or not loses(price, rate_micro, value_micro)


def test_half_a_dollar_is_suggested_at_three_quarters():
    assert suggested_points(500_000, Economy(point_value_micro=100)) == 7_500


def test_without_a_value_of_a_point_the_price_of_views_is_suggested_and_nothing_loses():
    economy = Economy(point_value_micro=0)
    assert suggested_points(500_000, economy) == economy.points_per_1000_views
    assert not loses(1, 10**12, 0)


POSITIONS = st.lists(st.integers(-5, 5), min_size=1, max_size=8)


@given(POSITIONS, st.data())
def test_moving_an_offer_swaps_it_with_its_neighbour_whatever_the_positions_were(positions, data):
    offers = {
        str(number): replace(OFFER, service_id=str(number), position=position)
        for number, position in enumerate(positions)
    }
    before = [one.service_id for one in in_order(offers.values())]
    place = data.draw(st.integers(0, len(before) - 1))
    up = data.draw(st.booleans())
    changed = moved(offers.values(), before[place], up=up)
    offers |= {one.service_id: one for one in changed}
    expected, target = list(before), place - 1 if up else place + 1
    if 0 <= target < len(before):
        expected[place], expected[target] = expected[target], expected[place]
        assert changed
    assert [one.service_id for one in in_order(offers.values())] == expected


def test_with_room_between_the_others_one_offer_changes():
    offers = [replace(OFFER, service_id=str(n), position=last_position([])) for n in range(1)]
    for number in range(1, 5):
        offers.append(replace(OFFER, service_id=str(number), position=last_position(offers)))
    assert [one.service_id for one in moved(offers, "3", up=True)] == ["3"]


def test_an_unknown_offer_moves_nothing():
    assert moved([OFFER], "2", up=True) == []
