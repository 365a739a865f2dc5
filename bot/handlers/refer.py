"""Refer & Earn: the person's link, their friends, what they earned."""

from urllib.parse import urlencode

from bot.context import Context, sender_id
from bot.text import earning_texts, keyboards
from bot.updates import Update
from ledger.rules.referrals import bonuses_today


async def show(update: Update, context: Context) -> None:
    """The menu's button."""
    user_id = sender_id(update)
    context.go_to(user_id, None)
    t, state, economy = context.t, context.state, context.economy
    user = state.users[user_id]
    paid_today = bonuses_today(state, user, context.ledger.now_ms())
    link = keyboards.invite_link(context.bot.username, user.referral_code)
    query = urlencode({"url": link, "text": earning_texts.share_text(t, economy)})
    await context.reply(
        update,
        earning_texts.refer(t, state, economy, user, link, paid_today=paid_today),
        keyboard=keyboards.share(t, f"https://t.me/share/url?{query}"),
    )
