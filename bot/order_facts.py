"""Which orders need a person, and what is known about one of them.

The lists are made of the orders in memory: those that are open, and those of the last two days.
"""

from collections.abc import Iterable

from bot.text.admin.desk.order_texts import OrderFacts, Pile
from ledger import events as e
from ledger.clocks.timestamps import to_text
from ledger.economy import Economy
from ledger.ledger import Ledger
from ledger.order_status import DELIVERING, OrderStatus
from ledger.reason_codes import ReasonCode
from ledger.state import Order, State

HOUR_MS = 3_600_000
LINES_MAX = 20
"""How many lines of a person are read, backwards, for what the provider said of their order."""


def silent_since(economy: Economy, now_ms: int) -> str:
    """An order at the provider whose last line is older than this moment has no news."""
    return to_text(now_ms - economy.order_stuck_hours * HOUR_MS)


def pile_of(order: Order, silent: str) -> Pile | None:
    """The list that an order belongs to; None if it needs nobody. `silent` as in `silent_since`."""
    if order.review is not None:
        return Pile.REVIEW
    status = order.status
    if status in DELIVERING:
        # Moments of the log are text of one length, so they compare as they are.
        return Pile.STUCK if order.updated_at < silent and order.followed else None
    if status is OrderStatus.REJECTED and order.reason_code is ReasonCode.REFUNDED_BY_ADMIN:
        return None
    return _BY_STATUS.get(status)


_BY_STATUS = {
    OrderStatus.UNCLEAR: Pile.UNCLEAR,
    OrderStatus.PLACED: Pile.WAITING,
    OrderStatus.REJECTED: Pile.REFUSED,
}


def piles(state: State, now_ms: int) -> dict[Pile, list[Order]]:
    """All lists: the oldest order first, of the refused ones the newest."""
    found: dict[Pile, list[Order]] = {which: [] for which in Pile}
    silent = silent_since(state.economy, now_ms)
    for order in state.orders.values():
        which = pile_of(order, silent)
        if which is not None:
            found[which].append(order)
    found[Pile.REFUSED].sort(key=lambda order: order.updated_at, reverse=True)
    return found


def needing(found: dict[Pile, list[Order]]) -> int:
    """How many orders need a person."""
    return sum(len(orders) for which, orders in found.items() if which is not Pile.REFUSED)


def waiting_for_a_person(orders: Iterable[Order]) -> list[Order]:
    """Those that admins are asked about by a message: unclear, or under review."""
    return [one for one in orders if one.status is OrderStatus.UNCLEAR or one.review is not None]


async def facts_of(order: Order, ledger: Ledger, now_ms: int) -> OrderFacts:
    """All that a card shows; what memory doesn't have is read from the log."""
    state = ledger.state
    await ledger.settled()  # What is read must be in the log.
    evidence = None
    if order.status is OrderStatus.UNCLEAR and order.evidence_seq:
        evidence = await evidence_of(order, ledger)
    return OrderFacts(
        order,
        state.users[order.user_id],
        pile_of(order, silent_since(state.economy, now_ms)),
        state.offers.get(order.service_id),
        evidence,
        await _last_answer(order, ledger),
    )


async def evidence_of(order: Order, ledger: Ledger) -> e.OrderEvidenceFound | None:
    """The evidence about an unclear order."""
    try:
        event = await ledger.event(order.evidence_seq)
    except LookupError:
        return None
    return event if isinstance(event, e.OrderEvidenceFound) else None


async def _last_answer(order: Order, ledger: Ledger) -> str:
    """What the provider said of an order when it did not go well; empty if nothing."""
    if order.reason_code is None and order.review is None:
        return ""
    seq = order.last_seq
    for _ in range(LINES_MAX):
        if seq < order.placed_seq or not seq:
            break
        try:
            event = await ledger.event(seq)
        except LookupError:
            break
        if not isinstance(event, e.UserEvent):
            break
        answer = getattr(event, "answer", "")
        if answer and getattr(event, "order_id", "") == order.order_id:
            return str(answer)
        seq = event.prev
    return ""
