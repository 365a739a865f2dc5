"""What people can buy now, and which of it a link is for.

An offer is what the admin sells of the provider's services. A shop that has never had one sells
views of videos, at the price in the economy's settings: an offer with an empty `service_id`.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence

from ledger import economy
from ledger.economy import Offer
from ledger.state import State
from orders.links.found_links import found_links
from orders.links.order_links import read_order_link
from orders.links.results import (
    LinkedItem,
    NotALink,
    OrderLinkRefusal,
    OtherPlatform,
    SeveralLinks,
    SeveralVideos,
    TooLong,
    UnknownSite,
)
from orders.links.targets import Target

TOKEN_LENGTH_MAX = 12
_TOKEN = re.compile(rf"[0-9A-Za-z_-]{{1,{TOKEN_LENGTH_MAX}}}")

# How little a refusal says about a link, when services of different kinds are on sale.
_SAYS_LITTLE = (NotALink, TooLong, UnknownSite, OtherPlatform)


def on_sale(state: State, *, sells_views: bool, has_services: bool = True) -> list[Offer]:
    """The offers that can be bought now, in the order in which they are listed.

    Args:
        state: the ledger's.
        sells_views: whether views are sold as long as no offer was ever made.
        has_services: whether the provider has services. If not, offers are what another provider
            sold, and count as never made.
    """
    offers = state.offers if has_services else {}
    return economy.on_sale(state.economy, offers, sells_views=sells_views)


def offer_of(offers: Iterable[Offer], service_id: str | None) -> Offer | None:
    """The offer for this service, if it is among these."""
    return next((offer for offer in offers if offer.service_id == service_id), None)


def token(name: str) -> str:
    """What stands for a service or a platform in a button's data, which is short."""
    if not name or _TOKEN.fullmatch(name):
        return name
    return f"~{hashlib.sha256(name.encode()).hexdigest()[: TOKEN_LENGTH_MAX - 1]}"


def offer_by_token(offers: Iterable[Offer], wanted: str) -> Offer | None:
    """The offer that a button's data names, if it is among these."""
    return next((offer for offer in offers if token(offer.service_id) == wanted), None)


def target_of(offer: Offer) -> Target:
    """What it is ordered for. An offer that doesn't say it takes any post."""
    return Target(offer.target) if offer.target in set(Target) else Target.POST


def read_for(offer: Offer, text: str) -> LinkedItem | OrderLinkRefusal:
    """Read what a text says this is to be delivered to."""
    return read_order_link(text, target_of(offer), offer.platform)


def has_link(text: str) -> bool:
    """Whether there is any web link in a text."""
    return any(True for _ in found_links(text))


def read_for_any(offers: Sequence[Offer], text: str) -> LinkedItem | OrderLinkRefusal:
    """Read what a text leads to, for the first of these offers that takes it.

    A page must be named by its link: `@name` alone may be on any platform. Of several things that
    different offers take, none is chosen.
    """
    kinds = _kinds(offers)
    if not has_link(text) and len(kinds) > 1:
        return read_order_link(text, Target.VIDEO, "")
    read = _read_for_first(kinds, text)
    links = list(found_links(text))
    if len(kinds) == 1 or len(links) == 1 or not isinstance(read, LinkedItem):
        return read
    each = [_read_for_first(kinds, link) for link in links]
    items = {item.key: item for item in each if isinstance(item, LinkedItem)}
    return SeveralLinks(tuple(items.values())) if len(items) > 1 else read


def _read_for_first(kinds: Sequence[Offer], text: str) -> LinkedItem | OrderLinkRefusal:
    refusals: list[OrderLinkRefusal] = []
    for offer in kinds:
        read = read_for(offer, text)
        if isinstance(read, LinkedItem | SeveralVideos | SeveralLinks):
            return read
        refusals.append(read)
    telling = [one for one in refusals if not isinstance(one, _SAYS_LITTLE)]
    return (telling or refusals or [NotALink()])[0]


def taking(offers: Iterable[Offer], item: LinkedItem) -> list[Offer]:
    """Those of the offers that can be delivered to this."""
    offers = list(offers)
    fitting = {
        (offer.target, offer.platform)
        for offer in _kinds(offers)
        if isinstance(read_for(offer, item.link), LinkedItem)
    }
    return [offer for offer in offers if (offer.target, offer.platform) in fitting]


def _kinds(offers: Iterable[Offer]) -> list[Offer]:
    """One offer for each target on each platform: the others read links alike."""
    first: dict[tuple[str, str], Offer] = {}
    for offer in offers:
        first.setdefault((offer.target, offer.platform), offer)
    return list(first.values())


def smallest_price_points(offer: Offer) -> int:
    """The price of the smallest order."""
    return offer.price_points(offer.quantity_min)


def most_for(offer: Offer, points: int) -> int:
    """The largest order that these points pay for; less than the smallest one: none."""
    return min(offer.quantity_max, offer.quantity_for(points))
