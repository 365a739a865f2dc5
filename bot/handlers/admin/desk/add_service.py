"""An admin finds a service of the provider, by category or by words, and offers it at a price."""

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2s

from bot.context import Context, SearchingService, message_of, press_of, sender_id
from bot.handlers.admin.commands import key_of_press
from bot.handlers.admin.desk.orders import end_step
from bot.handlers.admin.desk.services import catalogue_of, change, money_of, offer_card, reading_of
from bot.send.client import Keyboard
from bot.text.admin.desk import catalogue_texts
from bot.text.admin.desk import services_keyboards as keyboards
from bot.text.admin.desk import services_texts as texts
from bot.text.admin.desk.services_keyboards import Category, Found
from bot.text.buttons import number
from bot.text.refusal_texts import refused
from bot.updates import Update
from i18n import Html
from i18n.foreign import foreign_name
from ledger.economy import Offer
from ledger.rules.catalogue import NAME_LENGTH_MAX
from ledger.untrusted.typed_text import cleaned, words_of
from orders.providers.base import Service
from orders.shop.offer_terms import PRICE, QUANTITY_MAX, last_position, suggested_points, why_not
from orders.shop.service_kinds import kind_of

SERVICES_A_PAGE = CATEGORIES_A_PAGE = 8


async def show_categories(update: Update, context: Context) -> None:
    """A page of the categories of the provider's list."""
    query, parts = press_of(update)
    end_step(context, query.from_user.id)
    catalogue = await catalogue_of(query, context)
    if catalogue is None:
        return
    await context.answer(query)
    t, found = context.t, _categories(catalogue.services.values())
    page, pages = _page_of(parts[1:], len(found), CATEGORIES_A_PAGE)
    shown = found[page * CATEGORIES_A_PAGE :][:CATEGORIES_A_PAGE]
    keyboard = keyboards.categories(t, shown, page, has_more=page + 1 < pages)
    await context.edit(
        query, catalogue_texts.categories(t, len(found), reading_of(catalogue)), keyboard
    )


def _categories(services: Iterable[Service]) -> list[Category]:
    counts = Counter(service.category for service in services)
    return [Category(_key(name), name or "…", counts[name]) for name in sorted(counts)]


def _key(category: str) -> str:
    """Stands for a category in a button's data, whatever its length and place in the list."""
    return blake2s(category.encode("utf-8", "replace"), digest_size=6).hexdigest()


async def show_category(update: Update, context: Context) -> None:
    """A page of the services of a category."""
    query, parts = press_of(update)
    catalogue = await catalogue_of(query, context)
    if catalogue is None:
        return
    key = parts[1] if parts[1:] else ""
    found = [one for one in catalogue.services.values() if _key(one.category) == key]
    if not found:
        await context.answer(query, context.t(texts.UNKNOWN_SERVICE), alert=True)
        return
    await context.answer(query)
    title = found[0].category or "…"
    await context.edit(query, *_found(title, f"category:{key}", found, parts[2:], context))


def _found(
    title: str, turned_by: str, found: list[Service], wanted: list[str], context: Context
) -> tuple[Html, Keyboard]:
    t = context.t
    page, pages = _page_of(wanted, len(found), SERVICES_A_PAGE)
    shown = found[page * SERVICES_A_PAGE :][:SERVICES_A_PAGE]
    text = catalogue_texts.found(t, title, shown, len(found), (page, pages))
    one_page = Found(shown, turned_by, page, page + 1 < pages)
    return text, keyboards.found(t, one_page, money_of(context))


