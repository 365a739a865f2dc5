"""Anybody's history, for admins: as it is now, or as it was at an earlier time."""

from bot.context import Context, press_of, sender_id
from bot.handlers.account import cursor_from, read_history
from bot.handlers.admin.find_user import NoSingleMatch, find_user, user_of_button
from bot.send.client import Keyboard
from bot.text.admin import history_texts as texts
from bot.text.admin.admin_keyboards import history as keyboard_of
from bot.text.admin.admin_texts import no_single_match
from bot.updates import Update
from i18n import Html
from ledger.clocks.timestamps import to_text
from ledger.history import Cursor
from ledger.ranges import Until, is_ahead, read_until
from ledger.state import User

NEWER_PAGES_MAX = 50
"""How many pages are read at most to find the one above another."""


async def show_history(update: Update, context: Context) -> None:
    """/history with an id or @username, and maybe a time. The newest events come first."""
    t, state = context.t, context.state
    context.go_to(sender_id(update), None)
    name, *rest = context.args or [""]
    user = await find_user(state, name)
    if isinstance(user, NoSingleMatch):
        lines = [no_single_match(t, user.ids), t(texts.USE_HISTORY)]
        await context.reply(update, Html("\n").join(lines))
        return
    try:
        until = _until_of(rest)
    except ValueError:
        lines = [t(texts.NO_TIME), t(texts.USE_HISTORY)]
        await context.reply(update, Html("\n").join(lines))
        return
    if until is None:
        text, keyboard = await _page(user, None, texts.title(t, user), context)
    else:
        text, keyboard = await _page_at(user, until, context)
    await context.reply(update, text, keyboard=keyboard)


async def turn_page(update: Update, context: Context) -> None:
    """The buttons under somebody's history, and the one on their card."""
    query, parts = press_of(update)
    await context.answer(query)
    user = user_of_button(context.state, parts[1] if parts[1:] else "")
    if isinstance(user, User):
        title = texts.title(context.t, user)
        text, keyboard = await _page(user, cursor_from(parts[2:]), title, context)
        await context.edit(query, text, keyboard)


def _until_of(words: list[str]) -> Until | None:
    """The time or line that follows a person, if there is one; the word `at` is optional.

    Raises:
        ValueError: it is neither.
    """
    words = words[1:] if words and words[0].lower() == "at" else words
    return read_until(" ".join(words)) if words else None


async def _page_at(user: User, until: Until, context: Context) -> tuple[Html, Keyboard]:
    """The newest page of a history as of then."""
    t, now = context.t, to_text(context.ledger.now_ms())
    last_line = context.state.seq
    if is_ahead(until, last_line, now):
        title = texts.title_ahead(t, user, until, now, last_line)
        return await _page(user, None, title, context)
    cursor = await context.ledger.history_at(user.user_id, until)
    if cursor is None:
        keyboard = keyboard_of(t, user.user_id, None, is_newest=False)
        return texts.nothing_until(t, user, until), keyboard
    title = texts.title_at(t, user, until, cursor.balance_points)
    return await _page(user, cursor, title, context)


async def _page(
    user: User, cursor: Cursor | None, title: Html, context: Context
) -> tuple[Html, Keyboard]:
    """The page of a history that begins at the cursor; None means with the newest event."""
    t = context.t
    page = await read_history(user.user_id, cursor, context, moves_only=False)
    newer = await _newer(user, cursor, context) if cursor is not None else None
    lines = [texts.history_line(t, line) for line in page.lines] or [t(texts.NO_HISTORY)]
    keyboard = keyboard_of(t, user.user_id, page.older, is_newest=cursor is None, newer=newer)
    return Html("\n\n").join([title, *lines]), keyboard


async def _newer(user: User, cursor: Cursor, context: Context) -> Cursor | None:
    """Where the page above a page begins; None if that is the newest, or too far to look for.

    Events only name the one before them, so the pages are read from the newest on.
    """
    begins: Cursor | None = None
    for _ in range(NEWER_PAGES_MAX):
        page = await read_history(user.user_id, begins, context, moves_only=False)
        if page.older is None or page.older.seq <= cursor.seq:
            return begins
        begins = page.older
    return None
