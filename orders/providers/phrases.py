"""Phrases: matching what people write in any language, without regard to case, accents and marks.

A phrase is a row of words. A word stands for all words that begin with it, `word!` only for itself,
`one/two` for either, and `..` for up to four words of any kind.
"""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_CAMEL_CASE = re.compile(r"(?<=[a-z][a-z])(?=[A-Z])")
_APOSTROPHES = re.compile("['\u2019\u02bc`]")
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "đ": "d", "ø": "o"})
"""Letters that Unicode does not take apart, though people do."""
_WITHOUT_SPACES = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
"""Letters of languages that write no spaces between words: Thai, Japanese, Chinese."""
_ANY_WORDS = r"(?: \S+){0,4}"


@lru_cache(maxsize=1024)
def words_of(text: str) -> str:
    """The words of a text, in lower case, with single spaces between them."""
    text = _APOSTROPHES.sub("", _CAMEL_CASE.sub(" ", text))
    letters = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    # Accents, vowel signs, and characters that only steer the display.
    shown = (one for one in letters if unicodedata.category(one) not in {"Mn", "Mc", "Me", "Cf"})
    return " ".join(_WORD.findall("".join(shown)))


def compiled(phrases: str) -> re.Pattern[str]:
    """A pattern for words that have one of these phrases in them; `|` or a line end ends each."""
    found = [phrase.strip() for phrase in re.split(r"[|\n]", phrases) if phrase.strip()]
    return re.compile("|".join(_pattern(phrase.split()) for phrase in found))


def _pattern(words: list[str]) -> str:
    pattern = ""
    for word in words:
        if word == "..":
            pattern += _ANY_WORDS
        else:
            pattern += (" " if pattern else "") + _any_of(word.split("/"))
    return pattern


def _any_of(choices: list[str]) -> str:
    return f"(?:{'|'.join(map(_one, choices))})"


def _one(word: str) -> str:
    letters = words_of(word)
    if _WITHOUT_SPACES.search(letters):
        return letters
    return rf"\b{letters}\b" if word.endswith("!") else rf"\b{letters}\w*"
