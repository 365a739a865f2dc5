"""Owns what admins look at: the panel, the numbers, people, anybody's history."""

from bot.context import Context, SearchingUser, message_of, press_of, sender_id
from bot.handlers.account import LINES_A_PAGE, cursor_from, read_history
from bot.handlers.admin.find_user import NotOne, find_user
from bot.send.client import Keyboard
from bot.text import admin_texts, keyboards
from bot.text.history_texts import audit_line
from bot.updates import Update
from ledger.history import Cursor
from ledger.projections import State, User
from ledger.ranges import Until, read_until


async def show_panel(update: Update, context: Context) -> None:
    """/admin, and 'back' on its pages."""
    context.go_to(sender_id(update), None)
    state = context.state
    keyboard = keyboards.admin_panel(state.orders_by_status.get("unclear", 0))
    if update.callback_query is not None:
        await context.answer(update.callback_query)
        await context.edit(update.callback_query, admin_texts.PANEL, keyboard)
        return
    await context.reply(update, admin_texts.PANEL, keyboard=keyboard)


async def show_stats(update: Update, context: Context) -> None:
    """The numbers."""
    query, _ = press_of(update)
    await context.answer(query)
    await context.edit(query, admin_texts.stats(context.state), keyboards.STATS)


async def show_settings(update: Update, context: Context) -> None:
    """The economy."""
    query, _ = press_of(update)
    await context.answer(query)
    state = context.state
    await context.edit(query, admin_texts.economy(state.economy), keyboards.TO_PANEL)


async def show_users(update: Update, context: Context) -> None:
    """A page of people, newest first."""
    query, parts = press_of(update)
    await context.answer(query)
    state = context.state
    if not state.users:
        await context.edit(query, admin_texts.NOBODY_YET, keyboards.TO_PANEL)
        return
    count = len(state.user_ids)
    pages = -(-count // LINES_A_PAGE)
    wanted = keyboards.number(parts[1]) if parts[1:] else None
    page = min(max(0, wanted or 0), pages - 1)
    end = count - page * LINES_A_PAGE
    ids = reversed(state.user_ids[max(0, end - LINES_A_PAGE) : end])
    people = [(admin_texts.user_label(state.users[user_id]), user_id) for user_id in ids]
    keyboard = keyboards.users_page(people, page, has_older=page + 1 < pages)
    await context.edit(query, admin_texts.users_page(state, page, pages), keyboard)


async def ask_for_search(update: Update, context: Context) -> None:
    """Search: the next message is an id or @username."""
    query, _ = press_of(update)
    await context.answer(query)
    context.go_to(query.from_user.id, SearchingUser())
    await context.bot.say(query.from_user.id, admin_texts.ASK_FOR_SEARCH)


async def take_search(update: Update, context: Context) -> None:
    """What to search for."""
    message = message_of(update)
    state = context.state
    user = await find_user(state, message.text)
    if isinstance(user, NotOne):
        await context.reply(update, admin_texts.not_one(user.ids))
        return
    context.go_to(sender_id(update), None)
    text, keyboard = _card(state, user)
    await context.reply(update, text, keyboard=keyboard)


async def show_user(update: Update, context: Context) -> None:
    """One person."""
    query, parts = press_of(update)
    await context.answer(query)
    state = context.state
    user = await find_user(state, parts[-1])
    if isinstance(user, User):
        text, keyboard = _card(state, user)
        if update.callback_query and _holds_card_or_list(update):
            await context.edit(query, text, keyboard)
        else:
            await context.bot.say(query.from_user.id, text, keyboard=keyboard)


def _holds_card_or_list(update: Update) -> bool:
    """A person's own message is never overwritten by a card; lists and cards are."""
    message = update.callback_query.message if update.callback_query else None
    text = getattr(message, "text", None) or ""
    return text.startswith(("👥", "👤"))


def _card(state: State, user: User) -> tuple[str, Keyboard]:
    keyboard = keyboards.user_card(user.user_id, banned=user.banned)
    return admin_texts.user_card(state, user), keyboard


async def history(update: Update, context: Context) -> None:
    """/history id or @username, and a time: what happened with a person by then, newest first."""
    state = context.state
    context.go_to(sender_id(update), None)
    who, *rest = context.args or [""]
    user = await find_user(state, who)
    if isinstance(user, NotOne):
        await context.reply(update, f"{admin_texts.not_one(user.ids)}\n{admin_texts.USE_HISTORY}")
        return
    try:
        until = _until_of(rest)
    except ValueError:
        await context.reply(update, f"{admin_texts.NO_TIME}\n{admin_texts.USE_HISTORY}")
        return
    text, keyboard = await _audit(user, None, context, until)
    await context.reply(update, text, keyboard=keyboard)


def _until_of(words: list[str]) -> Until | None:
    """The time or line behind a person, if there is one; the word `at` before it may be left out.

    Raises:
        ValueError: it is neither.
    """
    words = words[1:] if words and words[0].lower() == "at" else words
    return read_until(" ".join(words)) if words else None


async def leaf_history(update: Update, context: Context) -> None:
    """The buttons under a person's history, and the one on their card."""
    query, parts = press_of(update)
    await context.answer(query)
    user = await find_user(context.state, parts[1] if parts[1:] else "")
    if isinstance(user, User):
        text, keyboard = await _audit(user, cursor_from(parts[2:]), context)
        await context.edit(query, text, keyboard)


async def _audit(
    user: User, cursor: Cursor | None, context: Context, until: Until | None = None
) -> tuple[str, Keyboard]:
    title = admin_texts.audit_title(user)
    if until is not None:
        cursor = await context.ledger.history_at(user.user_id, until)
        title = admin_texts.audit_title_then(user, until, cursor.balance_points if cursor else None)
        if cursor is None:
            return title, keyboards.history(None, user.user_id, first=False)
    page = await read_history(user.user_id, cursor, context, moves_only=False)
    lines = "\n\n".join(audit_line(line) for line in page.lines) or admin_texts.NO_HISTORY
    keyboard = keyboards.history(page.older, user.user_id, first=cursor is None)
    return f"{title}\n\n{lines}", keyboard
