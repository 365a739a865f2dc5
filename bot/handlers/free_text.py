"""Messages that are no command and no menu button: the person's conversation step decides."""

from typing import assert_never

from bot.context import (
    AnsweringUser,
    AskedAboutOffer,
    AskedAboutOrder,
    Context,
    OrderDraft,
    SearchingService,
    SearchingUser,
    WritingBroadcast,
    WritingToAdmin,
    message_of,
    sender_id,
)
from bot.handlers import contact
from bot.handlers.admin import (
    answers,
    broadcast,
    people,
)
from bot.handlers.admin.desk import add_service, edit_offer, settle_orders
from bot.handlers.buying import buy
from bot.text.admin.answer_texts import PART_LEFT_OUT
from bot.updates import Update


async def take_anything(  # noqa: C901 - one row for each step
    update: Update, context: Context
) -> None:
    """Handle any message that is no command and no menu button."""
    if await _of_conversation(update, context):
        return
    step = context.step_of(sender_id(update))
    match step:
        case OrderDraft():
            await buy.take_answer(update, context, step)
        case WritingToAdmin():
            await contact.take_message(update, context)
        case AnsweringUser():
            await answers.send(update, context, step.user_id)
        case SearchingUser():
            await people.take_search(update, context)
        case WritingBroadcast():
            await broadcast.take_message(update, context)
        case AskedAboutOrder():
            await settle_orders.take_answer(update, context, step)
        case AskedAboutOffer():
            await edit_offer.take_value(update, context, step)
        case SearchingService():
            await add_service.take_words(update, context)
        case None:
            await buy.take_unasked(update, context)
        case _:
            assert_never(step)


async def _of_conversation(update: Update, context: Context) -> bool:
    """Pass a message between a person and the admins on, if it is one; whether it is.

    A reply says so itself. Without one, what was begun comes before an open conversation.
    """
    message, user_id = message_of(update), sender_id(update)
    is_admin, step = context.is_admin(user_id), context.step_of(user_id)
    if is_admin and await answers.take_reply(update, context):
        return True
    is_open = step is None and context.services.support.is_open(user_id, message.date)
    if is_open or contact.is_about_support(message.reply_to_message, to_admin=is_admin):
        await contact.take_message(update, context)
        return True
    if context.album is None or not context.album.is_late or isinstance(step, WritingToAdmin):
        return False
    if is_admin:
        await context.reply(update, context.t(PART_LEFT_OUT))
    return True
