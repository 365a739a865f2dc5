"""Waiting orders: placed and not sent. An admin can give one up; its points go back."""

from bot.context import Context, press_of, sender_id
from bot.text.admin import admin_keyboards, order_texts
from bot.text.refusal_texts import refused
from bot.updates import Update
from i18n import Html
from ledger import commands as c
from ledger import refusals as r
from ledger.order_status import OrderStatus
from ledger.reason_codes import ReasonCode
from ledger.state import Order

SHOWN_MAX = 10


async def show_waiting(update: Update, context: Context) -> None:
    """The button of the panel: those that wait longest, each with its button."""
    query, _ = press_of(update)
    await context.answer(query)
    t = context.t
    waiting = [one for one in context.state.orders.values() if one.status is OrderStatus.PLACED]
    if not waiting:
        await context.edit(query, t(order_texts.NO_WAITING), admin_keyboards.to_panel(t))
    for order in waiting[:SHOWN_MAX]:
        keyboard = admin_keyboards.waiting_order(t, order.order_id)
        await context.bot.say(query.from_user.id, _card(order, context), keyboard=keyboard)


async def refund(update: Update, context: Context) -> None:
    """/refund <order>: the order with its buttons, or why it can't be refunded."""
    t, admin_id = context.t, sender_id(update)
    if len(context.args) != 1:
        await context.bot.say(admin_id, t(order_texts.USE_REFUND))
        return
    order = context.state.orders.get(context.args[0].lower())
    if order is None:
        await context.bot.say(admin_id, refused(t, r.UnknownOrder()))
    elif order.status is OrderStatus.PLACED:
        keyboard = admin_keyboards.waiting_order(t, order.order_id)
        await context.bot.say(admin_id, _card(order, context), keyboard=keyboard)
    elif order.status is OrderStatus.UNCLEAR:
        text = order_texts.unclear_order(t, order, context.state.users[order.user_id])
        keyboard = admin_keyboards.unclear_order(t, order.order_id)
        await context.bot.say(admin_id, text, keyboard=keyboard)
    else:
        await context.bot.say(admin_id, refused(t, r.WrongOrderStatus(order.status)))


async def ask_to_confirm(update: Update, context: Context) -> None:
    """The first tap on Refund, and the tap that takes it back."""
    query, parts = press_of(update)
    t, order = context.t, context.state.orders.get(parts[-1])
    if order is None or order.status is not OrderStatus.PLACED:
        refusal = r.WrongOrderStatus(order.status) if order is not None else r.UnknownOrder()
        await context.answer(query, refused(t, refusal), alert=True)
        return
    await context.answer(query)
    text, keyboard = _card(order, context), admin_keyboards.waiting_order(t, order.order_id)
    if parts[0] == "refund_waiting":
        text = Html("\n\n").join([text, t(order_texts.SURE_TO_REFUND)])
        keyboard = admin_keyboards.confirm_refund(t, order.order_id)
    await context.edit(query, text, keyboard)


async def confirm(update: Update, context: Context) -> None:
    """The second tap. The ledger refuses it if the order has begun to be sent meanwhile."""
    query, parts = press_of(update)
    t, order_id = context.t, parts[-1]
    by = f"admin:{query.from_user.id}"
    outcome = await context.ledger.execute(
        c.RejectOrder(by=by, order_id=order_id, reason_code=ReasonCode.REFUNDED_BY_ADMIN)
    )
    if not isinstance(outcome, tuple):
        await context.answer(query, refused(t, outcome), alert=True)
    else:
        await context.answer(query)
    order = context.state.orders.get(order_id)
    if order is not None and order.status is OrderStatus.REJECTED:
        await context.edit(query, order_texts.order_settled(t, order))


def _card(order: Order, context: Context) -> Html:
    return order_texts.waiting_order(context.t, order, context.state.users[order.user_id])
