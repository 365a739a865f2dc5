"""Rules for orders that the provider has: progress, the end, refunds, and what people ask for.

`accepted -> in_progress -> completed | partial | canceled`. An end that the provider changes
afterwards pays only what is still due: nothing is given back twice, and nothing is taken back.
"""

from typing import TypeAlias, assert_never

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.economy import part_back_points
from ledger.order_status import ENDS, OrderStatus
from ledger.reason_codes import OrderRequest, ReasonCode
from ledger.rules.decision import Decision
from ledger.rules.orders import ANSWER_LENGTH_MAX, unknown, writable
from ledger.state import Order, State

DeliveryCommand: TypeAlias = (
    c.NoteEvidence
    | c.NoteProgress
    | c.EndOrder
    | c.NoteReview
    | c.RequestForOrder
    | c.NoteRequestAnswer
)

STEPS_SHOWN = 10
"""Progress is recorded for each tenth of an order, so that the log grows by a few lines only."""
ODDITIES_MAX = 10
"""A provider that says one thing and then another, for ever, would fill the log and the admins'
chats: after this many reviews and changed ends of an order, the next one waits for an admin."""


def decide_delivery(state: State, command: DeliveryCommand) -> Decision:
    """Decide a command about an order that was sent."""
    order = state.orders.get(command.order_id)
    if order is None:
        return unknown(state, command.order_id)
    match command:
        case c.NoteEvidence():
            return _note_evidence(order, command)
        case c.NoteProgress():
            return _note_progress(order, command)
        case c.EndOrder():
            return _end(order, command)
        case c.NoteReview():
            return _note_review(order, command)
        case c.RequestForOrder():
            return _request(state, order, command)
        case c.NoteRequestAnswer():
            return _note_answer(order, command)
        case _:
            assert_never(command)


def refund_due_points(order: Order, status: OrderStatus, remains: int | None) -> int | None:
    """What of its price goes back when an order ends like this; None: it can't be computed.

    A canceled order was normally not begun. Where the provider says that a part of it is missing,
    the rest was delivered.
    """
    if status is OrderStatus.COMPLETED:
        return 0
    if status is OrderStatus.CANCELED and (remains is None or not 0 < remains < order.quantity):
        return order.total_cost
    if remains is None:
        return None
    return part_back_points(order.total_cost, order.quantity, remains)


def _note_evidence(order: Order, command: c.NoteEvidence) -> Decision:
    if order.status is not OrderStatus.UNCLEAR:
        return r.WrongOrderStatus(order.status)
    return (
        e.OrderEvidenceFound(
            user_id=order.user_id,
            order_id=order.order_id,
            cost_micro=writable(command.cost_micro),
            balance_before_micro=writable(command.balance_before_micro),
            balance_after_micro=writable(command.balance_after_micro),
            others_micro=writable(command.others_micro) or 0,
            currency=command.currency,
            refused_as_running=command.refused_as_running,
        ),
    )


def _note_progress(order: Order, command: c.NoteProgress) -> Decision:
    if not order.is_delivering:
        return r.WrongOrderStatus(order.status)
    start_count, remains = writable(command.start_count), writable(command.remains)
    if order.status is OrderStatus.IN_PROGRESS and (order.review is None or _is_odd(order)):
        # A provider that leaves out what it said before says nothing new, nor does one that has
        # less delivered than before: some take turns between an old figure and a new one.
        is_begun = start_count is not None and order.start_count is None
        is_on = remains is not None and _step(order, remains) > _step(order, order.remains)
        if not (is_begun or is_on):
            return r.NothingChanges()
    return (
        e.OrderInProgress(
            user_id=order.user_id,
            order_id=order.order_id,
            start_count=start_count,
            remains=order.remains if remains is None else remains,
        ),
    )


def _is_odd(order: Order) -> bool:
    """Whether the provider has contradicted itself so often that only an admin ends a review."""
    return order.oddities >= ODDITIES_MAX


def _step(order: Order, remains: int | None) -> int:
    """Which tenth of the order is being delivered."""
    if remains is None:
        return -1
    return (order.quantity - min(max(remains, 0), order.quantity)) * STEPS_SHOWN // order.quantity


