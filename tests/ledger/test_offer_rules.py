"""Rules for what the shop offers, and for the comparison with the provider: given, when, then."""

import pytest
from msgspec.structs import replace
from support.given import ANNA, Scenario, facts, offer

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.event_types.catalogue import Mismatch
from ledger.reason_codes import MismatchCode, PauseReason

ORDER = "0123456789ab"


@pytest.fixture
def world() -> Scenario:
    world = Scenario()
    world.join(ANNA)
    world.give(ANNA, 1000)
    world.when(offer("5", points_per_1000=2500, quantity_min=20, quantity_max=400))
    return world


def buy(world, quantity, price, service_id="5", comments=""):
    return world.order(ANNA, ORDER, quantity, price, service_id=service_id, comments=comments)


def test_an_offer_has_its_own_price_rounded_up(world):
    (event,) = buy(world, 101, 253)
    assert (event.service_id, event.quantity, event.price_points) == ("5", 101, 253)
    assert world.balance(ANNA) == 1000 - 253


def test_the_price_that_was_confirmed_must_be_the_offers(world):
    assert buy(world, 100, 1000) == r.PriceChanged(250)  # that is the price of the settings
    world.when(offer("5", points_per_1000=2600, quantity_min=20, quantity_max=400))
    assert buy(world, 100, 250) == r.PriceChanged(260)


@pytest.mark.parametrize("quantity", [19, 401, 0, -30])
def test_an_offer_has_its_own_smallest_and_largest_order(world, quantity):
    assert buy(world, quantity, 1) == r.QuantityOutOfRange(20, 400)


@pytest.mark.parametrize(("quantity", "price"), [(20, 50), (400, 1000)])
def test_the_smallest_and_the_largest_order_of_an_offer_can_be_placed(world, quantity, price):
    assert isinstance(buy(world, quantity, price), tuple)


@pytest.mark.parametrize("change", [{"is_on": False}, {"paused_because": PauseReason.PRICE_ROSE}])
def test_what_is_off_or_paused_is_not_sold(world, change):
    fields = {"points_per_1000": 2500, "quantity_min": 20, "quantity_max": 400}
    world.when(offer("5", **fields, **change))
    assert buy(world, 100, 250) == r.NotOnOffer("5")
    world.when(offer("5", **fields))
    assert isinstance(buy(world, 100, 250), tuple)


def test_what_was_never_offered_is_not_sold(world):
    assert buy(world, 100, 250, "6") == r.NotOnOffer("6")


def test_an_order_keeps_its_price_when_the_offer_changes(world):
    buy(world, 100, 250)
    world.when(offer("5", points_per_1000=9000, quantity_min=500, quantity_max=900))
    assert world.state.orders[ORDER].reserve_points == 250


@pytest.mark.parametrize("name", ["Custom Comments", "custom comments", "CustomComments"])
def test_as_many_comments_are_ordered_as_are_given(world, name):
    world.when(
        offer("7", service_type=name, points_per_1000=10_000, quantity_min=2, quantity_max=5)
    )
    assert buy(world, 2, 20, "7", "one") == r.QuantityOutOfRange(2, 5)
    assert buy(world, 2, 20, "7") == r.QuantityOutOfRange(2, 5)
    assert buy(world, 2, 20, "7", "one\n \n\n") == r.QuantityOutOfRange(2, 5)
    (event,) = buy(world, 2, 20, "7", "one\n\n two\r\n")
    assert event.comments == "one\n\n two\r\n"


def test_what_posts_no_comments_takes_none(world):
    assert buy(world, 100, 250, comments="hello") == r.QuantityOutOfRange(20, 400)


def test_the_comments_of_a_closed_order_are_not_kept_in_memory(world):
    world.when(offer("7", service_type="Custom Comments", points_per_1000=10_000, quantity_min=1))
    buy(world, 1, 10, "7", "one")
    world.when(c.SendOrder(by="system", order_id=ORDER))
    assert world.state.orders[ORDER].comments == "one"
    world.when(c.AcceptOrder(by="provider", order_id=ORDER))
    assert world.state.orders[ORDER].comments == ""


def test_a_change_of_an_offer_counts_once_and_only_if_it_changes_something(world):
    change = offer("5", points_per_1000=3000, key="7:100")
    (event,) = world.when(change)
    assert isinstance(event, e.OfferChanged)
    assert world.when(replace(change, points_per_1000=4000)) == r.AlreadyDone()
    assert world.when(replace(change, key="7:101")) == r.NothingChanges()
    assert world.state.offers["5"].points_per_1000 == 3000
    # The system's changes have no key.
    pause = replace(change, by="system", key="", paused_because=PauseReason.SERVICE_GONE)
    assert isinstance(world.when(pause), tuple)
    assert world.when(pause) == r.NothingChanges()


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"quantity_min": 0},
        {"quantity_min": 50, "quantity_max": 49},
        {"quantity_max": 10**9 + 1},
        {"rate_micro": -1},
        {"rate_micro": 2**53},
        {"position": 2**53},
    ],
)
def test_an_impossible_offer_is_refused(world, fields):
    assert world.when(offer("9", **fields)) == r.WrongOffer()
    assert world.when(offer("")) == r.WrongOffer()
    assert "9" not in world.state.offers


@pytest.mark.parametrize("price", [0, -1, 10**9 + 1])
def test_an_offer_has_a_price_within_the_bounds(world, price):
    refused = r.SettingOutOfRange("points_per_1000", 1, 10**9)
    assert world.when(offer("9", points_per_1000=price)) == refused


def test_what_points_buy_costs_no_more_than_they_are(world):
    one = world.state.offers["5"]
    for points in range(2000):
        quantity = one.quantity_for(points)
        assert one.price_points(quantity) <= points < one.price_points(quantity + 1)


# The comparison with the provider's account.

COMPARED = c.NoteReconciled(by="system", day="2026-01-01", orders=3, charged_micro=70_000)


def test_a_day_is_compared_once(world):
    assert facts(world.when(COMPARED)) == [("OrdersReconciled", None, None)]
    assert world.when(replace(COMPARED, orders=4)) == r.AlreadyDone()
    assert isinstance(world.when(replace(COMPARED, day="2026-01-02")), tuple)
    assert world.state.books.reconciliation.day == "2026-01-02"


def test_the_first_50_differences_are_listed_and_all_are_counted(world):
    one = Mismatch(MismatchCode.CHARGE_DIFFERS, ORDER, 1, 2**60)
    (event,) = world.when(replace(COMPARED, mismatches=(one,) * 60))
    assert (len(event.mismatches), event.mismatches_count) == (50, 60)
    assert (event.mismatches[0].ours_micro, event.mismatches[0].theirs_micro) == (1, 0)
