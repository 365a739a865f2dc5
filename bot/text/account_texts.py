"""Texts about a person's own account: balance, history, orders."""

from bot.text.earning_texts import next_order, worth
from bot.text.economy_texts import earn_more
from bot.text.formats import points
from i18n import N_, Html, Message, Translator
from ledger.economy import Economy, Offer
from ledger.order_status import OrderStatus
from ledger.state import State, User

MY_HISTORY = N_("🧾 History")
MY_ORDERS = N_("📦 Orders")
SHOW_ORDER = N_("📄 Show this order")
OLDER = N_("Older ›")
NEWEST = N_("‹ Newest")

HISTORY_TITLE = N_("🧾 <b>What changed your points</b> (times in UTC)")
NO_OLDER_HISTORY = N_("There is nothing older to show here.")

STATUS_WORDS: dict[OrderStatus, Message] = {
    OrderStatus.PLACED: N_("⏳ waiting to be sent"),
    OrderStatus.SENDING: N_("⏳ being sent"),
    OrderStatus.ACCEPTED: N_("🚀 accepted"),
    OrderStatus.REJECTED: N_("↩️ not possible, points returned"),
    OrderStatus.UNCLEAR: N_("🔎 being checked by a person"),
    OrderStatus.IN_PROGRESS: N_("🚚 being delivered"),
    OrderStatus.COMPLETED: N_("✅ delivered"),
    OrderStatus.PARTIAL: N_("🧩 partly delivered, the rest returned"),
    OrderStatus.CANCELED: N_("↩️ stopped by the provider, points returned"),
    OrderStatus.IMPORTED: N_("🗂 from the bot before this one"),
}


def balance(t: Translator, state: State, economy: Economy, user: User, offer: Offer | None) -> Html:
    """The balance, and what it is worth."""
    parts = [
        worth(t, user, economy, offer),
        next_order(t, user, economy, offer),
        t(
            "Ads watched: {ads}\nFriends who joined: {friends}",
            ads=user.ads_watched,
            friends=user.referrals_count,
        ),
    ]
    if in_orders := _in_orders(t, state, user):
        parts.insert(1, Html("\n").join(in_orders))
    return Html("\n\n").join(parts)


def _in_orders(t: Translator, state: State, user: User) -> list[Html]:
    """What is set aside for orders that are not at their end."""
    own = state.orders_of.get(user.user_id, ())
    set_aside = sum(state.orders[one].reserve_points for one in own if one in state.orders)
    if not set_aside:
        return []
    return [t("Set aside for open orders: {points}.", points=points(t, set_aside))]


def no_history(t: Translator, economy: Economy) -> Html:
    """When nothing has changed the balance yet."""
    nothing, ways = t("Nothing has changed your points yet."), earn_more(t, economy)
    return Html(" ").join([nothing, ways]) if ways else nothing
