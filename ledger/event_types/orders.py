"""Events of orders."""

from ledger.event_types.base import Points, UserEvent
from ledger.reason_codes import ReasonCode


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
        quantity: the number of views.
        price_points: what they cost together.
    """

    video_link: str
    video_key: str
    quantity: int
    price_points: Points


class OrderSending(OrderEvent, frozen=True, kw_only=True, tag="order_sending"):
    """The order is about to be sent. Durable before the request is made. By `system`.

    `attempt` is 1, and more only after attempts that certainly did not reach the provider.
    """

    attempt: int


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
    does not say).
    """


class OrderAccepted(OrderEvent, frozen=True, kw_only=True, tag="order_accepted"):
    """The provider accepted the order. By `provider`, or an admin who checked an unclear one.

    `provider_order_id` is the provider's own number for it, empty if unknown. `answer` is as in
    `OrderReasonEvent`.
    """

    provider_order_id: str = ""
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
        created_at: when it was placed there, as in `ledger.timestamps`, or empty.
        old_status: its status there, in that bot's word.
    """

    video_link: str
    quantity: int
    price_points: int
    created_at: str = ""
    old_status: str = ""
