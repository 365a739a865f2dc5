"""What the words of a refusal mean, in the languages that order providers use.

An order provider that reports an error has not taken the order, whatever its words. The words only
decide what follows: `DOUBT` (a person must look), a problem of ours (the order waits), or nothing
of both: the order is refused, and its points go back. See `orders.providers.phrases` for how the
phrases are written.
"""

import re
from collections.abc import Sequence
from enum import Enum
from typing import Final, Literal, TypeAlias

from ledger.reason_codes import ReasonCode
from orders.providers import refusal_phrases as phrases
from orders.providers import refusal_phrases_worldwide as worldwide
from orders.providers.echoes import Echo
from orders.providers.phrases import compiled, words_of


class _Doubt(Enum):
    DOUBT = "doubt"


DOUBT: Final = _Doubt.DOUBT
"""The words don't exclude that the order was taken."""

Meaning: TypeAlias = ReasonCode | Literal[_Doubt.DOUBT]

_FAULT = compiled(phrases.FAULTS + worldwide.FAULTS)
_HELD = (
    (ReasonCode.PROVIDER_RATE_LIMIT, compiled(phrases.RATE + worldwide.RATE)),
    (ReasonCode.PROVIDER_FUNDS_EMPTY, compiled(phrases.FUNDS + worldwide.FUNDS)),
    (ReasonCode.PROVIDER_MAINTENANCE, compiled(phrases.MAINTENANCE + worldwide.MAINTENANCE)),
    (ReasonCode.PROVIDER_SETTINGS_WRONG, compiled(phrases.SETTINGS + worldwide.SETTINGS)),
)
_HELD_UNLESS_OF_VIDEO = (
    (ReasonCode.PROVIDER_SETTINGS_WRONG, compiled(phrases.ACCESS)),
    (ReasonCode.PROVIDER_RATE_LIMIT, compiled(phrases.QUOTA)),
)
_OF_THE_VIDEO = compiled(phrases.OF_THE_VIDEO)
_PLAIN_NO = compiled(phrases.PLAIN_NO)
_TEMPORARY = compiled(phrases.TEMPORARY)
_REASONS: tuple[tuple[Meaning, re.Pattern[str]], ...] = (
    # An order is sent once, so the active order that this speaks of is an earlier one.
    (ReasonCode.EARLIER_ORDER_RUNNING, compiled(phrases.EARLIER_ORDER)),
    (ReasonCode.VIDEO_LIMIT_REACHED, compiled(phrases.LIMIT_OF_VIDEO)),
    (ReasonCode.SERVICE_DISCONTINUED, compiled(phrases.SERVICE)),
    (ReasonCode.QUANTITY_REFUSED, compiled(phrases.QUANTITY)),
    (ReasonCode.LINK_REFUSED, compiled(phrases.BAD_LINK)),
    (DOUBT, compiled(phrases.UNDECIDED + worldwide.UNDECIDED)),
    (ReasonCode.LINK_REFUSED, compiled(phrases.LINK)),
)
"""The first that fits decides."""
HELD: Final = frozenset(code for code, _ in _HELD)
"""Refusals that every order would get until something about us or the provider changes."""


def meaning_of(texts: Sequence[str], echo: Echo) -> Meaning:
    """What the texts of a refusal mean; the first row that fits decides.

    What we sent ourselves, the customer's link above all, must not speak for the provider. Where
    it says that orders must wait, every trace of it is removed. Where it may hide doubt, only what
    is certainly the link: a link to `@timeout` must not remove the provider's own word.
    """
    said = [words_of(echo.without_link(text)) for text in texts]
    own = [echo.without_pieces(words_of(echo.without_names(text))) for text in texts]
    if _in(_FAULT, said):
        return DOUBT
    for code, pattern in _HELD:
        if _in(pattern, own):
            return code
    if not _in(_OF_THE_VIDEO, said):
        for code, pattern in _HELD_UNLESS_OF_VIDEO:
            if _in(pattern, own):
                return code
    return DOUBT if _in(_TEMPORARY, said) else _reason(said, own)


def _reason(said: Sequence[str], own: Sequence[str]) -> Meaning:
    """Why this one order was refused, if it certainly was."""
    is_plain_no = _in(_PLAIN_NO, own)
    for meaning, pattern in _REASONS:
        if meaning is DOUBT and is_plain_no:
            continue
        if _in(pattern, said if meaning is DOUBT else own):
            return meaning
    return ReasonCode.REFUSED


def _in(pattern: re.Pattern[str], texts: Sequence[str]) -> bool:
    return any(pattern.search(text) for text in texts)
