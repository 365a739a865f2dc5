"""The shapes of answers: is an order in it, does it report an error, and in what words?

Panels report an error as `{"error": "…"}`, `{"status": "fail", "message": "…"}`, `{"success":
false}`, and deeper, as `{"data": {"error": {"message": "…"}}}` or a list. Only an order at the
outermost level is accepted; one anywhere makes an error doubtful.
"""

import re
from collections import deque
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from ledger.untrusted.untrusted_json import BadJson, read_json

_ORDER_ID = re.compile(r"(?=.*[1-9A-Za-z])(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
_WHOLE_WITH_POINT = re.compile(r"([0-9]+)\.0+")
_ORDER_KEYS = {"order", "orders", "orderid", "orderids", "id"}
_ERROR_KEYS = {
    "error", "errors", "err", "errormessage", "errormsg", "errordescription", "errortext", "errno",
    "errorcode", "errcode", "exception", "failure", "reject", "rejected", "rejection",
}  # fmt: skip
_VERDICT_KEYS = {"status", "success", "ok", "result", "state", "outcome", "response", "type"}
_CODE_KEYS = {"code", "status", "statuscode", "httpcode", "httpstatus"}
_FAILED = {
    "error", "err", "errors", "fail", "failed", "failure", "failing", "false", "no", "nok", "ko",
    "0", "invalid", "rejected", "refused", "denied", "declined", "canceled", "cancelled",
    "unsuccessful", "ошибка", "отклонено", "отказ", "помилка", "hata", "gagal", "erro",
}  # fmt: skip
_NO_ERROR = {"", "0", "false", "no", "none", "null", "ok", "success"}
_TEXT_CHARS_MAX = 2000
_TEXTS_MAX = 100


class Report(msgspec.Struct):
    """What an answer reports.

    Attributes:
        order_id: the provider's number for the order, empty if there is none that can be used.
        names_order: whether anything in it may be an order.
        is_error: whether it reports an error.
        is_fault: whether the error is one on the provider's side, by its number.
        http_code: the number of an HTTP error that it names, 0 if none.
        texts: all texts in it.
        is_long: whether it has more text than an error message; `texts` has the beginning.
    """

    order_id: str = ""
    names_order: bool = False
    is_error: bool = False
    is_fault: bool = False
    http_code: int = 0
    texts: list[str] = []
    is_long: bool = False


def read_report(text: str, *, refused: bool) -> Report:
    """Read the body of an answer.

    Args:
        text: the body.
        refused: whether the HTTP status says no. Then any text in it is a reason, plain text too,
            and no text at all is no objection. A page is not the API's word, though.
    """
    try:
        body = read_json(text.encode("utf-8", "replace"))
    except BadJson:
        plain = text.strip()
        is_words = refused and not plain.startswith(("<", "{", "[", '"'))
        report = Report(is_error=is_words)
        _add_text(report, plain)
        return report
    report = Report()
    if isinstance(body, dict):
        report.order_id = order_id_of(body.get("order"))
    for key, value in _walk(body):
        _note(report, key, value)
    if refused and (report.texts or report.order_id):
        report.is_error = True
    return report


def _walk(body: object) -> Iterator[tuple[str, object]]:
    """All keys and values at any depth, and the items of lists with an empty key."""
    waiting: deque[tuple[str, object]] = deque([("", body)])
    while waiting:
        key, value = waiting.popleft()
        yield key, value
        if isinstance(value, dict):
            waiting.extend((_plain(inner), item) for inner, item in value.items())
        elif isinstance(value, list):
            waiting.extend(("", item) for item in value)


def _plain(key: str) -> str:
    return "".join(letter for letter in key.casefold() if letter.isalpha())


def _note(report: Report, key: str, value: object) -> None:
    if isinstance(value, str) and value.strip():
        _add_text(report, value)
    if key in _ORDER_KEYS and _may_be_order(value):
        report.names_order = True
    if (key in _ERROR_KEYS and says_something(value)) or (
        key in _VERDICT_KEYS and is_failure(value)
    ):
        report.is_error = True
    if key in _CODE_KEYS and (code := _http_code(value)):
        report.is_error = True
        report.http_code = report.http_code or code
        report.is_fault = report.is_fault or code >= 500  # noqa: PLR2004 - server errors


def _add_text(report: Report, text: str) -> None:
    """Add a text, up to a limit for all together: each is compared with many phrases."""
    free = _TEXT_CHARS_MAX - sum(map(len, report.texts))
    if len(text) > free or len(report.texts) == _TEXTS_MAX:
        report.is_long = True
    if free and len(report.texts) < _TEXTS_MAX:
        report.texts.append(text[:free])


def order_id_of(order: object) -> str:
    """The provider's number for an order as text, empty if it can't be one."""
    if isinstance(order, bool) or not isinstance(order, int | str | Decimal):
        return ""
    text = str(order).strip()
    if isinstance(order, Decimal):
        text = str(int(order)) if order == order.to_integral_value() else ""
    elif whole := _WHOLE_WITH_POINT.fullmatch(text):
        text = whole[1]
    return text if _ORDER_ID.fullmatch(text) else ""


def _may_be_order(value: object) -> bool:
    """False for what says that there is none: null, nothing, zero, a negative number."""
    if isinstance(value, int | Decimal):
        return value > 0
    if isinstance(value, str):
        return value.strip().casefold() not in {"", "0", "-1", "none", "null", "false"}
    return bool(value)


def says_something(value: object) -> bool:
    """Whether the value of an error key reports an error."""
    if isinstance(value, str):
        return value.strip().casefold() not in _NO_ERROR
    return bool(value)


def is_failure(value: object) -> bool:
    """Whether the value of a key such as `status` or `success` means that the call failed."""
    if isinstance(value, str):
        return value.strip(" .!").casefold() in _FAILED
    return value is False or (isinstance(value, int | Decimal) and value == 0)


def _http_code(value: object) -> int:
    """A number from 400 to 599, as HTTP has it for errors; else 0."""
    text = str(value).strip()
    is_code = text.isascii() and text.isdigit() and len(text) == 3 and text[0] in "45"  # noqa: PLR2004
    return int(text) if is_code and not isinstance(value, bool) else 0
