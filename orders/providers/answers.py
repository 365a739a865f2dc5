"""Owns what a provider's answer means: taken, refused, nobody knows, or certainly never taken.

The reasons are read by people: a rejection's by the user, the others by the admins. They hold no
address, key or link.
"""

import json
import re
from collections.abc import Callable
from typing import TypeAlias

import msgspec


class Accepted(msgspec.Struct, frozen=True, tag="accepted"):
    """The provider has the order. `answer` is what it said."""

    provider_order_id: str
    answer: str = ""


class Rejected(msgspec.Struct, frozen=True, tag="rejected"):
    """The provider clearly refused this order; the points go back."""

    reason: str
    answer: str = ""


class Unclear(msgspec.Struct, frozen=True, tag="unclear"):
    """The order may or may not have arrived: it is never sent again.

    Attributes:
        answered: whether this rests on something the provider said, not on its silence.
    """

    reason: str
    answer: str = ""
    answered: bool = False


class NotSent(msgspec.Struct, frozen=True, tag="not_sent"):
    """The order was certainly not taken, for a cause that has nothing to do with it: it waits.

    Attributes:
        retry_after_s: how long the provider asks to be left alone, in seconds.
        needs_admin: whether this lasts until a person does something about it.
    """

    reason: str
    retry_after_s: int = 0
    needs_admin: bool = False


Answer: TypeAlias = Accepted | Rejected | Unclear | NotSent

NO_FUNDS = "Our balance at the provider is used up. Orders wait until it is filled up."
NOT_SET_UP = "The provider does not know us. Please check the order settings. Orders wait."
TOO_MANY = "The provider asks us to send more slowly."
REFUSED = "The provider did not take this order."
UNREADABLE = "The provider gave an answer that we can't read."
UNKNOWN_WORDS = "The provider did not say clearly whether it took the order."
YES_AND_NO = "The provider's answer says both yes and no."

OK, TOO_MANY_REQUESTS = 200, 429
_ORDER_ID = re.compile(r"(?=.*[1-9A-Za-z])(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z_-]{0,63}")


def _no_funds(_: str) -> Answer:
    # A refund would tell people that their order is impossible, when all it needs is that the
    # shop fills up its account. The order was certainly not taken, so it may wait and go again.
    return NotSent(NO_FUNDS, needs_admin=True)


def _not_set_up(_: str) -> Answer:
    # Any order would meet this: refunding the whole queue helps nobody.
    return NotSent(NOT_SET_UP, needs_admin=True)


def _refused(reason: str) -> Callable[[str], Answer]:
    return lambda kept: Rejected(reason, kept)


_KNOWN_REFUSALS: tuple[tuple[tuple[str, ...], Callable[[str], Answer]], ...] = (
    (
        ("not enough funds", "not enough balance", "insufficient funds", "insufficient balance"),
        _no_funds,
    ),
    (
        (
            "api disabled",
            "user not found",
            "invalid api key",
            "incorrect api key",
            "action is invalid",
            "missing required parameter",
        ),
        _not_set_up,
    ),
    (
        ("incorrect service id", "service id does not exist"),
        _refused("The provider no longer offers these views."),
    ),
    (
        ("min quantity", "max quantity", "quantity must"),
        _refused("The provider does not take this number of views."),
    ),
    # An order is sent once, so what is in the way here is an earlier one, not this one.
    (
        ("link duplicate", "active order with this link", "active order for this link"),
        _refused("An earlier order for this video is still running. Try again when it is done."),
    ),
    (
        ("per link",),
        _refused("This video has had as many views as the provider gives to one video."),
    ),
    (
        ("invalid link", "bad link", "error link"),
        _refused("The provider did not accept the link to the video."),
    ),
)
"""Words of a refusal, in lower case with single spaces; the first row that fits decides."""


def judge(status: int, text: str, kept: str, retry_after_s: int = 0) -> Answer:
    """What a complete HTTP answer means.

    Args:
        status: the HTTP status.
        text: the body.
        kept: the part of the body that is noted with the order.
        retry_after_s: the answer's Retry-After, 0 if it had none.
    """
    said = _object(text)
    order_id, error = _order_id(said), _error(said)
    if status == OK:
        return _judge_ok(order_id, error, kept)
    if 400 <= status < 500:  # noqa: PLR2004 - HTTP's own borders
        if order_id:
            return Unclear(YES_AND_NO, kept, answered=True)
        if status == TOO_MANY_REQUESTS:
            return NotSent(TOO_MANY, retry_after_s)
        return _known_refusal(error or "", kept) or Rejected(REFUSED, kept)
    if 300 <= status < 400:  # noqa: PLR2004
        moved = f"The provider's address has moved (HTTP {status}). Please check the settings."
        return Unclear(moved, kept, answered=True)
    if status >= 500:  # noqa: PLR2004
        return Unclear(f"The provider had a fault (HTTP {status}).", kept, answered=True)
    return Unclear(UNREADABLE, kept, answered=True)


def _judge_ok(order_id: str, error: str | None, kept: str) -> Answer:
    if order_id:
        if error is None:
            return Accepted(order_id, kept)
        return Unclear(YES_AND_NO, kept, answered=True)
    if error is None:
        return Unclear(UNREADABLE, kept, answered=True)
    return _known_refusal(error, kept) or Unclear(UNKNOWN_WORDS, kept, answered=True)


def _known_refusal(error: str, kept: str) -> Answer | None:
    words = " ".join(re.findall(r"[a-z0-9]+", error.lower()))
    for phrases, verdict in _KNOWN_REFUSALS:
        if any(phrase in words for phrase in phrases):
            return verdict(kept)
    return None


def _object(text: str) -> dict[str, object]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _order_id(said: dict[str, object]) -> str:
    """The provider's number for the order, empty if there is none that can be used."""
    order = said.get("order")
    if isinstance(order, bool) or not isinstance(order, int | str):
        return ""
    text = str(order).strip()
    return text if _ORDER_ID.fullmatch(text) else ""


def _error(said: dict[str, object]) -> str | None:
    """What the provider says went wrong; None if it says nothing of the kind."""
    error = said.get("error")
    if not error and said.get("status") == "error":
        error = said.get("message") or "error"
    return str(error) if error else None
