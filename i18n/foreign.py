"""Names and texts that others chose, made fit to stand within a sentence of ours.

Direction marks, control characters and piles of accents are taken out of a name. What is written
from right to left is isolated, so that it can't reorder the numbers beside it. A text of letters
that run from left to right, as in all languages of the catalogs, needs no isolation and gets none.
"""

import unicodedata

ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"
ACCENTS_MAX = 3
"""On one letter. Alphabets that are in use have no more."""

_JOINERS = "\u200c\u200d"
"""Invisible, and needed in Persian words and composed emoji."""
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs that show nothing."""
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def foreign_name(name: str) -> str:
    """A name on one line; empty if nothing of it can be seen."""
    if name.isascii() and name.isprintable():
        return " ".join(name.split())
    letters: list[str] = []
    accents = 0
    for letter in name:
        category = unicodedata.category(letter)
        accents = accents + 1 if category in {"Mn", "Me"} else 0
        if category in {"Cc", "Zl", "Zp"}:
            letters.append(" ")
        elif accents <= ACCENTS_MAX and not _is_invisible(letter, category):
            letters.append(letter)
    return isolated(" ".join("".join(letters).strip(_JOINERS).split()), was=name)


def foreign_text(text: str) -> str:
    """A text of one or more lines without its marks of direction."""
    if text.isascii():
        return text
    kept = "".join(letter for letter in text if not _is_direction_mark(letter))
    return isolated(kept, was=text)


def isolated(text: str, *, was: str = "") -> str:
    """The text, isolated if it or `was`, what it was made of, could reorder what stands beside."""
    if not text or not any(_reorders(letter) for letter in was or text):
        return text
    return f"{ISOLATE}{text}{END_OF_ISOLATE}"


def _is_invisible(letter: str, category: str) -> bool:
    return letter in _BLANKS or (category in {"Cf", "Cs", "Cn"} and letter not in _JOINERS)


def _is_direction_mark(letter: str) -> bool:
    return (
        letter in "\u061c\u200e\u200f"
        or "\u202a" <= letter <= "\u202e"
        or ("\u2066" <= letter <= "\u2069")
    )


def _reorders(letter: str) -> bool:
    return _is_direction_mark(letter) or unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT
