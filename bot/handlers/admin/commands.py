"""What admins do to people: change a balance, ban, lift a ban.

Each message counts once: chat and number of the message are the key of its command.
"""

import re
from typing import NamedTuple

from bot.context import Context, clean, message_of, press_of, sender_id
from bot.handlers.admin.find_user import NoSingleMatch, find_user, user_of_button
from bot.text.admin import admin_keyboards, admin_texts
from bot.text.admin.admin_texts import Misread, adjustment_misread
from bot.text.number_texts import POINTS
from bot.text.refusal_texts import adjustment_refused, refused
from bot.updates import Message, Press, Update
from i18n import Html
from ledger import commands as c
from ledger.untrusted.typed_numbers import NumberProblem, plain_digits, read_number
from ledger.untrusted.typed_text import cleaned

REASON_LENGTH_MAX = 300

_GROUP = re.compile(r"[0-9]{3}")
_GROUP_OF_ZEROS = re.compile(r"0[0-9]{2}")
"""No reason begins with such a number, so it ends the amount: `+1 000 thanks`."""


def key_of(message: Message, context: Context) -> str:
    """The key of a message's command. Another bot numbers its messages from 1 again."""
    return f"{context.bot.id}:{message.chat.id}:{message.message_id}"


def key_of_press(press: Press) -> str:
    """The key of a button's command: Telegram delivers the same press again with the same id."""
    return f"press:{press.id}"


async def adjust(update: Update, context: Context) -> None:
    """/adjust <id or @username> <±points> <reason>."""
    t, args = context.t, context.args or []
    read = _read_adjustment(args[1:])
    if not isinstance(read, Adjustment):
        lines = [adjustment_misread(t, read)] if args else []
        await context.reply(update, Html("\n").join([*lines, t(admin_texts.USE_ADJUST)]))
        return
    user = await find_user(context.ledger.state, args[0])
    if isinstance(user, NoSingleMatch):
        await context.reply(update, admin_texts.no_single_match(t, user.ids))
        return
    outcome = await context.ledger.execute(
        c.AdjustBalance(
            by=f"admin:{sender_id(update)}",
            user_id=user.user_id,
            amount_points=read.amount_points,
            reason=reason_of(read.reason),
            key=key_of(message_of(update), context),
        )
    )
    if isinstance(outcome, tuple):
        await context.reply(update, admin_texts.adjusted(t, user, read.amount_points))
    else:
        await context.reply(update, adjustment_refused(t, outcome))


class Adjustment(NamedTuple):
    """How much, and the words of the reason."""

    amount_points: int
    reason: list[str]


def _read_adjustment(words: list[str]) -> Adjustment | Misread:
    """Read amount and reason. Spaces inside the amount are understood if they mean one thing."""
    amount, reason = words[:1], words[1:]
    if amount and not any(sign.isalnum() for sign in amount[0]):  # a sign alone
        amount, reason = words[:2], words[2:]
    while reason and _GROUP_OF_ZEROS.fullmatch(plain_digits(cleaned(reason[0]))):
        amount, reason = [*amount, reason[0]], reason[1:]
    typed = " ".join(amount)
    amount_points = read_number(typed, POINTS)
    if isinstance(amount_points, NumberProblem):
        return Misread(typed, amount_points)
    if reason and _GROUP.fullmatch(plain_digits(cleaned(reason[0]))):
        return Misread(f"{typed} {reason[0]}", NumberProblem.AMBIGUOUS)
    if not reason or (len(reason) == 1 and cleaned(reason[0]).lower() in POINTS.units):
        return Misread(typed, None)
    return Adjustment(amount_points, reason)


def reason_of(words: list[str]) -> str:
    """The words of a reason, as the log keeps them."""
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
    command = _ban_command(sender_id(update), user.user_id, key, reason_of(args[1:]), lift=lift)
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
    user = user_of_button(state, parts[1] if parts[1:] else "")
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
    command = _ban_command(query.from_user.id, user.user_id, key_of_press(query), "", lift=lift)
    outcome = await context.ledger.execute(command)
    await context.answer(query, "" if isinstance(outcome, tuple) else refused(t, outcome))
    keyboard = admin_keyboards.user_card(
        t,
        user,
        is_admin=context.is_admin(user.user_id),
        is_frozen=user.user_id in state.books.frozen,
    )
    await context.edit(query, admin_texts.user_card(t, state, user), keyboard)
