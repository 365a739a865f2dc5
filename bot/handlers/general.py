"""Small answers that belong nowhere else."""

from bot.context import Context, sender_id
from bot.text import user_texts
from bot.updates import Update


async def cancel(update: Update, context: Context) -> None:
    """/cancel: stop whatever was begun."""
    user_id = sender_id(update)
    text = user_texts.CANCELLED if context.step_of(user_id) else user_texts.NOTHING_TO_CANCEL
    context.go_to(user_id, None)
    t = context.t
    await context.reply(update, t.message(text), keyboard=context.menu)


async def show_help(update: Update, context: Context) -> None:
    """/help: how it works."""
    context.go_to(sender_id(update), None)
    t = context.t
    text = user_texts.help_text(t, context.economy)
    await context.reply(update, text, keyboard=context.menu)


async def not_understood(update: Update, context: Context) -> None:
    """Anything that fits nowhere."""
    t = context.t
    await context.reply(update, t(user_texts.NOT_UNDERSTOOD), keyboard=context.menu)


async def old_button(update: Update, context: Context) -> None:
    """A button that nobody knows any more."""
    if update.callback_query is not None:
        await context.answer(
            update.callback_query, context.t(user_texts.BUTTON_TOO_OLD), alert=True
        )
