"""Buying: the buttons on the way to Confirm. The message above them holds the link."""

from msgspec.structs import replace

from bot.context import Context, OrderDraft, message_under, press_of
from bot.handlers.buying.order_messages import draft_under, is_order_id, is_unreadable, items_in
from bot.handlers.buying.order_questions import ask, show
from bot.handlers.buying.service_lists import services
from bot.text import user_texts
from bot.text.buttons import number
from bot.text.orders import shop_texts
from bot.updates import Press, Update
from ledger.rules.orders import is_known
from orders.shop.offers import offer_by_token


async def tap_link(update: Update, context: Context) -> None:
    """One of the things that a message had links to. The message above holds them."""
    query, parts = press_of(update)
    message, offers = message_under(query), context.on_sale
    wanted = parts[2] if parts[2:] else None
    offer = None if wanted is None else offer_by_token(offers, wanted)
    items = items_in(message, [offer] if offer else offers) if message else []
    place = number(parts[1]) if parts[1:] else None
    if message is None or place is None or not 0 <= place < len(items):
        await _too_old(query, context)
        return
    await context.answer(query)
    step = context.step_of(context.user_id)
    draft = OrderDraft(message_id=message.message_id)
    if isinstance(step, OrderDraft) and step.message_id == message.message_id:
        draft = step
    elif offer is not None:
        draft = replace(draft, service_id=offer.service_id)
    await ask(replace(draft, item=items[place]), context, under=query)


async def tap_quantity(update: Update, context: Context) -> None:
    """A number below the question. The message holds the link, so it works after a restart too."""
    query, parts = press_of(update)
    quantity = number(parts[1]) if parts[1:] else None
    draft = draft_under(query, parts[2] if parts[2:] else "", context)
    if draft is None or is_unreadable(draft, context) or quantity is None or quantity < 1:
        await _too_old(query, context)
        return
    await context.answer(query)
    await ask(replace(draft, quantity=quantity, comments=""), context, under=query)


async def tap_change(update: Update, context: Context) -> None:
    """Another number or other comments, at Confirm: back to the question for them."""
    query, parts = press_of(update)
    draft = draft_under(query, parts[2] if parts[2:] else "", context)
    if draft is None or is_unreadable(draft, context) or not is_order_id(parts[1:2]):
        await _too_old(query, context)
        return
    if is_known(context.state, parts[1]):
        await context.answer(query, context.t(shop_texts.ORDERED_ALREADY), alert=True)
        return
    await context.answer(query)
    # The order keeps its id: of all that it was changed to, one thing can be placed.
    await ask(replace(draft, comments="", order_id=parts[1]), context, under=query)


async def tap_service(update: Update, context: Context) -> None:
    """A service of a list. The message above may hold the link already."""
    query, parts = press_of(update)
    wanted = parts[1] if parts[1:] else ""
    draft = draft_under(query, wanted, context)
    if draft is None:
        await _too_old(query, context)
        return
    if draft.item is None and (anything := draft_under(query, None, context)):
        # There is a link, and this service is not for it: that is said, and one asked for.
        draft = replace(draft, item=anything.item)
    await context.answer(query)
    await ask(draft, context, under=query)


async def tap_services(update: Update, context: Context) -> None:
    """A list of services: all, those of a platform, or another page."""
    query, parts = press_of(update)
    draft = draft_under(query, None, context)
    if draft is None:
        await _too_old(query, context)
        return
    if not context.on_sale:
        await context.answer(query)
        await ask(draft, context, under=query)
        return
    page = number(parts[1]) if parts[1:] else 0
    shown = parts[2] if parts[2:] else ""
    await context.answer(query)
    draft = replace(draft, comments="")
    await show(services(draft, page or 0, shown, context), draft, context, under=query)


async def _too_old(query: Press, context: Context) -> None:
    await context.answer(query, context.t(user_texts.BUTTON_TOO_OLD), alert=True)
