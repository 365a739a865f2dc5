"""Text as people type and paste it, cleaned in one way for everything that reads it.

Links, numbers, names and searches are all read from `cleaned` text. What is only shown or
recorded, such as a reason, stays as it was written.
"""

import re
import unicodedata
from functools import lru_cache

# Blank, but not of a category that says so: joiners, and fillers of Hangul, Khmer and Braille.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0\u2800")
_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_HYPHENS = frozenset("\u2010\u2011")

_FULL_WIDTH = range(0xFF01, 0xFF5F)
_FULL_WIDTH_OFFSET = 0xFEE0

# A no-break space inside a number groups its digits; any other white space ends a word.
_WORD = re.compile(r"(?:\S|(?<=\d)[\u00a0\u2007\u2009\u202f](?=\d{3}))+")


def cleaned(text: str) -> str:
    """The text without what nobody sees, and with plain spaces and plain Latin signs.

    Invisible and bidirectional marks and variation selectors disappear. Each kind of space and
    each control character becomes a space, and full-width forms become ASCII. Nothing else is
    replaced: a look-alike letter of another script stays what it is.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return "".join(map(_cleaned_character, text)).strip()


@lru_cache(4096)
def _cleaned_character(character: str) -> str:
    if ord(character) in _FULL_WIDTH:
        return chr(ord(character) - _FULL_WIDTH_OFFSET)
    if character in _HYPHENS:
        return "-"
    if character in _BLANK or _VARIATION_SELECTORS.match(character):
        return ""
    match unicodedata.category(character):
        case "Cf" | "Cs":
            return ""
        case "Cc" | "Zs" | "Zl" | "Zp":
            return " "
        case _:
            return character


def words_of(text: str) -> list[str]:
    """The words of a command as they were written, without those that nobody sees.

    `1 000` with a no-break space is one word.
    """
    return [word for word in _WORD.findall(text) if cleaned(word)]
