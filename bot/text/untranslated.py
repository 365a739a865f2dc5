"""English amounts and moments for the texts of admins, until those are translated too."""

from bot.text import formats
from i18n import Translator

_ENGLISH = Translator()

bar = formats.bar


def points(amount: int) -> str:
    """`1 point`, `1,234 points`."""
    return formats.points(_ENGLISH, amount)


def views(amount: int) -> str:
    """`1 view`, `1,234 views`."""
    return formats.views(_ENGLISH, amount)


def day_and_time(moment: str) -> str:
    """`22 Nov 2026, 16:20` (UTC) from a moment of the log."""
    return formats.day_and_time(_ENGLISH, moment)
