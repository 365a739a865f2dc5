"""Reads a language's catalog for the standard library's gettext, without a build step."""

import logging
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from i18n.checks import faults
from i18n.languages import SOURCE, Language

DOMAIN = "viewbank"
LOCALE_DIR = Path(__file__).parent / "locale"

_log = logging.getLogger(__name__)


def catalog_path(language: Language, folder: Path = LOCALE_DIR) -> Path:
    """The language's `.po` file."""
    return folder / language.catalog / "LC_MESSAGES" / f"{DOMAIN}.po"


def load(language: Language, folder: Path = LOCALE_DIR) -> NullTranslations:
    """A language's translations; what has none, or a faulty one, stays English.

    Raises:
        OSError: the catalog can't be read.
        PoFileError: it is no catalog.
    """
    if language == SOURCE:
        return NullTranslations()
    with catalog_path(language, folder).open("rb") as file:
        catalog = read_po(file, ignore_obsolete=True, abort_invalid=True)
    _leave_out_what_is_unfit(catalog, language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


def forms_of(message: Message) -> tuple[str, ...]:
    """The translation of a text: one form, or all plural forms; empty ones are not filled in."""
    found = message.string or ""
    return (found,) if isinstance(found, str) else tuple(found)


def is_translated(message: Message) -> bool:
    """Whether all forms are filled in. A plural that is filled in by half counts as English."""
    return all(forms_of(message)) and not message.fuzzy


def _leave_out_what_is_unfit(catalog: Catalog, language: Language) -> None:
    for message in list(catalog):
        if not message.id:
            continue  # the header
        source = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        forms = forms_of(message)
        if not is_translated(message):
            catalog.delete(message.id, message.context)
        elif found := faults(source, forms):
            _log.error("Translation to %s left out: %s", language.tag, "; ".join(found))
            catalog.delete(message.id, message.context)
