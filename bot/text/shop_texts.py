"""Texts about buying views: link, quantity, confirmation, order."""

from collections.abc import Sequence

from bot.text.economy_texts import earn_more, view_costs
from bot.text.formats import linked, points, views
from i18n import N_, Html, Translator
from ledger.economy import Economy, price_points, views_for
from ledger.state import Order, User
from orders.links.video_links import PLATFORM_NAMES, Video

CONFIRM = N_("✅ Confirm")
CANCEL = N_("✖️ Cancel")

ORDER_GIVEN_UP = N_("OK, nothing was ordered and your points are unchanged.")
ORDERED_ALREADY = N_("This order is placed already. You were not charged again.")

ORDER_CHANGED = N_("You have changed this order. Please use the newest message about it.")


def ask_for_link(t: Translator) -> Html:
    """The first question."""
    return t(
        "📦 Send me the link of your video ({platforms}).\n\n/cancel to stop.",
        platforms=t.any_of(PLATFORM_NAMES),
    )


def which_video(t: Translator, videos: Sequence[Video]) -> Html:
    """When a message has links to different videos. It holds the links until one is chosen."""
    listed = [
        Html(f"{place}. ") + linked(video.link) for place, video in enumerate(videos, start=1)
    ]
    return t(
        "There are links to different videos in your message. Which one do you mean?\n\n{videos}",
        videos=Html("\n").join(listed),
    )


def too_few_points(t: Translator, user: User, economy: Economy) -> Html:
    """When even the smallest order costs too much."""
    price = price_points(economy, economy.order_views_min)
    text = t(
        "📦 The smallest order is {views} for {price}, and you have {balance}. "
        "You need {missing} more.",
        views=views(t, economy.order_views_min),
        price=points(t, price),
        balance=points(t, user.balance),
        missing=points(t, price - user.balance),
    )
    ways = earn_more(t, economy)
    return Html("\n\n").join([text, ways] if ways else [text])


def ask_for_quantity(t: Translator, video: Video, user: User, economy: Economy) -> Html:
    """The second question."""
    low, most = economy.order_views_min, most_views(user, economy)
    if low < most:
        question = t(
            "<b>How many views?</b> Send a number from {low} to {most}, or tap below.",
            low=low,
            most=most,
        )
    else:
        question = t("<b>How many views?</b> Send {low}, or tap below.", low=low)
    return t(
        "✅ {platform}: {link}\n\n{question}\n\nYou have {balance}. {view_costs}",
        platform=video.platform,
        link=linked(video.link),
        question=question,
        balance=points(t, user.balance),
        view_costs=view_costs(t, economy),
    )


def most_views(user: User, economy: Economy) -> int:
    """The largest order that this person can pay for now."""
    return min(economy.order_views_max, views_for(economy, user.balance))


def not_a_quantity(t: Translator, user: User, economy: Economy) -> Html:
    """When the answer is not a number that can be ordered."""
    low, most = economy.order_views_min, most_views(user, economy)
    if most <= low:
        return t("Please send just the number {low}.", low=low)
    return t(
        "Please send just a whole number from {low} to {most}, for example {low}.",
        low=low,
        most=most,
    )


def confirm_order(
    t: Translator, video: Video, quantity: int, price: int, balance_points: int
) -> Html:
    """The last question. The message itself holds the order until it is confirmed."""
    return t(
        "📦 <b>Please check your order</b>\n\n"
        "Video: {link}\n"
        "Views: <b>{quantity}</b>\n"
        "Price: <b>{price}</b>\n\n"
        "You have {balance}; {left} will be left.",
        link=linked(video.link),
        quantity=quantity,
        price=points(t, price),
        balance=points(t, balance_points),
        left=points(t, balance_points - price),
    )


def confirm_or_change(t: Translator) -> Html:
    """When the answer to the last question is something else."""
    return t(
        "To order, tap “{confirm}” above. You can also send another number of views, or the link "
        "of another video.\n\n/cancel to stop.",
        confirm=t(CONFIRM),
    )


def order_placed(t: Translator, order: Order, user: User) -> Html:
    """What the confirmation becomes."""
    return t(
        "✅ Order <code>{order_id}</code> is placed: {views} for {link}\n\n"
        "You have {balance} left. I will tell you when the order is accepted.",
        order_id=order.order_id,
        views=views(t, order.quantity),
        link=order.video_link,
        balance=points(t, user.balance),
    )
