"""The shapes of panels' answers to calls: what is about which order, and what is an error?

The two script families, and their copies, answer with lists, with objects keyed by id, with either
of these in `data`, or with the bare answer for one order.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from ledger.untrusted.untrusted_json import BadJson, read_json
from orders.providers.answer_shapes import is_failure, order_id_of, says_something
from orders.providers.base import Progress
from orders.providers.phrases import words_of
from orders.providers.status_words import progress_of

Hide: TypeAlias = Callable[[str], str]

TEXT_CHARS_MAX = 256
_OF_AN_ORDER = {"charge", "remains", "start_count", "runs", "posts"}
"""What an order has beside its `status`, and the failure of a call has not."""
_YES = {"1", "true", "yes", "on", "ok", "success"}


def body_of(text: str) -> object:
    """What a body says; None if it is no JSON, or has two meanings."""
    try:
        return read_json(text.encode("utf-8", "replace"))
    except BadJson:
        return None


def reports_error(body: Mapping[str, Any]) -> bool:
    """Whether a call failed. `{"status": "Error", "charge": 0}` is the state of an order."""
    if says_something(body.get("error")) or is_failure(body.get("success")):
        return True
    return is_failure(body.get("status")) and not _is_state(body)


def _is_state(body: Mapping[str, Any]) -> bool:
    """Whether `status` is an order's: by what is beside it, or by a word such as `Canceled`."""
    word = body.get("status")
    is_order_word = isinstance(word, str) and progress_of(word) not in {
        Progress.FAILED,
        Progress.UNKNOWN,
    }
    return is_order_word or bool(_OF_AN_ORDER & body.keys())


def entries(
    body: object, ids: Sequence[str], key: str, *, inside: bool = False
) -> list[tuple[str, Any]] | None:
    """Those of the orders `ids` that a body speaks of, each with what is said of it.

    Args:
        body: the body.
        ids: the orders that were asked about.
        key: what the answer for one order has in it.
        inside: whether this is the inner part of a body already.

    Returns:
        None if it speaks of none of them, unless it is empty.
    """
    if isinstance(body, list):
        named = [(order_id_of(one.get("order")), one) for one in body if isinstance(one, dict)]
    elif isinstance(body, dict) and not reports_error(body):
        named = [(order_id_of(one), value) for one, value in body.items()]
    else:
        return None
    found = [(id_, value) for id_, value in named if id_ in ids]
    if found or not body:
        return found
    if isinstance(body, list):
        return None
    if not inside and not _OF_AN_ORDER & body.keys():
        for inner in (body.get("data"), body.get("orders")):
            if isinstance(inner, dict | list):
                return entries(inner, ids, key, inside=True)
    return _bare(body, ids, key)


def _bare(body: dict[str, Any], ids: Sequence[str], key: str) -> list[tuple[str, Any]] | None:
    """The answer for one order without its id. If it names another one, its reader drops it."""
    if key not in body and "success" not in body and "status" not in body:
        return None
    named = order_id_of(body.get("order"))
    if named in ids:
        return [(named, body)]
    return [(ids[0], body)] if len(ids) == 1 else None


def is_of_another(value: Mapping[str, Any], id_: str) -> bool:
    """Whether it names another order: in one fork, an unknown id repeats the order before it."""
    named = value.get("order")
    return named is not None and named != "" and order_id_of(named) != id_


def flag(value: object) -> bool:
    """Whether a value says yes: `true`, 1, `"1"`, `"true"`, `"success"`."""
    if isinstance(value, str):
        return words_of(value) in _YES
    return value is True or (isinstance(value, int | Decimal) and value == 1)


def cut(text: str, hide: Hide, chars_max: int = TEXT_CHARS_MAX) -> str:
    """A text of the panel, without secrets, cut to a length."""
    return hide(text.strip())[:chars_max]


def text_of(value: object, hide: Hide, chars_max: int = TEXT_CHARS_MAX) -> str:
    """A text or a whole number as text; empty if it is neither."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return cut(str(value), hide, chars_max)


def error_text(value: object, hide: Hide) -> str:
    """The text of an error, or of what reports it; empty if there is none."""
    for _ in range(3):
        if isinstance(value, dict):
            value = next((value[key] for key in ("error", "message") if value.get(key)), "")
    return cut(value, hide) if isinstance(value, str) else ""
