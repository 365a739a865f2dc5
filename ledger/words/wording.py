"""Amounts and counts in plain English, for auditors: the command line, and events as text.

What people read in Telegram and on the pages goes through the catalogs (`i18n/`).
"""

_IRREGULAR = {"person": "people"}
MINUS = "−"


def counted(number: int, noun: str) -> str:
    """`1 order`, `2 orders`, `1,234 people`; the noun is given in the singular."""
    return f"{amount(number)} {plural(number, noun)}"


def plural(number: int, noun: str) -> str:
    """The form of a noun that belongs to this number."""
    return noun if abs(number) == 1 else _IRREGULAR.get(noun, f"{noun}s")


def amount(number: int) -> str:
    """`1,234`; a negative one has a real minus sign."""
    return f"{number:,}".replace("-", MINUS)


def change(number: int) -> str:
    """A change with its sign: `+1,234`, `0`, or with a minus sign."""
    return f"+{number:,}" if number > 0 else amount(number)
