"""Rules for orders: placing one, and which status may follow which.

`placed -> sending -> accepted | rejected | unclear`, `sending -> placed` when the provider
certainly did not take the order, and `unclear -> accepted | rejected` on an admin's or the
provider's evidence. `placed -> rejected` is an admin's refund of an order that waits. Nothing leads
from `unclear` back to `sending`: an order that may have arrived is never sent again. What comes
after `accepted` is in `ledger.rules.deliveries`.
"""

from itertools import islice
from typing import TypeAlias, assert_never

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.clocks.timestamps import MINUTE_MS, moment_ms, seconds_up
from ledger.economy import Offer, price_points
from ledger.order_status import OrderStatus
from ledger.reason_codes import NEVER_REACHED, ReasonCode
from ledger.rules.decision import Decision
from ledger.state import Order, State, User

Move: TypeAlias = c.SendOrder | c.AcceptOrder | c.RejectOrder | c.NoteNotSent | c.NoteUnclear

ANSWER_LENGTH_MAX = 2048
"""How much of a provider's answer an event keeps, in characters."""

_MAY_FOLLOW: dict[type[Move], tuple[OrderStatus, ...]] = {
    c.SendOrder: (OrderStatus.PLACED,),
    c.NoteNotSent: (OrderStatus.SENDING,),
    c.NoteUnclear: (OrderStatus.SENDING,),
    c.AcceptOrder: (OrderStatus.SENDING, OrderStatus.UNCLEAR),
    c.RejectOrder: (OrderStatus.PLACED, OrderStatus.SENDING, OrderStatus.UNCLEAR),
}


def place(state: State, command: c.PlaceOrder, at_ms: int) -> Decision:
    """Reserve the price of an order, or refuse it."""
    user = state.users.get(command.user_id)
    if user is None:
        return r.UnknownUser(command.user_id)
    if is_known(state, command.order_id):
        return r.AlreadyDone()
    if user.banned:
        return r.UserIsBanned()
    if refusal := order_wait(state, user, at_ms):
        return refusal
    price = _price(state, command)
    if isinstance(price, r.Refusal):
        return price
    if price != command.price_points:
        return r.PriceChanged(price)
    if user.balance < price:
        return r.NotEnoughPoints(price - user.balance, user.balance)
    return (
        e.OrderPlaced(
            user_id=user.user_id,
            order_id=command.order_id,
            video_link=command.video_link,
            video_key=command.video_key,
            quantity=command.quantity,
            price_points=price,
            service_id=command.service_id,
            comments=command.comments,
        ),
    )


def is_known(state: State, order_id: str) -> bool:
    """Whether an order with this id was placed, however long ago."""
    return order_id in state.orders or order_id in state.closed_orders


def _price(state: State, command: c.PlaceOrder) -> int | r.NotOnOffer | r.QuantityOutOfRange:
    """The price now, or why this can't be bought."""
    economy, offer = state.economy, state.offers.get(command.service_id)
    if not command.service_id:
        low, high = economy.order_views_min, economy.order_views_max
        price = price_points(economy, command.quantity)
    elif offer is None or not offer.is_sold:
        return r.NotOnOffer(command.service_id)
    else:
        low, high = offer.quantity_min, offer.quantity_max
        price = offer.price_points(command.quantity)
    if not low <= command.quantity <= high or not _comments_fit(command, offer):
        return r.QuantityOutOfRange(low, high)
    return price


def _comments_fit(command: c.PlaceOrder, offer: Offer | None) -> bool:
    """Whether there are as many texts as are paid for, and none where none are posted."""
    posts_comments = offer is not None and offer.posts_comments
    count = sum(1 for line in command.comments.split("\n") if line.strip())
    return count == (command.quantity if posts_comments else 0)


