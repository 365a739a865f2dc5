"""Texts about earning points: ads, and friends who were invited."""

from collections.abc import Sequence

from bot.text.economy_texts import NO_ORDERS, friend_pays, friends_a_day, friends_pay, gift
from bot.text.formats import bar, gain, points
from bot.text.friends_texts import friend_line, states_line
from bot.text.orders.service_texts import (
    NOTHING_ON_SALE,
    amount_of_offer,
    metrics_on_sale,
    sells_only_views,
)
from i18n import N_, Html, Translator
from ledger.economy import Economy, Offer
from ledger.state import State, User

OPEN_AD = N_("▶️ Open the ad")
WATCHED = N_("✅ I watched it")
OPEN_AD_PAGE = N_("▶️ Watch ads")
NEXT_AD = N_("🪧 Watch another ad")
SHARE = N_("📨 Share my link")

AD_TOO_OLD = N_("This ad was opened too long ago to be paid. Please open a new one.")
AD_THANKS = N_("✅ Thank you!")

FRIENDS_SHOWN = 10


def ad_offer(t: Translator, economy: Economy) -> Html:
    """The message with an ad's button."""
    if economy.ad_watch_s:
        what = t(
            "🪧 Open the ad below. Stay on it for {time}, then come back here and tap “{watched}”.",
            time=t.duration(economy.ad_watch_s),
            watched=t(WATCHED),
        )
    else:
        what = t(
            "🪧 Open the ad below. Look at it, then come back here and tap “{watched}”.",
            watched=t(WATCHED),
        )
    if economy.ad_reward_points:
        pays = t("It pays <b>{points}</b>.", points=points(t, economy.ad_reward_points))
    else:
        pays = t("It gives no points at the moment.")
    return Html("\n\n").join([what, pays])


def ad_page_offer(t: Translator, economy: Economy) -> Html:
    """The message with the button to the ad page."""
    if not economy.ad_reward_points:
        return t(
            "🪧 The ads are on a page that opens here in Telegram.\n\n"
            "They give no points at the moment."
        )
    return t(
        "🪧 The ads are on a page that opens here in Telegram. Watch one to the end, and your "
        "points come by themselves.\n\nEach one pays <b>{points}</b>.",
        points=points(t, economy.ad_reward_points),
    )


def ads_credited(
    t: Translator,
    user: User,
    economy: Economy,
    offer: Offer | None,
    *,
    ads: int,
    amount_points: int,
) -> Html:
    """What the ads of a sitting brought, once the network has confirmed them."""
    if amount_points:
        gained = gain(t, amount_points)
        thanks = t.plural(
            "✅ <b>{gain}</b> for {n} ad", "✅ <b>{gain}</b> for {n} ads", ads, gain=gained
        )
    else:
        thanks = t.plural("✅ Thank you! {n} ad watched", "✅ Thank you! {n} ads watched", ads)
    return Html("\n\n").join([thanks, _account(t, user, economy, offer)])


def ad_thanks(t: Translator, amount_points: int) -> Html:
    """What pops up once an ad is paid."""
    return gain(t, amount_points) if amount_points else t(AD_THANKS)


def ad_paid(
    t: Translator, user: User, economy: Economy, offer: Offer | None, amount_points: int
) -> Html:
    """The ad's message once it is paid."""
    thanks = t(AD_THANKS)
    if amount_points:
        thanks = t("✅ Thank you! <b>{gain}</b>", gain=gain(t, amount_points))
    return Html("\n\n").join([thanks, _account(t, user, economy, offer)])


def _account(t: Translator, user: User, economy: Economy, offer: Offer | None) -> Html:
    return Html("\n").join([worth(t, user, economy, offer), next_order(t, user, economy, offer)])


def worth(t: Translator, user: User, economy: Economy, offer: Offer | None) -> Html:
    """The balance, and how much of an offer can be ordered with it; None: nothing is on sale."""
    can_order = offer is not None and economy.orders_per_minute_max
    most = offer.largest_order(user.balance) if offer is not None and can_order else 0
    if offer is None or not most:
        return t("💳 You have <b>{points}</b>.", points=points(t, user.balance))
    return t(
        "💳 You have <b>{points}</b>, enough for <b>{views}</b>.",
        points=points(t, user.balance),
        views=amount_of_offer(t, offer, most),
    )


