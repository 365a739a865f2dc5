"""What each action of the panel does, for both families."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.panel.catalogue import Service
from sandbox.panel.families import FirstFamily, RefusedError, Shown
from sandbox.panel.faults import PanelFault
from sandbox.panel.form import Form, whole, whole_or
from sandbox.panel.orders import ByHand, End, PanelOrder, default_remains, folded, is_running
from sandbox.panel.panel import Panel


class Request:
    """One request: who asked for what, and the fault that is planned for it."""

    def __init__(
        self, panel: Panel, family: FirstFamily, form: Mapping[str, Any], fault: PanelFault
    ) -> None:
        self.panel = panel
        self.family = family
        self.fault = fault
        self.recorded: PanelOrder | None = None
        self.form = Form(form, family)

    def answer(self) -> Shown:
        """Do what is asked; the answer, or the family's refusal."""
        try:
            return self._act()
        except RefusedError as refused:
            return self.family.refusal(refused)

    def _act(self) -> Shown:
        if self.form.field("key") != self.panel.state.settings.key:
            raise RefusedError("key")
        action = self.form.field("action")
        if action not in self.family.actions:
            raise RefusedError("action")
        self.panel.advance()
        return ACTS[action](self)

    # Reading

    def services(self) -> Shown:
        """The catalogue."""
        return self.family.services(self.panel.state.services)

    def balance(self) -> Shown:
        """The money left."""
        return self.family.balance(self.panel.state.balance_micro)

    def status(self) -> Shown:
        """Of one order, or of up to 100."""
        if self.form.has("orders"):
            return self._rows(self.form.ids("orders"))
        order = self._order(self.form.required("order"))
        if self.fault.kind == "wrong_id":
            order = self._other(order)
        return self._row(order)

    def _rows(self, ids: list[str]) -> dict[str, Shown]:
        fault = self.fault.kind
        if fault == "half_batch":
            ids = ids[: len(ids) // 2]
        rows: dict[str, Shown] = {}
        bad: list[str] = []
        for place, order_id in enumerate(ids):
            is_bad = fault == "bad_id" and place == 0
            order = None if is_bad else self.panel.order(whole_or(order_id, -1))
            if order is None:
                rows[order_id] = self.family.no_row(RefusedError("order_id"))
                bad.append(order_id)
            else:
                rows[order_id] = self._row(order)
        if fault == "wrong_row":
            for order_id in bad or ids[-1:]:
                place = ids.index(order_id)
                if place:
                    rows[order_id] = rows[ids[place - 1]]
        return rows

    def _row(self, order: PanelOrder) -> dict[str, Shown]:
        seen = self.panel.view(order)
        row = self.family.row(seen, self.panel.charge(seen))
        return {**row, "status": self.fault.words} if self.fault.kind == "unknown_word" else row

    # Ordering

    def add(self) -> Shown:
        """Record an order if all is well."""
        service = self._service()
        link = self.form.field("link")
        if not link.startswith(("http://", "https://")) or len(link.split()) != 1:
            raise RefusedError("link")
        comments = [one.strip() for one in self.form.field("comments").splitlines() if one.strip()]
        runs, interval_min = self._drip(service)
        quantity = self._quantity(service, comments)
        in_all = quantity * max(runs, 1)
        cost_micro = service.cost_micro(in_all)
        if self.panel.is_busy(service.service, link):
            raise RefusedError("duplicate")
        if cost_micro > self.panel.state.balance_micro:
            raise RefusedError("funds")
        new = PanelOrder(
            order=0,
            service=service.service,
            type=service.type,
            link=link,
            quantity=in_all,
            cost_micro=cost_micro,
            at=self.panel.clock(),
            delivery_s=self.panel.state.settings.delivery_s,
            end=End(),
            comments=comments,
            runs=runs,
            interval_min=interval_min,
            path=self.family.path,
            answered=self._answer_kind(),
        )
        self.recorded = self.panel.record(new)
        named = self._other(self.recorded) if self.fault.kind == "wrong_id" else self.recorded
        return self.family.added(named.order)

    def _answer_kind(self) -> str:
        is_status = self.fault.kind == "status"
        return f"status {self.fault.status}" if is_status else self.fault.kind

    def _service(self) -> Service:
        wanted = self.form.required("service")
        self.form.required("link")
        service = self.panel.service(whole(wanted, "service"))
        if service is None:
            raise RefusedError("service")
        return service

    def _quantity(self, service: Service, comments: list[str]) -> int:
        if service.type == "Package":
            return 1
        if service.type == "Custom Comments":
            self.form.required("comments")
            quantity = len(comments)
        else:
            quantity = whole(self.form.required("quantity"), "quantity")
        if quantity < service.min:
            raise RefusedError("min", service.min)
        if quantity > service.max:
            raise RefusedError("max", service.max)
        return quantity

    def _drip(self, service: Service) -> tuple[int, int]:
        """Runs and minutes between them; (0, 0) for an order that is delivered at once."""
        runs, interval = self.form.field("runs"), self.form.field("interval")
        if not runs and not interval:
            return 0, 0
        numbers = whole(runs, "per_run"), whole(interval, "per_run")
        if not service.dripfeed or 0 in numbers:
            raise RefusedError("per_run")
        return numbers

    # Afterwards

    def refill(self) -> Shown:
        """Of one order, or of up to 100."""
        if self.form.has("orders"):
            return [
                {"order": self._shown_id(one), "refill": self._each(self._refill, one)}
                for one in self.form.ids("orders")
            ]
        return {"refill": self._refill(self.form.required("order"))}

    def _refill(self, order_id: str) -> Shown:
        order = self._order(order_id)
        service = self.panel.service(order.service)
        is_done = folded(self.panel.view(order).status) == "completed"
        if service is None or not service.refill or not is_done:
            raise RefusedError("refill")
        return self.family.count(self.panel.refill(order).refill)

    def refill_status(self) -> Shown:
        """Of one refill, or of up to 100."""
        if self.form.has("refills"):
            return [
                {"refill": self._shown_id(one), "status": self._each(self._refill_status, one)}
                for one in self.form.ids("refills")
            ]
        return {"status": self._refill_status(self.form.required("refill"))}

    def _refill_status(self, refill_id: str) -> Shown:
        task = self.panel.refill_task(whole(refill_id, "refill_id"))
        if task is None:
            raise RefusedError("refill_id")
        return self.panel.refill_status(task)

    def cancel(self) -> Shown:
        """Of up to 100 orders."""
        return [
            {"order": self._shown_id(one), "cancel": self._each(self._cancel, one)}
            for one in self.form.ids("orders")
        ]

    def _cancel(self, order_id: str) -> Shown:
        order = self._order(order_id)
        service = self.panel.service(order.service)
        seen = self.panel.view(order)
        if service is None or not service.cancel or not is_running(seen.status):
            raise RefusedError("cancel")
        if self.panel.state.settings.cancel_works:
            nothing_done = seen.remains == default_remains("Canceled", order)
            status = "Canceled" if nothing_done else "Partial"
            self.panel.set_order(order.order, ByHand(status=status, remains=seen.remains))
        return 1

    def _order(self, order_id: str) -> PanelOrder:
        order = self.panel.order(whole(order_id, "order_id"))
        if order is None:
            raise RefusedError("order_id")
        return order

    def _other(self, order: PanelOrder) -> PanelOrder:
        """The order before this one; the one after it for the first."""
        return self.panel.order(order.order - 1) or self.panel.order(order.order + 1) or order

    def _each(self, act: Callable[[str], Shown], one_id: str) -> Shown:
        """One of several: what went wrong stands in its place."""
        try:
            return act(one_id)
        except RefusedError as refused:
            return {"error": self.family.text(refused)}

    def _shown_id(self, text: str) -> Shown:
        number = whole_or(text, None)
        return text if number is None else self.family.id(number)


ACTS: dict[str, Callable[[Request], Shown]] = {
    "services": Request.services,
    "add": Request.add,
    "status": Request.status,
    "balance": Request.balance,
    "refill": Request.refill,
    "refill_status": Request.refill_status,
    "cancel": Request.cancel,
}
