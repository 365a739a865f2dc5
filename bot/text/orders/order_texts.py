"""Texts about one's own orders: the list, the card of one, what can be asked of the provider."""

from collections.abc import Sequence

from bot.text import menu, reason_texts
from bot.text.account_texts import STATUS_WORDS
from bot.text.formats import bar, day_and_time, linked, points, shortened
from bot.text.orders import metric_texts
from bot.text.orders.service_texts import name_of_offer
from i18n import N_, Html, Message, Translator
from ledger.order_status import ENDS, OrderStatus
from ledger.reason_codes import OrderRequest
from ledger.state import Order, State

REFRESH = N_("🔄 Refresh")
ORDER_AGAIN = N_("🔁 Order again")
STOP = N_("🛑 Ask to stop it")
REFILL = N_("♻️ Ask for a refill")
YES_STOP = N_("🛑 Yes, ask")
YES_REFILL = N_("♻️ Yes, ask")
NOT_NOW = N_("‹ No, go back")
TO_LIST = N_("‹ My orders")
OLDER = N_("Older ›")
NEWER = N_("‹ Newer")
UP_TO_DATE = N_("This is how it stands now.")
ASKED = N_("The provider is asked. I will tell you what it says.")
NOT_SOLD_ANY_MORE = N_("This service is not on sale any more.")
NO_LINK_ANY_MORE = N_("Orders for this link are not taken any more.")

LINK_CHARS_MAX = 60
"""Of each order in the list."""
CARD_LINK_CHARS_MAX = 300
REASON_CHARS_MAX = 500
COMMENTS_CHARS_MAX = 1_000
COUNT_CHARS_MAX = 20

_LONG_STATUS: dict[OrderStatus, Message] = {
    OrderStatus.PLACED: N_("⏳ waiting to be sent to the provider"),
    OrderStatus.UNCLEAR: N_("🔎 being checked by a person; your points are safe"),
    OrderStatus.CANCELED: N_("↩️ stopped by the provider"),
    OrderStatus.PARTIAL: N_("🧩 partly delivered"),
    OrderStatus.REJECTED: N_("↩️ not possible"),
}
_ACCEPTED_FOLLOWED = N_("🚀 accepted, delivery starts soon")
_ACCEPTED_NOT_FOLLOWED = N_("✅ accepted; this provider doesn't report delivery")

_REQUESTS: dict[tuple[OrderRequest, bool | None], Message] = {
    (OrderRequest.CANCEL, None): N_("🛑 The provider is asked to stop it, and has not answered."),
    (OrderRequest.CANCEL, True): N_("🛑 The provider says that it will stop it."),
    (OrderRequest.CANCEL, False): N_("🛑 The provider says that it can't stop it."),
    (OrderRequest.REFILL, None): N_("♻️ The provider is asked for a refill, and has not answered."),
    (OrderRequest.REFILL, True): N_("♻️ The provider says that it will refill it."),
    (OrderRequest.REFILL, False): N_("♻️ The provider says that it won't refill it."),
}


def no_orders(t: Translator) -> Html:
    """Before the first order."""
    return t(
        "You have no orders yet. Tap {buy_views} to place the first one.",
        buy_views=t(menu.BUY_VIEWS),
    )


def orders_page(
    t: Translator, state: State, orders: Sequence[Order], *, first: int, page: int, pages: int
) -> Html:
    """A page of a person's orders, newest first. `first` is the number of its first line."""
    if pages == 1:
        title = t("📦 <b>Your orders</b>")
    else:
        title = t(
            "📦 <b>Your orders</b>, newest first (page {page} of {pages})",
            page=page + 1,
            pages=pages,
        )
    lines = [_line(t, state, order, first + place) for place, order in enumerate(orders)]
    return Html("\n\n").join([title, *lines])


def _line(t: Translator, state: State, order: Order, number: int) -> Html:
    return t(
        "<b>{number}.</b> {amount}, {points} · {link}\n{status} · {when} UTC",
        number=number,
        amount=metric_texts.amount_of(t, state, order),
        points=points(t, order.total_cost),
        link=_plain(order.video_link, LINK_CHARS_MAX),
        status=status_of(t, order),
        when=day_and_time(t, order.created_at),
    )


