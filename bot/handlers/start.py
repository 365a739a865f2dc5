"""Owns the door: everybody who writes is let in once, with their inviter, and known by name."""

from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import BadRequest, Forbidden

from bot.context import Context, clean, sender_id
from bot.send.client import BotClient
from bot.text import admin_texts, keyboards, user_texts
from bot.updates import Update
from ledger import commands as c
from ledger import refusals as r
from ledger.store.profiles import Profile


async def meet(update: Update, context: Context) -> None:
    """Before any other handler: let a new person in, and note who they are."""
    who = update.person
    if who is None or update.my_chat_member:
        return
    user = context.ledger.state.users.get(who.id)
    if user is None:
        await _join(who.id, _invitation(update, context), context)
        context.joined = True
    elif user.unreachable:
        await context.ledger.execute(c.NoteReachable(by=f"user:{who.id}", user_id=who.id))
    context.ledger.note_profile(
        Profile(
            user_id=who.id,
            username=clean(who.username),
            first_name=clean(who.first_name)[:64],
            language=clean(who.language_code),
        )
    )


def _invitation(update: Update, context: Context) -> str:
    command = update.message.command if update.message else ""
    is_start = command.partition("@")[0].lower() == "start"
    return context.args[0] if is_start and context.args else ""


async def _join(user_id: int, invitation: str, context: Context) -> None:
    while True:
        command = c.Join(
            by=f"user:{user_id}",
            user_id=user_id,
            referral_code=context.services.new_code(),
            invited_by_code=invitation,
        )
        if not isinstance(await context.ledger.execute(command), r.ReferralCodeTaken):
            return


async def start(update: Update, context: Context) -> None:
    """/start, with or without an invitation: the menu."""
    user_id = sender_id(update)
    context.go_to(user_id, None)
    state = context.state
    user = state.users[user_id]
    text = user_texts.welcome(user, state.economy, joined=context.joined)
    await context.reply(update, text, keyboard=keyboards.MENU)
    if context.is_admin(user_id):
        await set_admin_commands(context.bot, user_id)


async def follow_block(update: Update, context: Context) -> None:
    """Somebody blocked or unblocked the bot: it is noted at once."""
    change = update.my_chat_member
    if change is None:
        return
    user_id = change.from_user.id
    if user_id not in context.ledger.state.users:
        return
    if change.new_chat_member.status in ("kicked", "left"):
        await context.ledger.execute(
            c.NoteUnreachable(by="system", user_id=user_id, reason="blocked")
        )
    else:
        await context.ledger.execute(c.NoteReachable(by=f"user:{user_id}", user_id=user_id))


async def set_commands(bot: BotClient, admin_ids: frozenset[int]) -> None:
    """Tell Telegram the list of commands, with their own on top for admins."""
    commands = [BotCommand(*row) for row in user_texts.USER_COMMANDS]
    await bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats())
    for admin_id in admin_ids:
        await set_admin_commands(bot, admin_id)


async def set_admin_commands(bot: BotClient, admin_id: int) -> None:
    """An admin's list. It can't be set before the admin has started the bot; then it is set."""
    rows = dict(user_texts.USER_COMMANDS) | dict(admin_texts.ADMIN_COMMANDS)
    try:
        await bot.set_my_commands(
            [BotCommand(*row) for row in rows.items()],
            scope=BotCommandScopeChat(admin_id),
        )
    except (BadRequest, Forbidden):
        return
