"""Rules for orders: placing one, and which status may follow which.

`placed -> sending -> accepted | rejected | unclear`, `sending -> placed` when the provider
certainly did not take the order, and `unclear -> accepted | rejected` on an admin's or the
provider's evidence. `placed -> rejected` is an admin's refund of an order that waits. Nothing leads
from `unclear` back to `sending`: an order that may have arrived is never sent again.
"""

from itertools import islice
from typing import TypeAlias, assert_never

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.economy import price_points
from ledger.order_status import OrderStatus
from ledger.reason_codes import ReasonCode
from ledger.rules.decision import Decision
from ledger.state import Order, State, User
from ledger.timestamps import MINUTE_MS, moment_ms, seconds_up

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
    if command.order_id in state.orders:
        return r.AlreadyDone()
    if user.banned:
        return r.UserIsBanned()
    if refusal := order_wait(state, user, at_ms):
        return refusal
    economy = state.economy
    if not economy.order_views_min <= command.quantity <= economy.order_views_max:
        return r.QuantityOutOfRange(economy.order_views_min, economy.order_views_max)
    price = price_points(economy, command.quantity)
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
        ),
    )


def order_wait(state: State, user: User, at_ms: int) -> r.TooManyOrders | None:
    """Why this person has to wait before the next order; None if they don't.

    A clock that was set back locks nobody out: orders that lie in the future don't count.
    """
    limit = state.economy.orders_per_minute_max
    if limit == 0:
        return r.TooManyOrders(0, 0)
    # Of the newest `limit` orders the oldest must be a minute old. The orders themselves say that.
    newest_first = (state.orders[one] for one in reversed(state.orders_of.get(user.user_id, ())))
    ages_ms = (at_ms - moment_ms(one.created_at) for one in newest_first if one.is_of_this_bot)
    age_ms = next(islice((age for age in ages_ms if age >= 0), limit - 1, None), MINUTE_MS)
    if age_ms >= MINUTE_MS:
        return None
    return r.TooManyOrders(limit, seconds_up(MINUTE_MS - age_ms))


def move(state: State, command: Move) -> Decision:
    """Give an order its next status, or refuse that."""
    order = state.orders.get(command.order_id)
    if order is None:
        return r.UnknownOrder()
    if order.status not in _MAY_FOLLOW[type(command)] or _comes_too_late(order, command):
        return r.WrongOrderStatus(order.status)
    return (_moved(order, command),)


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
            return e.OrderSending(user_id=user_id, order_id=order_id, attempt=order.attempts + 1)
        case c.AcceptOrder():
            return e.OrderAccepted(
                user_id=user_id,
                order_id=order_id,
                provider_order_id=command.provider_order_id,
                answer=command.answer[:ANSWER_LENGTH_MAX],
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
            )
        case _:
            assert_never(command)
