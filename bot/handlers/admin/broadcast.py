"""Handlers for a message to everybody: writing and confirming it.

`bot/notify/broadcaster.py` sends it.
"""

from bot.context import Context, WritingBroadcast, message_of, press_of, sender_id
from bot.text import admin_texts, keyboards
from bot.text.refusal_texts import refused
from bot.updates import Press, Update
from ledger import commands as c

MESSAGE_ID_MAX = 2**31 - 1


async def begin(update: Update, context: Context) -> None:
    """The panel's button: the next message is for everybody."""
    query, _ = press_of(update)
    await context.answer(query)
    context.go_to(query.from_user.id, WritingBroadcast())
    await context.bot.say(query.from_user.id, admin_texts.ASK_FOR_BROADCAST)


async def take_message(update: Update, context: Context) -> None:
    """The message: ask once more."""
    message = message_of(update)
    context.go_to(sender_id(update), None)
    state = context.state
    await context.bot.say(
        sender_id(update),
        admin_texts.confirm_broadcast(len(state.users)),
        keyboards.confirm_broadcast(message.message_id),
        reply_to=message.message_id,
    )


async def confirm(update: Update, context: Context) -> None:
    """Send: the ledger notes it, and the `Broadcaster` begins."""
    query, parts = press_of(update)
    admin_id = query.from_user.id
    message_id = keyboards.number(parts[-1]) or 0
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
    if isinstance(outcome, tuple):
        await context.answer(query, admin_texts.BROADCAST_STARTS)
    else:
        await context.answer(query, refused(outcome), alert=True)


def _id_of(query: Press, context: Context) -> str:
    """Bot, chat and message of the confirmation question."""
    assert query.message is not None  # noqa: S101 - the callers have looked
    return f"{context.bot.id}:{query.message.chat.id}:{query.message.message_id}"


async def give_up(update: Update, context: Context) -> None:
    """Cancel under the last question; too late if it is on its way already."""
    query, _ = press_of(update)
    if query.message and _id_of(query, context) in context.state.broadcasts:
        await context.answer(query, admin_texts.BROADCAST_ON_ITS_WAY, alert=True)
        return
    await context.answer(query)
    await context.edit(query, admin_texts.BROADCAST_GIVEN_UP)
