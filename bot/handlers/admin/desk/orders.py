"""The admins' desk for orders: what needs a person, in lists, and the card of one order.

Lists, cards and questions take one another's place in the same message, so no number in it is an
old one. What settles an order is in `settle_orders`.
"""

from bot.context import AdminStep, Context, press_of
from bot.order_facts import facts_of, piles
from bot.send.client import Keyboard
from bot.text.admin.desk import order_keyboards as keyboards
from bot.text.admin.desk import order_texts as texts
from bot.text.admin.desk.order_texts import OrderFacts, Pile
from bot.text.buttons import number
from bot.text.refusal_texts import refused
from bot.updates import Press, Update
from i18n import Html
from ledger import refusals as r
from ledger.rules.orders import unknown
from ledger.state import Order

ORDERS_A_PAGE = 8


async def show_desk(update: Update, context: Context) -> None:
    """The button of the panel: how many orders are on which list."""
    query, _ = press_of(update)
    await context.answer(query)
    end_step(context, query.from_user.id)
    found = piles(context.state, context.ledger.now_ms())
    counts = {which: len(orders) for which, orders in found.items()}
    t = context.t
    await context.edit(query, texts.desk(t, counts), keyboards.desk(t, counts))


async def show_pile(update: Update, context: Context) -> None:
    """A page of a list."""
    query, parts = press_of(update)
    await context.answer(query)
    wanted = parts[1] if parts[1:] else ""
    which = Pile(wanted) if wanted in list(Pile) else Pile.UNCLEAR
    text, keyboard = _page(which, number(parts[2]) if parts[2:] else None, context)
    await context.edit(query, text, keyboard)


def _page(which: Pile, wanted: int | None, context: Context) -> tuple[Html, Keyboard]:
    t, state, now_ms = context.t, context.state, context.ledger.now_ms()
    orders = piles(state, now_ms)[which]
    pages = max(1, -(-len(orders) // ORDERS_A_PAGE))
    page = min(max(0, wanted or 0), pages - 1)
    labels = {
        order.order_id: texts.order_label(
            t,
            OrderFacts(
                order, state.users[order.user_id], which, state.offers.get(order.service_id)
            ),
            is_put_off=context.services.ask_later.is_put_off(order.order_id),
        )
        for order in orders[page * ORDERS_A_PAGE :][:ORDERS_A_PAGE]
    }
    keyboard = keyboards.pile(t, which, labels, page, has_more=page + 1 < pages)
    return texts.pile(t, which, orders, page, pages), keyboard


async def show_order(update: Update, context: Context) -> None:
    """An order's card: from a list, or back from a question about it."""
    query, parts = press_of(update)
    end_step(context, query.from_user.id)
    order = context.state.orders.get(parts[1] if parts[1:] else "")
    if order is None:
        await say_unknown(query, parts[1] if parts[1:] else "", context)
        return
    await context.answer(query)
    await context.edit(query, *await card_of(order, context))


async def refund(update: Update, context: Context) -> None:
    """/refund <order>: the order's card with its buttons, or why it can't be refunded."""
    t = context.t
    if len(context.args) != 1:
        await context.reply(update, t(texts.USE_REFUND))
        return
    order = context.state.orders.get(context.args[0].lower())
    if order is None:
        refusal: r.AnyRefusal = unknown(context.state, context.args[0].lower())
        await context.reply(update, refused(t, refusal))
        return
    text, keyboard = await card_of(order, context)
    if order.is_closed and order.review is None:
        text = refused(t, r.WrongOrderStatus(order.status))
    await context.reply(update, text, keyboard)


async def card_of(order: Order, context: Context) -> tuple[Html, Keyboard]:
    """The card of an order, with what can be done now."""
    facts = await facts_of(order, context.ledger, context.ledger.now_ms())
    keyboard = keyboards.card(context.t, order.order_id, facts.pile, order.user_id)
    return texts.card(context.t, facts), keyboard


async def say_unknown(query: Press, order_id: str, context: Context) -> None:
    """An order is not in memory: it was settled long ago, or never was."""
    await context.answer(query, refused(context.t, unknown(context.state, order_id)), alert=True)


def end_step(context: Context, user_id: int) -> None:
    """Whoever leaves the page that asks for something is no longer asked."""
    if isinstance(context.step_of(user_id), AdminStep):
        context.go_to(user_id, None)
