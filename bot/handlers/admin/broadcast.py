"""Handlers for a message to everybody: writing and confirming it.

`bot/notify/broadcaster.py` sends it.
"""

from bot.context import Context, WritingBroadcast, message_of, press_of, sender_id
from bot.text.admin import admin_keyboards
from bot.text.admin import broadcast_texts as texts
from bot.text.buttons import number
from bot.text.refusal_texts import refused
from bot.updates import Press, Update
from ledger import commands as c

MESSAGE_ID_MAX = 2**31 - 1


async def begin(update: Update, context: Context) -> None:
    """The panel's button: the next message is for everybody."""
    query, _ = press_of(update)
    await context.answer(query)
    context.go_to(query.from_user.id, WritingBroadcast())
    await context.bot.say(query.from_user.id, context.t(texts.ASK_FOR_BROADCAST))


async def take_message(update: Update, context: Context) -> None:
    """The message for everybody: ask once more."""
    message, t = message_of(update), context.t
    context.go_to(sender_id(update), None)
    await context.bot.say(
        sender_id(update),
        texts.confirm_broadcast(t, len(context.state.users)),
        admin_keyboards.confirm_broadcast(t, message.message_id),
        reply_to=message.message_id,
    )


async def confirm(update: Update, context: Context) -> None:
    """Send: the broadcast is recorded in the ledger, which the `Broadcaster` follows."""
    query, parts = press_of(update)
    admin_id = query.from_user.id
    message_id = number(parts[-1]) or 0
    if query.message is None or not 0 < message_id <= MESSAGE_ID_MAX:
        await context.answer(query)
        return
    outcome = await context.ledger.execute(
        c.StartBroadcast(
            by=f"admin:{admin_id}",
            broadcast_id=_id_of(query, context),
            chat_id=query.message.chat.id,
            message_id=message_id,
        )
    )
    t = context.t
    if isinstance(outcome, tuple):
        await context.answer(query, t(texts.BROADCAST_STARTS))
    else:
        await context.answer(query, refused(t, outcome), alert=True)


def _id_of(query: Press, context: Context) -> str:
    """Bot, chat and message of the confirmation question."""
    assert query.message is not None  # noqa: S101 - the callers have checked it
    return f"{context.bot.id}:{query.message.chat.id}:{query.message.message_id}"


async def give_up(update: Update, context: Context) -> None:
    """Cancel under the last question. It is too late once the broadcast has started."""
    query, _ = press_of(update)
    t = context.t
    if query.message and _id_of(query, context) in context.state.broadcasts:
        await context.answer(query, t(texts.BROADCAST_ON_ITS_WAY), alert=True)
        return
    await context.answer(query)
    await context.edit(query, t(texts.BROADCAST_GIVEN_UP))
