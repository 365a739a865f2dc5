"""People, for admins: the list of all, search, and the card of one person."""

from bot.context import Context, SearchingUser, message_of, press_of, sender_id
from bot.handlers.admin.find_user import NoSingleMatch, find_user, user_of_button
from bot.text.admin import admin_keyboards, admin_texts
from bot.text.buttons import number
from bot.updates import Update
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
    """Search: the next message is an id or @username."""
    query, _ = press_of(update)
    await context.answer(query)
    context.go_to(query.from_user.id, SearchingUser())
    await context.bot.say(query.from_user.id, context.t(admin_texts.ASK_FOR_SEARCH))


async def take_search(update: Update, context: Context) -> None:
    """The message that says whom to search for."""
    t, state = context.t, context.state
    user = await find_user(state, message_of(update).text)
    if isinstance(user, NoSingleMatch):
        await context.reply(update, admin_texts.no_single_match(t, user.ids))
        return
    context.go_to(sender_id(update), None)
    keyboard = admin_keyboards.user_card(t, user)
    await context.reply(update, admin_texts.user_card(t, state, user), keyboard=keyboard)


async def show_user(update: Update, context: Context) -> None:
    """The card of one person, in place of the list, or below a message that they wrote."""
    query, parts = press_of(update)
    await context.answer(query)
    t, state = context.t, context.state
    user = user_of_button(state, parts[1] if parts[1:] else "")
    if not isinstance(user, User):
        return
    text, keyboard = admin_texts.user_card(t, state, user), admin_keyboards.user_card(t, user)
    if parts[2:] == [admin_keyboards.IN_PLACE]:
        await context.edit(query, text, keyboard)
    else:
        await context.bot.say(query.from_user.id, text, keyboard=keyboard)
