"""The reason codes that order events carry: a closed list.

A code says why something happened. The words for it are chosen where it is shown: in
`ledger.words.event_text` for auditors, in `bot.text.reason_texts` for users and admins. What the
provider itself said is a separate field of the event (`answer`, `http_status`).

The codes are part of the log format, so they are never renamed, removed or given another meaning.
Adding one is like adding an event type: a program that does not know a code stops at its line
with an error that names the code. A program that went on could not say why points were returned.
"""

from enum import StrEnum


class ReasonCode(StrEnum):
    """Why an order was not sent, was rejected, is unclear, or needs a person."""

    # Not sent: nothing was ordered, so the order waits for another attempt.
    PROVIDER_UNREACHABLE = "provider_unreachable"
    PROVIDER_NAME_UNKNOWN = "provider_name_unknown"
    NO_SECURE_CONNECTION = "no_secure_connection"
    PROVIDER_FUNDS_EMPTY = "provider_funds_empty"
    PROVIDER_SETTINGS_WRONG = "provider_settings_wrong"
    PROVIDER_RATE_LIMIT = "provider_rate_limit"
    PROVIDER_MAINTENANCE = "provider_maintenance"

    # Rejected: the order will not be carried out, and its points are returned.
    REFUSED = "refused"
    SERVICE_DISCONTINUED = "service_discontinued"
    QUANTITY_REFUSED = "quantity_refused"
    EARLIER_ORDER_RUNNING = "earlier_order_running"
    VIDEO_LIMIT_REACHED = "video_limit_reached"
    LINK_REFUSED = "link_refused"
    REFUNDED_BY_ADMIN = "refunded_by_admin"
    ATTEMPTS_USED_UP = "attempts_used_up"

    # Unclear: the order may have reached the provider.
    NO_ANSWER = "no_answer"
    CONNECTION_LOST = "connection_lost"
    ANSWER_UNREADABLE = "answer_unreadable"
    ANSWER_UNKNOWN = "answer_unknown"
    ANSWER_CONTRADICTORY = "answer_contradictory"
    PROVIDER_ADDRESS_MOVED = "provider_address_moved"
    PROVIDER_FAULT = "provider_fault"
    PROGRAM_STOPPED = "program_stopped"
    PROGRAM_FAULT = "program_fault"

    # Under review: an accepted order of which the provider says something unexpected.
    STATUS_UNKNOWN = "status_unknown"
    STATUS_FAILED = "status_failed"
    REMAINS_UNKNOWN = "remains_unknown"
    UNKNOWN_TO_PROVIDER = "unknown_to_provider"
    END_KEEPS_CHANGING = "end_keeps_changing"


class PauseReason(StrEnum):
    """Why an offer is not sold for now."""

    PRICE_ROSE = "price_rose"
    SERVICE_GONE = "service_gone"
    LIMITS_CHANGED = "limits_changed"


class OrderRequest(StrEnum):
    """What a provider can be asked to do about an order that it has accepted."""

    CANCEL = "cancel"
    REFILL = "refill"


class MismatchCode(StrEnum):
    """What differs between our books and the provider's."""

    ORDER_MISSING = "order_missing"
    CHARGE_DIFFERS = "charge_differs"
    STATUS_DIFFERS = "status_differs"
    BALANCE_DIFFERS = "balance_differs"


NEVER_REACHED = frozenset(
    {
        ReasonCode.PROVIDER_UNREACHABLE,
        ReasonCode.PROVIDER_NAME_UNKNOWN,
        ReasonCode.NO_SECURE_CONNECTION,
    }
)
"""Why no connection was made: what counts as an attempt that may be used up."""
