"""A person's own account: balance and history."""

from bot.context import Context, press_of, sender_id
from bot.send.client import Keyboard
from bot.text import account_texts, keyboards
from bot.text.buttons import number
from bot.text.friends_texts import owed_to_inviter
from bot.text.history_texts import user_line
from bot.updates import Update
from i18n import Html
from ledger.history import Cursor, HistoryPage

LINES_A_PAGE = 10


async def show_balance(update: Update, context: Context) -> None:
    """The menu's button and /balance."""
    user_id = sender_id(update)
    context.go_to(user_id, None)
    t, state = context.t, context.state
    user = state.users[user_id]
    text = account_texts.balance(t, state, context.economy, user, context.reference_offer)
    if owed := owed_to_inviter(t, state, context.economy, user, context.ledger.now_ms()):
        text = Html("\n\n").join([text, owed])
    await context.reply(update, text, keyboard=keyboards.account(t))


async def show_history(update: Update, context: Context) -> None:
    """/history: one's own, newest first."""
    user_id = sender_id(update)
    context.go_to(user_id, None)
    text, keyboard = await _my_history(user_id, None, context)
    await context.reply(update, text, keyboard=keyboard)


async def leaf_history(update: Update, context: Context) -> None:
    """The button under the balance, and those under one's own history, which leaf through it."""
    query, parts = press_of(update)
    await context.answer(query)
    text, keyboard = await _my_history(query.from_user.id, cursor_from(parts[1:]), context)
    if parts[1:]:
        await context.edit(query, text, keyboard)
    else:
        await context.bot.say(query.from_user.id, text, keyboard=keyboard)


async def _my_history(
    user_id: int, cursor: Cursor | None, context: Context
) -> tuple[Html, Keyboard | None]:
    page = await read_history(user_id, cursor, context, moves_only=True)
    t = context.t
    if not page.lines and cursor is None:
        return account_texts.no_history(t, context.economy), None
    if not page.lines:
        keyboard = keyboards.history(t, None, first=False)
        return t(account_texts.NO_OLDER_HISTORY), keyboard
    lines = [user_line(t, line, context.ledger.state) for line in page.lines]
    text = Html("\n\n").join([t(account_texts.HISTORY_TITLE), *lines])
    return text, keyboards.history(t, page.older, first=cursor is None)


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
    match [number(part) for part in parts]:
        case [int(seq), int(balance)] if seq > 0:
            return Cursor(seq, balance)
        case _:
            return None
