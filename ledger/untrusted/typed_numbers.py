"""Numbers as people write them: the one parser for what users and admins type.

A text that can mean one whole number is that number: `1 000`, `1,000`, `1.5k`, `+20`, `10 views`,
digits of any script. For everything else there is a `NumberProblem`, so that the person can be told
what is wrong. Nothing is guessed: `100-200` and `1,500k` are no number.
"""

import re
import unicodedata
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple

from ledger.untrusted.typed_text import cleaned

NUMBER_MAX: Final = 2**53 - 1
"""As amounts in the log; no setting and no order is larger either."""

_DIGITS_MAX = 15
_EXPONENT_MAX = 15


class NumberProblem(StrEnum):
    """Why a text is not read as one whole number."""

    NO_DIGITS = "no_digits"
    SEVERAL = "several"
    NOT_WHOLE = "not_whole"
    NOT_EXACT = "not_exact"
    AMBIGUOUS = "ambiguous"
    OTHER_WORDS = "other_words"
    TOO_LARGE = "too_large"


class Wording(NamedTuple):
    """Which words may stand beside a number without changing it.

    Attributes:
        units: what is counted, in small letters: `views`.
        others_max: how many other words are ignored, as in `100 please`.
    """

    units: frozenset[str] = frozenset()
    others_max: int = 0


NUMBER_ALONE: Final = Wording()

_DASHES = re.compile("[\u2012-\u2015\u2212\u207b\ufe58\ufe63\u2796]")
_PLUSES = re.compile("[\u207a\u2795]")
_SIGNS = {0x066B: ".", 0x066C: ",", 0x20E3: None, 0x2019: "'", 0x02BC: "'", 0x00B4: "'"}
"""Arabic decimal and group signs, the frame of a keycap emoji, and apostrophes."""

_NUMBER = re.compile(r"\d(?:[\d.,'_ ]*\d)?")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?e[+-]?\d+")
_SIGN_BEFORE = re.compile(r"(?:^|(?<=[\s(\[\"':=]))([+-]) ?$")
_DANGLING_SIGN = re.compile(r"(?<![^\W\d_])[+-]|[+-](?![^\W\d_])")
"""A sign; not a hyphen inside a word."""
_MULTIPLIER = re.compile(
    r" ?(?:(kk|кк|m|mln|mio|million|millions|м|млн|миллион|миллиона|миллионов)"
    r"|(k|thousand|thousands|к|т|тыс|тысяча|тысячи|тысяч))(?![^\W\d_])\.?"
)
_WORD = re.compile(r"[^\W\d_]+")
_GLUED_BEFORE = re.compile(r"[^\W\d_]+$")
_WITHOUT_SPACES = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""Thai, Japanese, Chinese and Korean: a word may stand right beside a number."""
_FRAMES = (("<", ">"), ("«", "»"))
_INEXACT = re.compile(r"[~≈<>≤≥±*/^\\×÷]")
_MARKUP = re.compile(r"(?:[*_`]|~~)*")
_TIMES = re.compile(r"^[x×] ?(?=\d)|(?<=\d) ?[x×]$")

# Words that change what a number means, or count something else. Matched as beginnings.
_CHANGING_WORD = re.compile(
    r"(?:or|and|not|to|than|from|until|except|minus|plus|times|more|less|over|under|half"
    r"|about|around|max|min|или|и|не|до|от|чем|кроме|минус|плюс|раз|больше|меньше|более|менее"
    r"|около|примерно|k|m|к|м|т|р|s|h|d)$"
    r"|point|percent|buck|dollar|rub|usd|eur|coin|ad(?:s|vert)?$|min|sec|hour|day|week|month|dozen|hundred"
    r"|like|follow|subs|comment|лайк|подпис|коммент|bn$|b$|лям|косар|тонн|тыщ|mm$"
    r"|thousand|million|billion|trillion|lakh|lac$|crore|mil$|mille|milh|millon|milliard|milión"
    r"|tsd|tausend|duizend|tusen|tuhat|ezer|tys|tisíc|bin$|milyon|ribu|rb$|juta|ngh|ngàn|triệu|ming$"
    r"|тисяч|мільйон|мільярд|мың|хиляд|אלף|هزار|ہزار|ألف|الف|آلاف|مليون|میلیون|हज|लाख|कर"
    r"|[百千万萬億亿十]|[백천만억]|พัน|หมื่น|แสน|ล้าน"
    r"|балл|поинт|очк|процент|доллар|руб|евро|реклам|мин|сек|час"
    r"|дн|ден|недел|месяц|полтор|половин|дюжин|сот|сто$|двест|трист|тыс|миллион|млн|миллиард|млрд"
)

_GROUPED = re.compile(
    r"[1-9]\d{0,2}(?:"
    r"(?:[ '_]\d{3})+(?:[.,](?P<after_other>\d+))?"
    r"|(?:,\d{3})+(?:\.(?P<after_commas>\d+))?"
    r"|(?:\.\d{3})+(?:,(?P<after_dots>\d+))?"
    r"|(?:,\d{2})+,\d{3})"
)
_DECIMAL = re.compile(r"(\d+)[.,](\d+)")
_ONE_GROUP = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_LIKE_A_GROUP = re.compile(r"\d{4,}[.,]\d{3}|\d+[.,]0{3,}")
"""Digits that look like a group of thousands, but in the wrong place or too many."""
_GLUED_CHARS_MAX = 40


def read_number(text: str, wording: Wording = NUMBER_ALONE) -> int | NumberProblem:
    """Read the one whole number that a text means."""
    typed = plain_digits(cleaned(text.strip().replace("\n", ";"))).casefold()
    if _has_fraction_sign(typed):
        return NumberProblem.NOT_WHOLE
    typed = typed.lstrip(" ,;!?\"'").rstrip(" .,;!?\"'")
    typed = _TIMES.sub("", _TIMES.sub("", _without_markup(typed)))
    if _SCIENTIFIC.fullmatch(typed):
        return _scientific(typed)
    found = list(_NUMBER.finditer(typed))
    if not found:
        return NumberProblem.NO_DIGITS
    if len(found) > 1:
        return NumberProblem.SEVERAL
    return _one_number(typed[: found[0].start()], found[0][0], typed[found[0].end() :], wording)


def read_plain_number(text: str) -> int | None:
    """The number in a text of only digits, maybe in groups: an id, or a line's number."""
    typed = plain_digits(cleaned(text))
    if not typed[:1].isdecimal() or any(sign.isalpha() for sign in typed):
        return None
    number = read_number(typed)
    return number if isinstance(number, int) else None


