"""The settings of the economy: an admin sees them and changes them."""

from bot.context import Context, message_of, press_of, sender_id
from bot.handlers.admin.commands import AMOUNT, amount_of, key_of
from bot.text.admin import admin_keyboards
from bot.text.admin import settings_texts as texts
from bot.text.refusal_texts import refused
from bot.updates import Update
from ledger import commands as c


async def show_settings(update: Update, context: Context) -> None:
    """The button of the panel."""
    query, _ = press_of(update)
    await context.answer(query)
    t = context.t
    await context.edit(query, texts.settings(t, context.state.economy), admin_keyboards.to_panel(t))


async def change_setting(update: Update, context: Context) -> None:
    """/set shows the settings; /set <name> <value> changes one."""
    t, args = context.t, context.args or []
    if not args:
        await context.reply(update, texts.settings(t, context.state.economy))
        return
    if len(args) != 2:  # noqa: PLR2004 - name and value
        await context.reply(update, t(texts.USE_SET))
        return
    name, typed = args[0].lower(), args[1].replace(",", "").replace("_", "")
    if not AMOUNT.fullmatch(typed):
        await context.reply(update, texts.not_a_number(t, name, args[1]))
        return
    value = amount_of(typed)
    outcome = await context.ledger.execute(
        c.ChangeSetting(
            by=f"admin:{sender_id(update)}",
            name=name,
            value=value,
            key=key_of(message_of(update), context),
        )
    )
    if isinstance(outcome, tuple):
        await context.reply(update, texts.setting_changed(t, name, value))
    else:
        await context.reply(update, refused(t, outcome))
