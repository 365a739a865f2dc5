"""People, for admins: the list of all, search, and the card of one person."""

from bot.context import Context, SearchingUser, message_of, press_of, sender_id
from bot.handlers.admin.find_user import search_users, user_of_button
from bot.send.client import Keyboard
from bot.text.admin import admin_keyboards, admin_texts
from bot.text.buttons import number
from bot.updates import Update
from i18n import Html
from ledger.state import User

PEOPLE_A_PAGE = 10


async def show_users(update: Update, context: Context) -> None:
    """A page of people, newest first."""
    query, parts = press_of(update)
    await context.answer(query)
    t, state = context.t, context.state
    if not state.users:
        await context.edit(query, t(admin_texts.NOBODY_YET), admin_keyboards.to_panel(t))
        return
    count = len(state.user_ids)
    pages = -(-count // PEOPLE_A_PAGE)
    wanted = number(parts[1]) if parts[1:] else None
    page = min(max(0, wanted or 0), pages - 1)
    end = count - page * PEOPLE_A_PAGE
    ids = reversed(state.user_ids[max(0, end - PEOPLE_A_PAGE) : end])
    users = [state.users[user_id] for user_id in ids]
    keyboard = admin_keyboards.users_page(t, users, page, has_older=page + 1 < pages)
    await context.edit(query, admin_texts.users_page(t, state, page, pages), keyboard)


async def ask_for_search(update: Update, context: Context) -> None:
    """Search: the next message is an id, or a name or a part of it."""
    query, _ = press_of(update)
    await context.answer(query)
    context.go_to(query.from_user.id, SearchingUser())
    await context.bot.say(query.from_user.id, context.t(admin_texts.ASK_FOR_SEARCH))


async def take_search(update: Update, context: Context) -> None:
    """The message that says whom to search for."""
    t = context.t
    users = await search_users(context.state, message_of(update).text, PEOPLE_A_PAGE + 1)
    if not users:
        await context.reply(update, t(admin_texts.NOT_FOUND))
    elif len(users) == 1:
        context.go_to(sender_id(update), None)
        await context.reply(update, *_card(users[0], context))
    else:
        text = admin_texts.found_users(t, len(users), PEOPLE_A_PAGE)
        keyboard = admin_keyboards.found_users(t, users[:PEOPLE_A_PAGE])
        await context.reply(update, text, keyboard)


def _card(user: User, context: Context) -> tuple[Html, Keyboard]:
    t, is_admin = context.t, context.is_admin(user.user_id)
    text = admin_texts.user_card(t, context.state, user)
    is_frozen = user.user_id in context.state.books.frozen
    return text, admin_keyboards.user_card(t, user, is_admin=is_admin, is_frozen=is_frozen)


async def show_user(update: Update, context: Context) -> None:
    """The card of one person, in place of the list, or below a message that they wrote."""
    query, parts = press_of(update)
    await context.answer(query)
    user = user_of_button(context.state, parts[1] if parts[1:] else "")
    if not isinstance(user, User):
        return
    if isinstance(context.step_of(query.from_user.id), SearchingUser):
        context.go_to(query.from_user.id, None)
    text, keyboard = _card(user, context)
    if parts[2:] == [admin_keyboards.IN_PLACE]:
        await context.edit(query, text, keyboard)
    else:
        await context.bot.say(query.from_user.id, text, keyboard=keyboard)
