"""Contact Admin: what a person writes reaches every admin.

After the first message the conversation stays open for a while (`bot/conversations.py`). A reply to
a message about support reaches the admins at any time: the replied-to message itself says that it
is about support, so nothing is kept for that.
"""

import asyncio
import logging
from typing import TypeAlias

from telegram.error import BadRequest, TelegramError

from bot.context import Context, WritingToAdmin, message_of, press_of, sender_id
from bot.handlers.passing_on import Parcel, parcel_of, pass_on
from bot.receive.in_flight import current
from bot.send.delivery_errors import unreachable_reason
from bot.text import contact_texts as texts
from bot.text import keyboards
from bot.text.admin import admin_keyboards, answer_texts
from bot.updates import Message, Update
from i18n import Html
from ledger import commands as c
from ledger.rules.appeals import appeal_wait

log = logging.getLogger(__name__)

_Wait: TypeAlias = tuple[str, Html]
"""Why a person can't write to the admins now: a key, by which each is told once, and the words."""


async def begin(update: Update, context: Context) -> None:
    """The menu's button, and those under messages about support."""
    user_id, t = sender_id(update), context.t
    if update.callback_query is not None:
        await context.answer(update.callback_query)
    if wait := _wait(user_id, context.ledger.now_ms() // 1000, context):
        context.go_to(user_id, None)
        await context.bot.say(user_id, wait[1], context.menu)
        return
    context.go_to(user_id, WritingToAdmin())
    is_banned = context.state.users[user_id].banned
    ask = texts.ASK_FOR_APPEAL if is_banned else texts.ASK_FOR_MESSAGE
    await context.bot.say(user_id, t.message(ask))


async def end(update: Update, context: Context) -> None:
    """The button under a confirmation: the conversation is over."""
    query, _ = press_of(update)
    context.services.support.end(query.from_user.id)
    await context.answer(query)
    t = context.t
    await context.edit(query, t(texts.CONVERSATION_ENDED), keyboards.write_more(t))


async def take_message(update: Update, context: Context) -> None:
    """Pass a person's message or album on, and keep the conversation open."""
    message, user_id, support = message_of(update), sender_id(update), context.services.support
    if wait := _wait(user_id, message.date, context):
        if support.tell_once(user_id, wait[0]):
            await context.reply(update, wait[1])
        return
    is_rest = context.album is not None and context.album.is_late
    parcel, is_banned = parcel_of(update, context), context.state.users[user_id].banned
    # What they write while this one waits for an admin's chat must find these in force.
    if not is_rest:
        support.count(user_id, message.date)
    if is_banned and (in_flight := current.get()) is not None:
        in_flight.stay()
    passing_on = [
        asyncio.create_task(_pass_to(admin_id, parcel, user_id, context))
        for admin_id in sorted(context.services.admin_ids)
    ]
    try:
        outcomes = await _until_whole(passing_on)
        await _report(update, context, outcomes, parcel, is_rest=is_rest)
    finally:
        # An admin in trouble holds up neither the others nor what the person hears.
        await asyncio.gather(*passing_on)


async def _until_whole(passing_on: list["asyncio.Task[str]"]) -> list[str]:
    """What became of it: until one admin has got all of it, or with all admins."""
    outcomes: list[str] = []
    for ended in asyncio.as_completed(passing_on):
        outcomes.append(await ended)
        if outcomes[-1] == "whole":
            break
    return outcomes


async def _report(
    update: Update, context: Context, outcomes: list[str], parcel: Parcel, *, is_rest: bool
) -> None:
    """Note what became of it, and tell the person."""
    user_id, is_banned = sender_id(update), context.state.users[sender_id(update)].banned
    passed_on = "whole" in outcomes or "in part" in outcomes
    if passed_on and is_banned:
        message = message_of(update)
        await context.ledger.execute(
            c.NoteAppeal(by=f"user:{user_id}", user_id=user_id, message_id=message.message_id)
        )
    if not passed_on:
        refused = "refused" in outcomes
        t = context.t
        text = texts.cannot_pass_on(t, parcel.kind) if refused else t(texts.MESSAGE_NOT_SENT)
        await context.reply(update, text, context.menu)
    elif "whole" not in outcomes:
        await context.reply(update, context.t(texts.PARTS_LEFT_OUT))
    elif not is_rest:
        await _confirm(update, context, is_appeal=is_banned)


async def _confirm(update: Update, context: Context, *, is_appeal: bool) -> None:
    """Say that it was passed on: at length when a conversation begins, else in a few words."""
    message, user_id, t = message_of(update), sender_id(update), context.t
    support, step = context.services.support, context.step_of(user_id)
    if is_appeal:
        context.go_to(user_id, None)
        support.end(user_id)
        await context.reply(update, t(texts.APPEAL_SENT))
    elif step is not None and not isinstance(step, WritingToAdmin):
        # Something else was begun, and what they write next belongs to that.
        await context.reply(update, t(texts.REPLY_SENT), keyboards.write_more(t))
    else:
        goes_on = step is None and support.is_open(user_id, message.date)
        context.go_to(user_id, None)
        support.keep_open(user_id, message.date)
        text = texts.PASSED_ON if goes_on else texts.MESSAGE_SENT
        reply_to = message.message_id if goes_on else None
        await context.bot.say(user_id, t.message(text), keyboards.end_contact(t), reply_to=reply_to)


def _wait(user_id: int, at_s: int, context: Context) -> _Wait | None:
    """Why a person's message can't be passed on now; None if it can."""
    t = context.t
    if context.state.users[user_id].banned:
        refusal = appeal_wait(context.state, user_id, context.ledger.now_ms())
        if refusal is not None:
            last = context.state.books.appeals[user_id]
            return f"appeal {last.message_id}", texts.wait_to_appeal(t, refusal.seconds_left)
    seconds = context.services.support.wait_s(user_id, at_s)
    return (f"until {at_s + seconds}", texts.wait_to_write(t, seconds)) if seconds else None


async def _pass_to(admin_id: int, parcel: Parcel, user_id: int, context: Context) -> str:
    """Pass it on to one admin; returns what became of it."""
    user, t = context.state.users[user_id], context.t_for(admin_id)
    keyboard = admin_keyboards.answer_user(t, user_id)
    support = context.services.support
    try:
        copies = await pass_on(
            parcel,
            admin_id,
            answer_texts.from_user(t, user),
            keyboard,
            context,
        )
        if parcel.is_album:
            support.note_album(admin_id, copies, user_id)
    except TelegramError as error:
        log.warning("A person's message could not be sent to admin %s: %s", admin_id, error)
        if not isinstance(error, BadRequest) or unreachable_reason(error):
            return "unreachable"
        if user.banned:
            return "refused"  # They may send it in another form; until then nobody is bothered.
        try:
            text = answer_texts.cannot_pass_on(t, user, parcel.kind)
            await context.bot.say(admin_id, text, keyboard)
        except TelegramError as second:
            log.warning("Admin %s could not be told of that: %s", admin_id, second)
        return "refused"
    return "whole" if len(copies) == len(parcel.message_ids) else "in part"


def is_about_support(message: Message | None, *, to_admin: bool) -> bool:
    """Whether a message of the bot's, which somebody replies to, is about support.

    Its button or first sign says so. To all but admins, what holds no text comes from an admin:
    the bot's own messages are texts.

    Args:
        message: the replied-to one, if any.
        to_admin: whether it was sent to an admin.
    """
    if message is None or message.from_user is None or not message.from_user.is_bot:
        return False
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    if any(button.callback_data in ("contact", "end_contact") for row in rows for button in row):
        return True
    return message.text.startswith(texts.MARKS) or not (message.text or to_admin)
