"""Amounts of the panel's currency: whole micro-units (10^-6) inside, decimal text outside."""

from decimal import ROUND_CEILING, Decimal, InvalidOperation

MICRO = 1_000_000
AMOUNT_MAX = Decimal(10**12)
PLACES = 5


class WrongAmountError(Exception):
    """What is no amount of money."""


def micro_of(text: str) -> int:
    """The micro-units of a decimal text; raises WrongAmountError for what is none."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) > AMOUNT_MAX:
        raise WrongAmountError(f"{text!r} is no amount; write it as 12.34")
    return int((amount * MICRO).to_integral_value(ROUND_CEILING))


def text_of(micro: int) -> str:
    """The decimal text, with five places; a sixth only if the amount needs it."""
    text = f"{Decimal(micro) / MICRO:f}"
    whole, _, part = text.partition(".")
    return f"{whole}.{part.rstrip('0').ljust(PLACES, '0')}"
