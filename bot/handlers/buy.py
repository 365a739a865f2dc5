"""Buy Views: link, quantity, confirmation, order.

What was asked last is kept in memory and may be lost; what the buttons do is not: the message above
them holds the link, Confirm the order's id, quantity and price. So they work after a restart too,
and two taps on Confirm name the same order.
"""

import re

from bot.context import (
    AskedForLink,
    AskedForQuantity,
    Context,
    message_of,
    message_under,
    press_of,
    sender_id,
)
from bot.text import keyboards, shop_texts, user_texts
from bot.text.refusal_texts import link_refused, refused
from bot.updates import Message, Update
from i18n import Html
from ledger import commands as c
from ledger import refusals as r
from ledger.economy import price_points
from orders.links.video_links import Video, read_video_link

_ORDER_ID = re.compile(r"[0-9a-f]{12}")
_GROUPED = re.compile(r"\d{1,3}([ ,.'\u00a0\u202f]\d{3})+")
_DIGITS_MAX = 12


async def begin(update: Update, context: Context) -> None:
    """The menu's button: ask for the link, or say that there are too few points."""
    user_id = sender_id(update)
    context.go_to(user_id, None)
    t, state = context.t, context.state
    user, economy = state.users[user_id], state.economy
    if user.banned:
        await context.reply(update, refused(t, r.UserIsBanned()))
    elif not economy.orders_per_minute_max:
        await context.reply(update, refused(t, r.TooManyOrders(0, 0)))
    elif user.balance < price_points(economy, economy.order_views_min):
        await context.reply(update, shop_texts.too_few_points(t, user, context.economy))
    else:
        context.go_to(user_id, AskedForLink())
        await context.reply(update, shop_texts.ask_for_link(t))


async def take_link(update: Update, context: Context) -> None:
    """The first answer; also any link to a video that comes unasked."""
    message, user_id = message_of(update), sender_id(update)
    t, video = context.t, read_video_link(message.text or message.caption)
    if not isinstance(video, Video):
        again = [link_refused(t, video), shop_texts.ask_for_link(t)]
        await context.reply(update, Html("\n\n").join(again))
        return
    state = context.state
    user, economy = state.users[user_id], state.economy
    if user.balance < price_points(economy, economy.order_views_min):
        context.go_to(user_id, None)
        await context.reply(update, shop_texts.too_few_points(t, user, context.economy))
        return
    context.go_to(user_id, AskedForQuantity(video))
    await context.reply(
        update,
        shop_texts.ask_for_quantity(t, video, user, economy),
        keyboard=keyboards.quantities(t, economy, shop_texts.most_views(user, economy)),
    )


async def take_quantity(update: Update, context: Context, video: Video) -> None:
    """The second answer, typed."""
    message, user_id = message_of(update), sender_id(update)
    quantity = read_quantity(message.text)
    if quantity is None:
        user, economy = context.state.users[user_id], context.state.economy
        await context.reply(update, shop_texts.not_a_quantity(context.t, user, economy))
        return
    await _ask_to_confirm(user_id, video, quantity, context)


async def tap_quantity(update: Update, context: Context) -> None:
    """The second answer, tapped. The message holds the link, so it works after a restart too."""
    query, parts = press_of(update)
    message, quantity = message_under(query), read_quantity(parts[-1])
    video = _video_in(message) if message else None
    if video is None or quantity is None:
        await context.answer(query, context.t(user_texts.BUTTON_TOO_OLD), alert=True)
        return
    await context.answer(query)
    await _ask_to_confirm(query.from_user.id, video, quantity, context)


def read_quantity(text: str) -> int | None:
    """A whole number as people write it: `500`, `1,000`, `1 000`, `1.000`."""
    text = text.strip()
    if _GROUPED.fullmatch(text):
        text = re.sub(r"\D", "", text)
    return int(text) if text.isdecimal() and len(text) <= _DIGITS_MAX else None


async def _ask_to_confirm(user_id: int, video: Video, quantity: int, context: Context) -> None:
    t, state = context.t, context.state
    user, economy = state.users[user_id], state.economy
    price = price_points(economy, quantity)
    refusal: r.AnyRefusal | None = None
    if not economy.order_views_min <= quantity <= economy.order_views_max:
        refusal = r.QuantityOutOfRange(economy.order_views_min, economy.order_views_max)
    elif price > user.balance:
        refusal = r.NotEnoughPoints(price - user.balance, user.balance)
    if refusal is not None:
        again = [refused(t, refusal), shop_texts.not_a_quantity(t, user, economy)]
        await context.bot.say(user_id, Html(" ").join(again))
        return
    if context.step_of(user_id) == AskedForQuantity(video):
        context.go_to(user_id, None)
    order_id = context.services.new_order_id()
    await context.bot.say(
        user_id,
        shop_texts.confirm_order(t, video, quantity, price, user.balance),
        keyboard=keyboards.confirm_order(t, order_id, quantity, price),
    )


async def confirm(update: Update, context: Context) -> None:
    """Confirm: the ledger reserves the points; the order dispatcher sends it."""
    query, parts = press_of(update)
    user_id, message = query.from_user.id, message_under(query)
    video = _video_in(message) if message else None
    if len(parts) != 4 or not _ORDER_ID.fullmatch(parts[1]) or video is None:  # noqa: PLR2004
        await context.answer(query, context.t(user_texts.BUTTON_TOO_OLD), alert=True)
        return
    order_id, quantity, price = parts[1], read_quantity(parts[2]), read_quantity(parts[3])
    outcome = await context.ledger.execute(
        c.PlaceOrder(
            by=f"user:{user_id}",
            user_id=user_id,
            order_id=order_id,
            video_link=video.link,
            video_key=video.key,
            quantity=quantity or 0,
            price_points=price or 0,
        )
    )
    t = context.t
    if isinstance(outcome, r.AlreadyDone):
        await context.answer(query, t(shop_texts.ORDERED_ALREADY))
    elif isinstance(outcome, r.TooManyOrders):
        # Confirm stays: a little later it works.
        await context.answer(query, refused(t, outcome), alert=True)
        return
    elif isinstance(outcome, tuple):
        await context.answer(query)
    else:
        await context.answer(query, refused(t, outcome), alert=True)
        await context.edit(query, refused(t, outcome))
        return
    order = context.state.orders[order_id]
    if order.user_id == user_id:
        # The second time too: a kill may have come between the order and its first showing.
        user = context.state.users[user_id]
        await context.edit(query, shop_texts.order_placed(t, order, user))


async def give_up(update: Update, context: Context) -> None:
    """Cancel under the confirmation; too late if the order is placed already."""
    query, parts = press_of(update)
    if parts[-1] in context.state.orders:
        await context.answer(query, context.t(shop_texts.ORDERED_ALREADY), alert=True)
        return
    await context.answer(query)
    await context.edit(query, context.t(shop_texts.ORDER_GIVEN_UP))


def _video_in(message: Message) -> Video | None:
    """The video that our own confirmation message names."""
    for entity in message.entities:
        if entity.type in {"text_link", "url"}:
            video = read_video_link(entity.url or message.part(entity))
            if isinstance(video, Video):
                return video
    return None
