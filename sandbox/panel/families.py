"""The two script families: the texts of their refusals, and how each shows the same orders."""

import re
from typing import Any, ClassVar, Literal
from urllib.parse import unquote_plus

import msgspec

from sandbox.panel.catalogue import Service
from sandbox.panel.money import text_of
from sandbox.panel.orders import Remains, View, folded, number

Numbers = Literal["mixed", "text", "number"]
RefusalCode = Literal[
    "key", "action", "missing", "service", "link", "quantity", "min", "max", "per_run",
    "funds", "duplicate", "order_id", "refill", "refill_id", "cancel",
]  # fmt: skip
Shown = Any  # what json.dumps accepts, and msgspec.Raw for numbers


class RefusedError(Exception):
    """The panel says no; the family has the text for it."""

    def __init__(self, code: RefusalCode, limit: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit


class FirstFamily:
    """Panel API v2."""

    path: Literal["v2", "v1"] = "v2"
    actions = frozenset(
        {"services", "add", "status", "balance", "refill", "refill_status", "cancel"}
    )
    texts: ClassVar[dict[RefusalCode, str]] = {
        "key": "Invalid API key",
        "action": "Incorrect request",
        "missing": "Incorrect request",
        "service": "error.incorrect_service_id",
        "link": "neworder.error.link",
        "quantity": "neworder.error.quantity",
        "min": "neworder.error.min_quantity",
        "max": "neworder.error.max_quantity",
        "per_run": "neworder.error.runs",
        "funds": "neworder.error.not_enough_funds",
        "duplicate": "neworder.error.link_duplicate",
        "order_id": "Incorrect order ID",
        "refill": "Order not eligible for refill.",
        "refill_id": "Incorrect refill ID",
        "cancel": "Order can't be canceled",
    }

    def __init__(self, numbers: Numbers = "mixed", currency: str = "USD") -> None:
        self.numbers = numbers
        self.currency = currency

    def read(self, value: str) -> str:
        """A form value as the script reads it."""
        return value

    def text(self, refused: RefusedError) -> str:
        """The words of a refusal."""
        return self.texts[refused.code].replace("{limit}", str(refused.limit))

    def refusal(self, refused: RefusedError) -> Shown:
        """The whole answer of a refused request."""
        return {"error": self.text(refused)}

    def no_row(self, refused: RefusedError) -> Shown:
        """One order of several that has no status."""
        return {"error": self.text(refused)}

    def services(self, services: list[Service]) -> Shown:
        """The catalogue."""
        return [
            {
                **self._service(one),
                "refill": one.refill,
                "cancel": one.cancel,
            }
            for one in services
        ]

    def _service(self, one: Service) -> dict[str, Shown]:
        return {
            "service": self.id(one.service),
            "name": one.name,
            "type": one.type,
            "category": one.category,
            "rate": self.decimal(one.rate),
            "min": self.count(one.min),
            "max": self.count(one.max),
            "dripfeed": one.dripfeed,
        }

    def added(self, order: int) -> Shown:
        """An order was recorded."""
        return {"order": self.id(order)}

    def balance(self, micro: int) -> Shown:
        """The money left."""
        return {"balance": self.decimal(text_of(micro)), "currency": self.currency}

    def row(self, view: View, charge: str) -> dict[str, Shown]:
        """The status object of an order."""
        return {
            "charge": self.decimal(charge),
            "start_count": self.count(view.start_count),
            "status": view.status,
            "remains": self.count(view.remains),
            "currency": self.currency,
        }

    def id(self, value: int) -> Shown:
        """A number that names something."""
        return str(value) if self.numbers == "text" else value

    def count(self, value: Remains) -> Shown:
        """How many: text, unless all numbers are numbers; null stays null."""
        if value is None:
            return None
        if self.numbers != "number":
            return str(value)
        found = number(value)
        return value if found is None else found

    def decimal(self, text: str) -> Shown:
        """An amount; as a JSON number with the same digits."""
        return msgspec.Raw(text.encode()) if self.numbers == "number" else text


class SecondFamily(FirstFamily):
    """SmartPanel and its copies."""

    path: Literal["v2", "v1"] = "v1"
    actions = frozenset({"services", "add", "status", "balance"})
    texts: ClassVar[dict[RefusalCode, str]] = {
        **FirstFamily.texts,
        "key": "API is disabled or user not found",
        "action": "This action is Invalid",
        "missing": "There are missing required parameters. Please check your API manual",
        "service": "Service ID does not exists",
        "link": "Invalid Link",
        "quantity": "Invalid quantity",
        "min": "Quantity must to be greater than or equal to minimum amount {limit}",
        "max": "Quantity must to be less than or equal to maximum amount {limit}",
        "per_run": "Invalid Runs or Interval",
        "funds": "Not enough funds on balance",
        "duplicate": "you have already an active order for this link. Please wait until it is done",
    }
    whole_request: frozenset[RefusalCode] = frozenset({"key", "action", "missing", "order_id"})
    words = frozenset(
        {"pending", "processing", "inprogress", "completed", "partial", "canceled", "refunded"}
    )

    def read(self, value: str) -> str:
        """Decoded once more, and without HTML tags."""
        return re.sub(r"<[^>]*>?", "", unquote_plus(value))

    def refusal(self, refused: RefusedError) -> Shown:
        """What concerns the request has `error`; what concerns the order has `message`."""
        if refused.code in self.whole_request:
            return {"error": self.text(refused)}
        return {"status": "error", "message": self.text(refused)}

    def no_row(self, refused: RefusedError) -> Shown:
        """Plain text instead of an object."""
        return self.text(refused)

    def services(self, services: list[Service]) -> Shown:
        """The catalogue; without one, an object."""
        if not services:
            return {"status": "success", "data": "Empty Data"}
        return [{**self._service(one), "desc": ""} for one in services]

    def added(self, order: int) -> Shown:
        """Its `status` is no order status."""
        return {"status": "success", "order": self.id(order)}

    def balance(self, micro: int) -> Shown:
        """As the first family, with `status`."""
        return {"status": "success", **super().balance(micro)}

    def row(self, view: View, charge: str) -> dict[str, Shown]:
        """Also names the order; of a drip-feed order there is little; null is empty text."""
        order = view.order
        # The script shows what it doesn't know as Pending.
        status = view.status if folded(view.status) in self.words else "Pending"
        if order.runs > 1:
            return {
                "order": self.id(order.order),
                "status": status,
                "runs": self.count(order.runs),
                "orders": [],
            }
        found = super().row(view, charge)
        empty = {name: "" for name, value in found.items() if value is None}
        return {"order": self.id(order.order), **found, **empty, "status": status}
