"""Given, when, then: what the provider's services do to what the shop offers."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.desk_harness import DeskHarness, in_desk_time
from support.fake_panel import DOWN

from ledger import events as e
from ledger.economy import Offer
from ledger.reason_codes import PauseReason
from orders.providers.base import Service
from orders.shop.offer_changes import change_for, is_below_cost

HOUR_S = 3601


async def open_shop(**more) -> DeskHarness:
    shop = await DeskHarness.open(**more)
    await shop.desk.start()
    await asyncio.sleep(1)
    return shop


def changes(shop: DeskHarness) -> list[e.OfferChanged]:
    return [one for one in shop.lines(e.OfferChanged) if one.by == "system"]


@in_desk_time
async def test_the_services_are_read_at_the_start_and_every_hour():
    shop = await open_shop()
    catalogue = shop.desk.catalogue
    assert list(catalogue.services) == ["5"]
    assert catalogue.read_at_ms > 0
    shop.panel.offer("6")
    await asyncio.sleep(HOUR_S)
    assert list(catalogue.services) == ["5", "6"]
    assert len(shop.panel.asked("services")) == 2
    assert changes(shop) == []
    await shop.close()


@in_desk_time
async def test_they_are_read_on_demand():
    shop = await open_shop()
    shop.panel.offer("6")
    await shop.desk.catalogue.refresh()
    assert list(shop.desk.catalogue.services) == ["5", "6"]
    await shop.close()


@in_desk_time
async def test_while_the_list_can_not_be_read_everything_stays():
    shop = await open_shop()
    shop.panel.offered.clear()
    shop.panel.failures["services"] = [DOWN] * 3
    await shop.desk.catalogue.refresh()
    assert shop.desk.catalogue.problem == DOWN
    assert list(shop.desk.catalogue.services) == ["5"]
    assert changes(shop) == []
    await shop.close()


@in_desk_time
async def test_a_list_that_can_not_be_read_is_tried_again_soon():
    shop = await DeskHarness.open()
    shop.panel.failures["services"] = [DOWN]
    await shop.desk.start()
    await asyncio.sleep(120)
    assert shop.desk.catalogue.problem is None
    assert list(shop.desk.catalogue.services) == ["5"]
    await shop.close()


@in_desk_time
async def test_a_price_that_rose_above_ours_pauses_the_offer_until_it_falls_again():
    shop = await open_shop()
    shop.panel.offer(rate_micro=2_000_001)  # People pay 20,000 points of 100 micro each.
    await asyncio.sleep(HOUR_S)
    assert not shop.ledger.state.offers["5"].is_sold
    shop.panel.offer(rate_micro=2_000_000)
    await asyncio.sleep(HOUR_S)
    assert shop.ledger.state.offers["5"].is_sold
    assert [(one.paused_because, one.rate_micro, one.key) for one in changes(shop)] == [
        (PauseReason.PRICE_ROSE, 2_000_001, ""),
        (None, 2_000_000, ""),
    ]
    await shop.close()


@in_desk_time
async def test_an_admins_new_price_ends_the_pause_at_once():
    shop = await open_shop()
    shop.panel.offer(rate_micro=3_000_000)
    await shop.desk.catalogue.refresh()
    assert shop.ledger.state.offers["5"].paused_because is PauseReason.PRICE_ROSE
    await shop.offer(
        points_per_1000=30_000, rate_micro=3_000_000, paused_because=PauseReason.PRICE_ROSE
    )
    await asyncio.sleep(1)
    assert shop.ledger.state.offers["5"].is_sold
    await shop.close()


@in_desk_time
async def test_a_point_of_no_value_switches_the_check_of_prices_off():
    shop = await open_shop()
    shop.panel.offer(rate_micro=3_000_000)
    await shop.desk.catalogue.refresh()
    await shop.set("point_value_micro", 0)
    await asyncio.sleep(1)
    assert shop.ledger.state.offers["5"].is_sold
    await shop.close()


@in_desk_time
async def test_a_service_that_is_gone_pauses_the_offer_until_it_is_back():
    shop = await open_shop()
    service = shop.panel.offered.pop("5")
    shop.panel.offer("6")
    await shop.desk.catalogue.refresh()
    assert shop.ledger.state.offers["5"].paused_because is PauseReason.SERVICE_GONE
    shop.panel.offered["5"] = service
    await shop.desk.catalogue.refresh()
    assert shop.ledger.state.offers["5"].paused_because is None
    assert len(changes(shop)) == 2
    await shop.close()


def offer(**more) -> Offer:
    fields = {"points_per_1000": 10_000, "quantity_min": 100, "quantity_max": 1000}
    return Offer(service_id="5", name="Ours", **fields | {"service_type": "Default"} | more)


def service(**more) -> Service:
    fields = {"kind": "Default", "rate_micro": 0, "quantity_min": 1, "quantity_max": 10_000}
    return Service(service_id="5", name="Theirs", category="", **fields | more)


def test_an_offer_that_agrees_with_its_service_does_not_change():
    assert change_for(offer(), {"5": service()}, 100) is None


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ((1, 10_000), (100, 1000)),
        ((200, 10_000), (200, 1000)),
        ((1, 500), (100, 500)),
        ((300, 400), (300, 400)),
        ((1000, 2000), (1000, 1000)),
    ],
)
def test_limits_become_narrower_with_the_providers_and_never_wider(theirs, ours):
    low, high = theirs
    changed = change_for(offer(), {"5": service(quantity_min=low, quantity_max=high)}, 100)
    if ours == (100, 1000):
        assert changed is None
    else:
        assert (changed.quantity_min, changed.quantity_max) == ours
        assert changed.paused_because is None


@pytest.mark.parametrize("theirs", [(1, 99), (1001, 2000)])
def test_limits_that_leave_nothing_pause_the_offer_and_stay(theirs):
    low, high = theirs
    changed = change_for(offer(), {"5": service(quantity_min=low, quantity_max=high)}, 100)
    assert changed.paused_because is PauseReason.LIMITS_CHANGED
    assert (changed.quantity_min, changed.quantity_max) == (100, 1000)


def test_what_the_service_can_do_follows_the_provider():
    changed = change_for(offer(), {"5": service(cancel=True, refill=True, rate_micro=7)}, 100)
    assert (changed.can_cancel, changed.can_refill, changed.rate_micro) == (True, True, 7)
    assert (changed.by, changed.key, changed.name) == ("system", "", "Ours")


def test_a_service_of_another_type_under_the_same_number_is_another_service():
    changed = change_for(offer(), {"5": service(kind="Package")}, 100)
    assert changed.paused_because is PauseReason.SERVICE_GONE
    assert change_for(offer(), {"5": service(kind=" default")}, 100).paused_because is None


@given(
    st.builds(service, rate_micro=st.integers(0, 10**7), quantity_min=st.integers(1, 2000)),
    st.sampled_from([None, *PauseReason]),
    st.integers(0, 1000),
)
def test_a_change_agrees_with_its_service_and_is_made_once(theirs, paused, point_value):
    before = offer(paused_because=paused)
    changed = change_for(before, {"5": theirs}, point_value)
    if changed is None:
        assert before.rate_micro == theirs.rate_micro
        return
    after = Offer(**{name: getattr(changed, name) for name in Offer.__struct_fields__})
    assert change_for(after, {"5": theirs}, point_value) is None
    if after.is_sold:
        assert not is_below_cost(after, point_value)
        assert theirs.quantity_min <= after.quantity_min <= after.quantity_max


def test_a_rate_too_large_for_a_line_of_the_log_pauses_the_offer():
    changed = change_for(offer(), {"5": service(rate_micro=10**18)}, 1_000)
    assert changed is not None
    assert (changed.paused_because, changed.rate_micro) == (PauseReason.PRICE_ROSE, e.POINTS_MAX)
