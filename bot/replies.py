"""Owns the small courtesies of replying: edits that may come twice, buttons that may be old."""

from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest

from bot import keyboards, texts
from bot.context import Context, message_of, sender_id


async def edit(
    query: CallbackQuery, text: str, keyboard: InlineKeyboardMarkup | None = None
) -> None:
    """Change the message under the pressed button; if it is the same, or gone, that is fine.

    Under a message that is too old to be shown to us, send the text as a new one.
    """
    if message_under(query) is None:
        await query.from_user.send_message(text, reply_markup=keyboard)
        return
    try:
        await query.edit_message_text(text, reply_markup=keyboard)
    except BadRequest as error:
        # PTB capitalises what Telegram says, so compare without case.
        words = str(error).lower()
        if not any(known in words for known in ("not modified", "not found", "can't be edited")):
            raise


async def answer_quietly(query: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
    """Answer a press; one that is too old, or answered already, is let be."""
    try:
        await query.answer(text or None, show_alert=alert)
    except BadRequest as error:
        if "query is too old" not in str(error).lower():
            raise


def message_under(query: CallbackQuery) -> Message | None:
    """The message that holds the pressed button, unless Telegram no longer shows it to us."""
    message = query.message
    return message if isinstance(message, Message) and message.is_accessible else None


async def cancel(update: Update, context: Context) -> None:
    """/cancel: stop whatever was begun."""
    user_id = sender_id(update)
    text = texts.CANCELLED if context.step_of(user_id) else texts.NOTHING_TO_CANCEL
    context.go_to(user_id, None)
    await message_of(update).reply_text(text, reply_markup=keyboards.MENU)


async def show_help(update: Update, context: Context) -> None:
    """/help: how it works."""
    context.go_to(sender_id(update), None)
    state = await context.books()
    await message_of(update).reply_text(texts.help_text(state.economy), reply_markup=keyboards.MENU)


async def not_understood(update: Update, _: Context) -> None:
    """Anything that fits nowhere."""
    await message_of(update).reply_text(texts.NOT_UNDERSTOOD, reply_markup=keyboards.MENU)


async def old_button(update: Update, _: Context) -> None:
    """A button that nobody knows any more."""
    if update.callback_query is not None:
        await answer_quietly(update.callback_query, texts.BUTTON_TOO_OLD, alert=True)
