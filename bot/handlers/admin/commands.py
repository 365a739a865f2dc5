"""What admins do to people: change a balance, ban, lift a ban.

Each message counts once: chat and number of the message are the key of its command.
"""

import re

from bot.context import Context, clean, message_of, press_of, sender_id
from bot.handlers.admin.find_user import NoSingleMatch, find_user
from bot.text.admin import admin_keyboards, admin_texts
from bot.text.refusal_texts import adjustment_refused, refused
from bot.updates import Message, Update
from i18n import Html
from ledger import commands as c

AMOUNT = re.compile(r"[+\-−]?\d{1,15}")
REASON_LENGTH_MAX = 300


def amount_of(text: str) -> int:
    """The number that matches `AMOUNT`; people also type a real minus sign."""
    return int(text.replace("−", "-"))


def key_of(message: Message, context: Context) -> str:
    """The key of a message's command. Another bot numbers its messages from 1 again."""
    return f"{context.bot.id}:{message.chat.id}:{message.message_id}"


async def adjust(update: Update, context: Context) -> None:
    """/adjust <id or @username> <±points> <reason>."""
    t, args = context.t, context.args or []
    if len(args) < 3 or not AMOUNT.fullmatch(args[1]):  # noqa: PLR2004 - who, how much, why
        await context.reply(update, t(admin_texts.USE_ADJUST))
        return
    user = await find_user(context.ledger.state, args[0])
    if isinstance(user, NoSingleMatch):
        await context.reply(update, admin_texts.no_single_match(t, user.ids))
        return
    amount_points = amount_of(args[1])
    outcome = await context.ledger.execute(
        c.AdjustBalance(
            by=f"admin:{sender_id(update)}",
            user_id=user.user_id,
            amount_points=amount_points,
            reason=_reason(args[2:]),
            key=key_of(message_of(update), context),
        )
    )
    if isinstance(outcome, tuple):
        await context.reply(update, admin_texts.adjusted(t, user, amount_points))
    else:
        await context.reply(update, adjustment_refused(t, outcome))


def _reason(words: list[str]) -> str:
    return clean(" ".join(words))[:REASON_LENGTH_MAX]


async def ban(update: Update, context: Context) -> None:
    """/ban <id or @username> [reason]."""
    await _ban_by_message(update, context, lift=False)


async def unban(update: Update, context: Context) -> None:
    """/unban <id or @username>."""
    await _ban_by_message(update, context, lift=True)


async def _ban_by_message(update: Update, context: Context, *, lift: bool) -> None:
    t, args = context.t, context.args or []
    user = await find_user(context.ledger.state, args[0] if args else "")
    if isinstance(user, NoSingleMatch):
        lines = [admin_texts.no_single_match(t, user.ids)] if args else []
        lines.append(t(admin_texts.USE_UNBAN) if lift else t(admin_texts.USE_BAN))
        await context.reply(update, Html("\n").join(lines))
        return
    if not lift and context.is_admin(user.user_id):
        await context.reply(update, admin_texts.no_ban_of_admins(t, user))
        return
    key = key_of(message_of(update), context)
    command = _ban_command(sender_id(update), user.user_id, key, _reason(args[1:]), lift=lift)
    outcome = await context.ledger.execute(command)
    if isinstance(outcome, tuple):
        await context.reply(update, admin_texts.banned(t, user))
    else:
        await context.reply(update, refused(t, outcome))


def _ban_command(
    admin_id: int, user_id: int, key: str, reason: str, *, lift: bool
) -> c.Ban | c.Unban:
    by = f"admin:{admin_id}"
    if lift:
        return c.Unban(by=by, user_id=user_id, key=key)
    return c.Ban(by=by, user_id=user_id, key=key, reason=reason)


async def tap_ban(update: Update, context: Context) -> None:
    """The buttons on a person's card that ban them, which asks once more, and lift the ban."""
    query, parts = press_of(update)
    t, state = context.t, context.ledger.state
    user = await find_user(state, parts[1] if parts[1:] else "")
    if isinstance(user, NoSingleMatch):
        await context.answer(query, t(admin_texts.NOT_FOUND), alert=True)
        return
    lift = parts[0] == "unban"
    if not lift and context.is_admin(user.user_id):
        await context.answer(query, admin_texts.no_ban_of_admins(t, user), alert=True)
        return
    if not lift and not user.banned and parts[2:] != [admin_keyboards.SURE]:
        await context.answer(query)
        text = admin_texts.sure_of_ban(t, state, user)
        await context.edit(query, text, admin_keyboards.sure_of_ban(t, user.user_id))
        return
    command = _ban_command(query.from_user.id, user.user_id, f"press:{query.id}", "", lift=lift)
    outcome = await context.ledger.execute(command)
    await context.answer(query, "" if isinstance(outcome, tuple) else refused(t, outcome))
    keyboard = admin_keyboards.user_card(t, user, is_admin=context.is_admin(user.user_id))
    await context.edit(query, admin_texts.user_card(t, state, user), keyboard)
