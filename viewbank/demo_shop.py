"""What the demo's shop sells: some of the pretend panel's services, at prices of ours."""

from typing import NamedTuple

from ledger import commands as c
from ledger.ledger import Ledger
from orders.shop.service_kinds import kind_of
from sandbox.panel.catalogue import Service
from sandbox.panel.money import micro_of


class Goods(NamedTuple):
    """A service on sale: the panel's number for it, our name, and our price for 1,000 in points."""

    service_id: int
    name: str
    points_per_1000: int


GOODS = (
    Goods(101, "YouTube views", 10_000),
    Goods(102, "YouTube likes", 15_000),
    Goods(103, "YouTube comments, your own words", 160_000),
    Goods(202, "TikTok likes", 10_000),
    Goods(301, "Instagram followers", 30_000),
    Goods(401, "Telegram members", 15_000),
)
"""The dearer ones are there to be seen; a demo's minute of ads pays for views and likes."""


async def open_shop(ledger: Ledger, services: list[Service]) -> None:
    """Offer the goods, once: later changes by an admin stay."""
    by_id = {service.service: service for service in services}
    for position, goods in enumerate(GOODS):
        service = by_id.get(goods.service_id)
        if service is not None:
            await ledger.execute(_offer(service, goods, position))


def _offer(service: Service, goods: Goods, position: int) -> c.ChangeOffer:
    kind = kind_of(service.name, service.category, service.type)
    return c.ChangeOffer(
        by="system",
        service_id=str(service.service),
        name=goods.name,
        points_per_1000=goods.points_per_1000,
        quantity_min=service.min,
        quantity_max=service.max,
        platform=kind.platform,
        metric=kind.metric,
        target=kind.target,
        service_type=service.type,
        rate_micro=micro_of(service.rate),
        position=position,
        can_cancel=service.cancel,
        can_refill=service.refill,
        key=f"demo:offer:{service.service}",
    )
