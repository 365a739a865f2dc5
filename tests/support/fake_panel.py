"""A panel in memory: it takes orders, counts them, and fails as planned."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from ledger.reason_codes import ReasonCode
from orders.providers.answers import Accepted, NotSent, Rejected, Unclear
from orders.providers.base import (
    BATCH_MAX,
    Asked,
    Balance,
    CallFailed,
    OrderReport,
    Progress,
    Service,
    ServiceList,
    UnknownToProvider,
)

RUNNING = {Progress.ACCEPTED, Progress.RUNNING}
DOWN = CallFailed(ReasonCode.PROVIDER_UNREACHABLE)
NO_WAY = NotSent(ReasonCode.PROVIDER_UNREACHABLE)
NO_FUNDS = NotSent(ReasonCode.PROVIDER_FUNDS_EMPTY, needs_admin=True, http_status=200)
REFUSED = Rejected(ReasonCode.REFUSED, "no", 200)
SILENCE = Unclear(ReasonCode.NO_ANSWER)
IS_RUNNING = Rejected(ReasonCode.EARLIER_ORDER_RUNNING, "active order with this link", 200)


@dataclass
class PanelOrder:
    """What the panel knows of an order."""

    order_id: str
    link: str
    service_id: str
    quantity: int
    charge_micro: int
    progress: Progress = Progress.ACCEPTED
    remains: int | None = None
    start_count: int | None = None
    word: str = ""

    def report(self) -> OrderReport:
        return OrderReport(
            self.progress,
            self.word or self.progress.value,
            self.remains,
            self.start_count,
            self.charge_micro,
            "USD",
        )


@dataclass
class FakePanel:
    """A provider that follows orders.

    Attributes:
        orders: by the panel's number.
        received: how often each of our orders was taken. More than once is a defect.
        plans: what happens to the next sends of an order: an answer; or a pair of True and an
            answer, if the panel takes the order and answers so.
        failures: what the next calls of a kind bring.
        calls: the kind of each call, and what it was about.
        refuses_duplicates: whether a link has one running order at a time.
        lost: orders that it no longer knows.
        in_batches: what it says of an order among several, if that is not what it says alone.
    """

    follows: bool = True
    balance_micro: int = 1_000_000_000
    offered: dict[str, Service] = field(default_factory=dict)
    orders: dict[str, PanelOrder] = field(default_factory=dict)
    received: Counter = field(default_factory=Counter)
    plans: dict[str, list] = field(default_factory=lambda: defaultdict(list))
    failures: dict[str, list] = field(default_factory=lambda: defaultdict(list))
    calls: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    sent: list = field(default_factory=list)
    refuses_duplicates: bool = True
    lost: set[str] = field(default_factory=set)
    in_batches: dict[str, object] = field(default_factory=dict)
    grants: bool = True

    def offer(self, service_id: str = "5", rate_micro: int = 500_000, **more) -> None:
        fields = {"quantity_min": 10, "quantity_max": 10_000, "kind": "Default", "cancel": True}
        fields |= {"name": f"Views {service_id}", "category": "", "refill": True} | more
        self.offered[service_id] = Service(service_id=service_id, rate_micro=rate_micro, **fields)

    def of(self, order_id: str) -> PanelOrder:
        """The order that we call so."""
        return next(one for one in self.orders.values() if one.order_id == order_id)

    def end(self, order_id: str, progress: Progress, remains: int | None = None) -> None:
        """It comes to this end, and the money for what is missing goes back."""
        order = self.of(order_id)
        order.progress, order.remains = progress, remains
        if progress is Progress.CANCELED:
            self._give_back(order, order.charge_micro)
        elif progress is Progress.PARTIAL and remains:
            self._give_back(order, order.charge_micro * remains // order.quantity)

    def _give_back(self, order: PanelOrder, micro: int) -> None:
        order.charge_micro -= micro
        self.balance_micro += micro

    def asked(self, kind: str) -> list[tuple[str, ...]]:
        return [about for name, about in self.calls if name == kind]

    def send(self, order):
        self.sent.append(order)
        plan = self.plans[order.order_id].pop(0) if self.plans[order.order_id] else None
        if plan is not None and not isinstance(plan, tuple):
            if isinstance(plan, Exception):
                raise plan
            return plan
        key = order.video_link, order.service_id
        runs = any(
            (o.link, o.service_id) == key and o.progress in RUNNING for o in self.orders.values()
        )
        if runs and self.refuses_duplicates:
            return IS_RUNNING
        number = self._take(order)
        return plan[1] if plan else Accepted(number, "{}")

    def _take(self, order) -> str:
        self.received[order.order_id] += 1
        number = str(1000 + len(self.orders))
        service = self.offered.get(order.service_id)
        cost = -(-order.quantity * service.rate_micro // 1000) if service else 0
        self.balance_micro -= cost
        self.orders[number] = PanelOrder(
            order.order_id, order.video_link, order.service_id, order.quantity, cost
        )
        return number

    def _fails(self, kind: str, *about: str):
        self.calls.append((kind, about))
        return self.failures[kind].pop(0) if self.failures[kind] else None

    def statuses(self, provider_order_ids):
        assert len(provider_order_ids) <= BATCH_MAX
        if failure := self._fails("statuses", *provider_order_ids):
            return failure
        answers = {one: self._report(one) for one in provider_order_ids}
        answers |= {k: v for k, v in self.in_batches.items() if k in answers}
        return {one: answer for one, answer in answers.items() if answer is not None}

    def status(self, provider_order_id):
        return self._fails("status", provider_order_id) or self._report(provider_order_id)

    def _report(self, number: str):
        if number in self.lost or number not in self.orders:
            return UnknownToProvider("Incorrect order ID")
        return self.orders[number].report()

    def services(self):
        return self._fails("services") or ServiceList(tuple(self.offered.values()))

    def balance(self):
        return self._fails("balance") or Balance(self.balance_micro, "USD")

    def cancel(self, provider_order_ids):
        failure = self._fails("cancel", *provider_order_ids)
        return self._asked(provider_order_ids) if failure is None else failure

    def refill(self, provider_order_ids):
        failure = self._fails("refill", *provider_order_ids)
        return self._asked(provider_order_ids) if failure is None else failure

    def _asked(self, ids):
        return {
            one: Asked(self.grants, "9" if self.grants else "", "" if self.grants else "no")
            for one in ids
        }
