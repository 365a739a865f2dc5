"""The meaning of a provider's answer: accepted, rejected, unclear, or certainly not sent.

Only an answer that certainly means "not accepted" may return points or send the order again.
Everything else is unclear. The provider's own words are recorded beside the meaning.
"""

from typing import TypeAlias

import msgspec

from ledger.reason_codes import ReasonCode
from orders.providers.answer_shapes import read_report
from orders.providers.echoes import Echo
from orders.providers.refusal_words import DOUBT, HELD, Meaning, meaning_of


class Accepted(msgspec.Struct, frozen=True, tag="accepted"):
    """The provider has the order. `answer` is what it said."""

    provider_order_id: str
    answer: str = ""


class Rejected(msgspec.Struct, frozen=True, tag="rejected"):
    """The provider clearly refused this order; its points are returned.

    Attributes:
        reason_code: why.
        answer: what the provider said.
        http_status: the status of its answer.
    """

    reason_code: ReasonCode
    answer: str = ""
    http_status: int = 0


class Unclear(msgspec.Struct, frozen=True, tag="unclear"):
    """The order may or may not have arrived: it is never sent again.

    Attributes:
        reason_code: why.
        answer: what the provider said, possibly cut off.
        http_status: the status of its answer, 0 if there was no complete answer.
        answered: whether the provider said anything at all.
    """

    reason_code: ReasonCode
    answer: str = ""
    http_status: int = 0
    answered: bool = False


class NotSent(msgspec.Struct, frozen=True, tag="not_sent"):
    """The order was certainly not accepted, for a reason that is not about this order: it waits.

    Attributes:
        reason_code: why.
        retry_after_s: how long the provider asks not to be contacted, in seconds.
        needs_admin: whether this lasts until a person does something about it.
        answer: what the provider said, empty if no connection was made.
        http_status: the status of its answer, 0 if no connection was made.
    """

    reason_code: ReasonCode
    retry_after_s: int = 0
    needs_admin: bool = False
    answer: str = ""
    http_status: int = 0


Answer: TypeAlias = Accepted | Rejected | Unclear | NotSent

OK, PAYMENT_REQUIRED, REQUEST_TIMEOUT, TOO_MANY_REQUESTS = 200, 402, 408, 429

_BY_CODE: dict[int, Meaning] = {
    401: ReasonCode.PROVIDER_SETTINGS_WRONG,
    PAYMENT_REQUIRED: ReasonCode.PROVIDER_FUNDS_EMPTY,
    407: ReasonCode.PROVIDER_SETTINGS_WRONG,
    REQUEST_TIMEOUT: DOUBT,
    TOO_MANY_REQUESTS: ReasonCode.PROVIDER_RATE_LIMIT,
}
"""What HTTP's number alone says, the answer's own or one in its body, if no words say more."""

_WAITS_FOR_ADMIN = {ReasonCode.PROVIDER_FUNDS_EMPTY, ReasonCode.PROVIDER_SETTINGS_WRONG}
"""Refusals that every order would get until the operator fills up the account or corrects the
settings. Their orders wait: a refund would say that the order is impossible, and refunding them
all helps nobody."""


def judge(
    status: int, text: str, kept: str, retry_after_s: int = 0, echo: Echo | None = None
) -> Answer:
    """The meaning of a complete HTTP answer.

    An error that the provider reports in a shape that such APIs have, with no order in it, says
    that it took nothing. Its words only say why, or that it is not sure.

    Args:
        status: the HTTP status.
        text: the body.
        kept: the part of the body that is recorded with the order.
        retry_after_s: the answer's Retry-After, 0 if it had none.
        echo: what was sent, which the answer may repeat.
    """
    if 300 <= status < 400:  # noqa: PLR2004 - redirects
        return _unclear(ReasonCode.PROVIDER_ADDRESS_MOVED, status, kept)
    if status >= 500:  # noqa: PLR2004 - server errors
        return _unclear(ReasonCode.PROVIDER_FAULT, status, kept)
    refused = 400 <= status < 500  # noqa: PLR2004 - the client errors of HTTP
    if status != OK and not refused:
        return _unclear(ReasonCode.ANSWER_UNREADABLE, status, kept)
    report = read_report(text, refused=refused)
    if report.order_id and status == OK and not report.is_error:
        return Accepted(report.order_id, kept)
    if report.names_order and report.is_error:
        return _unclear(ReasonCode.ANSWER_CONTRADICTORY, status, kept)
    if status == TOO_MANY_REQUESTS:
        return _held(ReasonCode.PROVIDER_RATE_LIMIT, status, kept, retry_after_s)
    if not report.is_error:
        return _unclear(ReasonCode.ANSWER_UNREADABLE, status, kept)
    if report.is_fault or report.is_long or status == REQUEST_TIMEOUT:
        return _unclear(ReasonCode.ANSWER_UNKNOWN, status, kept)
    meaning = meaning_of(report.texts, echo or Echo())
    if meaning is ReasonCode.REFUSED:
        meaning = _BY_CODE.get(status) or _BY_CODE.get(report.http_code, meaning)
    return _refusal(meaning, status, kept, retry_after_s)


def _refusal(meaning: Meaning, status: int, kept: str, retry_after_s: int) -> Answer:
    if meaning is DOUBT:
        return _unclear(ReasonCode.ANSWER_UNKNOWN, status, kept)
    if meaning in HELD:
        return _held(meaning, status, kept, retry_after_s)
    return Rejected(meaning, kept, status)


def _held(reason_code: ReasonCode, status: int, kept: str, retry_after_s: int) -> NotSent:
    return NotSent(
        reason_code,
        retry_after_s,
        needs_admin=reason_code in _WAITS_FOR_ADMIN,
        answer=kept,
        http_status=status,
    )


def _unclear(reason_code: ReasonCode, status: int, kept: str) -> Unclear:
    return Unclear(reason_code, kept, status, answered=True)
