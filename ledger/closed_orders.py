"""Reads an order that has left the memory: its events, from the log.

The events of a person are a chain that is read backwards (`ledger.history`). An order's own lie
between the last line about it and the line that placed it.
"""

from ledger import events as e
from ledger.order_projections import rebuilt
from ledger.state import ClosedOrder, Order
from ledger.store.base import LogSource
from ledger.store.record import parse_record


def read_order(log: LogSource, order_id: str, closed: ClosedOrder) -> Order:
    """The order as it was when it left the memory, with what came after. Blocking.

    Raises:
        LookupError: the log has other lines than the state says.
        BadRecord: a line can't be read.
    """
    events: list[e.OrderEvent] = []
    seq = closed.last_seq
    while seq >= closed.placed_seq:
        event = parse_record(log.record(seq))
        if not isinstance(event, e.UserEvent):
            break
        if isinstance(event, e.OrderEvent) and event.order_id == order_id:
            events.append(event)
        seq = event.prev
    if not events or events[-1].seq != closed.placed_seq:
        raise LookupError(f"line {closed.placed_seq} doesn't place the order {order_id}")
    return rebuilt(reversed(events))
