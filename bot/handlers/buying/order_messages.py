"""Buying: reads an order back from the message that shows it, so that its buttons need no memory.

The link is read from the message's marked links only: a comment or a sentence of ours may look like
one. Telegram marks those in a service's name too; names are in italics, and nothing else is.
"""

import re
from collections.abc import Sequence

from bot.context import Context, OrderDraft, message_under
from bot.updates import Entity, Message, Press
from ledger.economy import Offer
from orders.links.results import LinkedItem
from orders.shop.offers import offer_by_token, offer_of, read_for_any

_ORDER_ID = re.compile(r"[0-9a-f]{12}")
_LINKS = frozenset({"text_link", "url"})


def draft_under(press: Press, wanted: str | None, context: Context) -> OrderDraft | None:
    """The order that a message shows, without its quantity; None: Telegram shows it no more.

    `wanted` is the service's token from the button; None: the service is not chosen yet.
    """
    message = message_under(press)
    if message is None:
        return None
    step = context.step_of(context.user_id)
    own = isinstance(step, OrderDraft) and step.message_id == message.message_id
    order_id = step.order_id if isinstance(step, OrderDraft) and own else ""
    offers = context.on_sale
    offer = None if wanted is None else offer_by_token(offers, wanted)
    return OrderDraft(
        service_id=wanted if offer is None else offer.service_id,
        item=item_in(message, [offer] if offer else offers),
        comments=comments_in(message),
        order_id=order_id,
        message_id=message.message_id,
    )


def is_unreadable(draft: OrderDraft, context: Context) -> bool:
    """Whether a draft from under a button lacks its link, although the service is on sale.

    If it isn't, the link may be of a kind that nothing on sale takes: that is no old button, and
    the person is told what is on sale instead.
    """
    return draft.item is None and offer_of(context.on_sale, draft.service_id) is not None


def is_order_id(parts: Sequence[str]) -> bool:
    """Whether a part of a button's data is there, and can be the id of an order."""
    return bool(parts) and bool(_ORDER_ID.fullmatch(parts[0]))


def items_in(message: Message, offers: Sequence[Offer]) -> list[LinkedItem]:
    """The things that a message of ours has links to, in its order."""
    read = (read_for_any(offers, link) for link in _links_in(message))
    return [item for item in read if isinstance(item, LinkedItem)]


def item_in(message: Message, offers: Sequence[Offer]) -> LinkedItem | None:
    """What the order that a message of ours shows is for: the first link."""
    return next(iter(items_in(message, offers)), None)


def comments_in(message: Message) -> str:
    """The comments that a message of ours shows."""
    return next((_part(message, part) for part in message.entities if part.type == "pre"), "")


def _links_in(message: Message) -> list[str]:
    names = [part for part in message.entities if part.type == "italic"]
    links = [
        part
        for part in message.entities
        if part.type in _LINKS and not any(_begins_in(part, name) for name in names)
    ]
    return [part.url or _part(message, part) for part in sorted(links, key=_offset)]


def _begins_in(part: Entity, whole: Entity) -> bool:
    return whole.offset <= part.offset < whole.offset + whole.length


def _offset(part: Entity) -> int:
    return part.offset


def _part(message: Message, part: Entity) -> str:
    """The marked part of a text, whose offsets count UTF-16 units."""
    units = message.text.encode("utf-16-le", "surrogatepass")
    if not 0 <= 2 * part.offset <= 2 * (part.offset + part.length) <= len(units):
        return ""
    begin = 2 * part.offset
    return units[begin : begin + 2 * part.length].decode("utf-16-le", "replace")