def _plain(link: str, limit_chars: int) -> str:
    return shortened(link.removeprefix("https://").removeprefix("www."), limit_chars)


def status_of(t: Translator, order: Order) -> Html:
    """Where an order stands, in a few words."""
    if order.status is OrderStatus.ACCEPTED and not order.followed:
        return t(_ACCEPTED_NOT_FOLLOWED)
    return t.message(STATUS_WORDS[order.status])


def _long_status(t: Translator, order: Order) -> Html:
    if order.status is OrderStatus.ACCEPTED and order.followed:
        return t(_ACCEPTED_FOLLOWED)
    if order.status in _LONG_STATUS:
        return t.message(_LONG_STATUS[order.status])
    return status_of(t, order)


def card(t: Translator, state: State, order: Order) -> Html:
    """All about one order that its owner wants to know."""
    offer = state.offers.get(order.service_id)
    parts = [t("📦 Order <code>{order_id}</code>", order_id=order.order_id)]
    what = [
        t(
            "<b>{amount}</b> for {link}",
            amount=metric_texts.amount_of(t, state, order),
            link=linked(order.video_link, CARD_LINK_CHARS_MAX),
        ),
        t("Price: {price}", price=points(t, order.total_cost)),
    ]
    if offer is not None and offer.name:
        what.insert(0, name_of_offer(offer))
    parts.append(Html("\n").join(what))
    if order.comments:
        comments = shortened(order.comments, COMMENTS_CHARS_MAX)
        parts.append(t("Your comments:\n<pre>{comments}</pre>", comments=comments))
    parts.append(Html("\n").join(_state_lines(t, order)))
    parts += [t.message(words) for words in _requests(order)]
    parts.append(_times(t, order))
    return Html("\n\n").join(parts)


def _requests(order: Order) -> list[Message]:
    """What was asked of the provider. An order that has ended is not going to be stopped."""
    asked = dict(order.requests)
    if order.is_closed and asked.get(OrderRequest.CANCEL, False) is None:
        del asked[OrderRequest.CANCEL]
    return [_REQUESTS[one] for one in asked.items() if one in _REQUESTS]


def _state_lines(t: Translator, order: Order) -> list[Html]:
    lines = [_long_status(t, order)]
    if order.status is OrderStatus.REJECTED and (reason := reason_texts.of_order(t, order)):
        lines.append(t("Why: {reason}", reason=shortened(reason, REASON_CHARS_MAX)))
    if order.review is not None:
        lines.append(t("🔎 A person is looking at it too."))
    delivered = delivered_of(order)
    if delivered is not None:
        lines.append(
            t(
                "{bar} {delivered} of {quantity} delivered",
                bar=bar(delivered, order.quantity),
                delivered=delivered,
                quantity=order.quantity,
            )
        )
    if order.start_count is not None:
        lines.append(t("Count before the start: {count}", count=order.start_count))
    if order.refunded_points:
        lines.append(t("Came back to you: {points}", points=points(t, order.refunded_points)))
    return lines


def delivered_of(order: Order) -> int | None:
    """How much of an order was delivered; None: it isn't being delivered, or nobody knows."""
    if order.status is OrderStatus.COMPLETED:
        return order.quantity
    if order.status not in ENDS | {OrderStatus.IN_PROGRESS} or order.remains is None:
        return None
    # A canceled order of which all or nothing is missing was given back whole.
    if order.status is OrderStatus.CANCELED and not 0 < order.remains < order.quantity:
        return None
    return order.quantity - min(max(order.remains, 0), order.quantity)


def _times(t: Translator, order: Order) -> Html:
    placed = t("Ordered: {when} UTC", when=day_and_time(t, order.created_at))
    if not order.is_of_this_bot or order.updated_at in {"", order.created_at}:
        return placed
    changed = t("Last news: {when} UTC", when=day_and_time(t, order.updated_at))
    return Html("\n").join([placed, changed])


def sure_to_ask(t: Translator, what: OrderRequest) -> Html:
    """Before the provider is asked for something."""
    if what is OrderRequest.CANCEL:
        return t(
            "❓ <b>Ask the provider to stop this order?</b> If it does, the points for what is "
            "not delivered come back to you."
        )
    return t(
        "❓ <b>Ask the provider for a refill?</b> It tops up what has been lost since the delivery."
    )
