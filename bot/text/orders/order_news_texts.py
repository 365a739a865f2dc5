"""What buyers are told about their orders unasked. When: `bot/notify/order_news.py`."""

from bot.text.account_texts import STATUS_WORDS
from bot.text.formats import points, shortened
from bot.text.orders import metric_texts
from i18n import N_, Html, Message, Translator
from ledger import events as e
from ledger.reason_codes import OrderRequest
from ledger.state import Order, State, User

REASON_CHARS_MAX = 500

_ANSWERS: dict[tuple[OrderRequest, bool], Message] = {
    (OrderRequest.CANCEL, True): N_("🛑 The provider will stop your order {order}."),
    (OrderRequest.CANCEL, False): N_("🛑 The provider can't stop your order {order}. It goes on."),
    (OrderRequest.REFILL, True): N_("♻️ The provider will refill your order {order}."),
    (OrderRequest.REFILL, False): N_("♻️ The provider won't refill your order {order}."),
}


def order_name(t: Translator, state: State, order_id: str, order: Order | None) -> Html:
    """How an order is called in a sentence; None: it has left the memory."""
    if order is None:
        return t("<code>{order_id}</code>", order_id=order_id)
    amount = metric_texts.amount_of(t, state, order)
    return t("<code>{order_id}</code> ({amount})", order_id=order_id, amount=amount)


def accepted(t: Translator, name: Html, *, followed: bool) -> Html:
    """The provider has it."""
    if followed:
        return t("🚀 Your order {order} is accepted. Delivery starts soon.", order=name)
    return t(
        "🚀 Your order {order} is accepted. This provider doesn't report delivery, so there will "
        "be no more news about it.",
        order=name,
    )


def rejected(t: Translator, name: Html, user: User, reason: str, refund_points: int) -> Html:
    """It is not carried out, and the points come back."""
    return t(
        "↩️ Your order {order} was not possible: {reason}\n\n"
        "<b>{refund}</b> came back to you. You have {balance}.",
        order=name,
        reason=shortened(reason, REASON_CHARS_MAX),
        refund=points(t, refund_points),
        balance=points(t, user.balance),
    )


def unclear(t: Translator, name: Html) -> Html:
    """A person looks whether it arrived."""
    return t(
        "🔎 Your order {order} takes a little longer: a person is checking it. Your points are "
        "safe, and you don't need to do anything.",
        order=name,
    )


def completed(t: Translator, name: Html) -> Html:
    """All was delivered."""
    return t("✅ Your order {order} is finished: all of it was delivered.", order=name)


def ended_early(
    t: Translator,
    event: e.OrderPartial | e.OrderCanceled,
    name: Html,
    order: Order | None,
    user: User,
) -> Html:
    """A part was delivered, or nothing, and the points for the rest come back."""
    if isinstance(event, e.OrderPartial):
        what = t("🧩 Your order {order} has ended before all of it was delivered.", order=name)
    else:
        what = t("↩️ The provider has stopped your order {order}.", order=name)
    parts = [what]
    if order is not None and event.remains is not None and event.spent_points:
        quantity = order.quantity
        delivered = quantity - min(max(event.remains, 0), quantity)
        parts.append(
            t("Delivered: {delivered} of {quantity}", delivered=delivered, quantity=quantity)
        )
    if event.refund_points:
        parts.append(_came_back(t, event.refund_points, user))
    return Html("\n\n").join(parts)


def _came_back(t: Translator, refund_points: int, user: User) -> Html:
    return t(
        "<b>{refund}</b> came back to you. You have {balance}.",
        refund=points(t, refund_points),
        balance=points(t, user.balance),
    )


def corrected(t: Translator, event: e.OrderCorrected, name: Html, user: User) -> Html:
    """The provider changed its mind about the end, and more points come back."""
    what = t(
        "↩️ The provider has corrected your order {order}: {status}",
        order=name,
        status=t.message(STATUS_WORDS[event.status]),
    )
    return Html("\n\n").join([what, _came_back(t, event.refund_points, user)])


def request_answered(t: Translator, event: e.OrderRequestAnswered, name: Html) -> Html:
    """What the provider says to what the buyer asked for."""
    return t.message(_ANSWERS[event.what, event.granted], order=name)
