"""Contact Admin: what a person writes reaches every admin, and the answer goes back.

Nothing is kept in between: the person's id is in the button under the admin's copy, and when an
admin uses Telegram's own reply, the replied-to message brings that button along.
"""

import asyncio
import logging

from telegram.error import BadRequest, Forbidden, TelegramError

from bot.context import AnsweringUser, Context, WritingToAdmin, message_of, press_of, sender_id
from bot.send.delivery_errors import note_unreachable, unreachable_reason
from bot.text import keyboards, menu, user_texts
from bot.text.admin import admin_keyboards, admin_texts
from bot.text.buttons import number
from bot.updates import Message, Update

log = logging.getLogger(__name__)


async def begin(update: Update, context: Context) -> None:
    """The menu's button, and 'write again' under an answer."""
    user_id = sender_id(update)
    context.go_to(user_id, WritingToAdmin())
    if update.callback_query is not None:
        await context.answer(update.callback_query)
    await context.bot.say(user_id, context.t(user_texts.ASK_FOR_MESSAGE))


async def take_message(update: Update, context: Context, step: WritingToAdmin) -> None:
    """Pass a person's message on; the further parts of an album follow without a word."""
    message, user_id = message_of(update), sender_id(update)
    more_of_album = bool(step.sent_album)
    context.go_to(user_id, _after(message))
    passing_on = [
        asyncio.create_task(_pass_on(message, admin_id, context, with_title=not more_of_album))
        for admin_id in sorted(context.services.admin_ids)
    ]
    try:
        if not more_of_album:
            await _report(update, context, reached=await _first_success(passing_on))
    finally:
        # An admin in trouble holds up neither the others nor what the person hears.
        await asyncio.gather(*passing_on)


async def _first_success(tries: list["asyncio.Task[bool]"]) -> bool:
    """Whether one of them succeeds, as soon as that is known."""
    for ended in asyncio.as_completed(tries):
        if await ended:
            return True
    return False


async def _report(update: Update, context: Context, *, reached: bool) -> None:
    t = context.t
    if reached:
        await context.reply(update, t(user_texts.MESSAGE_SENT), keyboards.write_more(t))
    else:
        await context.reply(update, t(user_texts.MESSAGE_NOT_SENT), menu.keyboard(t))


def _after(message: Message) -> WritingToAdmin | None:
    album = message.media_group_id
    return WritingToAdmin(sent_album=album) if album else None


async def _pass_on(message: Message, admin_id: int, context: Context, *, with_title: bool) -> bool:
    assert message.from_user is not None  # noqa: S101 - the handler table's filters see to it
    user = context.ledger.state.users[message.from_user.id]
    t = context.t_for(admin_id)
    keyboard = admin_keyboards.answer_user(t, user.user_id)
    try:
        if with_title:
            await context.bot.say(admin_id, admin_texts.from_user(t, user), keyboard)
        await context.bot.copy(admin_id, message.chat.id, message.message_id, keyboard)
    except TelegramError as error:
        log.warning("A person's message could not be sent to admin %s: %s", admin_id, error)
        return False
    return True


async def begin_answer(update: Update, context: Context) -> None:
    """An admin's Reply button: their next message goes to that person."""
    query, parts = press_of(update)
    await context.answer(query)
    user = context.ledger.state.users.get(_id_in(parts))
    if user is None:
        await context.bot.say(query.from_user.id, context.t(admin_texts.NOT_FOUND))
        return
    context.go_to(query.from_user.id, AnsweringUser(user.user_id))
    await context.bot.say(query.from_user.id, admin_texts.ask_for_answer(context.t, user))


def _id_in(parts: list[str]) -> int:
    return (number(parts[1]) or 0) if parts[1:] else 0


async def send_answer(update: Update, context: Context, user_id: int) -> None:
    """Deliver an admin's message to a person, and report to the admin."""
    message = message_of(update)
    context.go_to(sender_id(update), None)
    user, their_t = context.ledger.state.users[user_id], context.t_for(user_id)
    keyboard = keyboards.answer(their_t)
    try:
        await context.bot.say(user_id, their_t(user_texts.ANSWER_FROM_ADMIN))
        await context.bot.copy(user_id, message.chat.id, message.message_id, keyboard)
    except (Forbidden, BadRequest) as error:
        await note_unreachable(context.ledger, user_id, error)
        text = admin_texts.not_delivered(context.t, user, unreachable_reason(error), str(error))
        await context.reply(update, text)
        return
    await context.reply(update, admin_texts.delivered(context.t, user))


def answered_person(message: Message) -> int | None:
    """Whom an admin answers by Telegram's own reply: the id in the replied-to message's button."""
    return person_to_answer(message.reply_to_message)


def person_to_answer(message: Message | None) -> int | None:
    """Whom the `answer` button under a message is about; None if it has no such button."""
    if message is None or message.reply_markup is None:
        return None
    for row in message.reply_markup.inline_keyboard:
        for button in row:
            match button.callback_data.split(":"):
                case ["answer", user_id] if user_id.isdecimal():
                    return int(user_id)
    return None
