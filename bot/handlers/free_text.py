"""Messages that are no command and no menu button: the person's conversation step decides."""

from typing import assert_never

from bot.context import (
    AnsweringUser,
    AskedForLink,
    AskedForQuantity,
    AskedToConfirm,
    Context,
    SearchingUser,
    WritingBroadcast,
    WritingToAdmin,
    message_of,
    sender_id,
)
from bot.handlers import buy, contact, general
from bot.handlers.admin import broadcast, people
from bot.updates import Update
from orders.links.video_links import NotALink, TooLong, read_video_link


async def take_anything(update: Update, context: Context) -> None:  # noqa: C901 - one row each
    """Handle any message that is no command and no menu button."""
    message, user_id = message_of(update), sender_id(update)
    if context.is_admin(user_id):
        person = contact.answered_person(message)
        if person is not None and person in context.ledger.state.users:
            await contact.send_answer(update, context, person)
            return
    step = context.step_of(user_id)
    match step:
        case AskedForLink():
            await buy.take_link(update, context)
        case AskedForQuantity():
            await buy.take_quantity(update, context, step.video)
        case AskedToConfirm():
            await buy.take_change(update, context, step)
        case WritingToAdmin():
            await _to_admin(update, context, step)
        case AnsweringUser():
            await contact.send_answer(update, context, step.user_id)
        case SearchingUser():
            await people.take_search(update, context)
        case WritingBroadcast():
            await broadcast.take_message(update, context)
        case None:
            await _unasked(update, context)
        case _:
            assert_never(step)


async def _to_admin(update: Update, context: Context, step: WritingToAdmin) -> None:
    """Once a part of an album is sent, only further parts of that album are sent too."""
    if step.sent_album and message_of(update).media_group_id != step.sent_album:
        context.go_to(sender_id(update), None)
        await _unasked(update, context)
    else:
        await contact.take_message(update, context, step)


async def _unasked(update: Update, context: Context) -> None:
    """Take a link as the start of an order, or say what is wrong with it; else send a hint."""
    if isinstance(read_video_link(message_of(update).text_with_links), NotALink | TooLong):
        await general.not_understood(update, context)
    else:
        await buy.take_link(update, context)
