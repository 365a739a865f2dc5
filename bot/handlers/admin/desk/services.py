"""What the shop offers: the list, an offer's card, on and off, its place. Only with a catalogue.

Each change is one event, with the press or the message as its key: a press that is delivered again
changes nothing.
"""

from msgspec.structs import asdict, replace

from bot.context import Context, press_of
from bot.handlers.admin.commands import key_of_press
from bot.handlers.admin.desk.orders import end_step
from bot.provider_ports import Catalogue
from bot.send.client import Keyboard
from bot.text.admin import admin_keyboards
from bot.text.admin.desk import services_keyboards as keyboards
from bot.text.admin.desk import services_texts as texts
from bot.text.admin.desk.services_texts import Money, Reading
from bot.text.buttons import number
from bot.text.refusal_texts import refused
from bot.updates import Press, Update
from i18n import Html
from ledger import commands as c
from ledger import refusals as r
from ledger.economy import Offer
from ledger.rules.decision import Decision
from orders.shop.offer_changes import revised
from orders.shop.offer_terms import in_order, moved

OFFERS_A_PAGE = 8


async def show_services(update: Update, context: Context) -> None:
    """The button of the panel, and those that turn the pages."""
    query, parts = press_of(update)
    end_step(context, query.from_user.id)
    catalogue = await catalogue_of(query, context)
    if catalogue is None:
        return
    await context.answer(query)
    wanted = number(parts[1]) if parts[1:] else None
    await context.edit(query, *_page(wanted, catalogue, context))


def _page(wanted: int | None, catalogue: Catalogue, context: Context) -> tuple[Html, Keyboard]:
    t, offers = context.t, in_order(context.state.offers.values())
    pages = max(1, -(-len(offers) // OFFERS_A_PAGE))
    page = min(max(0, wanted or 0), pages - 1)
    shown = offers[page * OFFERS_A_PAGE :][:OFFERS_A_PAGE]
    text = texts.services(t, shown, money_of(context), reading_of(catalogue), (page, pages))
    return text, keyboards.services(t, shown, page, has_more=page + 1 < pages)


async def read_again(update: Update, context: Context) -> None:
    """Read the provider's list now."""
    query, _ = press_of(update)
    catalogue = await catalogue_of(query, context)
    if catalogue is None:
        return
    await context.answer(query)
    await context.edit(query, context.t(texts.READING))
    await catalogue.refresh()
    await context.edit(query, *_page(0, catalogue, context))


async def show_offer(update: Update, context: Context) -> None:
    """The card of an offer."""
    query, parts = press_of(update)
    end_step(context, query.from_user.id)
    offer = await _offer_of(query, parts, context)
    if offer is not None:
        await context.answer(query)
        await context.edit(query, *offer_card(offer, context))


async def switch(update: Update, context: Context) -> None:
    """Offer it, or don't. The button says which, so that two taps do what one does."""
    query, parts = press_of(update)
    offer = await _offer_of(query, parts, context)
    if offer is None:
        return
    is_on = parts[2:] == ["1"]
    if is_on or parts[2:] == ["0"]:
        changed = replace(offer, is_on=is_on)
        outcome = await change(changed, query.from_user.id, key_of_press(query), context)
        await _say(query, outcome, context)
    else:
        await context.answer(query)
    await context.edit(query, *offer_card(context.state.offers[offer.service_id], context))


async def move(update: Update, context: Context) -> None:
    """One place up or down in the list, which is shown then."""
    query, parts = press_of(update)
    offer = await _offer_of(query, parts, context)
    if offer is None:
        return
    key, admin_id = key_of_press(query), query.from_user.id
    changed = []
    if parts[2:] in (["up"], ["down"]) and key not in context.state.admin_keys:
        offers = context.state.offers.values()
        changed = moved(offers, offer.service_id, up=parts[2] == "up")
    outcome: Decision = r.NothingChanges()
    # Without room between two neighbours all get new places; the first event has the press's key.
    for count, one in enumerate(changed):
        outcome = await change(one, admin_id, f"{key}:{count}" if count else key, context)
    await _say(query, outcome, context)
    catalogue = context.services.catalogue
    if catalogue is not None:
        places = [one.service_id for one in in_order(context.state.offers.values())]
        page = places.index(offer.service_id) // OFFERS_A_PAGE
        await context.edit(query, *_page(page, catalogue, context))


async def change(offer: Offer, admin_id: int, key: str, context: Context) -> Decision:
    """Record an offer as it is from now on, paused or not by what the provider's list says.

    The catalogue would do that a moment later; so it is one event, and nobody is told twice.
    """
    catalogue = context.services.catalogue
    if catalogue is not None and catalogue.read_at_ms:
        service = catalogue.services.get(offer.service_id)
        offer = revised(offer, service, context.state.economy.point_value_micro)
    command = c.ChangeOffer(by=f"admin:{admin_id}", key=key, **asdict(offer))
    return await context.ledger.execute(command)


async def _say(query: Press, outcome: Decision, context: Context) -> None:
    words = "" if isinstance(outcome, tuple) else refused(context.t, outcome)
    await context.answer(query, words)


def offer_card(offer: Offer, context: Context) -> tuple[Html, Keyboard]:
    """The card of an offer, with what can be changed."""
    t, catalogue = context.t, context.services.catalogue
    service = catalogue.services.get(offer.service_id) if catalogue is not None else None
    return texts.offer_card(t, offer, service, money_of(context)), keyboards.offer(t, offer)


async def _offer_of(query: Press, parts: list[str], context: Context) -> Offer | None:
    """The offer that a button names; if it names none, the admin is told."""
    if await catalogue_of(query, context) is None:
        return None
    offer = context.state.offers.get(parts[1] if parts[1:] else "")
    if offer is None:
        await context.answer(query, context.t(texts.UNKNOWN_SERVICE), alert=True)
    return offer


async def catalogue_of(query: Press, context: Context) -> Catalogue | None:
    """The provider's list; if it has none, the admin is told."""
    catalogue = context.services.catalogue
    if catalogue is None:
        t = context.t
        await context.answer(query)
        await context.edit(query, t(texts.NO_CATALOGUE), admin_keyboards.to_panel(t))
    return catalogue


def money_of(context: Context) -> Money:
    """What amounts are shown in: the currency of our balance, or of the last charge."""
    account = context.services.provider_account
    currency = context.state.books.provider_currency
    if account is not None and account.balance is not None:
        currency = account.balance.currency or currency
    return Money(context.state.economy, currency)


def reading_of(catalogue: Catalogue) -> Reading:
    """The last reading of the provider's list."""
    return Reading(
        len(catalogue.services), catalogue.unreadable, catalogue.read_at_ms, catalogue.problem
    )
