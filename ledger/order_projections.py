"""What the events of orders and offers do to the state, but for the points: see `projections`."""

from collections.abc import Callable, Iterable
from typing import Any

from ledger import events as e
from ledger import postings
from ledger.broken_books import BrokenBooks
from ledger.clocks.timestamps import day_of, moment_ms
from ledger.economy import Offer
from ledger.order_status import OrderStatus
from ledger.reason_codes import NEVER_REACHED
from ledger.state import (
    CLOSED_KEPT_MS,
    ORDER_DAYS_KEPT,
    ClosedOrder,
    Order,
    OrderDay,
    Reconciliation,
    State,
)


def with_spent_points(state: State, event: e.OrderEvent) -> e.OrderEvent:
    """The event as `ledger.postings.with_spent_points` completes it."""
    if type(event) is not e.OrderAccepted:
        return event
    reserved = _order_of(state, event).reserve_points
    return postings.with_spent_points(event, reserved)  # type: ignore[return-value] # of its type


def note_line(state: State, event: e.OrderEvent) -> None:
    """Note that this line is about its order; move orders out of memory whose time is up."""
    order = state.orders.get(event.order_id)
    if order is None:
        state.closed_orders[event.order_id].last_seq = event.seq
    else:
        order.last_seq = event.seq
        if order.is_closed and not order.closed_seq:
            order.closed_seq = event.seq
            order.comments = ""
            state.closing.append(order.order_id)
    _forget_closed(state, moment_ms(event.at))


def rebuilt(events: Iterable[e.OrderEvent]) -> Order:
    """An order from all its events, oldest first; nothing is reserved for it any more."""
    state = State()
    order: Order | None = None
    for event in events:
        APPLIERS[type(event)](state, event)
        order = state.orders[event.order_id]
        order.last_seq = event.seq
    if order is None:
        raise LookupError("no event places this order")
    return order


def _forget_closed(state: State, now_ms: int) -> None:
    """By the time of the events, so that a replay ends in the same state."""
    closing, orders = state.closing, state.orders
    while closing:
        order = orders[closing[0]]
        # What a clock that ran far ahead has dated must not keep back all that is closed later.
        if abs(now_ms - moment_ms(order.updated_at)) <= CLOSED_KEPT_MS:
            return
        del orders[closing.popleft()]
        state.closed_orders[order.order_id] = ClosedOrder(
            order.status, order.placed_seq, order.last_seq
        )


def _order_of(state: State, event: e.OrderEvent) -> Order:
    order = state.orders.get(event.order_id)
    if order is None and event.order_id in state.closed_orders:
        raise BrokenBooks(f"seq {event.seq}: the order {event.order_id} was closed long before")
    return state.orders[event.order_id]


def _day(state: State, at: str) -> OrderDay:
    days, day = state.books.order_days, day_of(at)
    found = days.get(day)
    if found is None:
        found = days[day] = OrderDay()
        while len(days) > ORDER_DAYS_KEPT:
            del days[min(days)]
    return found


def _add(state: State, event: e.OrderPlaced | e.OrderImported, order: Order) -> None:
    if order.order_id in state.orders or order.order_id in state.closed_orders:
        raise BrokenBooks(f"seq {event.seq}: the order {order.order_id} was there before")
    order.placed_seq = event.seq
    state.orders[order.order_id] = order
    state.books.orders_of.setdefault(order.user_id, []).append(order.order_id)
    state.count_order(order.status, 1)


def _placed(state: State, event: e.OrderPlaced) -> None:
    order = Order(
        order_id=event.order_id,
        user_id=event.user_id,
        video_link=event.video_link,
        video_key=event.video_key,
        quantity=event.quantity,
        total_cost=event.price_points,
        service_id=event.service_id,
        comments=event.comments,
        created_at=event.at,
        updated_at=event.at,
    )
    _add(state, event, order)
    _day(state, event.at).placed += 1


def _imported(state: State, event: e.OrderImported) -> None:
    order = Order(
        order_id=event.order_id,
        user_id=event.user_id,
        video_link=event.video_link,
        video_key="",
        quantity=event.quantity,
        total_cost=event.price_points,
        status=OrderStatus.IMPORTED,
        note=event.old_status,
        created_at=event.created_at or event.at,
        updated_at=event.at,
    )
    _add(state, event, order)


def _move(state: State, event: e.OrderEvent, status: OrderStatus) -> Order:
    order = _order_of(state, event)
    state.count_order(order.status, -1)
    state.count_order(status, 1)
    order.status, order.updated_at = status, event.at
    order.reason_code, order.http_status, order.note = None, 0, ""
    order.review = None
    return order


def _move_because(
    state: State, event: e.OrderReasonEvent | e.OrderRejected, status: OrderStatus
) -> Order:
    order = _move(state, event, status)
    order.reason_code, order.http_status = event.reason_code, event.http_status
    order.note = event.reason
    return order