def _end(order: Order, command: c.EndOrder) -> Decision:
    if not (order.is_delivering or (order.followed and order.status in ENDS)):
        return r.WrongOrderStatus(order.status)
    if command.status not in ENDS:
        return r.WrongOrderStatus(command.status)
    remains = writable(command.remains)
    due = refund_due_points(order, command.status, remains)
    if due is None:
        return r.RemainsUnknown()
    if order.status in ENDS:
        return _correct(order, command, due)
    ended = _EVENTS[command.status](
        user_id=order.user_id,
        order_id=order.order_id,
        spent_points=order.reserve_points - due,
        refund_points=due,
        remains=remains,
        charge_micro=writable(command.charge_micro),
        currency=command.currency,
    )
    return (ended,)


_EVENTS: dict[OrderStatus, type[e.OrderCompleted | e.OrderPartial | e.OrderCanceled]] = {
    OrderStatus.COMPLETED: e.OrderCompleted,
    OrderStatus.PARTIAL: e.OrderPartial,
    OrderStatus.CANCELED: e.OrderCanceled,
}


def _correct(order: Order, command: c.EndOrder, due: int) -> Decision:
    # If too much was given back, that stays, and was recorded when it became known. So what counts
    # is whether the end gives back something else than the one before, not what was given back.
    before = refund_due_points(order, order.status, order.remains)
    is_confirmed = order.review is not None and command.by.startswith("admin:")
    if (order.status, before) == (command.status, due) and not is_confirmed:
        return r.NothingChanges()
    if _is_odd(order) and command.by == "provider":
        return _review_once(order, ReasonCode.END_KEEPS_CHANGING)
    return (
        e.OrderCorrected(
            user_id=order.user_id,
            order_id=order.order_id,
            status=command.status,
            refund_points=max(0, due - order.refunded_points),
            excess_points=max(0, order.refunded_points - due),
            remains=writable(command.remains),
            charge_micro=writable(command.charge_micro),
            currency=command.currency,
        ),
    )


def _note_review(order: Order, command: c.NoteReview) -> Decision:
    if not order.followed or not (order.is_delivering or order.status in ENDS):
        return r.WrongOrderStatus(order.status)
    return _review_once(order, command.reason_code, command.http_status, command.answer)


def _review_once(
    order: Order, reason_code: ReasonCode, http_status: int = 0, answer: str = ""
) -> Decision:
    if order.review is reason_code or (order.review is not None and _is_odd(order)):
        return r.NothingChanges()
    return (
        e.OrderNeedsReview(
            user_id=order.user_id,
            order_id=order.order_id,
            reason_code=reason_code,
            http_status=http_status,
            answer=answer[:ANSWER_LENGTH_MAX],
        ),
    )


def _request(state: State, order: Order, command: c.RequestForOrder) -> Decision:
    if command.by.startswith("user:") and command.by != f"user:{order.user_id}":
        return r.UnknownOrder()
    offer = state.offers.get(order.service_id)
    if command.what is OrderRequest.CANCEL:
        possible, in_time = offer is not None and offer.can_cancel, order.is_delivering
    else:
        possible = offer is not None and offer.can_refill
        in_time = order.followed and order.status is OrderStatus.COMPLETED
    if not possible:
        return r.NotPossibleHere()
    if not in_time:
        return r.WrongOrderStatus(order.status)
    if order.requests.get(command.what, False) is not False:
        return r.AlreadyDone()  # It was not refused: it is granted, or has no answer yet.
    return (e.OrderRequestMade(user_id=order.user_id, order_id=order.order_id, what=command.what),)


def _note_answer(order: Order, command: c.NoteRequestAnswer) -> Decision:
    if order.requests.get(command.what, False) is not None:
        return r.NothingChanges()
    return (
        e.OrderRequestAnswered(
            user_id=order.user_id,
            order_id=order.order_id,
            what=command.what,
            granted=command.granted,
            provider_ref=command.provider_ref[:ANSWER_LENGTH_MAX],
            answer=command.answer[:ANSWER_LENGTH_MAX],
        ),
    )
