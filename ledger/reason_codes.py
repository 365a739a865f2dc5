"""The reason codes that order events carry: a closed list.

A code says why something happened. The words for it are chosen where it is shown: in
`ledger.event_text` for auditors, in `bot.text.reason_texts` for users and admins. What the
provider itself said is a separate field of the event (`answer`, `http_status`).

The codes are part of the log format, so they are never renamed, removed or given another meaning.
Adding one is like adding an event type: a program that does not know a code stops at its line
with an error that names the code. A program that went on could not say why points were returned.
"""

from enum import StrEnum


class ReasonCode(StrEnum):
    """Why an order was not sent, was rejected, or is unclear."""

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
