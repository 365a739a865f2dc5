"""Buy Views, its end: the order is shown, then placed or given up."""

import re

from bot.context import AskedForQuantity, AskedToConfirm, Context, message_under, press_of
from bot.text import keyboards, shop_texts, user_texts
from bot.text.buttons import number
from bot.text.refusal_texts import refused
from bot.updates import Message, Update
from i18n import Html
from ledger import commands as c
from ledger import refusals as r
from ledger.economy import price_points
from orders.links.video_links import Video, read_video_link

_ORDER_ID = re.compile(r"[0-9a-f]{12}")


async def ask_to_confirm(
    user_id: int,
    video: Video,
    quantity: int,
    context: Context,
    *,
    changed: AskedToConfirm | None = None,
) -> None:
    """Show the order. One that was `changed` keeps its id, so that only one can be placed."""
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
    context.services.expect_order()
    order_id = changed.order_id if changed else context.services.new_order_id()
    # A tap under an old question leaves a newer one about another video open.
    if changed or context.step_of(user_id) in {None, AskedForQuantity(video)}:
        context.go_to(user_id, AskedToConfirm(video, quantity, order_id))
    await context.bot.say(
        user_id,
        shop_texts.confirm_order(t, video, quantity, price, user.balance),
        keyboard=keyboards.confirm_order(t, order_id, quantity, price),
    )


async def confirm(update: Update, context: Context) -> None:
    """Confirm: the ledger reserves the points; the order dispatcher sends it."""
    query, parts = press_of(update)
    user_id, message = query.from_user.id, message_under(query)
    video = video_in(message) if message else None
    if len(parts) != 4 or not _ORDER_ID.fullmatch(parts[1]) or video is None:  # noqa: PLR2004
        await context.answer(query, context.t(user_texts.BUTTON_TOO_OLD), alert=True)
        return
    order_id, quantity, price = parts[1], number(parts[2]), number(parts[3])
    step = context.step_of(user_id)
    if isinstance(step, AskedToConfirm) and step.order_id == order_id:
        if (step.video, step.quantity) != (video, quantity):
            await context.answer(query, context.t(shop_texts.ORDER_CHANGED), alert=True)
            await context.edit(query, context.t(shop_texts.ORDER_CHANGED))
            return
        context.go_to(user_id, None)
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
    step = context.step_of(query.from_user.id)
    if isinstance(step, AskedToConfirm) and step.order_id == parts[-1]:
        context.go_to(query.from_user.id, None)
    await context.answer(query)
    await context.edit(query, context.t(shop_texts.ORDER_GIVEN_UP))


def video_in(message: Message) -> Video | None:
    """The video that our own message names."""
    video = read_video_link(message.text_with_links)
    return video if isinstance(video, Video) else None
