"""What orders cost at the provider, in millionths of its currency. Pure.

By the offer's rate as it is now; the provider may have charged an earlier one.
"""

from msgspec.structs import replace

from ledger import events as e
from ledger.order_status import OrderStatus
from ledger.rules.deliveries import refund_due_points
from ledger.state import Order, State


def cost_micro(state: State, order: Order) -> int | None:
    """What the provider takes when it accepts this order; None: not known."""
    offer = state.offers.get(order.service_id)
    if offer is None or offer.rate_micro <= 0:
        return None
    return offer.cost_micro(order.quantity)


def given_back_micro(
    state: State, order: Order, status: OrderStatus, remains: int | None
) -> int | None:
    """What of that comes back when an order ends like this; None: not known.

    By the rule that we give points back by.
    """
    cost = cost_micro(state, order)
    if cost is None:
        return None
    return refund_due_points(replace(order, total_cost=cost), status, remains)


def flow_micro(state: State, event: e.AnyEvent) -> int:
    """By how much an event lowers our balance at the provider, as far as known; below zero: back.

    What a corrected end changes is not counted.
    """
    if not isinstance(event, e.OrderAccepted | e.OrderPartial | e.OrderCanceled):
        return 0
    order = state.orders.get(event.order_id)
    if order is None:
        return 0
    match event:
        case e.OrderAccepted():
            return (cost_micro(state, order) or 0) if event.followed else 0
        case e.OrderPartial():
            return -(given_back_micro(state, order, OrderStatus.PARTIAL, event.remains) or 0)
        case e.OrderCanceled():
            return -(given_back_micro(state, order, OrderStatus.CANCELED, event.remains) or 0)
