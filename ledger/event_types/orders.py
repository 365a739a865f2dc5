"""Events of orders."""

from ledger.event_types.base import Micros, Points, UserEvent
from ledger.order_status import OrderStatus
from ledger.reason_codes import OrderRequest, ReasonCode


class OrderEvent(UserEvent, frozen=True, kw_only=True):
    """An event about one order.

    `order_id` has 12 hex characters. It is created with the confirmation question, so that two
    taps on Confirm name the same order: the natural key.
    """

    order_id: str


class OrderPlaced(OrderEvent, frozen=True, kw_only=True, tag="order_placed"):
    """A person ordered views, and the price moved from their balance to the order. By that user.

    Attributes:
        video_link: the link for the provider, in its canonical form.
        video_key: platform and id, as in `youtube:AbCdEfGhI_k`; equal for all links to a video.
        quantity: how many, of views or whatever the service delivers.
        price_points: what they cost together.
        service_id: the offer that was bought; empty: views, by the economy's settings.
        comments: the texts to post, one a line, of a service that posts comments.
    """

    video_link: str
    video_key: str
    quantity: int
    price_points: Points
    service_id: str = ""
    comments: str = ""


class OrderSending(OrderEvent, frozen=True, kw_only=True, tag="order_sending"):
    """The order is about to be sent. Durable before the request is made. By `system`.

    Attributes:
        attempt: 1, and more only after attempts that certainly did not reach the provider.
        balance_micro: our balance at the provider before that (as last read, less what was
            ordered since), in millionths of its currency: evidence in case the answer is lost.
            None: not known.
    """

    attempt: int
    balance_micro: Micros | None = None


class OrderReasonEvent(OrderEvent, frozen=True, kw_only=True):
    """An event that says why an order was not accepted.

    Attributes:
        reason: a sentence in place of `reason_code`, in older lines only.
        reason_code: why.
        http_status: the status of the provider's answer, 0 if there was none.
        answer: the first 2 kB of the provider's answer.
    """

    reason: str = ""
    reason_code: ReasonCode | None = None
    http_status: int = 0
    answer: str = ""


class OrderNotSent(OrderReasonEvent, frozen=True, kw_only=True, tag="order_not_sent"):
    """The provider certainly did not take the order, so it is tried again later. By `system`."""


class OrderUnclear(OrderReasonEvent, frozen=True, kw_only=True, tag="order_unclear"):
    """The order may or may not have arrived. It is never sent again; an admin decides.

    By `system` (no answer, or a restart while it was in flight) or `provider` (an answer that
    does not say). `evidence_follows`: the provider is asked for evidence (`OrderEvidenceFound`)
    before an admin is.
    """

    evidence_follows: bool = False


class OrderEvidenceFound(OrderEvent, frozen=True, kw_only=True, tag="order_evidence_found"):
    """What the provider's side shows about an unclear order. By `system`. It proves nothing.

    Money is in millionths of the provider's currency.

    Attributes:
        cost_micro: what the order should cost there; None: not known.
        balance_before_micro: our balance there before the request; None: not known.
        balance_after_micro: our balance there afterwards; None: not known.
        others_micro: what other orders cost in between, as far as known.
        currency: as the provider calls it.
        refused_as_running: the provider refused a later order for the same link, because one is
            running.
    """

    cost_micro: Micros | None = None
    balance_before_micro: Micros | None = None
    balance_after_micro: Micros | None = None
    others_micro: Micros = 0
    currency: str = ""
    refused_as_running: bool = False


class OrderAccepted(OrderEvent, frozen=True, kw_only=True, tag="order_accepted"):
    """The provider accepted the order. By `provider`, or an admin who checked an unclear one.

    Attributes:
        provider_order_id: the provider's own number for it, empty if unknown.
        answer: as in `OrderReasonEvent`.
        followed: whether the provider reports what becomes of it. If not, this is its end.
        spent_points: what was reserved for it, if this is its end. Older lines don't have it: see
            `ledger.postings.with_spent_points`.
    """

    provider_order_id: str = ""
    answer: str = ""
    followed: bool = False
    spent_points: Points = 0


