"""Owns what a person sees of their own account: balance, history, orders."""

from bot.context import Context, press_of, sender_id
from bot.send.client import Keyboard
from bot.text import keyboards, user_texts
from bot.text.history_texts import user_line
from bot.updates import Update
from ledger.history import Cursor, HistoryPage

LINES_A_PAGE = 10


async def show_balance(update: Update, context: Context) -> None:
    """The menu's button and /balance."""
    user_id = sender_id(update)
    context.go_to(user_id, None)
    state = context.state
    await context.reply(
        update, user_texts.balance(state, state.users[user_id]), keyboard=keyboards.ACCOUNT
    )


async def show_orders(update: Update, context: Context) -> None:
    """/orders and its button."""
    user_id = sender_id(update)
    state = context.state
    text = user_texts.orders(state, state.users[user_id])
    if update.callback_query is not None:
        await context.answer(update.callback_query)
        await context.bot.say(user_id, text)
        return
    context.go_to(user_id, None)
    await context.reply(update, text)


async def show_history(update: Update, context: Context) -> None:
    """/history: one's own, newest first."""
    user_id = sender_id(update)
    context.go_to(user_id, None)
    text, keyboard = await _my_history(user_id, None, context)
    await context.reply(update, text, keyboard=keyboard)


async def leaf_history(update: Update, context: Context) -> None:
    """The buttons under one's own history."""
    query, parts = press_of(update)
    await context.answer(query)
    text, keyboard = await _my_history(query.from_user.id, cursor_from(parts[1:]), context)
    if len(parts) == 1 and query.message and "🧾" not in (getattr(query.message, "text", "") or ""):
        await context.bot.say(query.from_user.id, text, keyboard=keyboard)
        return
    await context.edit(query, text, keyboard)


async def _my_history(
    user_id: int, cursor: Cursor | None, context: Context
) -> tuple[str, Keyboard | None]:
    page = await read_history(user_id, cursor, context, moves_only=True)
    if not page.lines and cursor is None:
        return user_texts.NO_HISTORY, None
    if not page.lines:
        return user_texts.NO_OLDER_HISTORY, keyboards.history(None, None, first=False)
    lines = [user_line(line, context.ledger.state) for line in page.lines]
    text = "\n\n".join([user_texts.HISTORY_TITLE, *lines])
    return text, keyboards.history(page.older, None, first=cursor is None)


async def read_history(
    user_id: int, cursor: Cursor | None, context: Context, *, moves_only: bool
) -> HistoryPage:
    """A page of a person's history; a cursor that isn't theirs reads as an empty page."""
    try:
        return await context.ledger.history(user_id, cursor, LINES_A_PAGE, moves_only=moves_only)
    except LookupError:
        return HistoryPage([], None)


def cursor_from(parts: list[str]) -> Cursor | None:
    """The cursor in a button's data; None means from the newest on."""
    match [keyboards.number(part) for part in parts]:
        case [int(seq), int(balance)] if seq > 0:
            return Cursor(seq, balance)
        case _:
            return None
