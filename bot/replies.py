"""Owns the small courtesies of replying: edits that may come twice, buttons that may be old."""

from typing import cast

from telegram import CallbackQuery, Message, Update
from telegram.error import BadRequest, TelegramError

from bot import keyboards, texts
from bot.context import Context, sender_id
from bot.reach import may_pass
from bot.telegram_bot import Keyboard, TelegramBot


async def edit(query: CallbackQuery, text: str, keyboard: Keyboard | None = None) -> None:
    """Change the message under the pressed button; if it is the same, or gone, that is fine.

    Under a message that is too old to be shown to us, send the text as a new one.
    """
    message = message_under(query)
    if message is None:
        await bot_of(query).say(query.from_user.id, text, keyboard)
        return
    try:
        await bot_of(query).change(message.chat.id, message.message_id, text, keyboard)
    except BadRequest as error:
        # PTB capitalises what Telegram says, so compare without case.
        words = str(error).lower()
        if not any(known in words for known in ("not modified", "not found", "can't be edited")):
            raise


async def answer_quietly(query: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
    """Answer a press; one that is too old, or answered already, is let be.

    So is one that the network took: the answer stops the button's clock and is no more than that.
    """
    try:
        await bot_of(query).answer_press(query.id, text, alert=alert)
    except TelegramError as error:
        if not may_pass(error) and "query is too old" not in str(error).lower():
            raise


def bot_of(query: CallbackQuery) -> TelegramBot:
    """The bot whose button was pressed."""
    return cast("TelegramBot", query.get_bot())


def message_under(query: CallbackQuery) -> Message | None:
    """The message that holds the pressed button, unless Telegram no longer shows it to us."""
    message = query.message
    return message if isinstance(message, Message) and message.is_accessible else None


async def cancel(update: Update, context: Context) -> None:
    """/cancel: stop whatever was begun."""
    user_id = sender_id(update)
    text = texts.CANCELLED if context.step_of(user_id) else texts.NOTHING_TO_CANCEL
    context.go_to(user_id, None)
    await context.reply(update, text, keyboard=keyboards.MENU)


async def show_help(update: Update, context: Context) -> None:
    """/help: how it works."""
    context.go_to(sender_id(update), None)
    state = await context.books()
    await context.reply(update, texts.help_text(state.economy), keyboard=keyboards.MENU)


async def not_understood(update: Update, context: Context) -> None:
    """Anything that fits nowhere."""
    await context.reply(update, texts.NOT_UNDERSTOOD, keyboard=keyboards.MENU)


async def old_button(update: Update, _: Context) -> None:
    """A button that nobody knows any more."""
    if update.callback_query is not None:
        await answer_quietly(update.callback_query, texts.BUTTON_TOO_OLD, alert=True)
