"""Texts about the services that are on sale, and about which link each of them needs."""

from collections.abc import Sequence

from bot.text.economy_texts import view_costs
from bot.text.formats import points, shortened
from bot.text.orders import metric_texts
from i18n import N_, Html, Translator
from i18n.foreign import foreign_name
from ledger.economy import Economy, Offer, reference_offer
from orders.links.platforms import ORDER_PLATFORMS
from orders.links.results import LinkedItem
from orders.links.targets import Target
from orders.shop.offers import target_of

NAME_CHARS_MAX = 120
LABEL_CHARS_MAX = 38
"""Of a name on a button: the price stands behind it."""
METRICS_SHOWN = 4
PLATFORM_CHARS_MAX = 20
"""Of a platform: there are two in a row."""

NOTHING_ON_SALE = N_("There is nothing to buy at the moment. Your points stay yours.")
ALL_SERVICES = N_("📋 All services")
PAGE_BEFORE = N_("‹ Back")
NEXT_PAGE = N_("More ›")
OTHER_PLATFORMS = N_("Other sites")
NO_SERVICE_FOR_LINK = N_("I have nothing for this link at the moment.")
NOT_SOLD_NOW = N_("This service is not on sale at the moment. Please choose another one.")


def name_of_offer(offer: Offer) -> Html:
    """Its name, which the provider or an admin wrote."""
    return Html("<i>") + shortened(offer.name, NAME_CHARS_MAX) + Html("</i>")


def amount_of_offer(t: Translator, offer: Offer, quantity: int) -> Html:
    """So much of an offer: `12 views`, `12 views on YouTube`."""
    amount = metric_texts.counted(t, offer.metric, quantity)
    if not offer.platform:
        return amount
    platform = platform_name(t, offer.platform)
    return t("{amount} on {platform}", amount=amount, platform=platform)


def sells_only_views(offers: Sequence[Offer]) -> bool:
    """Whether views are all that is on sale; where nothing is, views are what may come."""
    return all(offer.metric == "views" for offer in offers)


def metrics_on_sale(t: Translator, offers: Sequence[Offer]) -> Html:
    """`Views, Likes, Followers`: the first few of what is on sale; with `…` if there is more."""
    metrics = list(dict.fromkeys(offer.metric for offer in offers))
    listed = [metric_texts.label(t, metric) for metric in metrics[:METRICS_SHOWN]]
    more = [Html("…")] if len(metrics) > METRICS_SHOWN else []
    return Html(", ").join([*listed, *more])


def prices(t: Translator, economy: Economy, offers: Sequence[Offer]) -> Html:
    """What is paid for views, or an example of what is paid for what is on sale."""
    offer = reference_offer(offers)
    if offer is None:
        return t(NOTHING_ON_SALE)
    if not offer.service_id:
        return view_costs(t, economy)
    amount = amount_of_offer(t, offer, 1000)
    price = points(t, offer.points_per_1000)
    if len(offers) == 1:
        return t("{amount} cost {price}.", amount=amount, price=price)
    return t("For example, {amount} cost {price}.", amount=amount, price=price)


def service_label(t: Translator, offer: Offer) -> str:
    """A service on a button: its name, and the price of 1,000."""
    name = foreign_name(offer.name) or metric_texts.label(t, offer.metric).text
    return f"{shortened(name, LABEL_CHARS_MAX)} · {points(t, offer.points_per_1000).text}"


def platform_name(t: Translator, key: str) -> str:
    """A platform as people call it, as plain text."""
    known = ORDER_PLATFORMS.get(key)
    if known is not None:
        return known.name
    return shortened(foreign_name(key.title()), PLATFORM_CHARS_MAX) or t(OTHER_PLATFORMS).text


def choose_platform(t: Translator) -> Html:
    """Above the platforms for which something is on sale. A link may come instead."""
    return t(
        "📦 Send me the link of what it is for, and I show what you can buy for it. Or choose:"
        "\n\n/cancel to stop."
    )


def choose_service(t: Translator, platform: str = "") -> Html:
    """Above the services of one platform, or of all. A link may come instead."""
    if not platform:
        return t(
            "📦 Choose a service, or send me the link of what it is for. The price is for 1,000."
            "\n\n/cancel to stop."
        )
    return t(
        "📦 <b>{platform}</b>: choose a service. The price is for 1,000.\n\n/cancel to stop.",
        platform=platform,
    )


def services_for(t: Translator, item: LinkedItem, link: Html) -> Html:
    """Above the services that a link is right for."""
    if not item.platform:
        return t(
            "✅ {link}\n\n<b>What would you like to have for it?</b> The price is for 1,000.",
            link=link,
        )
    return t(
        "✅ {platform}: {link}\n\n<b>What would you like to have for it?</b> The price is for "
        "1,000.",
        platform=item.platform,
        link=link,
    )


def ask_for_link_of(t: Translator, offer: Offer) -> Html:
    """The question for the link, once a service is chosen."""
    platform = platform_name(t, offer.platform) if offer.platform else ""
    match target_of(offer):
        case Target.VIDEO:
            asked = (
                t("Send me the link of the video on {platform}.", platform=platform)
                if platform
                else t("Send me the link of the video.")
            )
        case Target.POST:
            asked = (
                t("Send me the link of the post on {platform}.", platform=platform)
                if platform
                else t("Send me the link of the post.")
            )
        case Target.PAGE:
            asked = (
                t("Send me the link of the profile or channel on {platform}.", platform=platform)
                if platform
                else t("Send me the link of the profile or page.")
            )
    return t("📦 {name}\n\n{asked}\n\n/cancel to stop.", name=name_of_offer(offer), asked=asked)
