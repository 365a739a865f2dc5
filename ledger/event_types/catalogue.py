"""Events of what the shop offers, and of its account at the provider."""

import msgspec

from ledger.event_types.base import Event, Micros, Points
from ledger.reason_codes import MismatchCode, PauseReason


class OfferChanged(Event, frozen=True, kw_only=True, tag="offer_changed"):
    """A service is offered, or what is offered has changed. By an admin or `system`.

    The line has the whole offer as it is from now on. `system` pauses an offer and ends the pause.

    Attributes:
        service_id: the provider's number for the service.
        name: what people read; from the provider or an admin.
        platform: `youtube`, `instagram` ...; empty: any.
        metric: what is delivered: `views`, `likes` ...
        target: what is ordered for: `video`, `post` or `page`.
        service_type: how it is ordered, in the provider's word, such as `Default`.
        points_per_1000: our price.
        quantity_min: the smallest order; `quantity_max`: the largest.
        rate_micro: the provider's price for 1000, in millionths of its currency.
        is_on: whether the admin offers it.
        paused_because: why it is not sold for now although it is on.
        position: its place in the list; the smallest is first.
        can_cancel: whether the provider can cancel an order; `can_refill`: top it up later.
        key: as in `BalanceAdjusted`; empty if by `system`.
    """

    service_id: str
    name: str
    points_per_1000: Points
    quantity_min: int
    quantity_max: int
    platform: str = ""
    metric: str = ""
    target: str = ""
    service_type: str = ""
    rate_micro: Micros = 0
    is_on: bool = True
    paused_because: PauseReason | None = None
    position: int = 0
    can_cancel: bool = False
    can_refill: bool = False
    key: str = ""


class Mismatch(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A difference between our books and the provider's. Money as in `OrdersReconciled`.

    `order_id` is empty if it is not about one order.
    """

    code: MismatchCode
    order_id: str = ""
    ours_micro: Micros = 0
    theirs_micro: Micros = 0


class OrdersReconciled(Event, frozen=True, kw_only=True, tag="orders_reconciled"):
    """Our orders were compared with the provider's account. By `system`, once a day.

    Money is in millionths of the provider's currency.

    Attributes:
        day: the UTC day: the natural key.
        orders: how many orders were compared.
        charged_micro: what the provider charged for them, by its own word.
        balance_micro: our balance there now; None: not known.
        currency: as the provider calls it.
        mismatches: what differs; the first 50.
        mismatches_count: how many differ in all.
    """

    day: str
    orders: int
    charged_micro: Micros
    balance_micro: Micros | None = None
    currency: str = ""
    mismatches: tuple[Mismatch, ...] = ()
    mismatches_count: int = 0
