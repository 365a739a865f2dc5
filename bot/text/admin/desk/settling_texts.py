"""The questions before an admin settles an order, which can't be undone."""

from bot.text.admin.admin_texts import who
from bot.text.admin.desk.order_texts import OrderFacts, quantity
from bot.text.formats import points, shortened
from i18n import N_, Html, Translator
from ledger.economy import part_back_points
from ledger.order_status import OrderStatus

TYPED_CHARS_MAX = 40

ASK_FOR_NUMBER = N_(
    "❓ <b>It arrived.</b> Send me the number that the provider gave it: then it is followed to "
    "its end. Without the number it counts as done now, and its points are spent."
)
NO_PROVIDER_NUMBER = N_(
    "That doesn't look like an order's number. Please send only the number, as on the provider's "
    "page."
)
NOT_SETTLED_SO = N_("This can't be done with this order any more.")


def arrived(t: Translator, facts: OrderFacts, number: str) -> Html:
    """It arrived, under this number at the provider; empty: unknown."""
    if number:
        return t(
            "❓ <b>Did it arrive as number {number}?</b> Then it is followed to its end.",
            number=number,
        )
    return t(
        "❓ <b>Did it arrive?</b> Then the {points} are spent.",
        points=points(t, facts.order.total_cost),
    )


def refund(t: Translator, facts: OrderFacts) -> Html:
    """It did not arrive, or waits and is given up."""
    order = facts.order
    back, person = points(t, order.total_cost), who(t, facts.user)
    if order.status is OrderStatus.PLACED:
        return t(
            "❓ <b>Give it up?</b> It is not sent any more then, and {who} gets {points} back.",
            who=person,
            points=back,
        )
    return t("❓ <b>Did it not arrive?</b> Then {who} gets {points} back.", who=person, points=back)


def delivered(t: Translator, facts: OrderFacts) -> Html:
    """All of it was delivered."""
    if facts.order.is_closed:
        return t("❓ <b>Was it delivered?</b> Nothing is returned then, and nothing taken back.")
    return t(
        "❓ <b>Was it delivered?</b> Then the {points} are spent.",
        points=points(t, facts.order.total_cost),
    )


def refund_all(t: Translator, facts: OrderFacts) -> Html:
    """Nothing was delivered."""
    return t(
        "❓ <b>Refund all?</b> Then {who} gets {points} back.",
        who=who(t, facts.user),
        points=points(t, facts.order.total_cost - facts.order.refunded_points),
    )


def ask_for_remains(t: Translator, facts: OrderFacts) -> Html:
    """How many are missing."""
    return t(
        "❓ <b>Refund a part.</b> How many of {what} were <b>not</b> delivered? Send me "
        "the number.",
        what=quantity(t, facts.order, facts.offer),
    )


def not_remains(t: Translator, facts: OrderFacts) -> Html:
    """The number is none of a part."""
    return t(
        "A part is a number from 1 to {most}.",
        most=facts.order.quantity - 1,
    )


def refund_part(t: Translator, facts: OrderFacts, remains: int) -> Html:
    """So many are missing."""
    order = facts.order
    back = part_back_points(order.total_cost, order.quantity, remains) - order.refunded_points
    return t(
        "❓ <b>Were {remains} of {what} not delivered?</b> Then {who} gets {points} back.",
        remains=remains,
        what=quantity(t, order, facts.offer),
        who=who(t, facts.user),
        points=points(t, max(0, back)),
    )


def number_taken(t: Translator, number: str, order_id: str) -> Html:
    """Another order has this number at the provider."""
    return t(
        "The number {number} belongs to order <code>{order_id}</code> already.",
        number=shortened(number, TYPED_CHARS_MAX),
        order_id=order_id,
    )


ASK_WHEN = N_("💤 When shall I ask you again? The order stays in the list until then.")


def put_off(t: Translator, order_id: str, hours: int) -> Html:
    """An admin will be asked again."""
    return t.plural(
        "💤 Order <code>{order_id}</code>: I ask you again in {n} hour.",
        "💤 Order <code>{order_id}</code>: I ask you again in {n} hours.",
        hours,
        order_id=order_id,
    )
