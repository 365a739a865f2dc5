"""The words for reason codes and alert codes, for users and admins.

The reason for a rejection is read by the user, the others by the admins. None of them has an
address, a key or a link in it. They are plain text, and stand in other texts as arguments.
"""

from i18n import N_, Message, Translator
from ledger import events as e
from ledger.reason_codes import ReasonCode
from ledger.state import Order
from orders.alerts import Alert, AlertCode

_REASONS: dict[ReasonCode, Message] = {
    ReasonCode.PROVIDER_UNREACHABLE: N_("The provider could not be reached."),
    ReasonCode.PROVIDER_NAME_UNKNOWN: N_("The provider's address was not found."),
    ReasonCode.NO_SECURE_CONNECTION: N_("A safe connection to the provider could not be made."),
    ReasonCode.PROVIDER_FUNDS_EMPTY: N_(
        "Our balance at the provider is used up. Orders wait until it is filled up."
    ),
    ReasonCode.PROVIDER_SETTINGS_WRONG: N_(
        "The provider does not know us. Please check the order settings. Orders wait."
    ),
    ReasonCode.PROVIDER_RATE_LIMIT: N_("The provider asks us to send more slowly."),
    ReasonCode.PROVIDER_MAINTENANCE: N_(
        "The provider is under maintenance. Orders wait until it is over."
    ),
    ReasonCode.REFUSED: N_("The provider did not take this order."),
    ReasonCode.SERVICE_DISCONTINUED: N_("The provider no longer offers this service."),
    ReasonCode.QUANTITY_REFUSED: N_("The provider does not take an order of this size."),
    ReasonCode.EARLIER_ORDER_RUNNING: N_(
        "An earlier order for this link is still running. Try again when it is done."
    ),
    ReasonCode.VIDEO_LIMIT_REACHED: N_(
        "The provider has delivered as much for this link as it does for one."
    ),
    ReasonCode.LINK_REFUSED: N_("The provider did not accept the link."),
    ReasonCode.REFUNDED_BY_ADMIN: N_("It could not be carried out."),
    ReasonCode.ATTEMPTS_USED_UP: N_("The provider could not be reached, however often we tried."),
    ReasonCode.STATUS_UNKNOWN: N_("The provider reports a status that we do not know."),
    ReasonCode.STATUS_FAILED: N_("The provider reports that the order failed."),
    ReasonCode.END_KEEPS_CHANGING: N_("The provider keeps changing how the order ended."),
    ReasonCode.REMAINS_UNKNOWN: N_("The provider does not say how much was not delivered."),
    ReasonCode.UNKNOWN_TO_PROVIDER: N_("The provider does not know this order."),
    ReasonCode.NO_ANSWER: N_("The provider did not answer in time."),
    ReasonCode.CONNECTION_LOST: N_("The connection broke off before the answer was complete."),
    ReasonCode.ANSWER_UNREADABLE: N_("The provider gave an answer that we can't read."),
    ReasonCode.ANSWER_UNKNOWN: N_("The provider did not say clearly whether it took the order."),
    ReasonCode.ANSWER_CONTRADICTORY: N_("The provider's answer says both yes and no."),
    ReasonCode.PROVIDER_ADDRESS_MOVED: N_(
        "The provider's address has moved (HTTP {http_status}). Please check the settings."
    ),
    ReasonCode.PROVIDER_FAULT: N_("The provider had a fault (HTTP {http_status})."),
    ReasonCode.PROGRAM_STOPPED: N_("The program stopped while this order was on its way."),
    ReasonCode.PROGRAM_FAULT: N_(
        "Something went wrong in our program while this order was on its way."
    ),
}
_WITH_HTTP_STATUS = frozenset({ReasonCode.PROVIDER_ADDRESS_MOVED, ReasonCode.PROVIDER_FAULT})

_ALERTS: dict[AlertCode, Message] = {
    AlertCode.MANY_UNCLEAR: N_(
        "Several orders in a row are unclear. Orders are sent more slowly now."
    ),
    AlertCode.ACCEPTED_AFTER_CLOSED: N_(
        "The provider accepted order {order_id}, but this order was closed before."
    ),
    AlertCode.PROVIDER_BALANCE_LOW: N_(
        "Our balance at the provider is enough for less than two days. Please fill it up."
    ),
    AlertCode.ORDERS_NOT_FOLLOWED: N_(
        "The provider doesn't say how running orders are going. We keep asking."
    ),
}


def of_order(t: Translator, order: Order) -> str:
    """Why an order has its status; empty if that needs no reason."""
    return _words(t, order.reason_code, order.http_status, order.note)


def of_review(t: Translator, order: Order) -> str:
    """Why a person must look at an order, although the provider goes on."""
    return _words(t, order.review, order.http_status, "")


def of_code(t: Translator, code: ReasonCode, http_status: int) -> str:
    """Why something at the provider did not work, where no order is concerned."""
    return _words(t, code, http_status, "")


def of_event(t: Translator, event: e.OrderReasonEvent | e.OrderRejected) -> str:
    """Why an order was rejected, not sent, or is unclear."""
    return _words(t, event.reason_code, event.http_status, event.reason)


def of_alert(t: Translator, alert: Alert) -> str:
    """Why the admins are alerted."""
    if isinstance(alert.code, ReasonCode):
        return _words(t, alert.code, 0, "")
    if alert.code is AlertCode.ACCEPTED_AFTER_CLOSED:
        return t(_ALERTS[alert.code], order_id=alert.order_id).text
    return t(_ALERTS[alert.code]).text


def _words(t: Translator, code: ReasonCode | None, http_status: int, written: str) -> str:
    """The words for a code. Older lines of the log have no code, and were `written` in words."""
    if code is None:
        return written
    if code in _WITH_HTTP_STATUS:
        return t(_REASONS[code], http_status=str(http_status)).text
    return t(_REASONS[code]).text
