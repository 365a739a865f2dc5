"""The admin panel: its menu and the statistics."""

from bot.context import Context, press_of, sender_id
from bot.text.admin import admin_keyboards
from bot.text.admin.admin_texts import PANEL
from bot.text.admin.stats_texts import statistics
from bot.updates import Update
from ledger.order_status import OrderStatus


async def show_panel(update: Update, context: Context) -> None:
    """/admin, and the button that leads back from other pages."""
    context.go_to(sender_id(update), None)
    t, counts = context.t, context.state.orders_by_status
    unclear_orders, waiting_orders = (
        counts.get(status, 0) for status in (OrderStatus.UNCLEAR, OrderStatus.PLACED)
    )
    keyboard = admin_keyboards.panel(t, unclear_orders, waiting_orders)
    if update.callback_query is not None:
        await context.answer(update.callback_query)
        await context.edit(update.callback_query, t(PANEL), keyboard)
        return
    await context.reply(update, t(PANEL), keyboard=keyboard)


async def show_stats(update: Update, context: Context) -> None:
    """The statistics."""
    query, _ = press_of(update)
    await context.answer(query)
    t = context.t
    await context.edit(query, statistics(t, context.state), admin_keyboards.statistics(t))
