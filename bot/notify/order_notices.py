"""What admins are told of orders and of the shop, and what they are asked again about.

As in `notifications`: an event says it, and the state may be further than the event.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial

from bot.notify.notifications import Notice, Readers
from bot.order_facts import facts_of, pile_of, silent_since, waiting_for_a_person
from bot.send.client import Keyboard
from bot.text.admin.admin_keyboards import person
from bot.text.admin.desk import order_keyboards, order_texts, provider_texts, services_texts
from bot.text.admin.desk.order_texts import OrderFacts, Pile
from bot.text.admin.desk.provider_keyboards import to_provider
from bot.text.admin.desk.services_keyboards import to_offer
from i18n import Html, Translator
from ledger import events as e
from ledger.clocks.timestamps import day_of, to_ms
from ledger.ledger import Ledger
from ledger.order_status import OrderStatus
from ledger.reason_codes import PauseReason
from ledger.state import State

ASKED_ONE_BY_ONE_MAX = 5
"""If more orders wait for a person at a start, one message says how many."""


NEWS_A_DAY_MAX = 4
"""So often a day it is said that an offer is paused, or sold again: a price that goes to and fro
around ours would be a message every hour."""


class PausedOffers:
    """Which offers are paused, by the events so far: news is only what changes that."""

    def __init__(self, state: State | None = None) -> None:
        """As the state has it."""
        offers = state.offers if state is not None else {}
        self._reasons = {one: offer.paused_because for one, offer in offers.items()}
        self._day = ""
        self._news_today: Counter[str] = Counter()

    def is_news(self, event: e.OfferChanged) -> bool:
        """Note this event; whether it paused the offer or ended the pause, and not too often."""
        before: PauseReason | None = self._reasons.get(event.service_id)
        self._reasons[event.service_id] = event.paused_because
        if before is event.paused_because:
            return False
        if self._day != day_of(event.at):
            self._day = day_of(event.at)
            self._news_today.clear()
        self._news_today[event.service_id] += event.by == "system"
        return self._news_today[event.service_id] <= NEWS_A_DAY_MAX


def order_notices(event: e.AnyEvent, readers: Readers, paused: PausedOffers) -> list[Notice]:
    """The messages to admins that follow from an event."""
    match event:
        case e.OrderUnclear() if not event.evidence_follows:
            return _ask(event, readers, answer=event.answer)
        case e.OrderEvidenceFound():
            return _ask(event, readers, evidence=event)
        case e.OrderNeedsReview():
            return _ask(event, readers, answer=event.answer)
        case e.OrderCorrected() if event.excess_points:
            return _to_admins(
                readers,
                lambda t: (order_texts.corrected(t, event), person(t, event.user_id)),
            )
        case e.OfferChanged():
            if not paused.is_news(event) or event.by != "system":
                return []
            return _to_admins(
                readers,
                lambda t: (services_texts.pause_changed(t, event), to_offer(t, event.service_id)),
            )
        case e.OrdersReconciled() if event.mismatches_count:
            return _to_admins(
                readers, lambda t: (provider_texts.differences_found(t, event), to_provider(t))
            )
        case _:
            return []


def _to_admins(
    readers: Readers, made: Callable[[Translator], tuple[Html, Keyboard]]
) -> list[Notice]:
    found = []
    for admin_id in readers.admin_ids:
        text, keyboard = made(readers.t_for(admin_id))
        found.append(Notice(admin_id, text, keyboard, to_admins=True))
    return found


def _ask(
    event: e.OrderUnclear | e.OrderEvidenceFound | e.OrderNeedsReview,
    readers: Readers,
    *,
    evidence: e.OrderEvidenceFound | None = None,
    answer: str = "",
) -> list[Notice]:
    """Ask what became of an order, unless that is settled meanwhile."""
    state = readers.state
    order = state.orders.get(event.order_id)
    if order is None or not waiting_for_a_person([order]):
        return []
    facts = OrderFacts(
        order,
        state.users[order.user_id],
        pile_of(order, silent_since(state.economy, to_ms(event.at))),
        state.offers.get(order.service_id),
        evidence if order.status is OrderStatus.UNCLEAR else None,
        answer,
    )
    return _to_admins(readers, lambda t: _card(t, facts))


def _card(t: Translator, facts: OrderFacts) -> tuple[Html, Keyboard]:
    order = facts.order
    keyboard = order_keyboards.card(t, order.order_id, facts.pile, order.user_id)
    return order_texts.card(t, facts), keyboard


async def reminders(ledger: Ledger, readers: Readers) -> list[Notice]:
    """What the admins are reminded of at every start: the orders that wait for a person."""
    orders = [
        order
        for order in waiting_for_a_person(readers.state.orders.values())
        if not order.evidence_follows  # Then the evidence asks.
    ]
    if len(orders) > ASKED_ONE_BY_ONE_MAX:
        return _to_admins(
            readers,
            lambda t: (order_texts.many_wait(t, len(orders)), order_keyboards.settled(t)),
        )
    now_ms = ledger.now_ms()
    found = []
    for order in orders:
        facts = await facts_of(order, ledger, now_ms)
        found += _to_admins(readers, partial(_card, facts=facts))
    return found


async def reminder(admin_id: int, order_id: str, ledger: Ledger, readers: Readers) -> Notice | None:
    """To an admin who wanted to be asked again; None if the order needs nobody any more."""
    order, now_ms = readers.state.orders.get(order_id), ledger.now_ms()
    asked = {Pile.UNCLEAR, Pile.REVIEW, Pile.STUCK}
    if order is None or pile_of(order, silent_since(readers.state.economy, now_ms)) not in asked:
        return None
    text, keyboard = _card(readers.t_for(admin_id), await facts_of(order, ledger, now_ms))
    return Notice(admin_id, text, keyboard, to_admins=True)
