"""Compares one order with what the provider reports of it. Pure."""

from ledger.event_types.catalogue import Mismatch
from ledger.order_status import ENDS, OrderStatus
from ledger.reason_codes import MismatchCode
from ledger.state import Order, State
from orders.following.costs import cost_micro, given_back_micro
from orders.following.status_reports import END_STATUS
from orders.providers.base import OrderReport, Progress, StatusAnswer, UnknownToProvider

TOLERANCE = 100
"""A difference of up to a hundredth is rounding."""


def mismatches(state: State, order: Order, answer: StatusAnswer, currency: str) -> list[Mismatch]:
    """What differs; `currency` is that of our account, empty if it is not known."""
    if isinstance(answer, UnknownToProvider):
        return [Mismatch(MismatchCode.ORDER_MISSING, order.order_id)]
    found = []
    if _status_differs(order, answer):
        found.append(Mismatch(MismatchCode.STATUS_DIFFERS, order.order_id))
    charge = _charge(state, order, answer, currency)
    return [*found, charge] if charge is not None else found


def _status_differs(order: Order, report: OrderReport) -> bool:
    if order.status in ENDS:
        return END_STATUS.get(report.progress) is not order.status
    return report.progress not in {Progress.ACCEPTED, Progress.RUNNING}


def _charge(state: State, order: Order, report: OrderReport, currency: str) -> Mismatch | None:
    """The charge, if it is not what it should be, as far as that is known."""
    cost, charged = cost_micro(state, order), report.charge_micro
    if cost is None or charged is None:
        return None
    if report.currency and currency and report.currency != currency:
        return None
    least, most = _bounds(state, order, cost)
    margin = cost // TOLERANCE
    if least - margin <= charged <= most + margin:
        return None
    ours = most if charged > most else least
    return Mismatch(MismatchCode.CHARGE_DIFFERS, order.order_id, ours, charged)


def _bounds(state: State, order: Order, cost: int) -> tuple[int, int]:
    """What the provider may have charged by now.

    It charges for a running order at once or bit by bit. After a refund some show what is left of
    the charge, and some still the whole.
    """
    if order.status is OrderStatus.COMPLETED:
        return cost, cost
    if order.status in ENDS:
        back = given_back_micro(state, order, order.status, order.remains)
        return cost - (back or 0), cost
    return 0, cost
