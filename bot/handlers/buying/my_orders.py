"""One's own orders: the list, the card of each, and what its owner can do about it.

A button names an order by its place among its owner's orders, oldest first, which never changes. So
no button, whoever made it, reaches an order of somebody else.
"""

from bot.context import Context, OrderDraft, press_of, sender_id
from bot.handlers.buying.order_questions import ask
from bot.send.client import Keyboard
from bot.text import user_texts
from bot.text.buttons import number
from bot.text.orders import my_order_keyboards, order_texts
from bot.text.refusal_texts import refused
from bot.updates import Press, Update
from i18n import Html
from ledger import commands as c
from ledger import refusals as r
from ledger.order_status import OrderStatus
from ledger.reason_codes import OrderRequest
from ledger.state import Order
from orders.links.results import LinkedItem
from orders.shop.offers import offer_of, read_for

ORDERS_A_PAGE = 10


async def show_orders(update: Update, context: Context) -> None:
    """/orders, and the button below the balance."""
    if update.callback_query is None:
        context.go_to(sender_id(update), None)
        await context.reply(update, *await _page(0, context))
        return
    query, parts = press_of(update)
    await context.answer(query)
    page = number(parts[1]) if parts[1:] else None
    if page is None:
        await context.reply(update, *await _page(0, context))
    else:
        await context.edit(query, *await _page(page, context))


async def _page(wanted: int, context: Context) -> tuple[Html, Keyboard | None]:
    t, ids = context.t, context.state.orders_of.get(context.user_id, [])
    if not ids:
        return order_texts.no_orders(t), None
    pages = -(-len(ids) // ORDERS_A_PAGE)
    page = min(max(0, wanted), pages - 1)
    end = len(ids) - page * ORDERS_A_PAGE
    places = range(end - 1, max(0, end - ORDERS_A_PAGE) - 1, -1)
    found = [await context.ledger.order(ids[place]) for place in places]
    shown = [order for order in found if order is not None]
    first = page * ORDERS_A_PAGE + 1
    text = order_texts.orders_page(t, context.state, shown, first=first, page=page, pages=pages)
    return text, my_order_keyboards.orders(t, places, first, page, pages)


async def show_order(update: Update, context: Context) -> None:
    """The card of an order, in place of the list, or anew. Also the button that refreshes it."""
    query, parts = press_of(update)
    order = await _order_of(query, parts, context)
    if order is None:
        return
    refreshed = parts[2:] == [my_order_keyboards.REFRESHED]
    await context.answer(query, context.t(order_texts.UP_TO_DATE) if refreshed else "")
    await _show(query, order, context)


async def _show(query: Press, order: Order, context: Context) -> None:
    place = context.state.orders_of[context.user_id].index(order.order_id)
    keyboard = my_order_keyboards.order(
        context.t,
        place,
        _page_of(place, context),
        _can_ask(order, context),
        again=order.is_of_this_bot,
    )
    await context.edit(query, order_texts.card(context.t, context.state, order), keyboard)


def _page_of(place: int, context: Context) -> int:
    return (len(context.state.orders_of[context.user_id]) - 1 - place) // ORDERS_A_PAGE


async def _order_of(query: Press, parts: list[str], context: Context) -> Order | None:
    """The order that a button names; if it names none, that is answered."""
    ids = context.state.orders_of.get(context.user_id, [])
    place = number(parts[1]) if parts[1:] else None
    order = None
    if place is not None and 0 <= place < len(ids):
        order = await context.ledger.order(ids[place])
    if order is None or order.user_id != context.user_id:
        await context.answer(query, context.t(user_texts.BUTTON_TOO_OLD), alert=True)
        return None
    return order


def _can_ask(order: Order, context: Context) -> list[OrderRequest]:
    """What the provider can be asked for now. The ledger decides it once more.

    Of an order that has left the memory nothing is asked any more.
    """
    offer = context.state.offers.get(order.service_id)
    if offer is None or not order.followed or order.order_id not in context.state.orders:
        return []
    possible = []
    if offer.can_cancel and order.is_delivering:
        possible.append(OrderRequest.CANCEL)
    if offer.can_refill and order.status is OrderStatus.COMPLETED:
        possible.append(OrderRequest.REFILL)
    return [one for one in possible if order.requests.get(one, False) is False]


async def order_again(update: Update, context: Context) -> None:
    """The same for the same link: the quantity is asked for, in a new message."""
    query, parts = press_of(update)
    order = await _order_of(query, parts, context)
    if order is None:
        return
    t, offer = context.t, offer_of(context.on_sale, order.service_id)
    read = None if offer is None else read_for(offer, order.video_link)
    if offer is None or not order.is_of_this_bot:
        await context.answer(query, t(order_texts.NOT_SOLD_ANY_MORE), alert=True)
    elif not isinstance(read, LinkedItem):
        await context.answer(query, t(order_texts.NO_LINK_ANY_MORE), alert=True)
    else:
        await context.answer(query)
        draft = OrderDraft(service_id=offer.service_id, item=read)
        await ask(draft, context, suggested=order.quantity)


async def ask_provider(update: Update, context: Context) -> None:
    """'Ask to stop it' and 'Ask for a refill': the first tap asks whether that is meant."""
    query, parts = press_of(update)
    what = _what(parts)
    order = await _order_of(query, parts, context)
    if order is None:
        return
    place = int(parts[1])
    if what is None or what not in _can_ask(order, context):
        await context.answer(query, refused(context.t, _why_not(order, what)), alert=True)
        await _show(query, order, context)
        return
    await context.answer(query)
    text = Html("\n\n").join(
        [
            order_texts.card(context.t, context.state, order),
            order_texts.sure_to_ask(context.t, what),
        ]
    )
    await context.edit(query, text, my_order_keyboards.sure(context.t, place, what))


def _why_not(order: Order, what: OrderRequest | None) -> r.AnyRefusal:
    if what is not None and order.requests.get(what, False) is not False:
        return r.AlreadyDone()
    return r.NotPossibleHere()


async def ask_provider_now(update: Update, context: Context) -> None:
    """The second tap: the provider is asked."""
    query, parts = press_of(update)
    what = _what(parts)
    order = await _order_of(query, parts, context)
    if order is None:
        return
    outcome: r.AnyRefusal | tuple[object, ...] = r.NotPossibleHere()
    if what is not None:
        by = f"user:{context.user_id}"
        outcome = await context.ledger.execute(
            c.RequestForOrder(by=by, order_id=order.order_id, what=what)
        )
    if isinstance(outcome, tuple):
        await context.answer(query, context.t(order_texts.ASKED))
    else:
        await context.answer(query, refused(context.t, outcome), alert=True)
    await _show(query, await context.ledger.order(order.order_id) or order, context)


def _what(parts: list[str]) -> OrderRequest | None:
    wanted = parts[2] if parts[2:] else ""
    return OrderRequest(wanted) if wanted in set(OrderRequest) else None
