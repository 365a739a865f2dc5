"""Texts about buying: link, quantity or comments, confirmation. Services: `service_texts`."""

from collections.abc import Sequence

from bot.text.economy_texts import earn_more, view_costs
from bot.text.formats import linked, points, shortened
from bot.text.orders import metric_texts
from bot.text.orders.service_texts import name_of_offer
from i18n import N_, Html, Message, Translator
from ledger.economy import Economy, Offer
from ledger.state import Order, User
from orders.links.results import LinkedItem
from orders.links.targets import Target
from orders.links.video_links import PLATFORM_NAMES
from orders.shop.offers import most_for, smallest_price_points, target_of

CONFIRM = N_("✅ Confirm")
CANCEL = N_("✖️ Cancel")
ANOTHER_NUMBER = N_("✏️ Another number")
OTHER_COMMENTS = N_("✏️ Other comments")

ORDER_GIVEN_UP = N_("OK, nothing was ordered and your points are unchanged.")
ORDERED_ALREADY = N_("This order is placed already. You were not charged again.")

ORDER_CHANGED = N_("You have changed this order. Please use the newest message about it.")
GOES_ON_BELOW = N_("⬇️ This goes on in a newer message below.")
"""What an answered question becomes where Telegram doesn't let us delete it."""

COMMENTS_CHARS_MAX = 2_500
"""Of all comments together, in UTF-16 units: the message with the order shows them."""
LINK_CHARS_MAX = 300
"""Of a link as it is shown; a tap opens the whole one."""

_TARGET_LABELS: dict[Target, Message] = {
    Target.VIDEO: N_("Video"),
    Target.POST: N_("Post"),
    Target.PAGE: N_("Page"),
}


def shown_link(link: str) -> Html:
    """A link that a tap opens, and from which the order goes on after a restart."""
    return linked(link, LINK_CHARS_MAX)


def ask_for_link(t: Translator) -> Html:
    """The first question, where only views of videos are sold."""
    return t(
        "📦 Send me the link of your video ({platforms}).\n\n/cancel to stop.",
        platforms=t.any_of(PLATFORM_NAMES),
    )


def which_link(t: Translator, items: Sequence[LinkedItem], *, videos: bool) -> Html:
    """When a message has links to different things. It holds the links until one is chosen."""
    listed = Html("\n").join(
        Html(f"{place}. ") + shown_link(item.link) for place, item in enumerate(items, start=1)
    )
    if videos:
        return t(
            "There are links to different videos in your message. Which one do you mean?"
            "\n\n{videos}",
            videos=listed,
        )
    return t(
        "There are different links in your message. Which one do you mean?\n\n{links}",
        links=listed,
    )


def too_few_points(t: Translator, user: User, offer: Offer, economy: Economy) -> Html:
    """When even the smallest order costs too much."""
    price = smallest_price_points(offer)
    text = t(
        "📦 The smallest order is {views} for {price}, and you have {balance}. "
        "You need {missing} more.",
        views=metric_texts.counted(t, offer.metric, offer.quantity_min),
        price=points(t, price),
        balance=points(t, user.balance),
        missing=points(t, price - user.balance),
    )
    ways = earn_more(t, economy)
    return Html("\n\n").join([text, ways] if ways else [text])


def points_missing(t: Translator, missing_points: int, balance_points: int) -> Html:
    """When this quantity costs more than there is."""
    return t.plural(
        "You need {n} more point for that (you have {balance}).",
        "You need {n} more points for that (you have {balance}).",
        missing_points,
        balance=balance_points,
    )


def out_of_range(t: Translator, offer: Offer) -> Html:
    """When so much can't be ordered, or so little."""
    most = metric_texts.counted(t, offer.metric, offer.quantity_max)
    if offer.quantity_min == offer.quantity_max:
        return t("An order is always {amount}.", amount=most)
    return t(
        "An order can be from {low} to {most}.",
        low=offer.quantity_min,
        most=most,
    )


def price_changed(t: Translator) -> Html:
    """When the price is not the one that was confirmed. The order is shown anew."""
    return t("The price has changed, so nothing was ordered yet.")


