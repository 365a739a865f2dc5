"""The words for reason codes and alert codes, for users and admins.

The reason for a rejection is read by the user, the others by the admins. None of them has an
address, a key or a link in it.
"""

from ledger import events as e
from ledger.projections import Order
from ledger.reason_codes import ReasonCode
from orders.alerts import Alert, AlertCode

_REASONS = {
    ReasonCode.PROVIDER_UNREACHABLE: "The provider could not be reached.",
    ReasonCode.PROVIDER_NAME_UNKNOWN: "The provider's address was not found.",
    ReasonCode.NO_SECURE_CONNECTION: "A safe connection to the provider could not be made.",
    ReasonCode.PROVIDER_FUNDS_EMPTY: (
        "Our balance at the provider is used up. Orders wait until it is filled up."
    ),
    ReasonCode.PROVIDER_SETTINGS_WRONG: (
        "The provider does not know us. Please check the order settings. Orders wait."
    ),
    ReasonCode.PROVIDER_RATE_LIMIT: "The provider asks us to send more slowly.",
    ReasonCode.REFUSED: "The provider did not take this order.",
    ReasonCode.SERVICE_DISCONTINUED: "The provider no longer offers these views.",
    ReasonCode.QUANTITY_REFUSED: "The provider does not take this number of views.",
    ReasonCode.EARLIER_ORDER_RUNNING: (
        "An earlier order for this video is still running. Try again when it is done."
    ),
    ReasonCode.VIDEO_LIMIT_REACHED: (
        "This video has had as many views as the provider gives to one video."
    ),
    ReasonCode.LINK_REFUSED: "The provider did not accept the link to the video.",
    ReasonCode.REFUNDED_BY_ADMIN: "It could not be carried out.",
    ReasonCode.NO_ANSWER: "The provider did not answer in time.",
    ReasonCode.CONNECTION_LOST: "The connection broke off before the answer was complete.",
    ReasonCode.ANSWER_UNREADABLE: "The provider gave an answer that we can't read.",
    ReasonCode.ANSWER_UNKNOWN: "The provider did not say clearly whether it took the order.",
    ReasonCode.ANSWER_CONTRADICTORY: "The provider's answer says both yes and no.",
    ReasonCode.PROVIDER_ADDRESS_MOVED: (
        "The provider's address has moved (HTTP {http_status}). Please check the settings."
    ),
    ReasonCode.PROVIDER_FAULT: "The provider had a fault (HTTP {http_status}).",
    ReasonCode.PROGRAM_STOPPED: "The program stopped while this order was on its way.",
    ReasonCode.PROGRAM_FAULT: (
        "Something went wrong in our program while this order was on its way."
    ),
}

_ALERTS = {
    AlertCode.MANY_UNCLEAR: ("Several orders in a row are unclear. The desk sends more slowly."),
    AlertCode.ACCEPTED_AFTER_CLOSED: (
        "The provider took order {order_id}, but it had been closed meanwhile."
    ),
}


def of_order(order: Order) -> str:
    """Why an order has its status; empty if that needs no reason."""
    return _words(order.reason_code, order.http_status, order.note)


def of_rejection(event: e.OrderRejected) -> str:
    """Why an order was rejected."""
    return _words(event.reason_code, event.http_status, event.reason)


def of_alert(alert: Alert) -> str:
    """Why the admins are alerted."""
    if isinstance(alert.code, ReasonCode):
        return _words(alert.code, 0, "")
    return _ALERTS[alert.code].format(order_id=alert.order_id)


def _words(code: ReasonCode | None, http_status: int, written: str) -> str:
    """The words for a code. Older lines of the log have no code, and were `written` in words."""
    return written if code is None else _REASONS[code].format(http_status=http_status)
