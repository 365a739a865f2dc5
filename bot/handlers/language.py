"""/language: which language a person reads."""

from bot.context import Context, press_of, sender_id
from bot.handlers.bot_profile import refresh_chat_commands
from bot.send.client import Keyboard
from bot.text import keyboards, user_texts
from bot.updates import Update
from i18n import Html
from ledger.store.profiles import Profile


async def show(update: Update, context: Context) -> None:
    """/language: the languages, in their own names."""
    context.go_to(sender_id(update), None)
    text, keyboard = _choices(context)
    await context.reply(update, text, keyboard)


async def choose(update: Update, context: Context) -> None:
    """A language's button: it counts from now on, whatever the person's app is set to."""
    query, parts = press_of(update)
    if parts[-1] not in {t.language.tag for t in context.services.translators}:
        await context.answer(query, context.t(user_texts.BUTTON_TOO_OLD), alert=True)
        return
    _remember(query.from_user.id, parts[-1], context)
    t = context.t
    await context.answer(query)
    text, keyboard = _choices(context)
    await context.edit(query, text, keyboard)
    await context.bot.say(query.from_user.id, user_texts.language_chosen(t), context.menu)
    await refresh_chat_commands(context)


def _choices(context: Context) -> tuple[Html, Keyboard]:
    t = context.t
    known = [other.language for other in context.services.translators]
    return t(user_texts.CHOOSE_LANGUAGE), keyboards.languages(t, known)


def _remember(user_id: int, tag: str, context: Context) -> None:
    user = context.state.users[user_id]
    context.ledger.note_profile(
        Profile(
            user_id=user_id,
            username=user.username,
            first_name=user.first_name,
            last_name=user.last_name,
            language=user.language,
            language_choice=tag,
        )
    )
