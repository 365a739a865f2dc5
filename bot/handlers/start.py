"""Joining: everybody who writes is let in once, with their inviter, and known by name."""

from bot.context import Context, clean, sender_id
from bot.handlers.bot_profile import refresh_chat_commands
from bot.text import user_texts
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
            last_name=clean(who.last_name)[:64],
            language=clean(who.language_code),
            language_choice=user.language_choice if user is not None else "",
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
    t, state = context.t, context.state
    text = user_texts.welcome(
        t, state.users[user_id], context.economy, context.on_sale, joined=context.joined
    )
    await context.reply(update, text, keyboard=context.menu)
    if context.is_admin(user_id) or state.users[user_id].language_choice:
        await refresh_chat_commands(context)


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
