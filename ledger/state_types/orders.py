"""What the state knows of orders."""

import msgspec

from ledger.order_status import CLOSED, DELIVERING, OrderStatus
from ledger.reason_codes import OrderRequest, ReasonCode


class Order(msgspec.Struct, kw_only=True, gc=False):
    """One order.

    Attributes:
        total_cost: its price in points.
        service_id: the offer that was bought; empty: views, by the economy's settings.
        comments: the texts to post, one a line.
        reserve_points: the points reserved for it now: the price, or 0 once it is closed.
        refunded_points: what went back to the person.
        attempts: how often it was sent, or about to be sent.
        unreached: how often in all no connection to the provider was made for it.
        followed: whether the provider reports what becomes of it.
        start_count: the count before the delivery; None: unknown.
        remains: how much is still to be delivered, or was not; None: unknown.
        charge_micro: what the provider charged, in millionths of its currency; None: unknown.
        reason_code: why it has its present status, if that needs a reason.
        http_status: the status of the provider's answer behind that, 0 if there was none.
        review: why a person must look at it, although the provider goes on.
        oddities: how often the provider reported what needs a person, or changed its end.
        evidence_seq: the line of the log with the evidence about an unclear order, 0: none yet.
        evidence_follows: whether evidence is looked for.
        requests: what the provider was asked to do about it, and whether it will: None if it has
            not answered yet.
        note: the reason as a sentence, from lines older than `reason_code`; of an imported order
            its status in the previous bot.
        placed_seq: the line of the log that placed it.
        last_seq: the last line about it.
        closed_seq: the line that closed it or changed its end last, 0 as long as it is open.
    """

    order_id: str
    user_id: int
    video_link: str
    video_key: str
    quantity: int
    total_cost: int
    service_id: str = ""
    comments: str = ""
    reserve_points: int = 0
    refunded_points: int = 0
    status: OrderStatus = OrderStatus.PLACED
    attempts: int = 0
    unreached: int = 0
    provider_order_id: str = ""
    followed: bool = False
    start_count: int | None = None
    remains: int | None = None
    charge_micro: int | None = None
    reason_code: ReasonCode | None = None
    http_status: int = 0
    review: ReasonCode | None = None
    oddities: int = 0
    evidence_seq: int = 0
    evidence_follows: bool = False
    requests: dict[OrderRequest, bool | None] = {}
    note: str = ""
    created_at: str = ""
    updated_at: str = ""
    placed_seq: int = 0
    last_seq: int = 0
    closed_seq: int = 0

    @property
    def is_of_this_bot(self) -> bool:
        """Whether it was placed here, and not in the previous bot."""
        return self.status is not OrderStatus.IMPORTED

    @property
    def is_delivering(self) -> bool:
        """Whether the provider has it and reports what becomes of it."""
        return self.followed and self.status in DELIVERING

    @property
    def is_closed(self) -> bool:
        """Whether it is at its end: nothing is reserved for it any more."""
        return self.status in CLOSED or (self.status is OrderStatus.ACCEPTED and not self.followed)


class ClosedOrder(msgspec.Struct, gc=False):
    """What stays in memory of an order that was closed a while ago. The log has the rest.

    `placed_seq` is the line that placed it, `last_seq` the last line about it.
    """

    status: OrderStatus
    placed_seq: int
    last_seq: int


class OrderDay(msgspec.Struct, kw_only=True, gc=False):
    """The orders of one UTC day, by the day on which each thing happened.

    Attributes:
        placed: how many were placed; `accepted`: how many the provider accepted.
        ended: how many came to an end.
        spent_points: paid for what was delivered.
        refunded_points: given back.
        charged_micro: what the provider charged for the orders that ended.
    """

    placed: int = 0
    accepted: int = 0
    ended: int = 0
    spent_points: int = 0
    refunded_points: int = 0
    charged_micro: int = 0


class Reconciliation(msgspec.Struct, kw_only=True, gc=False):
    """The last comparison with the provider; `seq` is its line, the rest as in the event."""

    seq: int
    day: str
    orders: int
    charged_micro: int
    balance_micro: int | None = None
    mismatches_count: int = 0
