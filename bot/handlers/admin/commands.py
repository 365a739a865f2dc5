"""Owns what admins do: adjust, ban, unban, set. Each message counts once (its chat and number)."""

import re

from bot.context import Context, clean, message_of, press_of, sender_id
from bot.handlers.admin.find_user import NotOne, find_user
from bot.text import admin_texts, keyboards
from bot.text.refusal_texts import adjustment_refused, refused
from bot.updates import Message, Update
from ledger import commands as c

_AMOUNT = re.compile(r"[+\-−]?\d{1,15}")
REASON_LENGTH_MAX = 300


def _key(message: Message, context: Context) -> str:
    """Another bot, should the token ever change, numbers its messages from 1 again."""
    return f"{context.bot.id}:{message.chat.id}:{message.message_id}"


async def adjust(update: Update, context: Context) -> None:
    """/adjust <id or @username> <±points> <reason>."""
    message, admin_id = message_of(update), sender_id(update)
    args = context.args or []
    if len(args) < 3 or not _AMOUNT.fullmatch(args[1]):  # noqa: PLR2004 - who, how much, why
        await context.reply(update, admin_texts.USE_ADJUST)
        return
    user = await find_user(context.ledger.state, args[0])
    if isinstance(user, NotOne):
        await context.reply(update, admin_texts.not_one(user.ids))
        return
    amount = int(args[1].replace("−", "-"))
    outcome = await context.ledger.execute(
        c.AdjustBalance(
            by=f"admin:{admin_id}",
            user_id=user.user_id,
            amount_points=amount,
            reason=clean(" ".join(args[2:]))[:REASON_LENGTH_MAX],
            key=_key(message, context),
        )
    )
    if isinstance(outcome, tuple):
        await context.reply(update, admin_texts.adjusted(user, amount))
    else:
        await context.reply(update, adjustment_refused(context.t, outcome))


async def ban(update: Update, context: Context) -> None:
    """/ban <id or @username> [reason]."""
    await _ban_by_message(update, context, lift=False)


async def unban(update: Update, context: Context) -> None:
    """/unban <id or @username>."""
    await _ban_by_message(update, context, lift=True)


async def _ban_by_message(update: Update, context: Context, *, lift: bool) -> None:
    message, args = message_of(update), context.args or []
    user = await find_user(context.ledger.state, args[0] if args else "")
    if isinstance(user, NotOne):
        use = admin_texts.USE_UNBAN if lift else admin_texts.USE_BAN
        await context.reply(update, f"{admin_texts.not_one(user.ids)}\n{use}" if args else use)
        return
    reason = clean(" ".join(args[1:]))[:REASON_LENGTH_MAX]
    key = _key(message, context)
    command = _ban_command(sender_id(update), user.user_id, key, reason, lift=lift)
    outcome = await context.ledger.execute(command)
    text = admin_texts.banned(user) if isinstance(outcome, tuple) else refused(context.t, outcome)
    await context.reply(update, text)


def _ban_command(
    admin_id: int, user_id: int, key: str, reason: str, *, lift: bool
) -> c.Ban | c.Unban:
    by = f"admin:{admin_id}"
    if lift:
        return c.Unban(by=by, user_id=user_id, key=key)
    return c.Ban(by=by, user_id=user_id, key=key, reason=reason)


async def tap_ban(update: Update, context: Context) -> None:
    """The ban button on a person's card, and the one that lifts it."""
    query, parts = press_of(update)
    user = await find_user(context.ledger.state, parts[-1])
    if isinstance(user, NotOne):
        await context.answer(query, admin_texts.NOT_FOUND, alert=True)
        return
    lift = parts[0] == "unban"
    command = _ban_command(query.from_user.id, user.user_id, f"press:{query.id}", "", lift=lift)
    outcome = await context.ledger.execute(command)
    await context.answer(query, "" if isinstance(outcome, tuple) else refused(context.t, outcome))
    keyboard = keyboards.user_card(user.user_id, banned=user.banned)
    await context.edit(query, admin_texts.user_card(context.ledger.state, user), keyboard)


async def change_setting(update: Update, context: Context) -> None:
    """/set shows the economy; /set <name> <value> changes it."""
    message, args = message_of(update), context.args or []
    if not args:
        state = context.state
        await context.reply(update, admin_texts.economy(state.economy))
        return
    if len(args) != 2:  # noqa: PLR2004 - name and value
        await context.reply(update, admin_texts.USE_SET)
        return
    name, value = args[0].lower(), args[1].replace(",", "").replace("_", "")
    if not _AMOUNT.fullmatch(value):
        await context.reply(update, admin_texts.not_a_number(name, args[1]))
        return
    outcome = await context.ledger.execute(
        c.ChangeSetting(
            by=f"admin:{sender_id(update)}",
            name=name,
            value=int(value.replace("−", "-")),
            key=_key(message, context),
        )
    )
    if isinstance(outcome, tuple):
        await context.reply(update, admin_texts.setting_changed(name, int(value)))
    else:
        await context.reply(update, refused(context.t, outcome))