def plain_digits(text: str) -> str:
    """The text with the digits of all scripts as 0 to 9, and one kind of minus and plus."""
    if text.isascii():
        return text
    text = _PLUSES.sub("+", _DASHES.sub("-", text)).translate(_SIGNS)
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)


def _has_fraction_sign(text: str) -> bool:
    return any(
        unicodedata.category(sign) == "No" and unicodedata.numeric(sign, 0) % 1 for sign in text
    )


def _without_markup(typed: str) -> str:
    """Without the signs of bold, italic and struck-out text at both ends."""
    for _ in range(2):  # the signs at an end are found from that end on: a search is quadratic
        typed = _MARKUP.sub("", typed, count=1)[::-1]
    return typed


def _scientific(typed: str) -> int | NumberProblem:
    mantissa, _, exponent = typed.partition("e")
    if len(exponent) > len("+15") or abs(int(exponent)) > _EXPONENT_MAX:
        return NumberProblem.TOO_LARGE
    value = _value_of(mantissa.lstrip("+-"))
    if isinstance(value, NumberProblem):
        return value
    value *= Fraction(10) ** int(exponent)
    return _whole(-value if mantissa.startswith("-") else value)


def _one_number(before: str, number: str, after: str, wording: Wording) -> int | NumberProblem:
    sign = _SIGN_BEFORE.search(before)
    before = before[: sign.start()] if sign else before
    multiplier, after = _multiplier(after)
    problem = _problem_around(before, after, wording)
    if problem is not None:
        return problem
    if multiplier > 1 and _ONE_GROUP.fullmatch(number):
        return NumberProblem.AMBIGUOUS
    value = _value_of(number)
    if isinstance(value, NumberProblem):
        return value
    value *= multiplier
    return _whole(-value if sign and sign[1] == "-" else value)


def _multiplier(after: str) -> tuple[int, str]:
    match = _MULTIPLIER.match(after)
    if match is None:
        return 1, after
    return (1_000_000 if match[1] else 1_000), after[match.end() :]


def _problem_around(before: str, after: str, wording: Wording) -> NumberProblem | None:
    """What the signs and words beside a number make of it."""
    for opening, closing in _FRAMES:
        if before.endswith(opening) and after.startswith(closing):
            before, after = before[:-1], after[1:]
    if re.search(r"(?<![.,])[.,]$", before):
        return NumberProblem.NOT_WHOLE
    rest = f"{before} {after}"
    if _INEXACT.search(rest) or after.startswith("+"):
        return NumberProblem.NOT_EXACT
    if _DANGLING_SIGN.search(before) or after.startswith("-"):
        return NumberProblem.AMBIGUOUS
    if any(sign in "%‰°" or unicodedata.category(sign) in {"Sc", "No", "Nl"} for sign in rest):
        return NumberProblem.OTHER_WORDS
    words = [word for word in _WORD.findall(rest) if word not in wording.units]
    if any(word not in wording.units for word in _glued(before, after)):
        return NumberProblem.OTHER_WORDS
    if len(words) > wording.others_max or any(map(_CHANGING_WORD.match, words)):
        return NumberProblem.OTHER_WORDS
    return None


def _glued(before: str, after: str) -> list[str]:
    """Letters right beside the number. They may be digits, as in `1OO`, or multiply it: `5bn`."""
    found = _GLUED_BEFORE.search(before[-_GLUED_CHARS_MAX:]), _WORD.match(after)
    return [word[0] for word in found if word and not _WITHOUT_SPACES.match(word[0])]


def _value_of(number: str) -> Fraction | NumberProblem:
    """The value of digits with group and decimal signs between them."""
    if number.isdecimal():
        return _bounded(number, "")
    if grouped := _GROUPED.fullmatch(number):
        decimals = next((part for part in grouped.groups() if part), "")
        whole = number[: len(number) - len(decimals)]
        return _bounded(re.sub(r"\D", "", whole), decimals)
    if _LIKE_A_GROUP.fullmatch(number):
        return NumberProblem.AMBIGUOUS
    if decimal := _DECIMAL.fullmatch(number):
        return _bounded(decimal[1], decimal[2])
    return NumberProblem.SEVERAL if " " in number else NumberProblem.AMBIGUOUS


def _bounded(whole: str, decimals: str) -> Fraction | NumberProblem:
    whole, decimals = whole.lstrip("0"), decimals.rstrip("0")
    if len(whole) > _DIGITS_MAX + 1:
        return NumberProblem.TOO_LARGE
    if len(decimals) > _DIGITS_MAX:
        return NumberProblem.NOT_WHOLE
    return Fraction(int(whole + decimals or "0"), 10 ** len(decimals))


def _whole(value: Fraction) -> int | NumberProblem:
    if abs(value) > NUMBER_MAX:
        return NumberProblem.TOO_LARGE
    return int(value) if value.denominator == 1 else NumberProblem.NOT_WHOLE