def ask_for_quantity(
    t: Translator, offer: Offer, item: LinkedItem, user: User, economy: Economy
) -> Html:
    """The second question."""
    question = metric_texts.question(t, offer.metric)
    low, most = offer.quantity_min, most_for(offer, user.balance)
    if low < most:
        asked = t(
            "<b>{question}</b> Send a number from {low} to {most}, or tap below.",
            question=question,
            low=low,
            most=most,
        )
    else:
        asked = t("<b>{question}</b> Send {low}, or tap below.", question=question, low=low)
    have = t(
        "You have {balance}. {costs}",
        balance=points(t, user.balance),
        costs=_costs(t, offer, economy),
    )
    return Html("\n\n").join([_for_item(t, offer, item), asked, have])


def _for_item(t: Translator, offer: Offer, item: LinkedItem) -> Html:
    """The link comes first: what stands below it may look like another one."""
    if item.platform:
        text = t("✅ {platform}: {link}", platform=item.platform, link=shown_link(item.link))
    else:
        text = t("✅ {link}", link=shown_link(item.link))
    if not offer.name:
        return text
    return Html("\n").join([text, name_of_offer(offer)])


def _costs(t: Translator, offer: Offer, economy: Economy) -> Html:
    if not offer.service_id:
        return view_costs(t, economy)
    amount = metric_texts.counted(t, offer.metric, 1000)
    price = points(t, offer.points_per_1000)
    return t("{amount} cost {price}.", amount=amount, price=price)


def not_a_quantity(t: Translator, offer: Offer, user: User) -> Html:
    """When the answer is not a number that can be ordered."""
    low, most = offer.quantity_min, most_for(offer, user.balance)
    if most <= low:
        return t("Please send just the number {low}.", low=low)
    return t(
        "Please send just a whole number from {low} to {most}, for example {low}.",
        low=low,
        most=most,
    )


def ask_for_comments(
    t: Translator, offer: Offer, item: LinkedItem, user: User, economy: Economy
) -> Html:
    """The second question, where the texts of comments are needed."""
    low, most = offer.quantity_min, most_for(offer, user.balance)
    if low < most:
        asked = t(
            "<b>Send me the comments, one on each line:</b> {low} to {most}, all in one message.",
            low=low,
            most=most,
        )
    else:
        asked = t(
            "<b>Send me the comments, one on each line:</b> exactly {low}, all in one message.",
            low=low,
        )
    have = t(
        "You have {balance}. {costs}",
        balance=points(t, user.balance),
        costs=_costs(t, offer, economy),
    )
    return Html("\n\n").join([_for_item(t, offer, item), asked, have])


def comments_too_long(t: Translator) -> Html:
    """When the comments don't fit into the message that shows the order."""
    return t.plural(
        "All comments together can have {n} character.",
        "All comments together can have {n} characters.",
        COMMENTS_CHARS_MAX,
    )


def confirm_order(
    t: Translator,
    offer: Offer,
    item: LinkedItem,
    *,
    quantity: int,
    balance_points: int,
    comments: str = "",
) -> Html:
    """The last question. The message itself holds the order until it is confirmed."""
    price = offer.price_points(quantity)
    what = t(
        "{target}: {link}\n{metric}: <b>{quantity}</b>\nPrice: <b>{price}</b>",
        target=t.message(_TARGET_LABELS[target_of(offer)]),
        link=shown_link(item.link),
        metric=metric_texts.label(t, offer.metric),
        quantity=quantity,
        price=points(t, price),
    )
    parts = [t("📦 <b>Please check your order</b>"), what]
    if offer.name:
        parts.append(name_of_offer(offer))
    if comments:
        parts.append(t("Your comments:\n<pre>{comments}</pre>", comments=comments))
    parts.append(
        t(
            "You have {balance}; {left} will be left.",
            balance=points(t, balance_points),
            left=points(t, balance_points - price),
        )
    )
    return Html("\n\n").join(parts)


def confirm_or_change(t: Translator, offer: Offer) -> Html:
    """When the answer to the last question is something else."""
    if offer.posts_comments:
        return t(
            "To order, tap “{confirm}”. You can also send other comments.\n\n/cancel to stop.",
            confirm=t(CONFIRM),
        )
    return t(
        "To order, tap “{confirm}”. You can also send another number, or another link.\n\n"
        "/cancel to stop.",
        confirm=t(CONFIRM),
    )


def order_placed(t: Translator, order: Order, amount: Html, user: User) -> Html:
    """What the confirmation becomes."""
    return t(
        "✅ Order <code>{order_id}</code> is placed: {views} for {link}\n\n"
        "You have {balance} left. I will tell you when the order is accepted.",
        order_id=order.order_id,
        views=amount,
        link=shortened(order.video_link, LINK_CHARS_MAX),
        balance=points(t, user.balance),
    )
