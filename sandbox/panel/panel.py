"""The panel: records and settles orders, and hands out the faults of the next requests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from heapq import heappop, heappush

from msgspec import UNSET
from msgspec.structs import replace

from sandbox.faults import Gate
from sandbox.feed import Pulse
from sandbox.panel.catalogue import Service
from sandbox.panel.faults import PanelFault
from sandbox.panel.money import micro_of, text_of
from sandbox.panel.orders import (
    ENDS,
    ByHand,
    End,
    PanelOrder,
    View,
    default_remains,
    ends_here,
    is_running,
    moments,
    view,
)
from sandbox.panel.state import FIRST_ORDER_ID, FIRST_REFILL_ID, PanelState, RefillTask


class PanelControlError(Exception):
    """What a test asks of the panel and can't have."""


class Panel:
    """The state of the panel, and what changes it."""

    def __init__(
        self, clock: Callable[[], float], changed: Callable[[PanelOrder], None] | None = None
    ) -> None:
        self.clock = clock
        self.state = PanelState()
        self.gate = Gate()
        self.pulse = Pulse()
        self.sleeping = 0
        """Requests that wake the panel up; all others wait for them."""
        self._answering = 0
        self._changed = changed
        self._running: dict[int, PanelOrder] = {}
        """The orders that may keep their link busy, by id."""
        self._due: list[tuple[float, int]] = []
        """A heap: when time changes which order's money."""

    def load(self, state: PanelState) -> None:
        """Continue from a saved state."""
        self.state = state
        self._running, self._due = {}, []
        for order in state.orders:
            self._follow(order)

    def close(self) -> None:
        """End all waiting."""
        self.pulse.close()
        self.gate.pulse.close()

    @property
    def requests(self) -> int:
        """All requests so far."""
        return sum(self.state.requests.values())

    @contextmanager
    def answering(self) -> Iterator[None]:
        """A request is being answered; the most at once are remembered."""
        self._answering += 1
        self.state.at_once_max = max(self.state.at_once_max, self._answering)
        try:
            yield
        finally:
            self._answering -= 1

    # Orders

    def order(self, order_id: int) -> PanelOrder | None:
        """An order by its id."""
        index = order_id - FIRST_ORDER_ID
        return self.state.orders[index] if 0 <= index < len(self.state.orders) else None

    def view(self, order: PanelOrder) -> View:
        """How an order stands now."""
        return view(order, self.clock())

    def charge(self, seen: View) -> str:
        """What the panel shows as charged, as decimal text."""
        by_hand = seen.order.by_hand.charge
        if by_hand is not UNSET:
            return by_hand
        returned = seen.returned_micro if self.state.settings.charge_shrinks else 0
        return text_of(seen.order.cost_micro - returned)

    def advance(self) -> None:
        """Let time pass: give money back for orders that have ended since."""
        now = self.clock()
        while self._due and self._due[0][0] <= now:
            _, order_id = heappop(self._due)
            if (order := self.order(order_id)) is not None:
                self._settle(order)

    def is_busy(self, service: int, link: str) -> bool:
        """Whether an order that runs keeps this link from another one."""
        guard = self.state.settings.duplicate_guard
        if guard == "off":
            return False
        wanted = _guarded(link, guard)
        return any(
            order.service == service
            and _guarded(order.link, guard) == wanted
            and is_running(self.view(order).status)
            for order in self._running.values()
        )

    def record(self, new: PanelOrder) -> PanelOrder:
        """Record an order under the next id, and charge it."""
        number = len(self.state.orders)
        order = replace(
            new,
            order=FIRST_ORDER_ID + number,
            end=self._next_end(number),
            first_count=(number * 7919 + 3572) % 100_000,
        )
        self.state.orders.append(order)
        self.state.balance_micro -= order.cost_micro
        self._follow(order)
        self._has_changed(order)
        return order

    def set_order(self, order_id: int, given: ByHand) -> View:
        """Set what a test wants to see; what is not given stays, a status stops the clock."""
        order = self.order(order_id)
        if order is None:
            raise PanelControlError(f"there is no order {order_id}")
        if given.charge is not UNSET:
            micro_of(given.charge)
        if given.status is not UNSET and given.remains is UNSET:
            at_end = default_remains(given.status, order)
            left = at_end if ends_here(given.status) else self.view(order).remains
            given = replace(given, remains=left)
        known = ((name, getattr(given, name)) for name in given.__struct_fields__)
        order.by_hand = replace(
            order.by_hand, **{name: value for name, value in known if value is not UNSET}
        )
        self._settle(order)
        self._has_changed(order)
        return self.view(order)

    def _next_end(self, number: int) -> End:
        if self.state.ends:
            end = self.state.ends[0]
            if end.times is not None:
                end.times -= 1
                if end.times <= 0:
                    self.state.ends.pop(0)
            return replace(end)
        name = self.state.chaos.end(number) if self.state.chaos else None
        return replace(ENDS[name]) if name else End()

    def _settle(self, order: PanelOrder) -> None:
        seen = self.view(order)
        self.state.balance_micro += seen.returned_micro - order.returned_micro
        order.returned_micro = seen.returned_micro
        if is_running(seen.status):
            self._running[order.order] = order
        else:
            self._running.pop(order.order, None)

    def _follow(self, order: PanelOrder) -> None:
        """Settle it when its time comes."""
        self._running[order.order] = order
        for moment in moments(order):
            heappush(self._due, (moment, order.order))

    def _has_changed(self, order: PanelOrder) -> None:
        if self._changed is not None:
            self._changed(order)
        self.pulse.beat()

    # Refills

    def refill(self, order: PanelOrder) -> RefillTask:
        """Accept a refill."""
        number = FIRST_REFILL_ID + len(self.state.refills)
        task = RefillTask(number, order.order, self.clock())
        self.state.refills.append(task)
        self._has_changed(order)
        return task

    def refill_task(self, refill_id: int) -> RefillTask | None:
        """A refill by its id."""
        index = refill_id - FIRST_REFILL_ID
        return self.state.refills[index] if 0 <= index < len(self.state.refills) else None

    def refill_status(self, task: RefillTask) -> str:
        """Its status word; it takes as long as an order."""
        age_s = self.clock() - task.at
        return "Completed" if age_s >= self.state.settings.delivery_s else "In progress"

    # The plan

    def service(self, service_id: int) -> Service | None:
        """A service by its id."""
        return next((one for one in self.state.services if one.service == service_id), None)

    def next_fault(self, action: str, *, is_batch: bool) -> PanelFault:
        """What happens to this request: as the script says, else by chance; it is counted."""
        fault = self._next_fault(action, is_batch=is_batch) or PanelFault("ok")
        fault.hits += 1
        if fault.kind != "ok":
            self.state.fired[fault.kind] = self.state.fired.get(fault.kind, 0) + 1
        return fault

    def _next_fault(self, action: str, *, is_batch: bool) -> PanelFault | None:
        fitting = (one for one in self.state.script if one.fits(action, is_batch=is_batch))
        planned = next(fitting, None)
        if planned is not None or self.state.chaos is None:
            return planned
        number = self.state.requests.get(action, 0)
        return self.state.chaos.fault(number, action, is_batch=is_batch)

    def calm(self) -> int:
        """Answer normally again: no faults, no chance, no plan; return how many answers waited."""
        self.state.script, self.state.ends, self.state.chaos = [], [], None
        return self.gate.release()


def _guarded(link: str, guard: str) -> str:
    return link.partition("?")[0] if guard == "before_query" else link
