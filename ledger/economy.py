"""The economy: the settings that an admin can change at run time, their bounds, and prices.

An offer is a service of the provider that the shop sells at a price of its own. Without offers the
shop sells views of videos, at the price in the settings.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from ledger.reason_codes import PauseReason


class Economy(msgspec.Struct, kw_only=True):
    """The current settings. Each change is a `setting_changed` event.

    The names carry the units: points, seconds (`_s`), ads, or views.
    """

    ad_reward_points: int = 1
    ad_cooldown_s: int = 30
    ad_watch_s: int = 15
    ads_per_day_max: int = 100
    referral_bonus_points: int = 1000
    referral_welcome_points: int = 0
    referral_after_ads: int = 5
    referral_within_days: int = 30
    referrals_per_day_max: int = 20
    points_per_1000_views: int = 10_000
    order_views_min: int = 10
    order_views_max: int = 100_000
    orders_per_minute_max: int = 10
    order_attempts_max: int = 30
    order_poll_s: int = 60
    order_stuck_hours: int = 72
    point_value_micro: int = 100


class Offer(msgspec.Struct, kw_only=True, frozen=True, gc=False):
    """A service that the shop sells; the fields are those of `OfferChanged`."""

    service_id: str
    name: str
    points_per_1000: int
    quantity_min: int
    quantity_max: int
    platform: str = ""
    metric: str = ""
    target: str = ""
    service_type: str = ""
    rate_micro: int = 0
    is_on: bool = True
    paused_because: PauseReason | None = None
    position: int = 0
    can_cancel: bool = False
    can_refill: bool = False

    @property
    def is_sold(self) -> bool:
        """Whether people can buy it now."""
        return self.is_on and self.paused_because is None

    @property
    def posts_comments(self) -> bool:
        """Whether an order needs the texts to post."""
        return self.service_type.replace(" ", "").lower() == "customcomments"

    def price_points(self, quantity: int) -> int:
        """The price of an order of this size, rounded up to a whole point."""
        return price_for(self.points_per_1000, quantity)

    def quantity_for(self, points: int) -> int:
        """How much these points buy, in an order of any size."""
        return max(0, points) * 1000 // self.points_per_1000

    def largest_order(self, points: int) -> int:
        """The quantity of the largest single order that these points pay for; 0: of none."""
        quantity = min(self.quantity_max, self.quantity_for(points))
        return quantity if quantity >= self.quantity_min else 0

    def next_order(self, points: int) -> int:
        """The quantity of the smallest order that needs more points than these.

        0: they pay for the largest order that there is.
        """
        quantity = max(self.quantity_min, self.quantity_for(points) + 1)
        return quantity if quantity <= self.quantity_max else 0

    def cost_micro(self, quantity: int) -> int:
        """What the provider should charge for it, in millionths of its currency, rounded up."""
        return -(-quantity * self.rate_micro // 1000)


class Bounds(NamedTuple):
    """The smallest and the largest value of a setting."""

    low: int
    high: int


BOUNDS: dict[str, Bounds] = {
    "ad_reward_points": Bounds(0, 1_000_000),
    "ad_cooldown_s": Bounds(0, 86_400),
    "ad_watch_s": Bounds(0, 3_600),
    "ads_per_day_max": Bounds(0, 100_000),
    "referral_bonus_points": Bounds(0, 1_000_000_000),
    "referral_welcome_points": Bounds(0, 1_000_000_000),
    "referral_after_ads": Bounds(0, 100_000),
    "referral_within_days": Bounds(0, 3_650),
    "referrals_per_day_max": Bounds(0, 1_000_000),
    "points_per_1000_views": Bounds(1, 1_000_000_000),
    "order_views_min": Bounds(1, 1_000_000_000),
    "order_views_max": Bounds(1, 1_000_000_000),
    "orders_per_minute_max": Bounds(0, 1_000_000),
    "order_attempts_max": Bounds(0, 1_000_000),
    "order_poll_s": Bounds(1, 86_400),
    "order_stuck_hours": Bounds(1, 10_000),
    "point_value_micro": Bounds(0, 1_000_000_000),
}
"""A maximum of 0 switches off what it limits: ads, bonuses for friends, orders.

`order_attempts_max` is how often an order may fail to reach the provider before its points go back;
0: as often as it takes. `order_poll_s` is the shortest time between two requests for the status of
the same order. `point_value_micro` is what a point is worth to the shop, in millionths of the
provider's currency: it says at which price a service earns less than it costs.
`referral_within_days` is a deadline, and 0 means that there is none.
"""


def price_points(economy: Economy, views: int) -> int:
    """The price of an order of this many views, rounded up to a whole point."""
    return price_for(economy.points_per_1000_views, views)


def price_for(points_per_1000: int, quantity: int) -> int:
    """The price of this quantity, rounded up to a whole point."""
    return -(-quantity * points_per_1000 // 1000)


def part_back_points(price_points: int, quantity: int, remains: int) -> int:
    """What goes back when `remains` of `quantity` were not delivered, rounded down.

    The provider may say less than nothing (it delivered more), or more than was ordered.
    """
    return price_points * min(max(remains, 0), quantity) // quantity


def views_offer(economy: Economy) -> Offer:
    """Views of videos by the economy's settings, as an offer."""
    return Offer(
        service_id="",
        name="",
        points_per_1000=economy.points_per_1000_views,
        quantity_min=economy.order_views_min,
        quantity_max=max(economy.order_views_min, economy.order_views_max),
        metric="views",
        target="video",
    )


def on_sale(
    economy: Economy, offers: Mapping[str, Offer], *, sells_views: bool = True
) -> list[Offer]:
    """The offers that can be bought now, in the order in which they are listed.

    Args:
        economy: the settings.
        offers: all that were ever made, by service.
        sells_views: whether views are sold as long as no offer was ever made.
    """
    if not offers:
        return [views_offer(economy)] if sells_views else []
    sold = [offer for offer in offers.values() if offer.is_sold]
    return sorted(sold, key=lambda offer: (offer.position, offer.service_id))


def reference_offer(offers: Sequence[Offer]) -> Offer | None:
    """The offer in which people are told what a balance is worth; None: nothing is on sale.

    It is the first one for views, else the one with the cheapest order.
    """
    views = next((offer for offer in offers if offer.metric == "views"), None)
    cheapest = min(offers, key=lambda offer: offer.price_points(offer.quantity_min), default=None)
    return views or cheapest
