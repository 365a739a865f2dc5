"""An order at the panel: how it runs with the clock, how it ends, and what it costs in the end."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType, field

PENDING_PART = 0.2
"""The share of the delivery time in which an order waits as Pending."""

Remains = int | str | None
"""As panels show it: a number, any text, or null."""


class End(Struct, forbid_unknown_fields=True):
    """How an order ends, and what it changes into afterwards."""

    status: str = "Completed"
    """The word that the panel shows, known or not."""
    remains: int | str | None = None
    """None: all for Canceled and Refunded, half for Partial, otherwise nothing."""
    then: str = ""
    """The status that it changes to later; empty: none."""
    then_after_s: float = 10
    then_remains: int | str | None = None
    times: int | None = 1
    """For how many orders; None until changed."""


ENDS = {
    "completed": End(),
    "partial": End("Partial"),
    "canceled": End("Canceled"),
    "error": End("Error"),
    "unknown_word": End("Awaiting moderation"),
    "completed_then_partial": End(then="Partial"),
    "completed_then_canceled": End(then="Canceled"),
    "partial_then_completed": End("Partial", then="Completed"),
}
"""Ends with a name, for tests and for the chat page."""


class ByHand(Struct, forbid_unknown_fields=True):
    """What a test has set on an order; a status stops the clock for it."""

    status: str | UnsetType = UNSET
    remains: int | str | UnsetType | None = UNSET
    start_count: int | str | UnsetType | None = UNSET
    charge: str | UnsetType = UNSET
    """Decimal text."""


class PanelOrder(Struct):
    """An order that the panel recorded."""

    order: int
    service: int
    type: str
    link: str
    quantity: int
    """In all: for a drip-feed order, of all runs together."""
    cost_micro: int
    at: float
    delivery_s: float
    end: End
    first_count: int = 0
    """What the platform showed before."""
    comments: list[str] = field(default_factory=list)
    runs: int = 0
    interval_min: int = 0
    path: Literal["v2", "v1"] = "v2"
    """Through which family it came."""
    answered: str = "ok"
    """The kind of answer that the client got to its `add`."""
    returned_micro: int = 0
    """Given back to the balance so far."""
    by_hand: ByHand = field(default_factory=ByHand)


class View(Struct):
    """An order as it stands at an instant."""

    order: PanelOrder
    status: str
    remains: Remains
    start_count: Remains
    returned_micro: int


def view(order: PanelOrder, now: float) -> View:
    """How an order stands at a time."""
    status, remains = _stage(order, now)
    by_hand = order.by_hand
    if by_hand.status is not UNSET:
        status = by_hand.status
    start: Remains = None if status == "Pending" else order.first_count
    if by_hand.remains is not UNSET:
        remains = by_hand.remains
    if by_hand.start_count is not UNSET:
        start = by_hand.start_count
    if order.type == "Package" and by_hand.remains is UNSET:
        remains = 0
    returned = returned_micro(status, remains, order)
    return View(order, status, remains, start, returned)


def moments(order: PanelOrder) -> tuple[float, float]:
    """When it ends, and when the end changes; the same moment if it doesn't."""
    ends_at = order.at + order.delivery_s
    return ends_at, ends_at + (order.end.then_after_s if order.end.then else 0)


def _stage(order: PanelOrder, now: float) -> tuple[str, Remains]:
    """Status and remains by the clock alone."""
    end = order.end
    ends_at, changes_at = moments(order)
    last = default_remains(end.status, order) if end.remains is None else end.remains
    if now >= changes_at and end.then:
        later = default_remains(end.then, order) if end.then_remains is None else end.then_remains
        return end.then, later
    if now >= ends_at:
        return end.status, last
    age_s, waits_s = now - order.at, order.delivery_s * PENDING_PART
    if age_s < waits_s:
        return "Pending", order.quantity
    done = (age_s - waits_s) / (order.delivery_s - waits_s)
    reached = min(max(number(last) or 0, 0), order.quantity)
    return "In progress", order.quantity - int((order.quantity - reached) * done)


def is_running(status: str) -> bool:
    """Whether an order with this status keeps its link busy."""
    return folded(status) not in FINAL


def folded(status: str) -> str:
    """A status word for comparison."""
    return "".join(one for one in status.lower() if one not in " _-")


def ends_here(status: str) -> bool:
    """Whether the word alone says how much is left."""
    return folded(status) in {"completed", "complete", "partial", *FULL_RETURN}


FULL_RETURN = frozenset({"canceled", "cancelled", "refunded"})
FINAL = FULL_RETURN | {"completed", "complete", "partial", "error", "fail", "failed"}


def default_remains(status: str, order: PanelOrder) -> int:
    """What is left undelivered at an end, if nobody says."""
    if folded(status) in FULL_RETURN:
        return order.quantity
    return order.quantity // 2 if folded(status) == "partial" else 0


def number(remains: Remains) -> int | None:
    """The integer that is shown; None if it is none."""
    if isinstance(remains, int) or remains is None:
        return remains
    digits = remains.strip().removeprefix("-")
    return int(remains) if digits.isascii() and digits.isdecimal() else None


def returned_micro(status: str, remains: Remains, order: PanelOrder) -> int:
    """What the panel has given back in all, in micro-units."""
    left, word = number(remains), folded(status)
    if word in FULL_RETURN and (left is None or not 0 < left < order.quantity):
        return order.cost_micro
    if word in FULL_RETURN or word == "partial":
        return order.cost_micro * min(max(left or 0, 0), order.quantity) // order.quantity
    return 0
