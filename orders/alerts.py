"""Alerts: what admins should know about orders and no event says.

An alert has a code; the words for it are in `bot.text.reason_texts`.
"""

import logging
from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

import msgspec

from ledger.reason_codes import ReasonCode

log = logging.getLogger(__name__)


class AlertCode(StrEnum):
    """What happened. The reasons for which an order is not sent are alert codes too."""

    MANY_UNCLEAR = "many_unclear"
    ACCEPTED_AFTER_CLOSED = "accepted_after_closed"
    PROVIDER_BALANCE_LOW = "provider_balance_low"
    ORDERS_NOT_FOLLOWED = "orders_not_followed"


class Alert(msgspec.Struct, frozen=True):
    """One alert. `order_id` names the order that it is about, if it is about one."""

    code: ReasonCode | AlertCode
    order_id: str = ""


OnAlert: TypeAlias = Callable[[Alert], None]
"""Called in the event loop with what an admin should know. It must not block."""


def raise_alert(alert: Alert, on_alert: OnAlert | None) -> None:
    """Log an alert, and pass it on; a failure of that is logged."""
    log.warning("Alert for the admins: %s %s", alert.code, alert.order_id)
    if on_alert is not None:
        try:
            on_alert(alert)
        except Exception:
            log.exception("The admins could not be alerted.")
