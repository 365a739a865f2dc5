"""Refer & Earn: the person's link, their friends, what they earned."""

from urllib.parse import urlencode

from bot.context import Context, press_of, sender_id
from bot.send.client import Keyboard
from bot.text import earning_texts, keyboards
from bot.text.buttons import number
from bot.text.channel_texts import friends_must_join
from bot.text.friends_texts import owed_to_inviter
from bot.updates import Update
from i18n import Html
from ledger.rules.referrals import bonuses_today


async def show(update: Update, context: Context) -> None:
    """The menu's button."""
    user_id = sender_id(update)
    context.go_to(user_id, None)
    text, keyboard = _page(user_id, 0, context)
    await context.reply(update, text, keyboard=keyboard)


async def show_from_button(update: Update, context: Context) -> None:
    """The button below 'too few points': the same, in a new message."""
    query, _ = press_of(update)
    await context.answer(query)
    text, keyboard = _page(query.from_user.id, 0, context)
    await context.reply(update, text, keyboard=keyboard)


async def turn_page(update: Update, context: Context) -> None:
    """The buttons under a list of friends that has several pages."""
    query, parts = press_of(update)
    await context.answer(query)
    wanted = number(parts[1]) if parts[1:] else None
    await context.edit(query, *_page(query.from_user.id, wanted or 0, context))


def _page(user_id: int, wanted: int, context: Context) -> tuple[Html, Keyboard]:
    t, state, economy = context.t, context.state, context.economy
    user, now_ms = state.users[user_id], context.ledger.now_ms()
    pages = earning_texts.friends_pages(len(state.referrals.get(user_id, ())))
    page = min(max(0, wanted), pages - 1)
    link = keyboards.invite_link(context.bot.username, user.referral_code)
    text = earning_texts.refer(
        t,
        state,
        economy,
        user,
        link,
        paid_today=bonuses_today(state, user, now_ms),
        at_ms=now_ms,
        page=page,
    )
    more = [
        friends_must_join(t, state.books.required_channel),
        owed_to_inviter(t, state, economy, user, now_ms),
    ]
    query = urlencode({"url": link, "text": earning_texts.share_text(t, economy, context.on_sale)})
    keyboard = keyboards.refer(t, f"https://t.me/share/url?{query}", page, pages)
    return Html("\n\n").join([text, *(part for part in more if part)]), keyboard
