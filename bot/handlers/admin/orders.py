"""Unclear orders: an admin says whether they arrived; the points of one that did not go back."""

from bot.context import Context, press_of
from bot.text.admin import admin_keyboards
from bot.text.admin.order_texts import NO_UNCLEAR, order_settled, unclear_order
from bot.text.refusal_texts import refused
from bot.updates import Update
from ledger import commands as c
from ledger.order_status import OrderStatus
from ledger.reason_codes import ReasonCode

SHOWN_MAX = 10


async def show_unclear(update: Update, context: Context) -> None:
    """The button of the panel: the oldest unclear orders, each with its buttons."""
    query, _ = press_of(update)
    await context.answer(query)
    t, state = context.t, context.state
    unclear = [one for one in state.orders.values() if one.status is OrderStatus.UNCLEAR]
    if not unclear:
        await context.edit(query, t(NO_UNCLEAR), admin_keyboards.to_panel(t))
    for order in unclear[:SHOWN_MAX]:
        await context.bot.say(
            query.from_user.id,
            unclear_order(t, order, state.users[order.user_id]),
            keyboard=admin_keyboards.unclear_order(t, order.order_id),
        )


async def settle(update: Update, context: Context) -> None:
    """Both buttons under an unclear order. The first admin's answer counts."""
    query, parts = press_of(update)
    t, order_id, by = context.t, parts[-1], f"admin:{query.from_user.id}"
    outcome = await context.ledger.execute(
        c.AcceptOrder(by=by, order_id=order_id)
        if parts[0] == "arrived"
        else c.RejectOrder(by=by, order_id=order_id, reason_code=ReasonCode.REFUNDED_BY_ADMIN)
    )
    await context.answer(query, "" if isinstance(outcome, tuple) else refused(t, outcome))
    order = context.ledger.state.orders.get(order_id)
    if order is not None and order.status is not OrderStatus.UNCLEAR:
        await context.edit(query, order_settled(t, order))
