"""The keyboards under the pages of services, with the data that their buttons carry."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.send.client import Keyboard
from bot.text.admin.admin_keyboards import back
from bot.text.admin.desk.services_texts import Money, mark
from bot.text.buttons import Button, button, rows
from bot.text.formats import points, shortened
from i18n import Translator
from ledger.economy import Offer
from orders.providers.base import Service
from orders.shop.offer_terms import why_not

LABEL_CHARS_MAX = 40


class Category(NamedTuple):
    """A category of the provider's list. `key` stands for its name in a button's data."""

    key: str
    name: str
    services: int


def services(t: Translator, offers: Sequence[Offer], page: int, *, has_more: bool) -> Keyboard:
    """A button for each offer of a page."""
    listed = [
        [
            button(
                f"{mark(offer)} {shortened(offer.name, LABEL_CHARS_MAX)}",
                f"offer:{offer.service_id}",
            )
        ]
        for offer in offers
    ]
    return rows(
        *listed,
        _turn(t, "services", page, has_more=has_more),
        [button(t("➕ Add a service").text, "categories:0")],
        [button(t("🔄 Read the provider's list").text, "read_services")],
        [back(t)],
    )


def to_services(t: Translator) -> Keyboard:
    """The way back to the list."""
    return rows([_services(t), back(t)])


def offer(t: Translator, shown: Offer) -> Keyboard:
    """What can be changed of an offer."""
    service_id = shown.service_id
    if shown.is_on:
        switch = button(t("⚪️ Switch off").text, f"switch:{service_id}:0")
    else:
        switch = button(t("🟢 Switch on").text, f"switch:{service_id}:1")
    return rows(
        [switch],
        [
            button(t("💰 Price").text, f"edit:price:{service_id}"),
            button(t("✏️ Name").text, f"edit:name:{service_id}"),
        ],
        [
            button(t("⬇️ Smallest order").text, f"edit:min:{service_id}"),
            button(t("⬆️ Largest order").text, f"edit:max:{service_id}"),
        ],
        [
            button(t("🔼 Move up").text, f"move:{service_id}:up"),
            button(t("🔽 Move down").text, f"move:{service_id}:down"),
        ],
        [_services(t)],
    )


def ask(t: Translator, service_id: str, *, is_offered: bool) -> Keyboard:
    """A value can be typed; the way back is to the offer, or to the service that is none yet."""
    back_to = "offer" if is_offered else "service"
    return rows([button(t("‹ Back").text, f"{back_to}:{service_id}")])


def to_offer(t: Translator, service_id: str) -> Keyboard:
    """Under a notice about an offer."""
    return rows([button(t("🛍 Look at it").text, f"offer:{service_id}"), _services(t)])


def categories(t: Translator, shown: Sequence[Category], page: int, *, has_more: bool) -> Keyboard:
    """The categories of the provider's list."""
    listed = [
        [
            button(
                f"{shortened(one.name, LABEL_CHARS_MAX)} ({t.number(one.services)})",
                f"category:{one.key}:0",
            )
        ]
        for one in shown
    ]
    return rows(
        *listed,
        _turn(t, "categories", page, has_more=has_more),
        [button(t("🔍 Search").text, "search_services"), _services(t)],
    )


class Found(NamedTuple):
    """A page of services. `turned_by` begins the data of the buttons to other pages."""

    shown: Sequence[Service]
    turned_by: str
    page: int
    has_more: bool


def found(t: Translator, one_page: Found, money: Money) -> Keyboard:
    """Services of a category or a search, with the provider's price of each."""
    listed = [
        [
            button(
                f"{shortened(one.name, LABEL_CHARS_MAX)} · {money.shown(t, one.rate_micro).text}",
                f"service:{one.service_id}",
            )
        ]
        for one in one_page.shown
        if why_not(one) is None
    ]
    return rows(
        *listed,
        _turn(t, one_page.turned_by, one_page.page, has_more=one_page.has_more),
        [
            button(t("‹ Categories").text, "categories:0"),
            button(t("🔍 Search").text, "search_services"),
        ],
    )


def service(t: Translator, shown: Service, price_points: int) -> Keyboard:
    """Offer it at this price, or at another."""
    buttons: list[list[Button]] = []
    if why_not(shown) is None:
        label = t("✅ Offer it for {price}", price=points(t, price_points))
        buttons = [
            [button(label.text, f"add:{shown.service_id}:{price_points}")],
            [button(t("💰 Another price").text, f"edit:price:{shown.service_id}")],
        ]
    return rows(*buttons, [button(t("‹ Categories").text, "categories:0"), _services(t)])


def _turn(t: Translator, data: str, page: int, *, has_more: bool) -> list[Button]:
    turn = [button(t("‹ Previous").text, f"{data}:{page - 1}")] if page else []
    if has_more:
        turn.append(button(t("Next ›").text, f"{data}:{page + 1}"))
    return turn


def _services(t: Translator) -> Button:
    return button(t("‹ Services").text, "services:0")
