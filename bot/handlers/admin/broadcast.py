"""Handlers for a message to everybody: writing and confirming it.

`bot/notify/broadcaster.py` sends it.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from telegram.error import BadRequest

from bot.context import Context, WritingBroadcast, press_of, sender_id
from bot.handlers.passing_on import Parcel, copy_parcel, parcel_of
from bot.receive.albums import PARTS_MAX
from bot.text.admin import admin_keyboards
from bot.text.admin import broadcast_texts as texts
from bot.text.buttons import number
from bot.text.refusal_texts import refused
from bot.updates import Press, Update
from ledger import commands as c

MESSAGE_ID_MAX = 2**31 - 1
DATA_CHARS_MAX = 55
"""Of the numbers in the button that sends it: 64 bytes less the button's name."""


async def begin(update: Update, context: Context) -> None:
    """The panel's button: the next message is for everybody."""
    query, _ = press_of(update)
    await context.answer(query)
    context.go_to(query.from_user.id, WritingBroadcast())
    await context.bot.say(query.from_user.id, context.t(texts.ASK_FOR_BROADCAST))


async def take_message(update: Update, context: Context) -> None:
    """The message for everybody: ask once more.

    What can't be copied whole is refused here, before anybody has got anything.
    """
    admin_id, t, parcel = sender_id(update), context.t, parcel_of(update, context)
    data = message_ids_as_data(parcel.message_ids)
    copies = await _preview(parcel, admin_id, context) if data else []
    if len(copies) < len(parcel.message_ids):
        await context.reply(update, texts.cannot_send_to_all(t, parcel.kind))
        return
    context.go_to(admin_id, None)
    await context.bot.say(
        admin_id,
        texts.confirm_broadcast(t, len(context.state.users)),
        admin_keyboards.confirm_broadcast(t, data),
        reply_to=copies[0] or None,
    )


async def _preview(parcel: Parcel, admin_id: int, context: Context) -> Sequence[int]:
    """Show the admin what people will get; the numbers of what Telegram has copied.

    Telegram copies every text, so a text is its own preview.
    """
    if parcel.kind == "text":
        return parcel.message_ids
    try:
        return await copy_parcel(parcel, admin_id, None, context)
    except BadRequest:
        return []


def message_ids_as_data(message_ids: Sequence[int]) -> str:
    """The numbers of an album's messages for a button: the first, then how far on each next is.

    Empty if that is too long. Telegram numbers the parts of an album in one go, so it is not.
    """
    steps = [second - first for first, second in pairwise(message_ids)]
    data = ":".join(str(number) for number in (message_ids[0], *steps))
    return data if len(data) <= DATA_CHARS_MAX else ""


def message_ids_from(parts: list[str]) -> list[int]:
    """The numbers in a button's data; empty if these can't be any."""
    numbers = [number(part) or 0 for part in parts]
    ids = list(accumulate(numbers))
    if not ids or len(ids) > PARTS_MAX or min(numbers) <= 0 or ids[-1] > MESSAGE_ID_MAX:
        return []
    return ids


async def confirm(update: Update, context: Context) -> None:
    """Send: the broadcast is recorded in the ledger, which the `Broadcaster` follows."""
    query, parts = press_of(update)
    admin_id = query.from_user.id
    message_ids = message_ids_from(parts[1:])
    if query.message is None or not message_ids:
        await context.answer(query)
        return
    outcome = await context.ledger.execute(
        c.StartBroadcast(
            by=f"admin:{admin_id}",
            broadcast_id=_id_of(query, context),
            chat_id=query.message.chat.id,
            message_id=message_ids[0],
            more_message_ids=tuple(message_ids[1:]),
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
