"""Commands about what is offered, and about our account at the provider."""

from ledger.command_types.base import Command
from ledger.event_types.catalogue import Mismatch
from ledger.reason_codes import PauseReason


class ChangeOffer(Command, frozen=True, kw_only=True, tag="change_offer"):
    """Offer a service, or change what is offered. As in `OfferChanged`."""

    service_id: str
    name: str
    points_per_1000: int
    quantity_min: int
    quantity_max: int
    platform: str = ""
    metric: str = ""
    target: str = ""
    service_type: str = ""
    rate_micro: int = 0
    is_on: bool = True
    paused_because: PauseReason | None = None
    position: int = 0
    can_cancel: bool = False
    can_refill: bool = False
    key: str = ""


class NoteReconciled(Command, frozen=True, kw_only=True, tag="note_reconciled"):
    """Record a comparison with the provider's account. Key: the day. As in `OrdersReconciled`."""

    day: str
    orders: int
    charged_micro: int
    balance_micro: int | None = None
    currency: str = ""
    mismatches: tuple[Mismatch, ...] = ()
    mismatches_count: int = 0
