"""What admins do against fraud: stop what somebody earns, lift that, take back what was earned."""

from bot.context import Context, message_of, press_of, sender_id
from bot.handlers.admin.commands import key_of, key_of_press, reason_of
from bot.handlers.admin.find_user import NoSingleMatch, find_user, user_of_button
from bot.text.admin import admin_texts, fraud_keyboards, fraud_texts
from bot.text.admin.admin_keyboards import SURE, user_card
from bot.text.buttons import number
from bot.text.event_texts import SIGNS
from bot.text.refusal_texts import adjustment_refused, refused
from bot.updates import Press, Update
from i18n import Html
from ledger import commands as c
from ledger import events as e
from ledger.history import Cursor
from ledger.state import User

LINES_A_STEP = 1_000
STEPS_MAX = 200
"""Of a history: what somebody earned is counted in its newest 200,000 lines."""


async def freeze(update: Update, context: Context) -> None:
    """/freeze <id or @username> [reason]."""
    await _by_message(update, context, lift=False)


async def unfreeze(update: Update, context: Context) -> None:
    """/unfreeze <id or @username>."""
    await _by_message(update, context, lift=True)


async def _by_message(update: Update, context: Context, *, lift: bool) -> None:
    t, args = context.t, context.args or []
    user = await find_user(context.state, args[0] if args else "")
    if isinstance(user, NoSingleMatch):
        lines = [admin_texts.no_single_match(t, user.ids)] if args else []
        lines.append(t(fraud_texts.USE_UNFREEZE) if lift else t(fraud_texts.USE_FREEZE))
        await context.reply(update, Html("\n").join(lines))
        return
    by, key = f"admin:{sender_id(update)}", key_of(message_of(update), context)
    command: c.FreezeEarning | c.UnfreezeEarning
    if lift:
        command = c.UnfreezeEarning(by=by, user_id=user.user_id, key=key)
    else:
        reason = reason_of(args[1:])
        command = c.FreezeEarning(by=by, user_id=user.user_id, key=key, reason=reason)
    outcome = await context.ledger.execute(command)
    if isinstance(outcome, tuple):
        await context.reply(update, fraud_texts.frozen_now(t, user, lifted=lift))
    else:
        await context.reply(update, refused(t, outcome))


async def tap_freeze(update: Update, context: Context) -> None:
    """The button on a card or under a sign: asks once more, then freezes."""
    query, parts = press_of(update)
    user = await _user_of(query, parts, context)
    if user is None:
        return
    t, sign = context.t, parts[2] if parts[2:] and parts[2] in SIGNS else ""
    if parts[3:] != [SURE] and user.user_id not in context.state.books.frozen:
        await context.answer(query)
        text = fraud_texts.sure_of_freeze(t, context.state, user, sign)
        await context.edit(query, text, fraud_keyboards.sure_of_freeze(t, user.user_id, sign))
        return
    await _do(
        c.FreezeEarning(
            by=f"admin:{query.from_user.id}",
            user_id=user.user_id,
            key=key_of_press(query),
            sign=sign,
        ),
        query,
        user,
        context,
    )


async def tap_unfreeze(update: Update, context: Context) -> None:
    """The button on the card of somebody who is frozen."""
    query, parts = press_of(update)
    user = await _user_of(query, parts, context)
    if user is not None:
        by, key = f"admin:{query.from_user.id}", key_of_press(query)
        command = c.UnfreezeEarning(by=by, user_id=user.user_id, key=key)
        await _do(command, query, user, context)


async def ask_to_take_back(update: Update, context: Context) -> None:
    """The button on the card of somebody who is frozen: what they earned, and what can be done."""
    query, parts = press_of(update)
    user = await _user_of(query, parts, context)
    if user is None:
        return
    await context.answer(query)
    last_seq = user.last_seq
    earned = await _earned(user, context)
    text = fraud_texts.ask_to_take_back(context.t, user, earned)
    keyboard = fraud_keyboards.take_back(context.t, user, earned.left_points, last_seq)
    await context.edit(query, text, keyboard)


async def take_back(update: Update, context: Context) -> None:
    """The second tap. The line in the button's data makes it count once."""
    query, parts = press_of(update)
    user = await _user_of(query, parts, context)
    amount, last_seq = (number(part) for part in (*parts[2:4], "", "")[:2])
    if user is None:
        return
    if amount is None or last_seq is None:
        await context.answer(query)
        return
    await _do(
        c.TakeBackEarnings(
            by=f"admin:{query.from_user.id}",
            user_id=user.user_id,
            amount_points=amount,
            key=f"taken:{user.user_id}:{last_seq}",
            below_zero=parts[4:] == [fraud_keyboards.BELOW_ZERO],
        ),
        query,
        user,
        context,
    )


async def _user_of(query: Press, parts: list[str], context: Context) -> User | None:
    user = user_of_button(context.state, parts[1] if parts[1:] else "")
    if isinstance(user, NoSingleMatch):
        await context.answer(query, context.t(admin_texts.NOT_FOUND), alert=True)
        return None
    return user


async def _do(
    command: c.FreezeEarning | c.UnfreezeEarning | c.TakeBackEarnings,
    query: Press,
    user: User,
    context: Context,
) -> None:
    """Execute it, and show the person's card."""
    t = context.t
    outcome = await context.ledger.execute(command)
    text = Html() if isinstance(outcome, tuple) else adjustment_refused(t, outcome)
    await context.answer(query, text, alert=bool(text))
    keyboard = user_card(
        t,
        user,
        is_admin=context.is_admin(user.user_id),
        is_frozen=user.user_id in context.state.books.frozen,
    )
    await context.edit(query, admin_texts.user_card(t, context.state, user), keyboard)


async def _earned(user: User, context: Context) -> fraud_texts.Earned:
    """What this person got for ads and friends, and what was taken back before."""
    ads = friends = taken = 0
    cursor: Cursor | None = None
    for _ in range(STEPS_MAX):
        page = await context.ledger.history(user.user_id, cursor, LINES_A_STEP, moves_only=True)
        for line in page.lines:
            match line.event:
                case e.AdRewarded():
                    ads += line.change_points
                case e.ReferralBonusPaid() | e.ReferralWelcomePaid():
                    friends += line.change_points
                case e.EarningsTakenBack():
                    taken -= line.change_points
        cursor = page.older
        if cursor is None:
            break
    return fraud_texts.Earned(ads, friends, taken)
