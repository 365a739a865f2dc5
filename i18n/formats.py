"""Numbers, dates and lists as CLDR writes them in a locale.

One formatting by Babel takes about 13 µs and the same few values come again and again, so results
are cached. Days and times of day are cached apart, since a moment hardly ever comes twice.
"""

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_currency, get_group_symbol

MINUS = "\N{MINUS SIGN}"


@lru_cache(4096)
def number(locale: str, value: int) -> str:
    """A whole number with the locale's digit groups: `1,234`."""
    separator, last, others = _grouping(locale)
    digits = str(abs(value))
    groups = [digits[-last:]]
    digits = digits[:-last]
    while digits:
        groups.insert(0, digits[-others:])
        digits = digits[:-others]
    return (MINUS if value < 0 else "") + separator.join(groups)


@lru_cache
def _grouping(locale: str) -> tuple[str, int, int]:
    """Separator, size of the last group, size of the others: Hindi writes 12,34,567."""
    last, others = Locale.parse(locale).decimal_formats[None].grouping
    return get_group_symbol(locale), last, others


@lru_cache(1024)
def usd(locale: str, microusd: int) -> str:
    """An amount in US dollars: `$12.35`, and of little ones more places: `$0.0352`."""
    amount = Decimal(microusd) / 1_000_000
    places = next(places for least, places in _USD_PLACES if abs(amount) >= least)
    text = format_currency(round(amount, places), "USD", locale=locale, decimal_quantization=False)
    return text.replace("-", MINUS)


@lru_cache(1024)
def money(locale: str, micro: int, currency: str) -> str:
    """An exact amount in any currency: `$12.40`, `$0.0045`; without a currency the number alone."""
    amount = Decimal(micro) / 1_000_000
    text = format_currency(amount, currency, locale=locale, decimal_quantization=False)
    return text.strip().replace("-", MINUS)


_USD_PLACES = ((Decimal(1), 2), (Decimal("0.01"), 4), (Decimal(0), 6))
"""How many decimal places an amount of at least this much has."""


@lru_cache(1024)
def day(locale: str, value: date) -> str:
    """A date: `22 Nov 2026`."""
    return format_date(value, "medium", locale=locale)


def day_and_time(locale: str, value: datetime) -> str:
    """A date and the time of day, on the 24-hour clock: `22 Nov 2026, 16:20`."""
    clock = _clock(locale, value.hour, value.minute)
    return _day_and_time_pattern(locale).format(clock, day(locale, value.date()))


@lru_cache(4 * 24 * 60)
def _clock(locale: str, hour: int, minute: int) -> str:
    return format_skeleton("Hm", time(hour, minute), locale=locale)


@lru_cache
def _day_and_time_pattern(locale: str) -> str:
    return str(Locale.parse(locale).datetime_formats["medium"])


@lru_cache(1024)
def all_of(locale: str, items: tuple[str, ...]) -> str:
    """`a, b and c`."""
    return format_list(items, "standard", locale)


@lru_cache(1024)
def any_of(locale: str, items: tuple[str, ...]) -> str:
    """`a, b or c`."""
    return format_list(items, "or", locale)
