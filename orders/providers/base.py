"""The ports to order providers, and the values that pass through them.

Every provider takes orders. One that `follows` also says what became of them.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol, TypeAlias, runtime_checkable

import msgspec

from ledger.reason_codes import ReasonCode
from orders.providers.answers import Answer

BATCH_MAX = 100
"""How many orders one call may ask about."""


class OutgoingOrder(msgspec.Struct, frozen=True):
    """What a provider receives of an order.

    Attributes:
        order_id: our own id; it is not sent.
        video_link: the link.
        quantity: how many, in units of the service, such as views.
        service_id: the provider's service, where it has several.
        comments: the lines of a service of type Custom Comments. They replace the quantity.
    """

    order_id: str
    video_link: str
    quantity: int
    service_id: str = ""
    comments: str = ""


class Progress(StrEnum):
    """How far an order is, as the provider reports it."""

    ACCEPTED = "accepted"
    RUNNING = "running"
    COMPLETED = "completed"
    PARTIAL = "partial"
    CANCELED = "canceled"
    FAILED = "failed"
    """It could not place the order; whether it returned the money is not certain."""
    UNKNOWN = "unknown"
    """A word that we don't know: the order stays as it is, and an admin is told."""


class OrderReport(msgspec.Struct, frozen=True, tag="report"):
    """What the provider reports of an order.

    Attributes:
        progress: how far it is.
        word: the provider's word for that, at most 64 characters.
        remains: what is not delivered; below zero if more was delivered. None if unreadable.
        start_count: the count before the delivery; None if unreadable.
        charge_micro: what the provider took so far, in millionths of `currency`; or None.
        currency: in capitals, empty if it was not said.
    """

    progress: Progress
    word: str = ""
    remains: int | None = None
    start_count: int | None = None
    charge_micro: int | None = None
    currency: str = ""


class UnknownToProvider(msgspec.Struct, frozen=True, tag="unknown_to_provider"):
    """The provider reports an error for this order, mostly that it has none with this id."""

    text: str = ""


StatusAnswer: TypeAlias = OrderReport | UnknownToProvider


class Service(msgspec.Struct, frozen=True):
    """A service that can be ordered.

    Attributes:
        service_id: the provider's id for it.
        name: its name.
        kind: its type in the provider's words, such as `Default` or `Custom Comments`.
        category: where the provider lists it; may be empty.
        rate_micro: its price for 1,000, in millionths of the currency of the balance.
        quantity_min: the least that can be ordered at once, 1 or more.
        quantity_max: the most.
        refill: whether a refill can be asked for.
        cancel: whether orders can be canceled.
        dripfeed: whether it can be delivered in several runs.
    """

    service_id: str
    name: str
    kind: str
    category: str
    rate_micro: int
    quantity_min: int
    quantity_max: int
    refill: bool = False
    cancel: bool = False
    dripfeed: bool = False


class ServiceList(msgspec.Struct, frozen=True):
    """The services of a provider.

    Attributes:
        services: those that could be read.
        unreadable: how many could not.
    """

    services: tuple[Service, ...] = ()
    unreadable: int = 0


class Balance(msgspec.Struct, frozen=True):
    """Our money at the provider, in millionths of the currency; may be below zero."""

    amount_micro: int
    currency: str = ""


class Asked(msgspec.Struct, frozen=True):
    """What the provider says to a request to cancel or refill an order.

    Attributes:
        accepted: whether it took the request. The order's status shows what comes of it.
        provider_ref: its id for the refill.
        text: why it refused.
    """

    accepted: bool
    provider_ref: str = ""
    text: str = ""


class CallFailed(msgspec.Struct, frozen=True):
    """A call brought no usable answer.

    A call for several orders that fails with `REFUSED` may have failed for one of them only.

    Attributes:
        reason_code: why.
        answer: what the provider said, cut to 2 kB.
        http_status: the status of its answer, 0 if there was no complete answer.
        retry_after_s: how long the provider asks not to be contacted, in seconds.
        settings_wrong: whether this lasts until the address, the key or the account is corrected.
    """

    reason_code: ReasonCode
    answer: str = ""
    http_status: int = 0
    retry_after_s: int = 0
    settings_wrong: bool = False


class Provider(Protocol):
    """Where orders are sent. Its methods block, and are called in threads."""

    @property
    def follows(self) -> bool:
        """Whether it reports what became of orders; if so, it is a `FollowingProvider`."""

    def send(self, order: OutgoingOrder) -> Answer:
        """Send an order, once, and return the outcome. Never raises for a failed request."""


@runtime_checkable
class FollowingProvider(Provider, Protocol):
    """A provider that reports what became of orders. No call is repeated by itself."""

    def statuses(
        self, provider_order_ids: Sequence[str]
    ) -> Mapping[str, StatusAnswer] | CallFailed:
        """What became of these orders. One that the answer leaves out is not in the mapping.

        Before points move because of a final or refunding status, ask again with `status`: some
        providers mix up the orders of such an answer.

        Raises:
            ValueError: there are more than `BATCH_MAX`.
        """

    def status(self, provider_order_id: str) -> StatusAnswer | CallFailed:
        """What became of this order."""

    def services(self) -> ServiceList | CallFailed:
        """What can be ordered. A list in which nothing can be read is a failed call."""

    def balance(self) -> Balance | CallFailed:
        """Our money at the provider."""

    def cancel(self, provider_order_ids: Sequence[str]) -> Mapping[str, Asked] | CallFailed:
        """Ask to cancel these orders. After a failed call the request may have arrived.

        Raises:
            ValueError: there are more than `BATCH_MAX`.
        """

    def refill(self, provider_order_ids: Sequence[str]) -> Mapping[str, Asked] | CallFailed:
        """Ask to refill these orders. After a failed call the request may have arrived.

        Raises:
            ValueError: there are more than `BATCH_MAX`.
        """
