"""The meaning of a provider's answer: accepted, rejected, unclear, or certainly not sent.

Only an answer that certainly means "not accepted" may return points or send the order again.
Everything else is unclear. The provider's own words are recorded beside the meaning.
"""

import json
import re
from typing import TypeAlias

import msgspec

from ledger.reason_codes import ReasonCode


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

OK, TOO_MANY_REQUESTS = 200, 429
_ORDER_ID = re.compile(r"(?=.*[1-9A-Za-z])(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z_-]{0,63}")


_KNOWN_REFUSALS: tuple[tuple[ReasonCode, tuple[str, ...]], ...] = (
    (
        ReasonCode.PROVIDER_FUNDS_EMPTY,
        ("not enough funds", "not enough balance", "insufficient funds", "insufficient balance"),
    ),
    (
        ReasonCode.PROVIDER_SETTINGS_WRONG,
        (
            "api disabled",
            "user not found",
            "invalid api key",
            "incorrect api key",
            "action is invalid",
            "missing required parameter",
        ),
    ),
    (
        ReasonCode.SERVICE_DISCONTINUED,
        ("incorrect service id", "service id does not exist"),
    ),
    (ReasonCode.QUANTITY_REFUSED, ("min quantity", "max quantity", "quantity must")),
    # An order is sent once, so the active order that this speaks of is an earlier one.
    (
        ReasonCode.EARLIER_ORDER_RUNNING,
        ("link duplicate", "active order with this link", "active order for this link"),
    ),
    (ReasonCode.VIDEO_LIMIT_REACHED, ("per link",)),
    (ReasonCode.LINK_REFUSED, ("invalid link", "bad link", "error link")),
)
"""Words of a refusal, in lower case with single spaces; the first row that fits decides."""

_WAITS_FOR_ADMIN = {ReasonCode.PROVIDER_FUNDS_EMPTY, ReasonCode.PROVIDER_SETTINGS_WRONG}
"""Refusals that every order would get until the operator fills up the account or corrects the
settings. Their orders wait: a refund would say that the order is impossible, and refunding them
all helps nobody."""


def judge(status: int, text: str, kept: str, retry_after_s: int = 0) -> Answer:
    """The meaning of a complete HTTP answer.

    Args:
        status: the HTTP status.
        text: the body.
        kept: the part of the body that is recorded with the order.
        retry_after_s: the answer's Retry-After, 0 if it had none.
    """
    body = _object(text)
    order_id, error = _order_id(body), _error(body)
    if status == OK:
        return _judge_ok(order_id, error, kept)
    if 400 <= status < 500:  # noqa: PLR2004 - the client errors of HTTP
        if order_id:
            return _unclear(ReasonCode.ANSWER_CONTRADICTORY, status, kept)
        if status == TOO_MANY_REQUESTS:
            return NotSent(
                ReasonCode.PROVIDER_RATE_LIMIT, retry_after_s, answer=kept, http_status=status
            )
        refused = Rejected(ReasonCode.REFUSED, kept, status)
        return _known_refusal(error or "", status, kept) or refused
    if 300 <= status < 400:  # noqa: PLR2004 - redirects
        return _unclear(ReasonCode.PROVIDER_ADDRESS_MOVED, status, kept)
    if status >= 500:  # noqa: PLR2004 - server errors
        return _unclear(ReasonCode.PROVIDER_FAULT, status, kept)
    return _unclear(ReasonCode.ANSWER_UNREADABLE, status, kept)


def _judge_ok(order_id: str, error: str | None, kept: str) -> Answer:
    if order_id:
        if error is None:
            return Accepted(order_id, kept)
        return _unclear(ReasonCode.ANSWER_CONTRADICTORY, OK, kept)
    if error is None:
        return _unclear(ReasonCode.ANSWER_UNREADABLE, OK, kept)
    unknown = _unclear(ReasonCode.ANSWER_UNKNOWN, OK, kept)
    return _known_refusal(error, OK, kept) or unknown


def _unclear(reason_code: ReasonCode, status: int, kept: str) -> Unclear:
    return Unclear(reason_code, kept, status, answered=True)


def _known_refusal(error: str, status: int, kept: str) -> Answer | None:
    words = " ".join(re.findall(r"[a-z0-9]+", error.lower()))
    for reason_code, phrases in _KNOWN_REFUSALS:
        if not any(phrase in words for phrase in phrases):
            continue
        if reason_code in _WAITS_FOR_ADMIN:
            return NotSent(reason_code, needs_admin=True, answer=kept, http_status=status)
        return Rejected(reason_code, kept, status)
    return None


def _object(text: str) -> dict[str, object]:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _order_id(body: dict[str, object]) -> str:
    """The provider's number for the order, empty if there is none that can be used."""
    order = body.get("order")
    if isinstance(order, bool) or not isinstance(order, int | str):
        return ""
    text = str(order).strip()
    return text if _ORDER_ID.fullmatch(text) else ""


def _error(body: dict[str, object]) -> str | None:
    """The error that the provider reports, None if it reports none."""
    error = body.get("error")
    if not error and body.get("status") == "error":
        error = body.get("message") or "error"
    return str(error) if error else None
