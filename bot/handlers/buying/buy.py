"""Buying: what people type on the way to Confirm. `order_questions` asks for what is missing.

What was asked last is kept in memory and may be lost; what the buttons do is not: the message above
them holds the link and the comments, their data the service, quantity, order and price. So they
work after a restart too, and two taps on Confirm name the same order.
"""

from msgspec.structs import replace

from bot.context import Context, OrderDraft, message_of, sender_id
from bot.handlers import general
from bot.handlers.buying.order_questions import (
    ask,
    is_too_expensive,
    show,
    why_not,
)
from bot.handlers.buying.service_lists import Question
from bot.handlers.buying.typed_comments import read_comments
from bot.text import number_texts
from bot.text.orders import order_keyboards, shop_texts
from bot.text.orders.link_texts import link_refused
from bot.updates import Update
from i18n import Html
from ledger.economy import Offer
from ledger.untrusted.typed_numbers import NumberProblem, read_number
from orders.links.results import (
    LinkedItem,
    NotALink,
    OrderLinkRefusal,
    SeveralLinks,
    SeveralVideos,
    TooLong,
)
from orders.links.video_links import read_video_link
from orders.shop.offers import has_link, offer_of, read_for, read_for_any, token


async def begin(update: Update, context: Context) -> None:
    """The menu's button: what is on sale, or the question for the link if it is one thing."""
    context.go_to(sender_id(update), None)
    await ask(OrderDraft(), context)


async def take_unasked(update: Update, context: Context) -> None:
    """A message in no conversation: a link begins an order, or is refused; the rest is a hint."""
    text = message_of(update).text_with_links
    offers = context.on_sale
    read = read_for_any(offers, text) if offers else read_video_link(text)
    if isinstance(read, NotALink | TooLong) or not has_link(text):
        await general.not_understood(update, context)
    elif isinstance(read, LinkedItem):
        await ask(OrderDraft(item=read), context)
    elif isinstance(read, SeveralVideos | SeveralLinks):
        await _ask_which(OrderDraft(), read, context)
    elif not offers or context.state.users[context.user_id].banned:
        await ask(OrderDraft(), context)
    else:
        await context.reply(update, link_refused(context.t, read, offers=offers))


async def take_answer(update: Update, context: Context, draft: OrderDraft) -> None:
    """What was typed while an order was being asked about."""
    offers, message = context.on_sale, message_of(update)
    offer = offers[0] if len(offers) == 1 else offer_of(offers, draft.service_id)
    text = message.text_with_links
    if offer is None or draft.item is None:
        await _take_link(text, draft, offer, context)
    elif offer.posts_comments and not _is_one_link(text, offer):
        await _take_comments(message.text or message.caption, draft, offer, context)
    elif isinstance(_read(text, draft, offer, context), NotALink | TooLong):
        await _take_quantity(message.text or message.caption, draft, offer, context)
    else:
        await _take_link(text, draft, offer, context)


def _is_one_link(text: str, offer: Offer) -> bool:
    """Whether the text is a link and nothing else: comments may have links in them."""
    return len(text.split()) == 1 and isinstance(read_for(offer, text), LinkedItem)


def _read(
    text: str, draft: OrderDraft, offer: Offer | None, context: Context
) -> LinkedItem | OrderLinkRefusal:
    """Read a link: for the service that it was asked for, and else for any that is on sale."""
    if offer is not None:
        read = read_for(offer, text)
        if draft.item is None or len(context.on_sale) == 1 or isinstance(read, LinkedItem):
            return read
        # A name alone is a link only where a page was asked for.
        if not has_link(text):
            return NotALink() if not isinstance(read, TooLong) else read
    return read_for_any(context.on_sale, text)


async def _take_link(text: str, draft: OrderDraft, offer: Offer | None, context: Context) -> None:
    read = _read(text, draft, offer, context)
    if isinstance(read, LinkedItem):
        if offer is not None and not isinstance(read_for(offer, read.link), LinkedItem):
            # It is for another service than the one that was chosen for the link before.
            draft = replace(draft, service_id=None, quantity=0, comments="")
        await ask(replace(draft, item=read), context)
    elif isinstance(read, SeveralVideos | SeveralLinks):
        await _ask_which(draft, read, context)
    else:
        await ask(draft, context, problem=link_refused(context.t, read, offer, context.on_sale))


async def _ask_which(
    draft: OrderDraft, read: SeveralVideos | SeveralLinks, context: Context
) -> None:
    """Let people choose from a few links."""
    videos = isinstance(read, SeveralVideos)
    items = read.videos if isinstance(read, SeveralVideos) else read.items
    if len(items) > order_keyboards.LINKS_SHOWN_MAX:
        await ask(draft, context, problem=link_refused(context.t, read))
        return
    text = shop_texts.which_link(context.t, items, videos=videos)
    keyboard = order_keyboards.links(items, token(draft.service_id or ""))
    await show(Question(text, keyboard, draft), draft, context)


async def _take_quantity(typed: str, draft: OrderDraft, offer: Offer, context: Context) -> None:
    """A number. At Confirm it changes the order."""
    t = context.t
    quantity = read_number(typed, number_texts.wording_of(offer.metric))
    if not isinstance(quantity, NumberProblem):
        # At Confirm, a number that can't be ordered leaves the order as it is.
        problem = why_not(quantity, offer, context)
        changed = draft if problem else replace(draft, quantity=quantity)
        short = is_too_expensive(quantity, offer, context)
        await ask(changed, context, problem=problem, earn=short)
        return
    lines: list[Html] = []
    if typed and not (draft.quantity and quantity is NumberProblem.NO_DIGITS):
        lines.append(number_texts.number_refused(t, quantity, typed))
    if draft.quantity:
        lines.append(shop_texts.confirm_or_change(t, offer))
    elif not typed:
        lines.append(shop_texts.not_a_quantity(t, offer, context.state.users[context.user_id]))
    await ask(draft, context, problem=Html("\n\n").join(lines))


async def _take_comments(typed: str, draft: OrderDraft, offer: Offer, context: Context) -> None:
    """The texts to post. At Confirm others take their place."""
    t, comments = context.t, read_comments(typed)
    count = len(comments.lines)
    problem = why_not(count, offer, context)
    if not count:
        problem = shop_texts.confirm_or_change(t, offer) if draft.quantity else None
    elif comments.units > shop_texts.COMMENTS_CHARS_MAX:
        problem = shop_texts.comments_too_long(t)
    elif problem is None:
        draft = replace(draft, quantity=count, comments="\n".join(comments.lines))
    short = is_too_expensive(count, offer, context)
    await ask(draft, context, problem=problem, earn=short)
