"""The state of the ad page: the order that points are saved up for."""

from msgspec.structs import replace
from support.buyer_harness import LIKES, VIEWS
from support.given import ANNA, Scenario

from ads.page_state import page_state


def goal_with(*offers):
    world = Scenario()
    world.join(ANNA)
    world.state.offers.update({offer.service_id: offer for offer in offers})
    shown = page_state(world.state, ANNA, 0, has_networks=True, bot_username="bot")
    return shown.order_metric, shown.order_min_quantity, shown.order_min_points


def test_without_offers_points_are_saved_up_for_views_at_the_price_of_the_settings():
    assert goal_with() == ("views", 10, 100)


def test_points_are_saved_up_for_the_smallest_order_of_what_is_on_sale():
    assert goal_with(LIKES) == ("likes", 10, 20)
    assert goal_with(LIKES, replace(VIEWS, quantity_min=50)) == ("views", 50, 100)


def test_with_nothing_on_sale_there_is_nothing_to_save_up_for():
    assert goal_with(replace(LIKES, is_on=False)) == ("", 0, 0)
