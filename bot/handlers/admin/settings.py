"""The settings of the economy: an admin sees them and changes them."""

from bot.context import Context, message_of, press_of, sender_id
from bot.handlers.admin import required_channel
from bot.handlers.admin.commands import key_of
from bot.text.admin import admin_keyboards
from bot.text.admin import settings_texts as texts
from bot.text.number_texts import SETTING, number_refused
from bot.text.refusal_texts import refused
from bot.updates import Update
from i18n import Html
from ledger import commands as c
from ledger import refusals as r
from ledger.economy import BOUNDS
from ledger.untrusted.typed_numbers import NumberProblem, read_number
from ledger.untrusted.typed_text import cleaned


async def show_settings(update: Update, context: Context) -> None:
    """The button of the panel."""
    query, _ = press_of(update)
    await context.answer(query)
    t = context.t
    await context.edit(query, _settings(context), admin_keyboards.to_panel(t))


async def change_setting(update: Update, context: Context) -> None:
    """/set shows the settings; /set <name> <value> changes one."""
    t, args = context.t, context.args or []
    if not args:
        await context.reply(update, _settings(context))
        return
    name, typed = _name_and_value(args)
    if not name or not typed:
        await context.reply(update, Html("\n").join([t(texts.NO_VALUE), t(texts.USE_SET)]))
        return
    if name == required_channel.NAME:
        await required_channel.change(typed, update, context)
        return
    if name not in BOUNDS:
        await context.reply(update, refused(t, r.UnknownSetting(name)))
        return
    value = read_number(typed, SETTING)
    if isinstance(value, NumberProblem):
        lines = [texts.not_a_number(t, name, typed), number_refused(t, value, typed)]
        await context.reply(update, Html(" ").join(lines))
        return
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


def _settings(context: Context) -> Html:
    return texts.settings(context.t, context.state.economy, context.state.books.required_channel)


def _name_and_value(words: list[str]) -> tuple[str, str]:
    """What is set, and to what: `name 5`, `name = 5`, `name=5`. The value may have spaces."""
    name, _, rest = cleaned(" ".join(words)).replace("=", " ", 1).partition(" ")
    return name.lower(), rest.strip()
