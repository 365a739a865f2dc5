"""The languages there are, and which of them a reader gets."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from babel import Locale, UnknownLocaleError


class Language(NamedTuple):
    """A language that texts exist in."""

    tag: str
    """As Telegram writes it and profiles store it: lower case, `pt-br`."""
    name: str
    """In the language itself, for the list that people choose from."""
    locale: str
    """Whose numbers and dates it uses, as Babel writes it: `pt_BR`."""

    @property
    def catalog(self) -> str:
        """The name of its folder under `locale/`."""
        return self.tag.replace("-", "_")

    @property
    def direction(self) -> str:
        """Of its script: `ltr` or `rtl`, as in the `dir` attribute of HTML."""
        return Locale.parse(self.locale).text_direction


ENGLISH = Language("en", "English", "en_001")
RUSSIAN = Language("ru", "Русский", "ru")

SOURCE = ENGLISH
"""The language of the texts in the code; it needs no catalog."""

LANGUAGES = (ENGLISH, RUSSIAN)
DEFAULT = ENGLISH


def choose(
    stored: str | None, language_code: str | None, known: Sequence[Language] = LANGUAGES
) -> Language:
    """The language for a person: their own choice, else the nearest to their app's, else ours.

    Args:
        stored: the tag they chose with the bot; one that is not known any more counts for nothing.
        language_code: Telegram's `language_code`, an IETF tag. It may be absent or nonsense.
        known: what to choose from, the default first.
    """
    for language in known:
        if language.tag == stored:
            return language
    return nearest(language_code or "", known) or known[0]


def nearest(language_code: str, known: Sequence[Language] = LANGUAGES) -> Language | None:
    """The known language that is nearest to an IETF tag; None if none is near or it is no tag."""
    if not language_code:
        return None
    by_tag = {language.tag: language for language in known}
    for tag in _candidates(language_code):
        if tag in by_tag:
            return by_tag[tag]
    for language in known:
        if _main(language.tag) in _candidates(language_code):
            return language
    return None


@lru_cache(1024)
def _candidates(tag: str) -> tuple[str, ...]:
    return tuple(_spellings(tag.strip().lower().replace("_", "-")))


def _spellings(tag: str) -> Iterator[str]:
    """What a known language's tag may be to match this one, the best match first."""
    yield tag
    try:
        locale = Locale.parse(tag, sep="-")  # knows scripts (zh-tw: Hant) and old codes (iw: he)
    except (ValueError, UnknownLocaleError):
        yield _main(tag)
        return
    if locale.territory:
        yield f"{locale.language}-{locale.territory}".lower()
    if locale.script:
        yield f"{locale.language}-{locale.script}".lower()
    yield locale.language


def _main(tag: str) -> str:
    return tag.partition("-")[0]