def _page_of(wanted: list[str], count: int, a_page: int) -> tuple[int, int]:
    """Which page is meant, from 0, and how many there are."""
    pages = max(1, -(-count // a_page))
    return min(max(0, number(wanted[0]) or 0 if wanted else 0), pages - 1), pages


async def ask_for_words(update: Update, context: Context) -> None:
    """Search: the next message is the words."""
    query, _ = press_of(update)
    if await catalogue_of(query, context) is None:
        return
    await context.answer(query)
    context.go_to(query.from_user.id, SearchingService())
    t = context.t
    await context.edit(query, t(catalogue_texts.ASK_FOR_WORDS), keyboards.to_services(t))


async def take_words(update: Update, context: Context) -> None:
    """The message with the words. Another message searches for other words."""
    words = " ".join(words_of(cleaned(message_of(update).text)))
    context.go_to(sender_id(update), SearchingService(words))
    await context.reply(update, *_search(words, [], context))


async def turn_found(update: Update, context: Context) -> None:
    """Another page of the last search."""
    query, parts = press_of(update)
    if await catalogue_of(query, context) is None:
        return
    await context.answer(query)
    step, t = context.step_of(query.from_user.id), context.t
    if not isinstance(step, SearchingService) or not step.words:
        context.go_to(query.from_user.id, SearchingService())
        await context.edit(query, t(catalogue_texts.ASK_FOR_WORDS), keyboards.to_services(t))
        return
    await context.edit(query, *_search(step.words, parts[1:], context))


def _search(words: str, wanted: list[str], context: Context) -> tuple[Html, Keyboard]:
    catalogue = context.services.catalogue
    services = catalogue.services.values() if catalogue is not None else ()
    sought = words.casefold().split()
    found = [one for one in services if sought and _has_all(one, sought)]
    return _found(words, "found", found, wanted, context)


def _has_all(service: Service, sought: list[str]) -> bool:
    text = f"{service.name} {service.category}".casefold()
    return all(word in text or word == service.service_id for word in sought)


async def show_service(update: Update, context: Context) -> None:
    """A service with a suggested price; one that is on offer has its own card."""
    query, parts = press_of(update)
    catalogue = await catalogue_of(query, context)
    if catalogue is None:
        return
    service_id = parts[1] if parts[1:] else ""
    offer, service = context.state.offers.get(service_id), catalogue.services.get(service_id)
    if offer is not None:
        await context.answer(query)
        await context.edit(query, *offer_card(offer, context))
    elif service is None:
        await context.answer(query, context.t(texts.UNKNOWN_SERVICE), alert=True)
    else:
        await context.answer(query)
        price = suggested_points(service.rate_micro, context.state.economy)
        await context.edit(query, *service_card(service, price, context))


def service_card(service: Service, price_points: int, context: Context) -> tuple[Html, Keyboard]:
    """A service that is not on offer, at this price."""
    t = context.t
    text = catalogue_texts.service_card(t, service, price_points, money_of(context))
    return text, keyboards.service(t, service, price_points)


async def add(update: Update, context: Context) -> None:
    """Offer a service at the price on the button."""
    query, parts = press_of(update)
    catalogue = await catalogue_of(query, context)
    if catalogue is None:
        return
    t = context.t
    service = catalogue.services.get(parts[1] if parts[1:] else "")
    price = number(parts[2]) if parts[2:] else None
    if service is None or why_not(service) or price is None or not _is_price(price):
        await context.answer(query, t(texts.UNKNOWN_SERVICE), alert=True)
        return
    offer = context.state.offers.get(service.service_id)
    if offer is not None:  # A second tap, or another admin was first: it stays as it is.
        await context.answer(query, t(texts.NOT_CHANGED))
        await context.edit(query, *offer_card(offer, context))
        return
    offer = _new_offer(service, price, last_position(context.state.offers.values()))
    outcome = await change(offer, query.from_user.id, key_of_press(query), context)
    if not isinstance(outcome, tuple):
        await context.answer(query, refused(t, outcome), alert=True)
        return
    await context.answer(query)
    await context.edit(query, *offer_card(context.state.offers[service.service_id], context))


def _is_price(price_points: int) -> bool:
    return PRICE.low <= price_points <= PRICE.high


def _new_offer(service: Service, price_points: int, position: int) -> Offer:
    kind = kind_of(service.name, service.category, service.kind)
    return Offer(
        service_id=service.service_id,
        name=foreign_name(service.name)[:NAME_LENGTH_MAX] or service.service_id,
        points_per_1000=price_points,
        quantity_min=service.quantity_min,
        quantity_max=min(service.quantity_max, QUANTITY_MAX),
        platform=kind.platform,
        metric=kind.metric,
        target=kind.target,
        service_type=service.kind,
        rate_micro=service.rate_micro,
        position=position,
        can_cancel=service.cancel,
        can_refill=service.refill,
    )
