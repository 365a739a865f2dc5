"""Answers: what an admin writes to one person.

The person's id is in the button under what the bot showed the admin. When an admin uses Telegram's
own reply, the replied-to message brings that button along. Only an album can't have one: its owner
is remembered for a while (`bot/conversations.py`), and named by the line under it.
"""

from telegram.error import BadRequest, Forbidden

from bot.context import AnsweringUser, Context, message_of, press_of, sender_id
from bot.handlers.passing_on import parcel_of, pass_on
from bot.send.delivery_errors import note_unreachable, unreachable_reason
from bot.text import contact_texts, keyboards
from bot.text.admin import admin_keyboards, admin_texts
from bot.text.admin import answer_texts as texts
from bot.text.buttons import number
from bot.updates import Message, Update


async def begin(update: Update, context: Context) -> None:
    """An admin's Reply button: their next message goes to that person."""
    query, parts = press_of(update)
    await context.answer(query)
    user = context.ledger.state.users.get(_id_in(parts))
    if user is None:
        await context.bot.say(query.from_user.id, context.t(admin_texts.NOT_FOUND))
        return
    context.go_to(query.from_user.id, AnsweringUser(user.user_id))
    await context.bot.say(query.from_user.id, texts.ask_for_answer(context.t, user))


def _id_in(parts: list[str]) -> int:
    return (number(parts[1]) or 0) if parts[1:] else 0


async def take_reply(update: Update, context: Context) -> bool:
    """Whether an admin's message replies to somebody; if so, they get it."""
    replied_to = message_of(update).reply_to_message
    if replied_to is None:
        return False
    user_id = _person_in(replied_to)
    if user_id is None and replied_to.media_group_id and _is_bots(replied_to):
        user_id = context.services.support.owner_of(sender_id(update), replied_to.message_id)
        if user_id is None:
            await context.reply(update, context.t(texts.WHOSE_ALBUM))
            return True
    if user_id is None:
        return False
    if user_id not in context.state.users:
        await context.reply(update, context.t(admin_texts.NOT_FOUND))
        return True
    await send(update, context, user_id)
    return True


def _is_bots(message: Message) -> bool:
    return message.from_user is not None and message.from_user.is_bot


def _person_in(message: Message) -> int | None:
    """Whom the `answer` button under a message is about; None if it has no such button."""
    if message.reply_markup is None:
        return None
    for row in message.reply_markup.inline_keyboard:
        for button in row:
            match button.callback_data.split(":"):
                case ["answer", user_id]:
                    return number(user_id)
    return None


async def send(update: Update, context: Context, user_id: int) -> None:
    """Deliver an admin's message or album to a person, and report to the admin."""
    user, t, their_t = context.state.users[user_id], context.t, context.t_for(user_id)
    parcel, keyboard = parcel_of(update, context), admin_keyboards.answer_user(t, user_id)
    # What the admin writes while this one waits for the person's chat is something else.
    step = _end_step(update, context)
    try:
        copies = await pass_on(
            parcel,
            user_id,
            their_t(contact_texts.ANSWER_FROM_ADMIN),
            keyboards.answer(their_t),
            context,
        )
    except (Forbidden, BadRequest) as error:
        if await note_unreachable(context.ledger, user_id, error):
            text = texts.not_delivered(t, user, unreachable_reason(error), str(error))
        else:
            text = texts.not_copied(t, user, parcel.kind, str(error))
            if step is not None and context.step_of(sender_id(update)) is None:
                context.go_to(sender_id(update), step)
        await context.reply(update, text, keyboard)
        return
    whole = len(copies) == len(parcel.message_ids)
    text = texts.delivered(t, user) if whole else texts.delivered_in_part(t, user)
    await context.reply(update, text, keyboard)


def _end_step(update: Update, context: Context) -> AnsweringUser | None:
    """End the answer that was begun, and return that step. Anything else that was begun goes on."""
    step = context.step_of(sender_id(update))
    if not isinstance(step, AnsweringUser):
        return None
    context.go_to(sender_id(update), None)
    return step
