"""The provider's page: our balance there, the last comparison, what the last days left."""

from collections import Counter

from bot.context import Context, press_of
from bot.handlers.admin.desk.services import money_of
from bot.text.admin import admin_keyboards
from bot.text.admin.desk import provider_keyboards as keyboards
from bot.text.admin.desk import provider_texts as texts
from bot.text.admin.desk.provider_texts import DIFFERENCES_A_PAGE, Account, Business
from bot.text.buttons import number
from bot.updates import Update
from ledger import events as e
from ledger.clocks.timestamps import DAY_MS, day_of, to_text
from ledger.reason_codes import OrderRequest


async def show_provider(update: Update, context: Context) -> None:
    """The button of the panel."""
    query, _ = press_of(update)
    await context.answer(query)
    t, account = context.t, context.services.provider_account
    if account is None:
        await context.edit(query, t(texts.NO_ACCOUNT), admin_keyboards.to_panel(t))
        return
    state, now_ms = context.state, context.ledger.now_ms()
    left = account.days_left(state, now_ms)
    shown = Account(account.balance, account.read_at_ms, account.problem, left)
    since = day_of(to_text(now_ms - (texts.DAYS_SHOWN - 1) * DAY_MS))
    days = {day: one for day, one in state.books.order_days.items() if day >= since}
    compared = await _last_comparison(context)
    business = Business(days, _waiting_requests(context), compared)
    text = texts.provider(t, shown, business, money_of(context))
    keyboard = keyboards.provider(t, compared.mismatches_count if compared else 0)
    await context.edit(query, text, keyboard)


def _waiting_requests(context: Context) -> Counter[OrderRequest]:
    return Counter(
        what
        for order in context.state.orders.values()
        for what, granted in order.requests.items()
        if granted is None
    )


async def show_differences(update: Update, context: Context) -> None:
    """A page of what the last comparison found."""
    query, parts = press_of(update)
    await context.answer(query)
    t, compared = context.t, await _last_comparison(context)
    if compared is None or not compared.mismatches:
        await context.edit(
            query, t(texts.NOT_COMPARED), keyboards.differences(t, 0, has_more=False)
        )
        return
    pages = -(-len(compared.mismatches) // DIFFERENCES_A_PAGE)
    page = min(max(0, (number(parts[1]) if parts[1:] else None) or 0), pages - 1)
    keyboard = keyboards.differences(t, page, has_more=page + 1 < pages)
    text = texts.differences(t, compared, page, pages, money_of(context))
    await context.edit(query, text, keyboard)


async def _last_comparison(context: Context) -> e.OrdersReconciled | None:
    last = context.state.books.reconciliation
    if last is None:
        return None
    await context.ledger.settled()
    try:
        event = await context.ledger.event(last.seq)
    except LookupError:
        return None
    return event if isinstance(event, e.OrdersReconciled) else None
