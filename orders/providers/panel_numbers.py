"""Numbers as panels write them: as numbers or as text, with or without thousands separators.

What can be read in two ways is not read: `1,234` may be a price of 1.234.
"""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

_SPACES = re.compile("[\u00a0\u202f\u2009 ]")
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_GROUPS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_SPACED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?: [0-9]{3})+(?:\.[0-9]*)?")
_CHARS_MAX = 40
_LARGEST = 10**15
_LARGEST_AMOUNT = 10**12
_MICRO = 10**6


def whole_number(value: object) -> int | None:
    """A whole number, such as `157`, `"157"`, `"157.0"`, `"12,345"`; None if it is none."""
    number = _number(value, one_group=True)
    if number is None or abs(number) > _LARGEST or number != number.to_integral_value():
        return None
    return int(number)


def cost_micro(value: object) -> int | None:
    """What we pay, in millionths, rounded up; None if it can't be read or is below zero."""
    number = _number(value, one_group=False)
    if number is None or not 0 <= number <= _LARGEST_AMOUNT:
        return None
    return int((number * _MICRO).to_integral_value(ROUND_CEILING))


def funds_micro(value: object) -> int | None:
    """What we have, in millionths, rounded down; it may be below zero."""
    number = _number(value, one_group=False)
    if number is None or abs(number) > _LARGEST_AMOUNT:
        return None
    return int((number * _MICRO).to_integral_value(ROUND_FLOOR))


def _number(value: object, *, one_group: bool) -> Decimal | None:
    """A number of any kind.

    Args:
        value: what the panel sent.
        one_group: whether a text like `1,234` is 1234.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    if not isinstance(value, str) or len(value) > _CHARS_MAX:
        return None
    text = _SPACES.sub(" ", value).strip()
    if _PLAIN.fullmatch(text) or _SPACED.fullmatch(text):
        return Decimal(text.replace(" ", ""))
    clear = one_group or "." in text or text.count(",") > 1
    return Decimal(text.replace(",", "")) if clear and _GROUPS.fullmatch(text) else None
