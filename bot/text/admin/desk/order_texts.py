"""What admins read about orders that need a person: lists, an order's card, what became of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from bot.text import reason_texts
from bot.text.account_texts import STATUS_WORDS
from bot.text.admin.admin_texts import who
from bot.text.admin.desk.evidence_texts import evidence
from bot.text.formats import day_and_time, name_of, points, shortened, views
from i18n import N_, Html, Message, Translator
from ledger import events as e
from ledger.economy import Offer
from ledger.order_status import OrderStatus
from ledger.state import Order, User

# Translators: keep /refund; the letters and digits behind it are an example of an order's id.
USE_REFUND = N_("Use it like this: <code>/refund 0123456789ab</code>")

REASON_CHARS_MAX, ANSWER_CHARS_MAX, LINK_CHARS_MAX = 500, 300, 1000
NAME_CHARS_MAX = 60
REASONS_SHOWN = 10
NUMBER_CHARS_MAX = 40


class Pile(StrEnum):
    """A list of orders on the admins' desk."""

    UNCLEAR = "unclear"
    REVIEW = "review"
    STUCK = "stuck"
    WAITING = "waiting"
    REFUSED = "refused"


PILES: dict[Pile, Message] = {
    Pile.UNCLEAR: N_("🔎 Unclear"),
    Pile.REVIEW: N_("🧐 Under review"),
    Pile.STUCK: N_("🐌 Without news"),
    Pile.WAITING: N_("⏳ Waiting"),
    Pile.REFUSED: N_("↩️ Refused lately"),
}
_MEANINGS: dict[Pile, Message] = {
    Pile.UNCLEAR: N_("🔎 <b>Unclear orders</b>: it is not known whether they arrived."),
    Pile.REVIEW: N_("🧐 <b>Orders under review</b>: the provider says something unexpected."),
    Pile.STUCK: N_("🐌 <b>Orders without news</b>: the provider has had nothing new for long."),
    Pile.WAITING: N_("⏳ <b>Waiting orders</b>: they are sent as soon as that is possible."),
    Pile.REFUSED: N_("↩️ <b>Refused lately</b>: the points of these orders were returned."),
}
_TITLES: dict[Pile, Message] = {
    Pile.UNCLEAR: N_("🔎 <b>Unclear order</b> <code>{order_id}</code>"),
    Pile.REVIEW: N_("🧐 <b>Order under review</b> <code>{order_id}</code>"),
    Pile.STUCK: N_("🐌 <b>Order without news</b> <code>{order_id}</code>"),
    Pile.WAITING: N_("⏳ <b>Waiting order</b> <code>{order_id}</code>"),
    Pile.REFUSED: N_("↩️ <b>Refused order</b> <code>{order_id}</code>"),
}
_NEXT: dict[Pile, Message] = {
    Pile.UNCLEAR: N_(
        "It is never sent again automatically. Please check on the provider's page: did it arrive?"
    ),
    Pile.REVIEW: N_("Please look at the provider's page: what became of it?"),
    Pile.STUCK: N_("Please look at the provider's page: what became of it?"),
    Pile.WAITING: N_("It is sent as soon as that is possible."),
}


class OrderFacts(NamedTuple):
    """What a card shows of an order.

    Attributes:
        order: the order; `user`: whose it is.
        pile: the list it is on; None: on none.
        offer: what was bought; None: views, by the settings.
        evidence: what was found about an unclear order.
        answer: what the provider said last.
    """

    order: Order
    user: User
    pile: Pile | None
    offer: Offer | None = None
    evidence: e.OrderEvidenceFound | None = None
    answer: str = ""


def desk(t: Translator, counts: Mapping[Pile, int]) -> Html:
    """Above the buttons of the lists."""
    if not any(count for pile, count in counts.items() if pile is not Pile.REFUSED):
        return t("📦 <b>Orders</b>\n\nNo order needs you. 👍")
    return t(
        "📦 <b>Orders</b>\n\nThese need you. Choose a list; a settled order leaves it at once."
    )


def pile(t: Translator, which: Pile, orders: Sequence[Order], page: int, pages: int) -> Html:
    """Above a list; each order is a button. The first page is 0."""
    parts = [t(_MEANINGS[which])]
    if not orders:
        parts.append(t("There are none. 👍"))
    if reasons := _reasons(t, orders):
        parts.append(Html("\n").join(reasons))
    if pages > 1:
        count = len(orders)
        parts.append(
            t("{count} in all, page {page} of {pages}.", count=count, page=page + 1, pages=pages)
        )
    return Html("\n\n").join(parts)


def _reasons(t: Translator, orders: Sequence[Order]) -> list[Html]:
    """How many orders are on a list for which reason, the most frequent first."""
    counts = Counter(
        (code, order.http_status)
        for order in orders
        if (code := order.review or order.reason_code) is not None
    )
    return [
        t("{count} × {name}", count=count, name=reason_texts.of_code(t, code, http_status))
        for (code, http_status), count in counts.most_common(REASONS_SHOWN)
    ]