def _sending(state: State, event: e.OrderSending) -> None:
    _move(state, event, OrderStatus.SENDING).attempts = event.attempt


def _not_sent(state: State, event: e.OrderNotSent) -> None:
    order = _move_because(state, event, OrderStatus.PLACED)
    order.unreached += event.reason_code in NEVER_REACHED


def _unclear(state: State, event: e.OrderUnclear) -> None:
    order = _move_because(state, event, OrderStatus.UNCLEAR)
    order.evidence_follows = event.evidence_follows


def _evidence(state: State, event: e.OrderEvidenceFound) -> None:
    order = _order_of(state, event)
    order.evidence_seq, order.evidence_follows = event.seq, False


def _accepted(state: State, event: e.OrderAccepted) -> None:
    order = _move(state, event, OrderStatus.ACCEPTED)
    order.provider_order_id, order.followed = event.provider_order_id, event.followed
    day = _day(state, event.at)
    day.accepted += 1
    if not event.followed:
        day.ended += 1
        day.spent_points += event.spent_points


def _rejected(state: State, event: e.OrderRejected) -> None:
    order = _move_because(state, event, OrderStatus.REJECTED)
    order.refunded_points += event.refund_points
    day = _day(state, event.at)
    day.ended += 1
    day.refunded_points += event.refund_points


def _in_progress(state: State, event: e.OrderInProgress) -> None:
    order = _move(state, event, OrderStatus.IN_PROGRESS)
    if event.start_count is not None:
        order.start_count = event.start_count
    order.remains = event.remains


_END_OF: dict[type[e.OrderEndEvent], OrderStatus] = {
    e.OrderCompleted: OrderStatus.COMPLETED,
    e.OrderPartial: OrderStatus.PARTIAL,
    e.OrderCanceled: OrderStatus.CANCELED,
}


def _ended(state: State, event: e.OrderEndEvent) -> None:
    order = _move(state, event, _END_OF[type(event)])
    day = _day(state, event.at)
    day.ended += 1
    day.spent_points += event.spent_points
    _note_end(state, order, event)


def _corrected(state: State, event: e.OrderCorrected) -> None:
    order = _move(state, event, event.status)
    if order.closed_seq:
        # It stays longer than those that were closed after it, and must not keep them back.
        state.closing.remove(order.order_id)
        order.closed_seq = 0
    order.oddities += event.by == "provider"
    _day(state, event.at).spent_points -= event.refund_points
    _note_end(state, order, event)


def _note_end(state: State, order: Order, event: e.OrderEndEvent | e.OrderCorrected) -> None:
    order.refunded_points += event.refund_points
    order.remains = event.remains
    day = _day(state, event.at)
    day.refunded_points += event.refund_points
    if event.charge_micro is not None:
        day.charged_micro += event.charge_micro - (order.charge_micro or 0)
        order.charge_micro = event.charge_micro
        state.books.provider_currency = event.currency


def _needs_review(state: State, event: e.OrderNeedsReview) -> None:
    order = _order_of(state, event)
    order.review, order.http_status = event.reason_code, event.http_status
    order.oddities += 1


def _request_made(state: State, event: e.OrderRequestMade) -> None:
    order = _order_of(state, event)
    order.requests = {**order.requests, event.what: None}


def _request_answered(state: State, event: e.OrderRequestAnswered) -> None:
    order = _order_of(state, event)
    order.requests = {**order.requests, event.what: event.granted}


def _offer_changed(state: State, event: e.OfferChanged) -> None:
    state.offers[event.service_id] = Offer(
        **{name: getattr(event, name) for name in Offer.__struct_fields__}
    )
    if event.key:
        state.admin_keys[event.key] = event.seq


def _reconciled(state: State, event: e.OrdersReconciled) -> None:
    state.books.reconciliation = Reconciliation(
        seq=event.seq,
        day=event.day,
        orders=event.orders,
        charged_micro=event.charged_micro,
        balance_micro=event.balance_micro,
        mismatches_count=event.mismatches_count,
    )


APPLIERS: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.OrderPlaced: _placed,
    e.OrderSending: _sending,
    e.OrderNotSent: _not_sent,
    e.OrderUnclear: _unclear,
    e.OrderEvidenceFound: _evidence,
    e.OrderAccepted: _accepted,
    e.OrderRejected: _rejected,
    e.OrderInProgress: _in_progress,
    e.OrderCompleted: _ended,
    e.OrderPartial: _ended,
    e.OrderCanceled: _ended,
    e.OrderCorrected: _corrected,
    e.OrderNeedsReview: _needs_review,
    e.OrderRequestMade: _request_made,
    e.OrderRequestAnswered: _request_answered,
    e.OrderImported: _imported,
    e.OfferChanged: _offer_changed,
    e.OrdersReconciled: _reconciled,
}
