"""Which of the orders that were sent keep others for the same service and video waiting.

Panels refuse an order while another one for the same service and link runs. So an order waits until
that one is at its end. An unclear order may run or not: others are sent beside it, until the
provider refuses one because of it.
"""

from ledger import events as e
from ledger.order_status import OrderStatus
from ledger.state import State
from orders.sending.queue import OrderQueue, QueueKey, key_of


class SentOrders:
    """An index of the orders that are delivered or unclear, by service and video."""

    def __init__(self, queue: OrderQueue, *, follows: bool) -> None:
        """`follows`: whether the provider says when an order is at its end."""
        self._queue = queue
        self._follows = follows
        self._keys: dict[str, QueueKey] = {}
        self._numbers: dict[str, str] = {}
        self._owners: dict[str, str] = {}
        self._unclear: dict[QueueKey, set[str]] = {}

    def start(self, state: State) -> None:
        """Begin with the orders there are. Goes through all of them, once."""
        for order in state.orders.values():
            if order.is_delivering or order.status is OrderStatus.UNCLEAR:
                self._add(order.order_id, key_of(order), unclear=not order.is_delivering)
                if order.is_delivering:
                    self.claim(order.provider_order_id, order.order_id)

    def note(self, event: e.AnyEvent, state: State) -> None:
        """Learn from an event."""
        match event:
            case e.OrderUnclear() | e.OrderAccepted(followed=True):
                if isinstance(event, e.OrderAccepted):
                    self.claim(event.provider_order_id, event.order_id)
                order = state.orders.get(event.order_id)
                if order is not None:
                    unclear = isinstance(event, e.OrderUnclear)
                    self._add(event.order_id, key_of(order), unclear=unclear)
            case e.OrderAccepted() | e.OrderRejected() | e.OrderEndEvent():
                self._remove(event.order_id)
            case _:
                pass

    def claim(self, provider_order_id: str, order_id: str) -> bool:
        """This order has that number at the provider; whether no other running order has it."""
        if not self._follows:
            return True
        owner = self._owners.setdefault(provider_order_id, order_id)
        if owner == order_id:
            self._numbers[order_id] = provider_order_id
        return owner == order_id

    def unclear(self, key: QueueKey) -> frozenset[str]:
        """The unclear orders with this key."""
        return frozenset(self._unclear.get(key, ()))

    def hold_for(self, key: QueueKey, order_ids: frozenset[str]) -> None:
        """Let the orders with this key wait until these unclear ones are settled."""
        for order_id in order_ids:
            self._queue.hold(key, order_id)

    def _add(self, order_id: str, key: QueueKey, *, unclear: bool) -> None:
        if not self._follows:
            return
        self._keys[order_id] = key
        if unclear:
            self._unclear.setdefault(key, set()).add(order_id)
        else:
            self._forget_unclear(order_id, key)
            self._queue.hold(key, order_id)

    def _remove(self, order_id: str) -> None:
        number = self._numbers.pop(order_id, None)
        if number is not None:
            del self._owners[number]
        key = self._keys.pop(order_id, None)
        if key is not None:
            self._forget_unclear(order_id, key)
            self._queue.let_go(key, order_id)

    def _forget_unclear(self, order_id: str, key: QueueKey) -> None:
        orders = self._unclear.get(key, set())
        orders.discard(order_id)
        if not orders:
            self._unclear.pop(key, None)
