"""Texts about a person's own account: balance, history, orders."""

from bot.text import menu, reason_texts
from bot.text.earning_texts import next_order, worth
from bot.text.economy_texts import earn_more
from bot.text.formats import day_and_time, points, shortened, views
from i18n import N_, Html, Message, Translator
from ledger.economy import Economy
from ledger.order_status import OrderStatus
from ledger.state import Order, State, User

MY_HISTORY = N_("🧾 History")
MY_ORDERS = N_("📦 Orders")
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

ORDERS_SHOWN = 10
LINK_CHARS_MAX = 120
NOTE_CHARS_MAX = 120
"""Of each order: all that are shown must fit into one message (4,096 characters)."""


def balance(t: Translator, state: State, economy: Economy, user: User) -> Html:
    """The balance, and what it is worth."""
    parts = [
        worth(t, user, economy),
        next_order(t, user, economy),
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


def orders(t: Translator, state: State, user: User) -> Html:
    """A person's newest orders."""
    ids = state.orders_of.get(user.user_id, [])
    if not ids:
        return t(
            "You have no orders yet. Tap {buy_views} to place the first one.",
            buy_views=t(menu.BUY_VIEWS),
        )
    parts = [t("📦 <b>Your orders</b>")]
    parts += [_order(t, state.orders[order_id]) for order_id in reversed(ids[-ORDERS_SHOWN:])]
    if len(ids) > ORDERS_SHOWN:
        parts.append(
            t("These are the newest {shown} of {count}.", shown=ORDERS_SHOWN, count=len(ids))
        )
    return Html("\n\n").join(parts)


def _order(t: Translator, order: Order) -> Html:
    shown = t(
        "<code>{order_id}</code> · {when} UTC\n{views}, {points} · {link}\n{status}",
        order_id=order.order_id,
        when=day_and_time(t, order.created_at),
        views=views(t, order.quantity),
        points=points(t, order.total_cost),
        link=shortened(order.video_link, LINK_CHARS_MAX),
        status=t.message(STATUS_WORDS[order.status]),
    )
    reason = reason_texts.of_order(t, order) if order.status is OrderStatus.REJECTED else ""
    if not reason:
        return shown
    return Html("\n").join([shown, shortened(reason, NOTE_CHARS_MAX)])
