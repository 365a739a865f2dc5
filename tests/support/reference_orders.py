"""The part of the reference model about orders; see `support.reference_model`."""

from typing import Any, TypeAlias

MINUTE_MS = 60_000
ODD_MAX = 10
KEPT_MS = 48 * 60 * MINUTE_MS
PRICE_MAX = QUANTITY_MAX = 10**9
STAGES = {
    "SendOrder": ("OrderSending", {"placed"}, "sending"),
    "NoteNotSent": ("OrderNotSent", {"sending"}, "placed"),
    "NoteUnclear": ("OrderUnclear", {"sending"}, "unclear"),
    "AcceptOrder": ("OrderAccepted", {"sending", "unclear"}, "accepted"),
    "RejectOrder": ("OrderRejected", {"placed", "sending", "unclear"}, "rejected"),
}
NO_CONNECTION = {"provider_unreachable", "provider_name_unknown", "no_secure_connection"}
RUNNING = {"accepted", "in_progress"}
ENDS = {"completed": "OrderCompleted", "partial": "OrderPartial", "canceled": "OrderCanceled"}

Fact: TypeAlias = tuple[str, int | None, int]
"""The event's type, the user, and the change of their balance."""
Answer: TypeAlias = list[Fact] | set[str]


class OrderRules:
    """What people may order, and what becomes of it.

    A closed order that was last changed more than 48 hours before a line about any order leaves
    the memory with that line, but not before those that were closed, or got another end, before
    it. Nothing can happen to it from then on.
    """

    users: dict[int, dict[str, Any]]
    settings: dict[str, int]
    keys: set[str]

    def __init__(self) -> None:
        self.orders: dict[str, dict[str, Any]] = {}
        self.offers: dict[str, dict[str, Any]] = {}
        self.closing: list[dict[str, Any]] = []
        self.compared_day = ""

    def in_memory(self) -> dict[str, dict[str, Any]]:
        return {one: order for one, order in self.orders.items() if not order["left"]}

    def note_order_line(self, order_id: str, at_ms: int) -> None:
        """Something was written down about an order."""
        order = self.orders[order_id]
        settled = order["status"] in {*ENDS, "rejected"} or (
            order["status"] == "accepted" and not order["followed"]
        )
        if settled and order not in self.closing:
            self.closing.append(order)
        while self.closing and abs(at_ms - self.closing[0]["changed_ms"]) > KEPT_MS:
            self.closing.pop(0)["left"] = True

    def _PlaceOrder(self, command: Any, at_ms: int) -> Answer:  # noqa: N802
        user = self.users.get(command.user_id)
        if user is None:
            return {"UnknownUser"}
        if command.order_id in self.orders:
            return {"AlreadyDone"}
        no = set()
        if user["banned"]:
            no.add("UserIsBanned")
        limit = self.settings["orders_per_minute_max"]
        mine = [one["at_ms"] for one in self.in_memory().values() if one["user"] == command.user_id]
        placed_ms = [placed for placed in mine if placed <= at_ms]
        if limit == 0 or (len(placed_ms) >= limit and at_ms - placed_ms[-limit] < MINUTE_MS):
            no.add("TooManyOrders")
        rate, low, high = self._on_sale(command.service_id)
        if not rate:
            return no | {"NotOnOffer"}
        if not low <= command.quantity <= high:
            no.add("QuantityOutOfRange")
        price = rounded_up(command.quantity * rate)
        if command.price_points != price:
            no.add("PriceChanged")
        if user["balance"] < price:
            no.add("NotEnoughPoints")
        if no:
            return no
        self.orders[command.order_id] = {
            "id": command.order_id,
            "user": command.user_id,
            "service": command.service_id,
            "quantity": command.quantity,
            "price": price,
            "reserve": price,
            "spent": 0,
            "refunded": 0,
            "due": 0,
            "status": "placed",
            "attempts": 0,
            "unreached": 0,
            "followed": False,
            "at_ms": at_ms,
            "changed_ms": at_ms,
            "remains": None,
            "start": None,
            "review": None,
            "odd": 0,
            "asked": {},
            "left": False,
        }
        return [("OrderPlaced", command.user_id, -price)]

    def _on_sale(self, service_id: str) -> tuple[int, int, int]:
        """The price for 1,000 (0: not sold), the smallest and the largest order."""
        if not service_id:
            names = ("points_per_1000_views", "order_views_min", "order_views_max")
            rate, low, high = (self.settings[name] for name in names)
            return rate, low, high
        offer = self.offers.get(service_id)
        if offer is None or not offer["is_on"] or offer["paused_because"]:
            return 0, 0, 0
        return offer["points_per_1000"], offer["quantity_min"], offer["quantity_max"]

    def price(self, views: int) -> int:
        """Points per 1,000 views, rounded up per order."""
        return rounded_up(views * self.settings["points_per_1000_views"])

    def _found(self, command: Any) -> dict[str, Any] | set[str]:
        order = self.orders.get(command.order_id)
        if order is None:
            return {"UnknownOrder"}
        return {"WrongOrderStatus"} if order["left"] else order

    def move(self, name: str, command: Any, at_ms: int) -> Answer:
        order = self._found(command)
        if isinstance(order, set):
            return order
        kind, from_stages, stage = STAGES[name]
        if order["status"] not in from_stages:
            return {"WrongOrderStatus"}
        refunded = name == "RejectOrder" and command.reason_code == "refunded_by_admin"
        if refunded and order["status"] == "sending":
            return {"WrongOrderStatus"}
        if name == "NoteNotSent" and command.reason_code in NO_CONNECTION:
            order["unreached"] += 1
            if 0 < self.settings["order_attempts_max"] <= order["unreached"]:
                kind, stage = "OrderRejected", "rejected"
        self._change(order, stage, at_ms)
        order["attempts"] += stage == "sending"
        if stage == "rejected":
            return [(kind, order["user"], self._settle(order, order["price"]))]
        if stage == "accepted":
            order["followed"] = command.followed and command.provider_order_id != ""
            if not order["followed"]:
                self._settle(order, 0)
        return [(kind, order["user"], 0)]

    def _change(self, order: dict[str, Any], status: str, at_ms: int) -> None:
        order.update(status=status, changed_ms=at_ms, review=None)

    def _settle(self, order: dict[str, Any], due: int) -> int:
        """Give back what is due, and spend the rest; what comes to the person now."""
        back = max(0, due - order["refunded"])
        order["refunded"] += back
        order["spent"] = order["price"] - order["refunded"]
        order.update(due=due, reserve=0)
        return back

    def _EndOrder(self, command: Any, at_ms: int) -> Answer:  # noqa: N802
        order = self._found(command)
        if isinstance(order, set):
            return order
        if not order["followed"] or order["status"] not in RUNNING | ENDS.keys():
            return {"WrongOrderStatus"}
        remains, quantity = command.remains, order["quantity"]
        if command.status == "completed":
            due = 0
        elif command.status == "canceled" and remains not in range(1, quantity):
            due = order["price"]
        elif remains is None:
            return {"RemainsUnknown"}
        else:
            due = order["price"] * sorted((0, remains, quantity))[1] // quantity
        kind = ENDS[command.status]
        if order["status"] in ENDS:
            if (order["status"], order["due"]) == (command.status, due):
                return {"NothingChanges"}
            if command.by == "provider" and order["odd"] >= ODD_MAX:
                return self._review(order, "end_keeps_changing")
            order["odd"] += command.by == "provider"
            kind = "OrderCorrected"
            self.closing = [one for one in self.closing if one is not order]
        self._change(order, str(command.status), at_ms)
        order["remains"] = remains
        return [(kind, order["user"], self._settle(order, due))]

    def _NoteProgress(self, command: Any, at_ms: int) -> Answer:  # noqa: N802
        order = self._found(command)
        if isinstance(order, set):
            return order
        if not order["followed"] or order["status"] not in RUNNING:
            return {"WrongOrderStatus"}
        settled = order["review"] is None or order["odd"] >= ODD_MAX
        known = order["status"] == "in_progress" and settled
        started = command.start_count is not None and order["start"] is None
        further = command.remains is not None and (
            order["remains"] is None
            or tenths(order, command.remains) > tenths(order, order["remains"])
        )
        if known and not started and not further:
            return {"NothingChanges"}
        self._change(order, "in_progress", at_ms)
        if command.start_count is not None:
            order["start"] = command.start_count
        if command.remains is not None:
            order["remains"] = command.remains
        return [("OrderInProgress", order["user"], 0)]

    def _NoteReview(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        order = self._found(command)
        if isinstance(order, set):
            return order
        if not order["followed"]:
            return {"WrongOrderStatus"}
        return self._review(order, command.reason_code)

    def _review(self, order: dict[str, Any], why: str) -> Answer:
        if order["review"] == why or (order["review"] and order["odd"] >= ODD_MAX):
            return {"NothingChanges"}
        order["review"] = why
        order["odd"] += 1
        return [("OrderNeedsReview", order["user"], 0)]

    def _RequestForOrder(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        order = self._found(command)
        if isinstance(order, set):
            return order
        if command.by not in (f"user:{order['user']}", "admin:7"):
            return {"UnknownOrder"}
        no = set()
        if not self.offers.get(order["service"], {}).get(f"can_{command.what}"):
            no.add("NotPossibleHere")
        in_time = RUNNING if command.what == "cancel" else {"completed"}
        if not order["followed"] or order["status"] not in in_time:
            no.add("WrongOrderStatus")
        if order["asked"].get(command.what) in ("waits", "granted"):
            no.add("AlreadyDone")
        if no:
            return no
        order["asked"][command.what] = "waits"
        return [("OrderRequestMade", order["user"], 0)]

    def _NoteRequestAnswer(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        order = self._found(command)
        if isinstance(order, set):
            return order
        if order["asked"].get(command.what) != "waits":
            return {"NothingChanges"}
        order["asked"][command.what] = "granted" if command.granted else "refused"
        return [("OrderRequestAnswered", order["user"], 0)]

    def _NoteEvidence(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        order = self._found(command)
        if isinstance(order, set):
            return order
        if order["status"] != "unclear":
            return {"WrongOrderStatus"}
        return [("OrderEvidenceFound", order["user"], 0)]

    def _ChangeOffer(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        if command.key in self.keys:
            return {"AlreadyDone"}
        names = ("points_per_1000", "quantity_min", "quantity_max", "is_on", "paused_because")
        wished = {name: getattr(command, name) for name in (*names, "can_cancel", "can_refill")}
        no = set()
        if not 1 <= command.quantity_min <= command.quantity_max <= QUANTITY_MAX:
            no.add("WrongOffer")
        if not 1 <= command.points_per_1000 <= PRICE_MAX:
            no.add("SettingOutOfRange")
        if wished == self.offers.get(command.service_id):
            no.add("NothingChanges")
        if no:
            return no
        self.offers[command.service_id] = wished
        self.keys.add(command.key)
        return [("OfferChanged", None, 0)]

    def _NoteReconciled(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        if command.day == self.compared_day:
            return {"AlreadyDone"}
        self.compared_day = command.day
        return [("OrdersReconciled", None, 0)]


def rounded_up(thousandths: int) -> int:
    whole, part = divmod(thousandths, 1000)
    return whole + (part > 0)


def tenths(order: dict[str, Any], remains: int) -> int:
    """How many tenths of an order are delivered."""
    delivered = order["quantity"] - sorted((0, remains, order["quantity"]))[1]
    return 10 * delivered // order["quantity"]