class OrderInProgress(OrderEvent, frozen=True, kw_only=True, tag="order_in_progress"):
    """The provider is delivering. By `provider`. Again for each tenth that was delivered.

    Attributes:
        start_count: the count before the delivery, such as the views of the video; None: unknown.
        remains: how much is still to be delivered; None: unknown.
    """

    start_count: int | None = None
    remains: int | None = None


class OrderEndEvent(OrderEvent, frozen=True, kw_only=True):
    """The end of an order that was followed. By `provider`, or an admin who knows.

    Attributes:
        spent_points: paid for what was delivered.
        refund_points: given back for what was not.
        remains: what was not delivered, as the provider says; None: it doesn't say.
        charge_micro: what the provider charged, in millionths of its currency; None: unknown.
        currency: as the provider calls it.
    """

    spent_points: Points
    refund_points: Points = 0
    remains: int | None = None
    charge_micro: Micros | None = None
    currency: str = ""


class OrderCompleted(OrderEndEvent, frozen=True, kw_only=True, tag="order_completed"):
    """All was delivered."""


class OrderPartial(OrderEndEvent, frozen=True, kw_only=True, tag="order_partial"):
    """A part was delivered, and the points for the rest were given back."""


class OrderCanceled(OrderEndEvent, frozen=True, kw_only=True, tag="order_canceled"):
    """The provider stopped the order; the points for what was not delivered were given back."""


class OrderCorrected(OrderEvent, frozen=True, kw_only=True, tag="order_corrected"):
    """The provider changed the end of an order afterwards. By `provider` or an admin.

    Attributes:
        status: how it ended after all.
        refund_points: given back now, in addition to what was before.
        excess_points: how much more was given back than was due. It stays with the person.
        remains: as in `OrderEndEvent`; the next two likewise.
    """

    status: OrderStatus
    refund_points: Points = 0
    excess_points: Points = 0
    remains: int | None = None
    charge_micro: Micros | None = None
    currency: str = ""


class OrderNeedsReview(OrderReasonEvent, frozen=True, kw_only=True, tag="order_needs_review"):
    """The provider says something of a running order that a person must look at. By `provider`.

    The order's status stays.
    """


class OrderRequestMade(OrderEvent, frozen=True, kw_only=True, tag="order_request_made"):
    """The provider is to be asked for something about an accepted order. By a user or an admin."""

    what: OrderRequest


class OrderRequestAnswered(OrderEvent, frozen=True, kw_only=True, tag="order_request_answered"):
    """The provider answered such a request. By `provider`.

    Attributes:
        what: what was asked for.
        granted: whether it will do that.
        provider_ref: its number for that, if it gave one.
        answer: as in `OrderReasonEvent`.
    """

    what: OrderRequest
    granted: bool
    provider_ref: str = ""
    answer: str = ""


class OrderRejected(OrderEvent, frozen=True, kw_only=True, tag="order_rejected"):
    """The order is not carried out, and its points were returned. By `provider` or an admin.

    `refund_points` is all that was reserved; the other fields are as in `OrderReasonEvent`. It is
    no subclass of that because these lines have always begun with `refund_points`.
    """

    refund_points: Points
    reason: str = ""
    reason_code: ReasonCode | None = None
    http_status: int = 0
    answer: str = ""


class OrderImported(OrderEvent, frozen=True, kw_only=True, tag="order_imported"):
    """An order of the previous bot, as history; it moves no points. By `system`.

    Attributes:
        video_link: the link as it was given there.
        created_at: when it was placed there, as in `ledger.clocks.timestamps`, or empty.
        old_status: its status there, in that bot's word.
    """

    video_link: str
    quantity: int
    price_points: int
    created_at: str = ""
    old_status: str = ""
