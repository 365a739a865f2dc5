"""Owns the admin's word on unclear orders: it arrived, or it did not and is refunded."""

from bot.context import Context, press_of
from bot.text import admin_texts, keyboards
from bot.text.refusal_texts import refused
from bot.updates import Update
from ledger import commands as c

SHOWN_MAX = 10


async def show_unclear(update: Update, context: Context) -> None:
    """The panel's button: the oldest unclear orders, each with its buttons."""
    query, _ = press_of(update)
    await context.answer(query)
    state = context.state
    unclear = [order for order in state.orders.values() if order.status == "unclear"][:SHOWN_MAX]
    if not unclear:
        await context.edit(query, admin_texts.NO_UNCLEAR, keyboards.TO_PANEL)
    for order in unclear:
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
        else c.RejectOrder(by=by, order_id=order_id, reason=admin_texts.REFUND_REASON)
    )
    await context.answer(query, "" if isinstance(outcome, tuple) else refused(context.t, outcome))
    order = context.ledger.state.orders.get(order_id)
    if order is not None and order.status != "unclear":
        await context.edit(query, admin_texts.order_settled(order))
