"""Readers of what panels answer to calls about orders, services and money, but not to `add`.

A reader returns None if the body is not the answer to its call: an error, half of one, a page.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from orders.providers.answer_shapes import is_failure, order_id_of, says_something
from orders.providers.base import (
    Asked,
    Balance,
    OrderReport,
    Progress,
    Service,
    ServiceList,
    StatusAnswer,
    UnknownToProvider,
)
from orders.providers.panel_numbers import cost_micro, funds_micro, whole_number
from orders.providers.panel_shapes import (
    Hide,
    body_of,
    cut,
    entries,
    error_text,
    flag,
    is_of_another,
    reports_error,
    text_of,
)
from orders.providers.phrases import words_of
from orders.providers.status_words import progress_of

WORD_CHARS_MAX = 64
_CURRENCY_CHARS_MAX = 16
_Read = TypeVar("_Read")


def read_statuses(text: str, ids: Sequence[str], hide: Hide) -> dict[str, StatusAnswer] | None:
    """What became of the orders `ids`; one that can't be read is left out."""
    found = entries(body_of(text), ids, "status")
    if found is None:
        return None
    return _without_contradictions((id_, _status(value, id_, hide)) for id_, value in found)


def read_asked(text: str, ids: Sequence[str], action: str, hide: Hide) -> dict[str, Asked] | None:
    """What the panel says to `action`, cancel or refill, for the orders `ids`."""
    found = entries(body_of(text), ids, action)
    if found is None:
        return None
    return _without_contradictions((id_, _asked(value, id_, action, hide)) for id_, value in found)


def read_services(text: str, hide: Hide) -> ServiceList | None:
    """The services. Of a service that is there twice and differs, neither can be read."""
    items = _service_items(body_of(text))
    if items is None:
        return None
    read = [_service(item, hide) for item in items]
    by_id = _without_contradictions((one.service_id, one) for one in read if one)
    if items and not by_id:
        return None
    left_out = {one.service_id for one in read if one} - by_id.keys()
    return ServiceList(tuple(by_id.values()), read.count(None) + len(left_out))


def read_balance(text: str, hide: Hide) -> Balance | None:
    """Our money at the panel."""
    body = body_of(text)
    if not isinstance(body, dict) or reports_error(body):
        return None
    amount_micro = funds_micro(body.get("balance"))
    if amount_micro is None:
        return None
    return Balance(amount_micro, _currency(body.get("currency"), hide))


def _without_contradictions(found: Iterable[tuple[str, _Read | None]]) -> dict[str, _Read]:
    """Those that were read, by id; of an id with two values that differ, none."""
    by_id: dict[str, _Read] = {}
    contradictory = set()
    for id_, value in found:
        if value is not None and by_id.setdefault(id_, value) != value:
            contradictory.add(id_)
    return {id_: value for id_, value in by_id.items() if id_ not in contradictory}


def _status(value: object, id_: str, hide: Hide) -> StatusAnswer | None:
    if isinstance(value, str):
        return _status_in_words(value.strip(), hide)
    if not isinstance(value, dict) or is_of_another(value, id_):
        return None
    if reports_error(value):
        return UnknownToProvider(error_text(value, hide))
    word = text_of(value.get("status"), hide, WORD_CHARS_MAX)
    # `success` is said of the call, not of the order.
    if not word or word.casefold() == "success":
        return None
    return OrderReport(
        progress_of(word),
        word,
        whole_number(value.get("remains")),
        whole_number(value.get("start_count")),
        cost_micro(value.get("charge")),
        _currency(value.get("currency"), hide),
    )


def _status_in_words(text: str, hide: Hide) -> StatusAnswer | None:
    """A plain text instead of an object: an error, or the word of a status."""
    progress = progress_of(text)
    if not text:
        return None
    if progress in {Progress.UNKNOWN, Progress.FAILED}:
        return UnknownToProvider(cut(text, hide))
    return OrderReport(progress, cut(text, hide, WORD_CHARS_MAX))


def _asked(value: object, id_: str, action: str, hide: Hide) -> Asked | None:
    """The answer for one order, from `{"order": 1, "cancel": 1}` or what stands for it."""
    if isinstance(value, dict):
        if is_of_another(value, id_):
            return None
        if says_something(value.get("error")):
            return Asked(accepted=False, text=error_text(value, hide))
        if action in value:
            value = value[action]
    if isinstance(value, dict):
        if reports_error(value):
            return Asked(accepted=False, text=error_text(value, hide))
        says_yes = flag(value.get("success")) or flag(value.get("status"))
        return Asked(accepted=True) if says_yes else None
    return _verdict(value, action, hide)


def _verdict(value: object, action: str, hide: Hide) -> Asked | None:
    """Yes is `1`, `true`, or the id of a refill; no is `0`, `false`, or a text."""
    ref = order_id_of(value)
    if ref or flag(value):
        return Asked(accepted=True, provider_ref=ref if action == "refill" else "")
    if is_failure(value):
        return Asked(accepted=False)
    text = cut(value, hide) if isinstance(value, str) else ""
    return Asked(accepted=False, text=text) if text else None


def _service_items(body: object, *, inside: bool = False) -> list[Any] | None:
    """The list of services, bare, in `data` or `services`, or as an object."""
    if isinstance(body, list):
        return body
    if not isinstance(body, dict) or reports_error(body):
        return None
    for inner in () if inside else (body.get("data"), body.get("services")):
        if isinstance(inner, str) and words_of(inner) == "empty data":
            return []
        if isinstance(inner, dict | list):
            return _service_items(inner, inside=True) if inner else []
    # PHP makes an object of a list with gaps in it.
    values = list(body.values())
    is_list = values and all(isinstance(one, dict) and "service" in one for one in values)
    return values if is_list else None


def _service(item: object, hide: Hide) -> Service | None:
    if not isinstance(item, dict):
        return None
    service_id = order_id_of(item.get("service"))
    name = text_of(item.get("name"), hide)
    rate_micro = cost_micro(item.get("rate"))
    least, most = whole_number(item.get("min")), whole_number(item.get("max"))
    if not service_id or not name or rate_micro is None or least is None or most is None:
        return None
    least = max(1, least)
    if most < least:
        return None
    return Service(
        service_id,
        name,
        text_of(item.get("type"), hide, WORD_CHARS_MAX),
        text_of(item.get("category"), hide),
        rate_micro,
        least,
        most,
        refill=flag(item.get("refill")),
        cancel=flag(item.get("cancel")),
        dripfeed=flag(item.get("dripfeed")),
    )


def _currency(value: object, hide: Hide) -> str:
    return text_of(value, hide).upper()[:_CURRENCY_CHARS_MAX]
