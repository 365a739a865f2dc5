"""The admin panel: its menu and the statistics."""

from bot.context import Context, press_of, sender_id
from bot.order_facts import needing, piles
from bot.text.admin import admin_keyboards
from bot.text.admin.admin_texts import PANEL
from bot.text.admin.stats_texts import statistics
from bot.updates import Update


async def show_panel(update: Update, context: Context) -> None:
    """/admin, and the button that leads back from other pages."""
    context.go_to(sender_id(update), None)
    t, services = context.t, context.services
    keyboard = admin_keyboards.panel(
        t,
        needing(piles(context.state, context.ledger.now_ms())),
        has_services=services.catalogue is not None,
        has_account=services.provider_account is not None,
    )
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
