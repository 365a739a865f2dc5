"""What happened with orders and offers, in the reader's words: see `event_texts`."""

from typing import TypeAlias, assert_never

from bot.text import reason_texts
from bot.text.account_texts import STATUS_WORDS
from bot.text.formats import because, cut, points, shortened
from i18n import Html, Translator
from ledger import events as e
from ledger.reason_codes import OrderRequest

OLD_LINK_CHARS_MAX, OLD_STATUS_CHARS_MAX = 50, 12
"""Of an order of the previous bot, whose id may have 64 characters."""

_ReviewEvent: TypeAlias = (
    e.OrderEvidenceFound | e.OrderNeedsReview | e.OrderRequestMade | e.OrderRequestAnswered
)
_OrderEvent: TypeAlias = (
    e.OrderPlaced
    | e.OrderSending
    | e.OrderNotSent
    | e.OrderAccepted
    | e.OrderRejected
    | e.OrderUnclear
    | e.OrderImported
    | e.OrderInProgress
    | e.OrderCompleted
    | e.OrderPartial
    | e.OrderCanceled
    | e.OrderCorrected
    | _ReviewEvent
)
OrderOrOffer: TypeAlias = _OrderEvent | e.OfferChanged | e.OrdersReconciled


def describe_order(t: Translator, event: OrderOrOffer) -> Html:
    """An event of an order or of the shop in words, with the reason if it has one."""
    match event:
        case e.OfferChanged():
            return _offer(t, event)
        case e.OrdersReconciled():
            return t.plural(
                "{n} order of {day} compared with the provider, differences: {count}",
                "{n} orders of {day} compared with the provider, differences: {count}",
                event.orders,
                day=event.day,
                count=event.mismatches_count,
            )
        case _:
            return _of_order(t, event, event.order_id)


def _of_order(  # noqa: C901, PLR0912 - one row per event
    t: Translator, event: _OrderEvent, order_id: str
) -> Html:
    match event:
        case e.OrderPlaced(service_id=""):
            return t.plural(
                "ordered {n} view of {link}, order {order_id}",
                "ordered {n} views of {link}, order {order_id}",
                event.quantity,
                link=cut(event.video_link),
                order_id=order_id,
            )
        case e.OrderPlaced():
            return t(
                "ordered {quantity} of service {service_id} for {link}, order {order_id}",
                quantity=event.quantity,
                service_id=cut(event.service_id),
                link=cut(event.video_link),
                order_id=order_id,
            )
        case e.OrderSending():
            return t(
                "order {order_id} goes to the provider, attempt {attempt}",
                order_id=order_id,
                attempt=event.attempt,
            )
        case e.OrderAccepted():
            return _accepted(t, event)
        case e.OrderRejected():
            what = t("order {order_id} rejected, points returned", order_id=order_id)
            return because(t, what, reason_texts.of_event(t, event))
        case e.OrderUnclear():
            what = t("unclear whether order {order_id} arrived", order_id=order_id)
            return because(t, what, reason_texts.of_event(t, event))
        case e.OrderNotSent():
            what = t("order {order_id} not sent, it waits for another attempt", order_id=order_id)
            return because(t, what, reason_texts.of_event(t, event))
        case e.OrderImported():
            return _imported(t, event)
        case e.OrderInProgress():
            if event.remains is None:
                return t("order {order_id} is being delivered", order_id=order_id)
            return t(
                "order {order_id} is being delivered, {remains} to go",
                order_id=order_id,
                remains=event.remains,
            )
        case e.OrderCompleted():
            return t("order {order_id} delivered", order_id=order_id)
        case e.OrderPartial():
            return t(
                "order {order_id} partly delivered, points for the missing {remains} returned",
                order_id=order_id,
                remains=event.remains or 0,
            )
        case e.OrderCanceled():
            return t("order {order_id} stopped by the provider, points returned", order_id=order_id)
        case e.OrderCorrected():
            return _corrected(t, event)
        case _:
            return _about_review(t, event, order_id)


def _about_review(t: Translator, event: _ReviewEvent, order_id: str) -> Html:
    match event:
        case e.OrderEvidenceFound():
            return t("looked whether order {order_id} arrived", order_id=order_id)
        case e.OrderNeedsReview():
            what = t("order {order_id} needs a person", order_id=order_id)
            return because(t, what, reason_texts.of_event(t, event))
        case e.OrderRequestMade(what=OrderRequest.CANCEL):
            return t("the provider is asked to stop order {order_id}", order_id=order_id)
        case e.OrderRequestMade():
            return t("the provider is asked to refill order {order_id}", order_id=order_id)
        case e.OrderRequestAnswered(granted=True, what=OrderRequest.CANCEL):
            return t("the provider will stop order {order_id}", order_id=order_id)
        case e.OrderRequestAnswered(granted=True):
            return t("the provider will refill order {order_id}", order_id=order_id)
        case e.OrderRequestAnswered(what=OrderRequest.CANCEL):
            return t("the provider will not stop order {order_id}", order_id=order_id)
        case e.OrderRequestAnswered():
            return t("the provider will not refill order {order_id}", order_id=order_id)
        case _:
            assert_never(event)


def _corrected(t: Translator, event: e.OrderCorrected) -> Html:
    status = t.message(STATUS_WORDS[event.status])
    if not event.excess_points:
        return t(
            "the provider changed order {order_id}: {status}",
            order_id=event.order_id,
            status=status,
        )
    return t(
        "the provider changed order {order_id}: {status}; {points} more than due were returned",
        order_id=event.order_id,
        status=status,
        points=points(t, event.excess_points),
    )


def _offer(t: Translator, event: e.OfferChanged) -> Html:
    price = points(t, event.points_per_1000)
    if not event.is_on:
        return t("service {name} is not offered any more", name=cut(event.name))
    if event.paused_because is not None:
        return t("service {name} is paused", name=cut(event.name))
    return t("service {name} is offered, {price} for 1,000", name=cut(event.name), price=price)


def _accepted(t: Translator, event: e.OrderAccepted) -> Html:
    if not event.provider_order_id:
        return t("the provider accepted order {order_id}", order_id=event.order_id)
    return t(
        "the provider accepted order {order_id} as its number {number}",
        order_id=event.order_id,
        number=cut(event.provider_order_id),
    )


def _imported(t: Translator, event: e.OrderImported) -> Html:
    price = points(t, event.price_points)
    what = t.plural(
        "ordered {n} view of {link} in the previous bot for {price}, order {order_id}",
        "ordered {n} views of {link} in the previous bot for {price}, order {order_id}",
        event.quantity,
        link=shortened(event.video_link, OLD_LINK_CHARS_MAX),
        price=price,
        order_id=event.order_id,
    )
    if not event.old_status:
        return what
    status = shortened(event.old_status, OLD_STATUS_CHARS_MAX)
    return t("{what} (its status there: {status})", what=what, status=status)
