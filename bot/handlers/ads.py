"""Watch Ads: the button to the ad page; or an ad's button, and the tap that asks to be paid for it.

What is shown on the ad page, its network confirms, and the notifier tells of it. In link mode it is
the person who says that they watched. Where we have an address of our own, the link leads there
first: only an ad that was opened is paid, and its time counts from then. Otherwise the time counts
from the offer.
"""

from ads.sessions import AdSession, mint, read
from bot.context import Context, press_of, sender_id
from bot.send.client import Keyboard
from bot.text import earning_texts, keyboards
from bot.text.refusal_texts import ad_not_ready, ad_spent, refused
from bot.updates import Press, Update
from i18n import Html
from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.rules.ads import why_no_ad


async def offer(update: Update, context: Context) -> None:
    """The menu's button: an ad, or how long to wait for one."""
    user_id = sender_id(update)
    context.go_to(user_id, None)
    text, keyboard = await _next_ad(user_id, context)
    # The menu comes along: the one in the chat may have a button that is no longer offered.
    await context.reply(update, text, keyboard=keyboard or context.menu)


async def offer_another(update: Update, context: Context) -> None:
    """The button under a paid ad: the same, in a new message, or a short word why not."""
    query, _ = press_of(update)
    text, keyboard = await _next_ad(query.from_user.id, context)
    if keyboard is None:
        await context.answer(query, text, alert=True)
        return
    await context.answer(query)
    await context.bot.say(query.from_user.id, text, keyboard=keyboard)


async def _next_ad(user_id: int, context: Context) -> tuple[Html, Keyboard | None]:
    t, state = context.t, context.state
    user, now_ms = state.users[user_id], context.ledger.now_ms()
    wait = why_no_ad(state, user, now_ms)
    if not context.economy.ads_per_day_max:
        wait = r.DailyCapReached(0, 0)
    if wait is not None:
        return ad_not_ready(t, wait), None
    services = context.services
    if services.ad_page_url:
        keyboard = keyboards.ad_page(t, services.ad_page_url)
        return earning_texts.ad_page_offer(t, context.economy), keyboard
    session = mint(services.ad_key, AdSession(user_id, user.ads_watched + 1, now_ms))
    return _offer(context, session)


def _offer(context: Context, session: str) -> tuple[Html, Keyboard]:
    """The offer of an ad in link mode."""
    t, services = context.t, context.services
    url = f"{services.go_url}{session}" if services.go_url else services.ad_url
    return earning_texts.ad_offer(t, context.economy), keyboards.ad(t, url, session)


async def watched(update: Update, context: Context) -> None:
    """'I watched it': the ledger pays, or says why not."""
    query, parts = press_of(update)
    user_id, now_ms = query.from_user.id, context.ledger.now_ms()
    t, session = context.t, read(context.services.ad_key, parts[-1], now_ms)
    # One with a nonce is an ad network's, and is paid when the network confirms it. Where networks
    # confirm, nobody's word pays any more, not even for an offer from before.
    is_own = session is not None and not session.nonce and session.user_id == user_id
    if session is None or not is_own or context.services.ad_page_url:
        await context.answer(query, t(earning_texts.AD_TOO_OLD), alert=True)
        await context.edit(query, t(earning_texts.AD_TOO_OLD), keyboards.next_ad(t))
        return
    outcome = await context.ledger.execute(
        c.RewardAd(
            by=f"user:{user_id}",
            user_id=user_id,
            ad_number=session.ad_number,
            opened_at_ms=session.opened_at_ms,
            after_opening=bool(context.services.go_url),
        )
    )
    if not isinstance(outcome, tuple):
        await _not_paid(query, outcome, context)
        if isinstance(outcome, r.AdNotOpened):
            # An offer from before we had an address leads past it, and would never pay.
            await context.edit(query, *_offer(context, parts[-1]))
        return
    economy = context.economy
    amount = sum(event.amount_points for event in outcome if isinstance(event, e.AdRewarded))
    await context.answer(query, earning_texts.ad_thanks(t, amount))
    user = context.ledger.state.users[user_id]
    if query.message is not None:
        context.services.ads_thanked_for[user_id] = query.message.message_id
    text = earning_texts.ad_paid(t, user, economy, context.reference_offer, amount)
    await context.edit(query, text, keyboards.next_ad(t))


async def _not_paid(query: Press, refusal: r.AnyRefusal, context: Context) -> None:
    """Say why; an offer whose button will never pay becomes the way to the next ad."""
    t, user_id = context.t, query.from_user.id
    spent = isinstance(refusal, r.AdAlreadyPaid | r.UnknownAd)
    await context.answer(query, refused(t, refusal), alert=not isinstance(refusal, r.AdAlreadyPaid))
    message_id = query.message.message_id if query.message is not None else 0
    # After a double tap the message has its thanks already, which must stay.
    if spent and message_id and context.services.ads_thanked_for.get(user_id) != message_id:
        text = ad_spent(t, refusal, context.state.users[user_id])
        await context.edit(query, text, keyboards.next_ad(t))
