"""Alerts: what admins should know about sending orders and no event says.

An alert has a code; the words for it are in `bot.text.reason_texts`.
"""

from enum import StrEnum

import msgspec

from ledger.reason_codes import ReasonCode


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
