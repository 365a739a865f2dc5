"""Owns the admin's word on unclear orders: it arrived, or it did not and is refunded."""

from bot.context import Context, press_of
from bot.text import admin_texts, keyboards
from bot.text.refusal_texts import refused
from bot.updates import Update
from ledger import commands as c
from ledger.order_status import OrderStatus
from ledger.reason_codes import ReasonCode

SHOWN_MAX = 10


async def show_unclear(update: Update, context: Context) -> None:
    """The panel's button: the oldest unclear orders, each with its buttons."""
    query, _ = press_of(update)
    await context.answer(query)
    state = context.state
    unclear = [one for one in state.orders.values() if one.status is OrderStatus.UNCLEAR]
    if not unclear:
        await context.edit(query, admin_texts.NO_UNCLEAR, keyboards.TO_PANEL)
    for order in unclear[:SHOWN_MAX]:
        await context.bot.say(
            query.from_user.id,
            admin_texts.unclear_order(order, state.users[order.user_id]),
            keyboard=keyboards.unclear_order(order.order_id),
        )


async def settle(update: Update, context: Context) -> None:
    """Both buttons. The first admin's word counts."""
    query, parts = press_of(update)
    order_id, by = parts[-1], f"admin:{query.from_user.id}"
    outcome = await context.ledger.execute(
        c.AcceptOrder(by=by, order_id=order_id)
        if parts[0] == "arrived"
        else c.RejectOrder(by=by, order_id=order_id, reason_code=ReasonCode.REFUNDED_BY_ADMIN)
    )
    await context.answer(query, "" if isinstance(outcome, tuple) else refused(context.t, outcome))
    order = context.ledger.state.orders.get(order_id)
    if order is not None and order.status is not OrderStatus.UNCLEAR:
        await context.edit(query, admin_texts.order_settled(order))
