"""Messages that people get without asking. Who gets which: `bot/notify/notifications.py`."""

from bot.text import menu
from bot.text.earning_texts import limit_reached
from bot.text.formats import gain, name_of, points, shortened
from i18n import N_, Html, Translator
from ledger import events as e
from ledger.state import User

REASON_CHARS_MAX = 500

UNFROZEN = N_("☀️ You can earn points again.")
BAN_LIFTED = N_("✅ You can earn and order again.")


def bonus(t: Translator, inviter: User, friend: User, event: e.ReferralBonusPaid) -> Html:
    """To the one who invited: the bonus is paid, and maybe it was the last of the day."""
    thanks = t(
        "🎉 Thank you for inviting {name}: <b>{gain}</b>! You have {balance}.",
        name=name_of(t, friend),
        gain=gain(t, event.amount_points),
        balance=points(t, inviter.balance),
    )
    if not event.is_last_of_day:
        return thanks
    return Html("\n\n").join([thanks, limit_reached(t, event.number_today)])


def inviter_thanked(t: Translator, inviter: User) -> Html:
    """To the one who was invited, when there is no gift for them."""
    return t(
        "🎉 {name} has just got points for inviting you. You can invite friends too: tap {refer}.",
        name=name_of(t, inviter),
        refer=t(menu.REFER),
    )


def welcome_gift(t: Translator, amount_points: int) -> Html:
    """To the one who was invited: points of their own."""
    return t("🎁 Your welcome gift: <b>{gain}</b>!", gain=gain(t, amount_points))


def adjusted(t: Translator, user: User, amount_points: int, reason: str) -> Html:
    """An admin changed the balance."""
    return t(
        "💳 The admin changed your points: <b>{gain}</b>\nReason: {reason}\n\nYou have {balance}.",
        gain=gain(t, amount_points),
        reason=shortened(reason, REASON_CHARS_MAX),
        balance=points(t, user.balance),
    )


def banned(t: Translator, reason: str) -> Html:
    """No more ads and orders for now; the reason may be empty."""
    if not reason:
        return t("⛔️ You can't earn or order for now.")
    return t(
        "⛔️ You can't earn or order for now. Reason: {reason}",
        reason=shortened(reason, REASON_CHARS_MAX),
    )


def frozen(t: Translator, reason: str) -> Html:
    """No more points for ads and friends for now; the reason may be empty."""
    news = t(
        "❄️ You can't earn points for now: something about your account looked unusual. Your "
        "points stay yours, and you can spend them. If this is a mistake, write to the admin "
        "({contact}).",
        contact=t(menu.CONTACT),
    )
    if not reason:
        return news
    why = t("Reason: {reason}", reason=shortened(reason, REASON_CHARS_MAX))
    return Html("\n\n").join([news, why])


def taken_back(t: Translator, user: User, amount_points: int, reason: str) -> Html:
    """Points that were not earned by the rules are gone."""
    news = t(
        "↩️ After a check, the admin took back points that were not earned by the rules: "
        "<b>{gain}</b>\nYou have {balance}.",
        gain=gain(t, amount_points),
        balance=points(t, user.balance),
    )
    if not reason:
        return news
    why = t("Reason: {reason}", reason=shortened(reason, REASON_CHARS_MAX))
    return Html("\n\n").join([news, why])
