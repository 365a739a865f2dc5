"""Texts about earning points: ads, and friends who were invited."""

from bot.text.economy_texts import friend_pays
from bot.text.formats import bar, gain, name_of, points
from i18n import N_, Html, Translator
from ledger.economy import Economy, points_to_next_view, price_points, views_for
from ledger.state import Referral, State, User

OPEN_AD = N_("▶️ Open the ad")
WATCHED = N_("✅ I watched it")
NEXT_AD = N_("🪧 Watch another ad")
SHARE = N_("📨 Share my link")

AD_TOO_OLD = N_("This ad was opened too long ago to be paid. Please open a new one.")

NO_ADS = N_("🪧 There are no ads at the moment. Please look again later.")

FRIENDS_SHOWN = 10


def ad_offer(t: Translator, economy: Economy) -> Html:
    """The message with an ad's button."""
    pays = points(t, economy.ad_reward_points)
    if not economy.ad_watch_s:
        return t(
            "🪧 Open the ad below. Look at it, then come back here and tap “{watched}”.\n\n"
            "It pays <b>{points}</b>.",
            watched=t(WATCHED),
            points=pays,
        )
    return t(
        "🪧 Open the ad below. Stay on it for {time}, then come back here and tap “{watched}”.\n\n"
        "It pays <b>{points}</b>.",
        time=t.duration(economy.ad_watch_s),
        watched=t(WATCHED),
        points=pays,
    )


def ad_paid(t: Translator, user: User, economy: Economy, amount_points: int) -> Html:
    """The ad's message once it is paid."""
    return t(
        "✅ Thank you! <b>{gain}</b>\n\nYou have <b>{balance}</b>.\n{next_view}",
        gain=gain(t, amount_points),
        balance=points(t, user.balance),
        next_view=next_view(t, user, economy),
    )


def next_view(t: Translator, user: User, economy: Economy) -> Html:
    """How far it is to the next whole view."""
    missing = points_to_next_view(economy, user.balance)
    owned = views_for(economy, user.balance)
    step = price_points(economy, owned + 1) - price_points(economy, owned)
    return t.plural(
        "{bar} {n} point to your next view",
        "{bar} {n} points to your next view",
        missing,
        bar=bar(step - missing, step),
    )


def refer(t: Translator, state: State, user: User, link: str) -> Html:
    """The person's link, their friends, and what they earned with them."""
    friends = state.referrals.get(user.user_id, [])
    paid = [friend for friend in friends if friend.reward]
    parts = [
        t("👥 {friend_pays}", friend_pays=friend_pays(t, state.economy)),
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
    if friends:
        shown = [_friend(t, state, friend) for friend in reversed(friends[-FRIENDS_SHOWN:])]
        all_shown = len(shown) == len(friends)
        title = t("<b>Your friends</b>") if all_shown else t("<b>Your newest friends</b>")
        parts.append(Html("\n").join([title, *shown]))
    return Html("\n\n").join(parts)


def _friend(t: Translator, state: State, referral: Referral) -> Html:
    friend = state.users[referral.user_id]
    name = name_of(t, friend)
    if referral.reward:
        return t("✅ {name}: {gain}", name=name, gain=gain(t, referral.reward))
    if friend.referral_paid:
        return t("✅ {name}", name=name)
    return t.plural(
        "⏳ {name}: {watched} of {n} ad watched",
        "⏳ {name}: {watched} of {n} ads watched",
        state.economy.referral_after_ads,
        name=name,
        watched=friend.ads_watched,
    )


def share_text(t: Translator, economy: Economy) -> str:
    """The plain text that goes with a shared link."""
    invitation = t("Get views for your videos: watch ads, earn points, spend them on views.")
    if not economy.referral_welcome_points:
        return invitation.text
    return Html(" ").join([invitation, _gift(t, economy)]).text


def _gift(t: Translator, economy: Economy) -> Html:
    gift = points(t, economy.referral_welcome_points)
    if not economy.referral_after_ads:
        return t("You start with {points} as a gift.", points=gift)
    return t.plural(
        "After {n} ad you get {points} as a gift.",
        "After {n} ads you get {points} as a gift.",
        economy.referral_after_ads,
        points=gift,
    )
