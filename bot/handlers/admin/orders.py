"""Unclear orders: an admin says whether they arrived; the points of one that did not go back.

The list, an order and the question whether the admin is sure take one another's place in the same
message, so no number in it is an old one.
"""

from bot.context import Context, press_of
from bot.send.client import Keyboard
from bot.text.admin import admin_keyboards
from bot.text.admin import order_texts as texts
from bot.text.refusal_texts import refused
from bot.updates import Update
from i18n import Html
from ledger import commands as c
from ledger.order_status import OrderStatus
from ledger.reason_codes import ReasonCode
from ledger.state import Order

SHOWN_MAX = 10


async def show_unclear(update: Update, context: Context) -> None:
    """The list of the oldest unclear orders, or one of them."""
    query, parts = press_of(update)
    await context.answer(query)
    order = _unclear(parts[1], context) if parts[1:] else None
    text, keyboard = _list(context) if order is None else _one(order, context)
    await context.edit(query, text, keyboard)


async def settle(update: Update, context: Context) -> None:
    """Both buttons under an unclear order, which ask once more. The first admin's answer counts."""
    query, parts = press_of(update)
    t, order_id = context.t, parts[1] if parts[1:] else ""
    arrived, order = parts[0] == "arrived", _unclear(order_id, context)
    if order is not None and parts[2:] != [admin_keyboards.SURE]:
        await context.answer(query)
        user = context.state.users[order.user_id]
        text = texts.sure_of_order(t, order, user, arrived=arrived)
        keyboard = admin_keyboards.sure_of_order(t, order_id, arrived=arrived)
        await context.edit(query, text, keyboard)
        return
    by = f"admin:{query.from_user.id}"
    outcome = await context.ledger.execute(
        c.AcceptOrder(by=by, order_id=order_id)
        if arrived
        else c.RejectOrder(by=by, order_id=order_id, reason_code=ReasonCode.REFUNDED_BY_ADMIN)
    )
    await context.answer(query, "" if isinstance(outcome, tuple) else refused(t, outcome))
    known = context.state.orders.get(order_id)
    if known is not None and known.status is not OrderStatus.UNCLEAR:
        left = admin_keyboards.unclear_left(t, _count(context))
        await context.edit(query, texts.order_settled(t, known), left)


def _unclear(order_id: str, context: Context) -> Order | None:
    order = context.state.orders.get(order_id)
    return order if order is not None and order.status is OrderStatus.UNCLEAR else None


def _count(context: Context) -> int:
    return context.state.orders_by_status.get(OrderStatus.UNCLEAR, 0)


def _list(context: Context) -> tuple[Html, Keyboard]:
    t, state = context.t, context.state
    unclear = [one for one in state.orders.values() if one.status is OrderStatus.UNCLEAR]
    if not unclear:
        return t(texts.NO_UNCLEAR), admin_keyboards.to_panel(t)
    labels = {
        order.order_id: texts.order_label(t, order, state.users[order.user_id])
        for order in unclear[:SHOWN_MAX]
    }
    return texts.unclear_orders(t, len(unclear)), admin_keyboards.unclear_orders(t, labels)


def _one(order: Order, context: Context) -> tuple[Html, Keyboard]:
    t = context.t
    text = texts.unclear_order(t, order, context.state.users[order.user_id])
    return text, admin_keyboards.unclear_order(t, order.order_id, from_list=True)
