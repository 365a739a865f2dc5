"""The keyboards of buying and of one's own orders, with the data that their buttons carry.

The message above a keyboard holds the link and the comments; the data holds the rest, a service by
its token (`orders.shop.offers.token`). So a button works after a restart too.
"""

from collections.abc import Sequence

from bot.send.client import Keyboard
from bot.text import menu
from bot.text.buttons import Button, button, rows
from bot.text.economy_texts import friends_pay
from bot.text.formats import shortened
from bot.text.orders import service_texts, shop_texts
from i18n import Translator
from ledger.economy import Economy, Offer
from orders.links.results import LinkedItem
from orders.shop.offers import most_for, token

QUANTITIES_SHOWN = 4
LINKS_SHOWN_MAX = 6
LABEL_CHARS_MAX = 50
SERVICES_A_PAGE = 8
FOR_LINK, NO_PLATFORM = "*", "."
"""Which services are shown: those that take the link of the message; those of no platform."""
HANDY_QUANTITIES = tuple(
    digit * 10**zeros for zeros in range(1, 7) for digit in ((5,) if zeros == 1 else (1, 5))
)
"""50, 100, 500, 1,000 and so on."""


def earn(t: Translator, economy: Economy) -> list[Button]:
    """The ways to more points, as far as there are any."""
    ways = []
    if economy.ads_per_day_max and economy.ad_reward_points:
        ways.append(button(t(menu.WATCH_ADS).text, "next_ad"))
    if friends_pay(economy):
        ways.append(button(t(menu.REFER).text, "invite"))
    return ways


def with_ways_to_earn(t: Translator, keyboard: Keyboard | None, economy: Economy) -> Keyboard:
    """A keyboard with the ways to more points below."""
    above = keyboard["inline_keyboard"] if keyboard else []
    return rows(*above, earn(t, economy))


def too_few_points(t: Translator, economy: Economy, *, others: bool) -> Keyboard:
    """Below 'too few points'. `others`: there are other services that may be cheaper."""
    return rows(earn(t, economy), _others(t) if others else [])


def quantities(
    t: Translator,
    offer: Offer,
    balance_points: int,
    *,
    suggested: int = 0,
    others: bool = False,
) -> Keyboard:
    """A few handy numbers, and the most that can be paid for.

    Args:
        t: the texts.
        offer: what is bought.
        balance_points: what the person has.
        suggested: a number that is shown too, if it can be paid for.
        others: there are other services.
    """
    low, most = offer.quantity_min, most_for(offer, balance_points)
    handy = [size for size in HANDY_QUANTITIES if low < size < most]
    chosen = {low, *handy[-(QUANTITIES_SHOWN - 2) :]} | ({suggested} if low <= suggested else set())
    shown = [_quantity(offer, size, t.number(size).text) for size in sorted(chosen) if size < most]
    can_pay_more = most == offer.quantity_max
    label = t.number(most) if can_pay_more else t("All I can pay: {quantity}", quantity=most)
    return rows(
        shown,
        [_quantity(offer, most, label.text)],
        [*(_others(t) if others else []), _cancel(t, "")],
    )


def _quantity(offer: Offer, quantity: int, label: str) -> Button:
    service = f":{token(offer.service_id)}" if offer.service_id else ""
    return button(label, f"views:{quantity}{service}")


def _others(t: Translator) -> list[Button]:
    return [button(t(service_texts.ALL_SERVICES).text, "shop")]


def _cancel(t: Translator, order_id: str) -> Button:
    return button(t(shop_texts.CANCEL).text, f"no_order:{order_id}")


def ask_for_link(t: Translator) -> Keyboard:
    """Below the question for the link of a service that was chosen."""
    return rows([*_others(t), _cancel(t, "")])


def ask_for_comments(t: Translator, *, others: bool) -> Keyboard:
    """Below the question for comments."""
    return rows([*(_others(t) if others else []), _cancel(t, "")])


def links(found: Sequence[LinkedItem], service: str = "") -> Keyboard:
    """The things that one message had links to, in its order. `service` is a token."""
    tail = f":{service}" if service else ""
    return rows(
        *[
            [button(f"{place + 1}. {_short(item.link)}", f"video:{place}{tail}")]
            for place, item in enumerate(found)
        ]
    )


def _short(link: str) -> str:
    return shortened(link.removeprefix("https://").removeprefix("www."), LABEL_CHARS_MAX)


def confirm_order(
    t: Translator, offer: Offer, order_id: str, quantity: int, price_points: int
) -> Keyboard:
    """Confirm, cancel or change. The message above holds the link and the comments."""
    service = token(offer.service_id)
    tail = f":{service}" if service else ""
    change = shop_texts.OTHER_COMMENTS if offer.posts_comments else shop_texts.ANOTHER_NUMBER
    return rows(
        [
            button(t(shop_texts.CONFIRM).text, f"order:{order_id}:{quantity}:{price_points}{tail}"),
            _cancel(t, order_id),
        ],
        [button(t.message(change).text, f"change:{order_id}{tail}")],
    )


def services(
    t: Translator, offers: Sequence[Offer], page: int, shown: str, *, back: bool
) -> Keyboard:
    """A page of services.

    Args:
        t: the texts.
        offers: all pages' services.
        page: which page; the first is 0.
        shown: which services these are: `FOR_LINK`, empty for all, or a platform's `platform_key`.
        back: whether there is a list of all, or of platforms, to go back to.
    """
    begin = page * SERVICES_A_PAGE
    listed = [
        [button(service_texts.service_label(t, offer), f"choose:{token(offer.service_id)}")]
        for offer in offers[begin : begin + SERVICES_A_PAGE]
    ]
    turn = []
    if page:
        turn.append(button(t(service_texts.PAGE_BEFORE).text, f"shop:{page - 1}:{shown}"))
    if begin + SERVICES_A_PAGE < len(offers):
        turn.append(button(t(service_texts.NEXT_PAGE).text, f"shop:{page + 1}:{shown}"))
    return rows(*listed, turn, _others(t) if back else [])


def platform_key(platform: str) -> str:
    """What stands for a platform in `services`."""
    return token(platform) or NO_PLATFORM


def platforms(t: Translator, keys: Sequence[str]) -> Keyboard:
    """The platforms for which something is on sale, two in a row."""
    buttons = [
        button(service_texts.platform_name(t, key), f"shop:0:{platform_key(key)}") for key in keys
    ]
    return rows(*[buttons[begin : begin + 2] for begin in range(0, len(buttons), 2)])