def next_order(t: Translator, user: User, economy: Economy, offer: Offer | None) -> Html:
    """How far it is to the smallest order of an offer, and from there on to one unit more."""
    if not economy.orders_per_minute_max:
        return t(NO_ORDERS)
    if offer is None:
        return t(NOTHING_ON_SALE)
    wanted = offer.next_order(user.balance)
    if not wanted:
        most = amount_of_offer(t, offer, offer.quantity_max)
        return t("{bar} Enough for the largest order: {views}", bar=bar(1, 1), views=most)
    price = offer.price_points(wanted)
    owned = offer.largest_order(user.balance)
    begin = offer.price_points(owned)
    shown = bar(user.balance - begin, price - begin)
    amount = amount_of_offer(t, offer, wanted)
    if owned:
        return t.plural(
            "{bar} {n} more point, and it is enough for {views}",
            "{bar} {n} more points, and it is enough for {views}",
            price - user.balance,
            bar=shown,
            views=amount,
        )
    return t.plural(
        "{bar} {n} more point for the smallest order: {views}",
        "{bar} {n} more points for the smallest order: {views}",
        price - user.balance,
        bar=shown,
        views=amount,
    )


def refer(
    t: Translator,
    state: State,
    economy: Economy,
    user: User,
    link: str,
    *,
    paid_today: int,
    at_ms: int = 0,
    page: int = 0,
) -> Html:
    """The person's link, their friends, and what they earned with them.

    Args:
        t: the texts.
        state: the ledger's.
        economy: the settings as they are shown.
        user: the person.
        link: their invitation link.
        paid_today: how many bonuses the person has got on this UTC day.
        at_ms: now.
        page: which page of the friends is shown; the newest are on page 0.
    """
    friends = state.referrals.get(user.user_id, [])
    paid = [friend for friend in friends if friend.reward]
    parts = [t("👥 {friend_pays}", friend_pays=friend_pays(t, economy))]
    if friends_pay(economy):
        parts.append(friends_a_day(t, economy))
    parts += [
        t("Your link (tap to copy):\n<code>{link}</code>", link=link),
        t(
            "Friends who joined: <b>{joined}</b>\n"
            "Friends you got points for: <b>{paid}</b>\n"
            "Earned with friends: <b>{points}</b>",
            joined=len(friends),
            paid=len(paid),
            points=points(t, sum(friend.reward for friend in paid)),
        ),
    ]
    if paid_today >= economy.referrals_per_day_max > 0:
        parts.append(limit_reached(t, paid_today))
    if states := states_line(t, state, friends, at_ms):
        parts.append(states)
    if friends:
        end = len(friends) - page * FRIENDS_SHOWN
        newest = reversed(friends[max(0, end - FRIENDS_SHOWN) : end])
        shown = [friend_line(t, state, friend, at_ms) for friend in newest]
        parts.append(Html("\n").join([_title(t, page, friends_pages(len(friends))), *shown]))
    return Html("\n\n").join(parts)


def friends_pages(friends: int) -> int:
    """How many pages the list of so many friends has: one at least."""
    return max(1, -(-friends // FRIENDS_SHOWN))


def _title(t: Translator, page: int, pages: int) -> Html:
    if pages == 1:
        return t("<b>Your friends</b>")
    return t(
        "<b>Your friends</b>, newest first (page {page} of {pages})", page=page + 1, pages=pages
    )


def limit_reached(t: Translator, paid_today: int) -> Html:
    """To an inviter: no more bonuses on this day."""
    return t.plural(
        "You have got points for {n} friend today, and that is all for one day. For others, they "
        "come with an ad that the friend watches on a later day.",
        "You have got points for {n} friends today, and that is all for one day. For others, they "
        "come with an ad that the friend watches on a later day.",
        paid_today,
    )


def share_text(t: Translator, economy: Economy, offers: Sequence[Offer]) -> str:
    """The plain text that goes with a shared link."""
    if not sells_only_views(offers):
        invitation = t(
            "Earn points, and spend them on your videos, posts and pages: {metrics}.",
            metrics=metrics_on_sale(t, offers),
        )
    elif economy.ads_per_day_max:
        invitation = t("Get views for your videos: watch ads, earn points, spend them on views.")
    else:
        invitation = t("Get views for your videos: earn points, spend them on views.")
    promised = gift(t, economy)
    return Html(" ").join([invitation, promised] if promised else [invitation]).text