def order_wait(state: State, user: User, at_ms: int) -> r.TooManyOrders | None:
    """Why this person has to wait before the next order; None if they don't.

    A clock that was set back locks nobody out: orders that lie in the future don't count.
    """
    limit = state.economy.orders_per_minute_max
    if limit == 0:
        return r.TooManyOrders(0, 0)
    # Of the newest `limit` orders the oldest must be a minute old. The orders themselves say that.
    # A closed order that has left the memory is far older.
    own = reversed(state.orders_of.get(user.user_id, ()))
    newest_first = (state.orders[one] for one in own if one in state.orders)
    ages_ms = (at_ms - moment_ms(one.created_at) for one in newest_first if one.is_of_this_bot)
    age_ms = next(islice((age for age in ages_ms if age >= 0), limit - 1, None), MINUTE_MS)
    if age_ms >= MINUTE_MS:
        return None
    return r.TooManyOrders(limit, seconds_up(MINUTE_MS - age_ms))


def move(state: State, command: Move) -> Decision:
    """Give an order its next status, or refuse that."""
    order = state.orders.get(command.order_id)
    if order is None:
        return unknown(state, command.order_id)
    if order.status not in _MAY_FOLLOW[type(command)] or _comes_too_late(order, command):
        return r.WrongOrderStatus(order.status)
    if isinstance(command, c.NoteNotSent) and _attempts_used_up(state, order, command):
        command = c.RejectOrder(
            by=command.by,
            order_id=command.order_id,
            reason_code=ReasonCode.ATTEMPTS_USED_UP,
            http_status=command.http_status,
            answer=command.answer,
        )
    return (_moved(order, command),)


def unknown(state: State, order_id: str) -> r.UnknownOrder | r.WrongOrderStatus:
    """Why nothing can happen to an order that is not in memory."""
    closed = state.closed_orders.get(order_id)
    return r.UnknownOrder() if closed is None else r.WrongOrderStatus(closed.status)


def _attempts_used_up(state: State, order: Order, command: c.NoteNotSent) -> bool:
    limit = state.economy.order_attempts_max
    return 0 < limit <= order.unreached + 1 and command.reason_code in NEVER_REACHED


def _comes_too_late(order: Order, command: Move) -> bool:
    """An admin can refund an order that waits, but none whose request may have left already."""
    return (
        order.status is OrderStatus.SENDING
        and isinstance(command, c.RejectOrder)
        and command.reason_code is ReasonCode.REFUNDED_BY_ADMIN
    )


def _moved(order: Order, command: Move) -> e.AnyEvent:
    user_id, order_id = order.user_id, order.order_id
    match command:
        case c.SendOrder():
            return e.OrderSending(
                user_id=user_id,
                order_id=order_id,
                attempt=order.attempts + 1,
                balance_micro=writable(command.balance_micro),
            )
        case c.AcceptOrder():
            return e.OrderAccepted(
                user_id=user_id,
                order_id=order_id,
                provider_order_id=command.provider_order_id,
                answer=command.answer[:ANSWER_LENGTH_MAX],
                followed=_is_followed(command),
                spent_points=0 if _is_followed(command) else order.reserve_points,
            )
        case c.NoteNotSent():
            return e.OrderNotSent(
                user_id=user_id,
                order_id=order_id,
                reason_code=command.reason_code,
                http_status=command.http_status,
                answer=command.answer[:ANSWER_LENGTH_MAX],
            )
        case c.RejectOrder():
            return e.OrderRejected(
                user_id=user_id,
                order_id=order_id,
                refund_points=order.reserve_points,
                reason_code=command.reason_code,
                http_status=command.http_status,
                answer=command.answer[:ANSWER_LENGTH_MAX],
            )
        case c.NoteUnclear():
            return e.OrderUnclear(
                user_id=user_id,
                order_id=order_id,
                reason_code=command.reason_code,
                http_status=command.http_status,
                answer=command.answer[:ANSWER_LENGTH_MAX],
                evidence_follows=command.evidence_follows,
            )
        case _:
            assert_never(command)


def writable(number: int | None) -> int | None:
    """A number from outside; None, so unknown, if it is too large for a line of the log."""
    return number if number is not None and abs(number) <= e.POINTS_MAX else None


def _is_followed(command: c.AcceptOrder) -> bool:
    """Without the provider's number for it, nobody can ask what becomes of an order."""
    return command.followed and bool(command.provider_order_id)
