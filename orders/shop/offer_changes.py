"""What a new list of the provider's services means for what the shop offers. Pure."""

from collections.abc import Mapping

from msgspec.structs import asdict, replace

from ledger import commands as c
from ledger.economy import Offer
from ledger.event_types.base import POINTS_MAX
from ledger.reason_codes import PauseReason
from orders.providers.base import Service
from orders.shop.offer_terms import loses


def change_for(
    offer: Offer, services: Mapping[str, Service], point_value_micro: int
) -> c.ChangeOffer | None:
    """How an offer has to change; None: not at all.

    The limits become narrower with the provider's, never wider: an admin may have wanted them so.
    A service of another type under the same number is another service.

    Args:
        offer: what is offered.
        services: the provider's services, by number.
        point_value_micro: what a point is worth, in millionths of the provider's currency. 0: no
            price is too low.
    """
    changed = revised(offer, services.get(offer.service_id), point_value_micro)
    if changed == offer:
        return None
    return c.ChangeOffer(by="system", **asdict(changed))


def revised(offer: Offer, service: Service | None, point_value_micro: int) -> Offer:
    """The offer as it agrees with the service: its rate, its limits, paused or not."""
    if service is None or _is_another(offer, service):
        return replace(offer, paused_because=PauseReason.SERVICE_GONE)
    low = max(offer.quantity_min, service.quantity_min)
    high = min(offer.quantity_max, service.quantity_max)
    changed = replace(
        offer,
        service_type=service.kind or offer.service_type,
        rate_micro=min(service.rate_micro, POINTS_MAX),
        can_cancel=service.cancel,
        can_refill=service.refill,
        paused_because=None,
    )
    if low > high:
        return replace(changed, paused_because=PauseReason.LIMITS_CHANGED)
    changed = replace(changed, quantity_min=low, quantity_max=high)
    if is_below_cost(changed, point_value_micro):
        return replace(changed, paused_because=PauseReason.PRICE_ROSE)
    return changed


def is_below_cost(offer: Offer, point_value_micro: int) -> bool:
    """Whether the provider takes more for it than people pay; never if a point has no value."""
    return loses(offer.points_per_1000, offer.rate_micro, point_value_micro)


def _is_another(offer: Offer, service: Service) -> bool:
    known, now = (_plain(word) for word in (offer.service_type, service.kind))
    return bool(known and now) and known != now


def _plain(word: str) -> str:
    return "".join(word.split()).lower()