def quantity(t: Translator, order: Order, offer: Offer | None) -> Html:
    """What was ordered: `10 views`, or how many of what service."""
    if offer is None:
        return views(t, order.quantity)
    name = shortened(offer.name, NAME_CHARS_MAX)
    return t("{count} × {name}", count=order.quantity, name=name)


def order_label(t: Translator, facts: OrderFacts, *, is_put_off: bool = False) -> str:
    """An order on a button, as plain text."""
    order, mark = facts.order, "💤 " if is_put_off else ""
    what = quantity(t, order, facts.offer).text
    return f"{mark}{order.order_id} · {what} · {name_of(t, facts.user)}"


def card(t: Translator, facts: OrderFacts, *, is_asking: bool = False) -> Html:
    """An order, with what an admin should do. `is_asking`: a question follows and says that."""
    order, which = facts.order, facts.pile
    if which is None:
        title = t("📦 <b>Order</b> <code>{order_id}</code>", order_id=order.order_id)
    else:
        title = t.message(_TITLES[which], order_id=order.order_id)
    parts = [title, Html("\n").join(_facts(t, facts))]
    if facts.evidence is not None:
        parts.append(evidence(t, facts.evidence))
    elif order.evidence_follows:
        parts.append(t("I am looking for evidence at the provider, and will tell you what I find."))
    if which in _NEXT and not is_asking:
        parts.append(t(_NEXT[which]))
    return Html("\n\n").join(parts)


def _facts(t: Translator, facts: OrderFacts) -> list[Html]:
    order, user = facts.order, facts.user
    lines = [
        t(
            "{what} for {link}",
            what=quantity(t, order, facts.offer),
            link=shortened(order.video_link, LINK_CHARS_MAX),
        ),
        t("{points}, ordered by {who}", points=points(t, order.total_cost), who=who(t, user)),
    ]
    if order.provider_order_id:
        number = shortened(order.provider_order_id, NUMBER_CHARS_MAX)
        lines.append(t("The provider's number: <code>{number}</code>", number=number))
    if order.remains is not None:
        lines.append(t("Not delivered: {remains}", remains=order.remains))
    lines.append(
        t(
            "{time} UTC: {reason}",
            time=day_and_time(t, order.updated_at),
            reason=_reason(t, facts),
        )
    )
    if facts.answer:
        answer = shortened(facts.answer, ANSWER_CHARS_MAX)
        lines.append(t("The provider said: “{answer}”", answer=answer))
    return lines


def _reason(t: Translator, facts: OrderFacts) -> str:
    order = facts.order
    if order.review is not None:
        return reason_texts.of_review(t, order)
    if reason := reason_texts.of_order(t, order):
        return shortened(reason, REASON_CHARS_MAX)
    if facts.pile is Pile.WAITING:
        return t("It was not tried yet.")
    return t(STATUS_WORDS[order.status])


def order_settled(t: Translator, order: Order) -> Html:
    """What takes the place of the question once it is answered, by whomever."""
    order_id = order.order_id
    match order.status:
        case OrderStatus.ACCEPTED if order.followed:
            return t(
                "📦 Order <code>{order_id}</code>: it is marked as arrived, and the provider is "
                "asked how far it is.",
                order_id=order_id,
            )
        case OrderStatus.ACCEPTED:
            return t(
                "📦 Order <code>{order_id}</code>: it is marked as arrived.", order_id=order_id
            )
        case OrderStatus.REJECTED | OrderStatus.CANCELED:
            return t(
                "📦 Order <code>{order_id}</code>: the points were returned.", order_id=order_id
            )
        case OrderStatus.COMPLETED:
            return t(
                "📦 Order <code>{order_id}</code>: it is marked as delivered.", order_id=order_id
            )
        case OrderStatus.PARTIAL:
            return t(
                "📦 Order <code>{order_id}</code>: {points} were returned for what is missing.",
                order_id=order_id,
                points=points(t, order.refunded_points),
            )
        case _:
            return t(
                "📦 Order <code>{order_id}</code>: {status}",
                order_id=order_id,
                status=t(STATUS_WORDS[order.status]),
            )


def many_wait(t: Translator, count: int) -> Html:
    """After a start: more orders wait for a person than are asked about one by one."""
    return t.plural(
        "📦 {n} order needs you. They are all in /admin → Orders.",
        "📦 {n} orders need you. They are all in /admin → Orders.",
        count,
    )


def corrected(t: Translator, event: e.OrderCorrected) -> Html:
    """The provider changed an end, and more was given back than was due."""
    return t(
        "📦 The provider changed the end of order <code>{order_id}</code>: {status}. "
        "{points} more than due were returned; they stay with the person.",
        order_id=event.order_id,
        status=t(STATUS_WORDS[event.status]),
        points=points(t, event.excess_points),
    )
