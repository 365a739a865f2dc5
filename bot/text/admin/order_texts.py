"""What admins read about orders that may or may not have reached the provider."""

from bot.text import reason_texts
from bot.text.admin.admin_texts import who
from bot.text.formats import day_and_time, name_of, points, shortened, views
from i18n import N_, Html, Translator
from ledger.order_status import OrderStatus
from ledger.state import Order, User

NO_UNCLEAR = N_("There are no unclear orders. 👍")
NO_WAITING = N_("There are no waiting orders. 👍")
# Translators: keep /refund; the letters and digits behind it are an example of an order's id.
USE_REFUND = N_("Use it like this: <code>/refund 0123456789ab</code>")
SURE_TO_REFUND = N_("❓ It is not sent any more then, and its points go back. Are you sure?")

REASON_CHARS_MAX = 500


def unclear_order(t: Translator, order: Order, user: User) -> Html:
    """An unclear order, with the question that an admin has to answer."""
    return t(
        "🔎 <b>Unclear order</b> <code>{order_id}</code>\n\n"
        "{views} for {link}\n"
        "{points}, ordered by {who}\n"
        "{time} UTC: {reason}\n\n"
        "It is never sent again automatically. Please check on the provider's page: did it arrive?",
        order_id=order.order_id,
        views=views(t, order.quantity),
        link=order.video_link,
        points=points(t, order.total_cost),
        who=who(t, user),
        time=day_and_time(t, order.updated_at),
        reason=shortened(reason_texts.of_order(t, order), REASON_CHARS_MAX),
    )


def unclear_orders(t: Translator, count: int) -> Html:
    """Above the list of unclear orders, each of which is a button."""
    return t.plural(
        "🔎 <b>{n} unclear order</b>. Choose one to settle it; the oldest are first.",
        "🔎 <b>{n} unclear orders</b>. Choose one to settle it; the oldest are first.",
        count,
    )


def order_label(t: Translator, order: Order, user: User) -> str:
    """An order on a button, as plain text."""
    return f"{order.order_id} · {views(t, order.quantity).text} · {name_of(t, user)}"


def sure_of_order(t: Translator, order: Order, user: User, *, arrived: bool) -> Html:
    """Before an unclear order is settled, which can't be undone."""
    question = (
        t(
            "❓ <b>Did it arrive?</b> Then the {points} are spent.",
            points=points(t, order.total_cost),
        )
        if arrived
        else t(
            "❓ <b>Did it not arrive?</b> Then {who} gets {points} back.",
            who=who(t, user),
            points=points(t, order.total_cost),
        )
    )
    return question + Html("\n\n") + unclear_order(t, order, user)


def order_settled(t: Translator, order: Order) -> Html:
    """What takes the place of the question once it is answered."""
    if order.status is OrderStatus.ACCEPTED:
        return t(
            "🔎 Order <code>{order_id}</code>: it is marked as arrived.", order_id=order.order_id
        )
    return t("🔎 Order <code>{order_id}</code>: the points were returned.", order_id=order.order_id)


def waiting_order(t: Translator, order: Order, user: User) -> Html:
    """An order that was not sent yet."""
    reason = reason_texts.of_order(t, order)
    return t(
        "⏳ <b>Waiting order</b> <code>{order_id}</code>\n\n"
        "{views} for {link}\n"
        "{points}, ordered by {who}\n"
        "{time} UTC: {reason}\n\n"
        "It is sent as soon as that is possible.",
        order_id=order.order_id,
        views=views(t, order.quantity),
        link=order.video_link,
        points=points(t, order.total_cost),
        who=who(t, user),
        time=day_and_time(t, order.updated_at),
        reason=shortened(reason, REASON_CHARS_MAX) if reason else t("It was not tried yet."),
    )
