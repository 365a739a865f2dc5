"""Small answers that belong nowhere else."""

from bot.context import Context, message_of, sender_id
from bot.text import user_texts
from bot.text.admin import admin_texts
from bot.updates import Update


async def cancel(update: Update, context: Context) -> None:
    """/cancel: stop whatever was begun."""
    user_id, support = sender_id(update), context.services.support
    is_open = support.is_open(user_id, message_of(update).date)
    begun = context.step_of(user_id) is not None or is_open
    text = user_texts.CANCELLED if begun else user_texts.NOTHING_TO_CANCEL
    support.end(user_id)
    context.go_to(user_id, None)
    t = context.t
    await context.reply(update, t.message(text), keyboard=context.menu)


async def show_help(update: Update, context: Context) -> None:
    """/help: how it works."""
    context.go_to(sender_id(update), None)
    t = context.t
    on_page = bool(context.services.ad_page_url)
    text = user_texts.help_text(t, context.economy, context.on_sale, on_page=on_page)
    await context.reply(update, text, keyboard=context.menu)


async def not_understood(update: Update, context: Context) -> None:
    """Anything that fits nowhere."""
    t = context.t
    await context.reply(
        update, user_texts.not_understood(t, context.on_sale), keyboard=context.menu
    )


async def unknown_command(update: Update, context: Context) -> None:
    """A command that nobody knows. It is no message to anybody, whatever was begun."""
    if not context.is_admin(sender_id(update)):
        await not_understood(update, context)
        return
    t, typed = context.t, message_of(update).text.split()[0]
    is_begun = context.step_of(sender_id(update)) is not None
    await context.reply(update, admin_texts.unknown_command(t, typed, is_begun=is_begun))


async def old_button(update: Update, context: Context) -> None:
    """A button that nobody knows any more."""
    if update.callback_query is not None:
        await context.answer(
            update.callback_query, context.t(user_texts.BUTTON_TOO_OLD), alert=True
        )
