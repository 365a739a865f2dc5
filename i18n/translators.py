"""One translator per language, and which of them a person reads."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from i18n.catalog import LOCALE_DIR, load
from i18n.languages import LANGUAGES, Language, choose
from i18n.translator import Translator


class Translators:
    """The translators of all languages. Reading the catalogs takes some milliseconds each.

    Raises:
        OSError: a catalog can't be read.
        PoFileError: a file is no catalog.
    """

    def __init__(
        self,
        languages: Sequence[Language] = LANGUAGES,
        folder: Path = LOCALE_DIR,
        *,
        strict: bool = False,
    ) -> None:
        self._languages = tuple(languages)
        self._by_tag = {
            language.tag: Translator(language, load(language, folder), strict=strict)
            for language in languages
        }

    @property
    def default(self) -> Translator:
        """For readers whose language is unknown."""
        return self[self._languages[0]]

    def choose(self, stored: str | None, language_code: str | None) -> Translator:
        """For a person; see `i18n.languages.choose`."""
        return self[choose(stored, language_code, self._languages)]

    def __getitem__(self, language: Language) -> Translator:
        return self._by_tag[language.tag]

    def __iter__(self) -> Iterator[Translator]:
        return iter(self._by_tag.values())
