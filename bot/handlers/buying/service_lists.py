"""Buying: the lists of services to choose from, by platform, by page, or for a link."""

from typing import NamedTuple

from bot.context import Context, OrderDraft
from bot.send.client import Keyboard
from bot.text.orders import order_keyboards, service_texts, shop_texts
from i18n import Html
from orders.links.results import LinkedItem
from orders.shop.offers import taking


class Question(NamedTuple):
    """What to ask. Without a draft there is nothing to answer."""

    text: Html
    keyboard: Keyboard | None
    draft: OrderDraft | None


def services(draft: OrderDraft, page: int, shown: str, context: Context) -> Question:
    """A list of services to choose from; `page` and `shown` as in `order_keyboards.services`."""
    t, offers, item = context.t, context.on_sale, draft.item
    platforms = list(dict.fromkeys(offer.platform for offer in offers))
    many = len(platforms) > 1 and len(offers) > order_keyboards.SERVICES_A_PAGE
    if item is not None and shown == order_keyboards.FOR_LINK:
        fitting = taking(offers, item)
        text = service_texts.services_for(t, item, shop_texts.shown_link(item.link))
        back = len(fitting) < len(offers)
        keyboard = order_keyboards.services(t, fitting, page, shown, back=back)
        return Question(text, keyboard, draft)
    for platform in platforms:
        if order_keyboards.platform_key(platform) == shown:
            text = service_texts.choose_service(t, service_texts.platform_name(t, platform))
            of_it = [offer for offer in offers if offer.platform == platform]
            keyboard = order_keyboards.services(t, of_it, page, shown, back=many)
            return Question(above(text, item), keyboard, draft)
    if many:
        keyboard = order_keyboards.platforms(t, platforms)
        return Question(above(service_texts.choose_platform(t), item), keyboard, draft)
    keyboard = order_keyboards.services(t, offers, page, "", back=False)
    return Question(above(service_texts.choose_service(t), item), keyboard, draft)


def above(text: Html, item: LinkedItem | None) -> Html:
    """A list of services with the link that was sent, from which the order goes on."""
    if item is None:
        return text
    return Html("\n\n").join([shop_texts.shown_link(item.link), text])
