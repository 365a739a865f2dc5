"""The economy: the settings that an admin can change at run time, their bounds, and prices."""

from typing import NamedTuple

import msgspec


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
}
"""A maximum of 0 switches off what it limits: ads, bonuses for friends, orders.

`referral_within_days` is a deadline, and 0 means that there is none.
"""


def price_points(economy: Economy, views: int) -> int:
    """The price of an order of this many views, rounded up to a whole point."""
    return -(-views * economy.points_per_1000_views // 1000)


def views_for(economy: Economy, points: int) -> int:
    """The number of whole views that these points buy."""
    return max(0, points) * 1000 // economy.points_per_1000_views


def largest_order_views(economy: Economy, points: int) -> int:
    """The number of views of the largest single order that these points pay for; 0: of none."""
    views = min(economy.order_views_max, views_for(economy, points))
    return views if views >= economy.order_views_min else 0


def next_order_views(economy: Economy, points: int) -> int:
    """The number of views of the smallest order that needs more points than these.

    0: they pay for the largest order that there is.
    """
    views = max(economy.order_views_min, views_for(economy, points) + 1)
    return views if views <= economy.order_views_max else 0
