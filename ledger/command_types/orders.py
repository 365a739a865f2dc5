"""Commands about orders."""

from ledger.command_types.base import Command
from ledger.order_status import OrderStatus
from ledger.reason_codes import OrderRequest, ReasonCode


class PlaceOrder(Command, frozen=True, kw_only=True, tag="place_order"):
    """Order something. Key: the order's id. `price_points` is the price that the person confirmed.

    The other fields are as in `OrderPlaced`.
    """

    user_id: int
    order_id: str
    video_link: str
    video_key: str
    quantity: int
    price_points: int
    service_id: str = ""
    comments: str = ""


class SendOrder(Command, frozen=True, kw_only=True, tag="send_order"):
    """Record that an order is about to be sent to the provider. As in `OrderSending`."""

    order_id: str
    balance_micro: int | None = None


class NoteNotSent(Command, frozen=True, kw_only=True, tag="note_not_sent"):
    """Record that the provider certainly did not take the order; it waits again.

    Attributes:
        order_id: the order.
        reason_code: why.
        http_status: the status of the provider's answer, 0 if there was none.
        answer: what the provider said.
    """

    order_id: str
    reason_code: ReasonCode
    http_status: int = 0
    answer: str = ""


class AcceptOrder(Command, frozen=True, kw_only=True, tag="accept_order"):
    """Record that the provider has the order, by its own answer or by an admin's check.

    `followed` as in `OrderAccepted`; it needs a `provider_order_id`.
    """

    order_id: str
    provider_order_id: str = ""
    answer: str = ""
    followed: bool = False


class RejectOrder(Command, frozen=True, kw_only=True, tag="reject_order"):
    """Close an order that will not be carried out, and return its points.

    The fields are as in `NoteNotSent`.
    """

    order_id: str
    reason_code: ReasonCode
    http_status: int = 0
    answer: str = ""


class NoteUnclear(Command, frozen=True, kw_only=True, tag="note_unclear"):
    """Record that the order may or may not have arrived. The fields are as in `NoteNotSent`.

    `evidence_follows` as in `OrderUnclear`.
    """

    order_id: str
    reason_code: ReasonCode
    http_status: int = 0
    answer: str = ""
    evidence_follows: bool = False


class NoteEvidence(Command, frozen=True, kw_only=True, tag="note_evidence"):
    """Record what shows whether an unclear order arrived. As in `OrderEvidenceFound`."""

    order_id: str
    cost_micro: int | None = None
    balance_before_micro: int | None = None
    balance_after_micro: int | None = None
    others_micro: int = 0
    currency: str = ""
    refused_as_running: bool = False


class NoteProgress(Command, frozen=True, kw_only=True, tag="note_progress"):
    """Record that the provider is delivering. As in `OrderInProgress`."""

    order_id: str
    start_count: int | None = None
    remains: int | None = None


class EndOrder(Command, frozen=True, kw_only=True, tag="end_order"):
    """Record how an order that was followed has ended, or how it ended after all.

    The ledger computes what is spent and given back.

    Attributes:
        order_id: the order.
        status: `completed`, `partial` or `canceled`.
        remains: what was not delivered, as the provider says; None: it doesn't say.
        charge_micro: as in `OrderEndEvent`.
        currency: as in `OrderEndEvent`.
    """

    order_id: str
    status: OrderStatus
    remains: int | None = None
    charge_micro: int | None = None
    currency: str = ""


class NoteReview(Command, frozen=True, kw_only=True, tag="note_review"):
    """Record that a person must look at a running order. The fields are as in `NoteNotSent`."""

    order_id: str
    reason_code: ReasonCode
    http_status: int = 0
    answer: str = ""


class RequestForOrder(Command, frozen=True, kw_only=True, tag="request_for_order"):
    """Ask the provider to cancel or refill an order. By its owner, or an admin."""

    order_id: str
    what: OrderRequest


class NoteRequestAnswer(Command, frozen=True, kw_only=True, tag="note_request_answer"):
    """Record the provider's answer to that. As in `OrderRequestAnswered`."""

    order_id: str
    what: OrderRequest
    granted: bool
    provider_ref: str = ""
    answer: str = ""


class ImportOrder(Command, frozen=True, kw_only=True, tag="import_order"):
    """Import an order from the previous bot, as history. Key: the order's id."""

    user_id: int
    order_id: str
    video_link: str
    quantity: int
    price_points: int
    created_at: str = ""
    old_status: str = ""
