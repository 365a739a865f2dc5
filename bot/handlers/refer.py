"""Refer & Earn: the person's link, their friends, what they earned."""

from urllib.parse import urlencode

from bot.context import Context, sender_id
from bot.text import earning_texts, keyboards
from bot.updates import Update


async def show(update: Update, context: Context) -> None:
    """The menu's button."""
    user_id = sender_id(update)
    context.go_to(user_id, None)
    t, state = context.t, context.state
    user = state.users[user_id]
    link = keyboards.invite_link(context.bot.username, user.referral_code)
    query = urlencode({"url": link, "text": earning_texts.share_text(t, state.economy)})
    await context.reply(
        update,
        earning_texts.refer(t, state, user, link),
        keyboard=keyboards.share(t, f"https://t.me/share/url?{query}"),
    )
