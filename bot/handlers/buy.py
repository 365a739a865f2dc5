"""Buy Views: the questions for link and quantity. `confirm_order` has the last one, and the order.

What was asked last is kept in memory and may be lost; what the buttons do is not: the message above
them holds the link, Confirm the order's id, quantity and price. So they work after a restart too,
and two taps on Confirm name the same order.
"""

from bot.context import (
    AskedForLink,
    AskedForQuantity,
    AskedToConfirm,
    Context,
    message_of,
    message_under,
    press_of,
    sender_id,
)
from bot.handlers.confirm_order import ask_to_confirm, video_in
from bot.text import keyboards, shop_texts, user_texts
from bot.text.buttons import number
from bot.text.link_texts import link_refused
from bot.text.number_texts import VIEWS, number_refused
from bot.text.refusal_texts import refused
from bot.updates import Update
from i18n import Html
from ledger import refusals as r
from ledger.economy import price_points
from ledger.typed_numbers import NumberProblem, read_number
from orders.links.video_links import (
    LinkRefusal,
    NotALink,
    SeveralVideos,
    TooLong,
    Video,
    read_video_link,
)


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
    """The first answer; also any link that comes unasked."""
    message, user_id = message_of(update), sender_id(update)
    read = read_video_link(message.text_with_links)
    if context.state.users[user_id].banned:
        context.go_to(user_id, None)
        await context.reply(update, refused(context.t, r.UserIsBanned()))
    elif isinstance(read, Video):
        await _take_video(user_id, read, context)
    else:
        await _refuse_link(update, read, context)


async def tap_video(update: Update, context: Context) -> None:
    """One of the videos that a message had links to. The message above holds them."""
    query, parts = press_of(update)
    message = message_under(query)
    found = read_video_link(message.text_with_links) if message else NotALink()
    videos = found.videos if isinstance(found, SeveralVideos) else ()
    place = number(parts[-1])
    if place is None or not 0 <= place < len(videos):
        await context.answer(query, context.t(user_texts.BUTTON_TOO_OLD), alert=True)
        return
    await context.answer(query)
    await _take_video(query.from_user.id, videos[place], context)


async def _take_video(user_id: int, video: Video, context: Context) -> None:
    """Ask how many views, or show the order anew if that was answered already."""
    t, state, step = context.t, context.state, context.step_of(user_id)
    user, economy = state.users[user_id], state.economy
    if isinstance(step, AskedToConfirm):
        await ask_to_confirm(user_id, video, step.quantity, context, changed=step)
    elif user.balance < price_points(economy, economy.order_views_min):
        context.go_to(user_id, None)
        await context.bot.say(user_id, shop_texts.too_few_points(t, user, context.economy))
    else:
        context.go_to(user_id, AskedForQuantity(video))
        await context.bot.say(
            user_id,
            shop_texts.ask_for_quantity(t, video, user, economy),
            keyboard=keyboards.quantities(t, economy, shop_texts.most_views(user, economy)),
        )


async def _refuse_link(update: Update, refusal: LinkRefusal, context: Context) -> None:
    """Say why a link can't be taken, and ask again; let people choose from a few videos."""
    t = context.t
    if isinstance(refusal, SeveralVideos) and len(refusal.videos) <= keyboards.VIDEOS_SHOWN_MAX:
        text = shop_texts.which_video(t, refusal.videos)
        await context.reply(update, text, keyboards.videos(refusal.videos))
    else:
        lines = [link_refused(t, refusal), *_question_again(sender_id(update), context)]
        await context.reply(update, Html("\n\n").join(lines))


def _question_again(user_id: int, context: Context) -> list[Html]:
    """What the person was asked last about an order; nothing if they weren't."""
    t = context.t
    match context.step_of(user_id):
        case AskedForLink():
            return [shop_texts.ask_for_link(t)]
        case AskedForQuantity():
            user, economy = context.state.users[user_id], context.state.economy
            return [shop_texts.not_a_quantity(t, user, economy)]
        case AskedToConfirm():
            return [shop_texts.confirm_or_change(t)]
        case _:
            return []


async def take_quantity(update: Update, context: Context, video: Video) -> None:
    """The second answer, typed. A person may also send another link instead."""
    if await _is_link(update, context):
        return
    message, user_id = message_of(update), sender_id(update)
    typed = message.text or message.caption
    quantity = read_number(typed, VIEWS)
    if isinstance(quantity, NumberProblem):
        t, user, economy = context.t, context.state.users[user_id], context.state.economy
        lines = [number_refused(t, quantity, typed)] if typed else []
        again = shop_texts.not_a_quantity(t, user, economy)
        await context.reply(update, Html(" ").join([*lines, again]))
        return
    await ask_to_confirm(user_id, video, quantity, context)


async def take_change(update: Update, context: Context, step: AskedToConfirm) -> None:
    """At Confirm: another number or another link changes the order that was shown."""
    if await _is_link(update, context):
        return
    message, t = message_of(update), context.t
    typed = message.text or message.caption
    quantity = read_number(typed, VIEWS)
    if not isinstance(quantity, NumberProblem):
        await ask_to_confirm(sender_id(update), step.video, quantity, context, changed=step)
    elif quantity is NumberProblem.NO_DIGITS:
        await context.reply(update, shop_texts.confirm_or_change(t))
    else:
        lines = [number_refused(t, quantity, typed), shop_texts.confirm_or_change(t)]
        await context.reply(update, Html("\n\n").join(lines))


async def _is_link(update: Update, context: Context) -> bool:
    """Whether a message that could be a number is about a link; then it is answered as one."""
    read = read_video_link(message_of(update).text_with_links)
    if isinstance(read, NotALink | TooLong):
        return False
    await take_link(update, context)
    return True


async def tap_quantity(update: Update, context: Context) -> None:
    """The second answer, tapped. The message holds the link, so it works after a restart too."""
    query, parts = press_of(update)
    message, quantity = message_under(query), number(parts[-1])
    video = video_in(message) if message else None
    if video is None or quantity is None:
        await context.answer(query, context.t(user_texts.BUTTON_TOO_OLD), alert=True)
        return
    await context.answer(query)
    step = context.step_of(query.from_user.id)
    same = isinstance(step, AskedToConfirm) and step.video == video
    changed = step if isinstance(step, AskedToConfirm) and same else None
    await ask_to_confirm(query.from_user.id, video, quantity, context, changed=changed)
