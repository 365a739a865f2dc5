"""What admins read about the services that the provider has, to find one and offer it."""

from collections.abc import Sequence

from bot.text.admin.desk.services_texts import (
    NAME_CHARS_MAX,
    TYPED_CHARS_MAX,
    Money,
    Reading,
    last_reading,
    margin,
)
from bot.text.formats import points, shortened
from i18n import N_, Html, Message, Translator
from orders.providers.base import Service
from orders.shop.offer_terms import WhyNot, why_not

LISTED_NAME_CHARS_MAX = 50

ASK_FOR_WORDS = N_(
    "🔍 Send me words from the service's name or category, or its number.\n\n/cancel to stop."
)

_WHY_NOT: dict[WhyNot, Message] = {
    WhyNot.DRIP_FEED: N_("drip-feed is not offered here"),
    WhyNot.NEEDS_MORE: N_("an order needs more than a link and a number (type {kind})"),
    WhyNot.ODD_NUMBER: N_("its number at the provider is too long"),
}


def service_card(t: Translator, service: Service, price_points: int, money: Money) -> Html:
    """A service that can be offered at this price."""
    parts = [_service(t, service, money)]
    if reason := why_not(service):
        parts.append(t("🚫 It can't be offered: {why}.", why=_why(t, service, reason)))
    else:
        price = points(t, price_points)
        parts.append(
            Html("\n").join(
                [
                    t("Price: <b>{price}</b> for 1,000", price=price),
                    *margin(t, price_points, service.rate_micro, money),
                ]
            )
        )
    return Html("\n\n").join(parts)


def _service(t: Translator, service: Service, money: Money) -> Html:
    return t(
        "🏷 <b>{name}</b>\n{category}\nService <code>{service_id}</code> of the provider, type "
        "{kind}\n{cost} for 1,000, from {low} to {high}",
        name=shortened(service.name, NAME_CHARS_MAX * 2),
        category=shortened(service.category, NAME_CHARS_MAX),
        service_id=shortened(service.service_id, TYPED_CHARS_MAX),
        kind=shortened(service.kind, TYPED_CHARS_MAX),
        cost=money.shown(t, service.rate_micro),
        low=service.quantity_min,
        high=service.quantity_max,
    )


def _why(t: Translator, service: Service, reason: WhyNot) -> Html:
    if reason is WhyNot.NEEDS_MORE:
        return t(_WHY_NOT[reason], kind=shortened(service.kind, TYPED_CHARS_MAX))
    return t(_WHY_NOT[reason])


def categories(t: Translator, count: int, reading: Reading) -> Html:
    """Above the categories of the provider's list, each a button."""
    if not count:
        return last_reading(t, reading)
    return Html("\n\n").join(
        [
            t("➕ <b>Add a service</b>\n\nChoose a category, or search by words."),
            last_reading(t, reading),
        ]
    )


def found(
    t: Translator, title: str, shown: Sequence[Service], count: int, pages: tuple[int, int]
) -> Html:
    """Above services of a category or a search; those that can't be offered are said here."""
    if not count:
        return t("🔍 No service has “{words}”. Send me other words.", words=_title(title))
    parts = [_found_title(t, title, count, pages)]
    if any(why_not(service) is None for service in shown):
        parts.append(t("The price on a button is the provider's, for 1,000."))
    for service in shown:
        if reason := why_not(service):
            name = shortened(service.name, LISTED_NAME_CHARS_MAX)
            parts.append(t("🚫 {name}: {why}", name=name, why=_why(t, service, reason)))
    return Html("\n\n").join(parts)


def _found_title(t: Translator, title: str, count: int, pages: tuple[int, int]) -> Html:
    name = _title(title)
    if pages[1] == 1:
        return t.plural(
            "🏷 <b>{name}</b>: {n} service", "🏷 <b>{name}</b>: {n} services", count, name=name
        )
    return t(
        "🏷 <b>{title}</b>: {count}, page {page} of {pages}",
        title=name,
        count=count,
        page=pages[0] + 1,
        pages=pages[1],
    )


def _title(words: str) -> str:
    return shortened(words, LISTED_NAME_CHARS_MAX)
