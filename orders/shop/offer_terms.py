"""What an admin decides about an offer: its price, its place, what can be offered at all.

Money is in millionths of the provider's currency.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from fractions import Fraction
from math import ceil

from msgspec.structs import replace

from ledger.economy import BOUNDS, Economy, Offer
from orders.providers.base import Service

PRICE = BOUNDS["points_per_1000_views"]
QUANTITY_MAX = BOUNDS["order_views_max"].high
"""Of one order. Panels may take more, or say so."""
SUGGESTED_FACTOR = Fraction(3, 2)
"""A suggested price is the provider's price times this."""
POSITION_STEP = 1 << 10
"""Between two places in the list, so that an offer can be moved with one event."""

_KINDS = frozenset({"default", "customcomments"})
_SERVICE_ID = re.compile(r"[0-9A-Za-z_.-]{1,32}")
"""It is part of the data of buttons."""


class WhyNot(StrEnum):
    """Why a service of the provider can't be offered."""

    DRIP_FEED = "drip_feed"
    NEEDS_MORE = "needs_more"
    """Its orders need more than a link with a quantity or with comments."""
    ODD_NUMBER = "odd_number"


def why_not(service: Service) -> WhyNot | None:
    """Why this service can't be offered; None if it can."""
    if not _SERVICE_ID.fullmatch(service.service_id):
        return WhyNot.ODD_NUMBER
    kind = service.kind.replace(" ", "").lower()
    if kind in _KINDS:
        return None
    return WhyNot.DRIP_FEED if "dripfeed" in kind.replace("-", "") else WhyNot.NEEDS_MORE


def income_micro(points_per_1000: int, economy: Economy) -> int:
    """What 1,000 bring in at this price; 0 if the settings don't say what a point is worth."""
    return points_per_1000 * economy.point_value_micro


def loses(points_per_1000: int, rate_micro: int, point_value_micro: int) -> bool:
    """Whether the provider takes more for it than it brings in; never if a point has no value."""
    return point_value_micro > 0 and points_per_1000 * point_value_micro < rate_micro


def suggested_points(rate_micro: int, economy: Economy) -> int:
    """A price for 1,000 in points: the provider's, half as much again, rounded up.

    Without a value of a point it is the price of 1,000 views in the settings.
    """
    if not economy.point_value_micro:
        return economy.points_per_1000_views
    exact = Fraction(rate_micro) * SUGGESTED_FACTOR / economy.point_value_micro
    return min(max(readable_up(ceil(exact)), PRICE.low), PRICE.high)


def readable_up(number: int) -> int:
    """The next number with at most two digits that aren't zeros: 7,534 becomes 7,600."""
    step: int = 10 ** max(0, len(str(number)) - 2)
    return -(-number // step) * step


def in_order(offers: Iterable[Offer]) -> list[Offer]:
    """The offers as they stand in the list."""
    return sorted(offers, key=lambda one: (one.position, one.service_id))


def last_position(offers: Iterable[Offer]) -> int:
    """The place behind all others."""
    return max((one.position for one in offers), default=0) + POSITION_STEP


def moved(offers: Iterable[Offer], service_id: str, *, up: bool) -> list[Offer]:
    """The offers that change if this one is moved by one place: mostly it alone.

    None change if it is at that end already, or unknown.
    """
    listed = in_order(offers)
    place = next((n for n, one in enumerate(listed) if one.service_id == service_id), None)
    if place is None or not 0 <= (target := place - 1 if up else place + 1) < len(listed):
        return []
    offer = listed.pop(place)
    listed.insert(target, offer)
    position = _between(listed, target)
    if position is not None:
        return [replace(offer, position=position)]
    numbered = [replace(one, position=n * POSITION_STEP) for n, one in enumerate(listed, start=1)]
    return [new for old, new in zip(listed, numbered, strict=True) if old != new]


def _between(listed: Sequence[Offer], place: int) -> int | None:
    """A free position between the neighbours of a place; None if there is none."""
    low = listed[place - 1].position if place else None
    high = listed[place + 1].position if place + 1 < len(listed) else None
    if low is None:
        return None if high is None else high - POSITION_STEP
    if high is None:
        return low + POSITION_STEP
    return (low + high) // 2 if high - low > 1 else None
