"""An admin types a new value of an offer: its price, name, or limits."""

from msgspec.structs import replace

from bot.context import AskedAboutOffer, Context, clean, message_of, press_of, sender_id
from bot.handlers.admin.commands import key_of
from bot.handlers.admin.desk.add_service import service_card
from bot.handlers.admin.desk.services import catalogue_of, change, offer_card
from bot.text.admin.desk import services_keyboards as keyboards
from bot.text.admin.desk import services_texts as texts
from bot.text.number_texts import SETTING, number_refused
from bot.text.refusal_texts import refused
from bot.updates import Update
from i18n import Html
from ledger.economy import Offer
from ledger.rules.catalogue import NAME_LENGTH_MAX
from ledger.untrusted.typed_numbers import NumberProblem, read_number
from ledger.untrusted.typed_text import cleaned
from orders.providers.base import Service
from orders.shop.offer_terms import PRICE, QUANTITY_MAX, suggested_points


async def ask(update: Update, context: Context) -> None:
    """A button that asks for a value: of an offer, or the price of a service that is none yet."""
    query, parts = press_of(update)
    what, service_id = (*parts[1:3], "", "")[:2]
    catalogue = await catalogue_of(query, context)
    if catalogue is None:
        return
    t, is_offered = context.t, service_id in context.state.offers
    if what not in texts.ASKED or not (
        is_offered or (what == "price" and service_id in catalogue.services)
    ):
        await context.answer(query, t(texts.UNKNOWN_SERVICE), alert=True)
        return
    await context.answer(query)
    context.go_to(query.from_user.id, AskedAboutOffer(what, service_id))
    keyboard = keyboards.ask(t, service_id, is_offered=is_offered)
    # The card stays above the question: a price is chosen by what it leaves.
    if is_offered:
        card, _ = offer_card(context.state.offers[service_id], context)
    else:
        service = catalogue.services[service_id]
        card, _ = service_card(
            service, suggested_points(service.rate_micro, context.state.economy), context
        )
    await context.edit(query, Html("\n\n").join([card, t(texts.ASKED[what])]), keyboard)


async def take_value(update: Update, context: Context, step: AskedAboutOffer) -> None:
    """The message with the new value."""
    t, catalogue = context.t, context.services.catalogue
    service = catalogue.services.get(step.service_id) if catalogue is not None else None
    offer = context.state.offers.get(step.service_id)
    typed = message_of(update).text
    if offer is None:
        await _take_first_price(update, context, service, typed)
        return
    changed = _changed(offer, step.what, typed, service, context)
    if isinstance(changed, Html):
        await context.reply(update, changed)
        return
    admin_id = sender_id(update)
    context.go_to(admin_id, None)
    outcome = await change(changed, admin_id, key_of(message_of(update), context), context)
    if not isinstance(outcome, tuple):
        await context.reply(update, refused(t, outcome))
    await context.reply(update, *offer_card(context.state.offers[offer.service_id], context))


async def _take_first_price(
    update: Update, context: Context, service: Service | None, typed: str
) -> None:
    """The price of a service that is not on offer yet: it is asked about with its margin."""
    if service is None:
        context.go_to(sender_id(update), None)
        await context.reply(update, context.t(texts.UNKNOWN_SERVICE))
        return
    price = _price(typed, context)
    if isinstance(price, Html):
        await context.reply(update, price)
        return
    context.go_to(sender_id(update), None)
    await context.reply(update, *service_card(service, price, context))


def _changed(
    offer: Offer, what: str, typed: str, service: Service | None, context: Context
) -> Offer | Html:
    """The offer with the new value, or what is wrong with that."""
    if what == "price":
        price = _price(typed, context)
        return price if isinstance(price, Html) else replace(offer, points_per_1000=price)
    if what == "name":
        name = clean(" ".join(cleaned(typed).split()))
        if not 0 < len(name) <= NAME_LENGTH_MAX:
            return texts.not_a_name(context.t, NAME_LENGTH_MAX)
        return replace(offer, name=name)
    low, high = (service.quantity_min, service.quantity_max) if service else (1, QUANTITY_MAX)
    high = min(high, QUANTITY_MAX)
    if low > offer.quantity_max and what == "min":
        return texts.largest_first(context.t, low, offer.quantity_max)
    if high < offer.quantity_min and what == "max":
        return texts.smallest_first(context.t, high, offer.quantity_min)
    if what == "min":
        least = _number(typed, low, min(high, offer.quantity_max), context)
        return least if isinstance(least, Html) else replace(offer, quantity_min=least)
    most = _number(typed, max(low, offer.quantity_min), high, context)
    return most if isinstance(most, Html) else replace(offer, quantity_max=most)


def _price(typed: str, context: Context) -> int | Html:
    price = read_number(typed, SETTING)
    if isinstance(price, NumberProblem):
        return number_refused(context.t, price, typed)
    if not PRICE.low <= price <= PRICE.high:
        return texts.not_a_price(context.t, PRICE.low, PRICE.high)
    return price


def _number(typed: str, low: int, high: int, context: Context) -> int | Html:
    found = read_number(typed, SETTING)
    if isinstance(found, NumberProblem):
        return number_refused(context.t, found, typed)
    return found if low <= found <= high else texts.not_a_quantity(context.t, low, high)
