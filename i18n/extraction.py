"""Collects the texts that the code marks, and updates the catalogs with them.

Used by `make texts` and by the tests, never by the running program.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from i18n.catalog import DOMAIN, LOCALE_DIR, catalog_path, is_translated
from i18n.languages import LANGUAGES, SOURCE

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "http/web", "i18n")
"""Where texts for people are written."""

KEYWORDS = {
    "t": (1,),
    "plural": (1, 2),
    "ctx": ((1, "c"), 2),
    "N_": (1,),
    "N_ctx": ((1, "c"), 2),
}
"""The markers, and which of their arguments is the text (`c`: its context)."""

COMMENT_TAG = "Translators:"
"""Begins a comment above a text that is meant for translators."""

METHODS = {"*.py": "python", "*.html": "jinja2.ext:babel_extract"}


class Progress(NamedTuple):
    """How far the translation into a language is."""

    tag: str
    translated: int
    total: int


def template_path() -> Path:
    """The file with all texts and no translations."""
    return LOCALE_DIR / f"{DOMAIN}.pot"


def sources(root: Path = ROOT, rooms: tuple[str, ...] = ROOMS) -> Iterator[tuple[Path, str]]:
    """Every file that may mark texts, with the name of the method that reads it."""
    for room in rooms:
        for pattern, method in METHODS.items():
            for path in sorted((root / room).rglob(pattern)):
                yield path, method


def extracted(root: Path = ROOT, rooms: tuple[str, ...] = ROOMS) -> Catalog:
    """All marked texts of the code."""
    catalog = Catalog(domain=DOMAIN)
    for path, method in sources(root, rooms):
        where = path.relative_to(root).as_posix()
        for line, text, comments, context in extract_from_file(
            method, path, KEYWORDS, [COMMENT_TAG]
        ):
            catalog.add(text, locations=[(where, line)], auto_comments=comments, context=context)
    return catalog


def with_header(header: str, catalog: Catalog) -> str:
    """The text of a catalog's file. Headers are written by hand and kept as they are."""
    body = BytesIO()
    write_po(body, catalog, omit_header=True, sort_by_file=True, include_lineno=False)
    return f"{header}\n\n{body.getvalue().decode().strip()}\n"


def header_of(path: Path) -> str:
    """The hand-written first entry of a catalog's file."""
    return path.read_text(encoding="utf-8").partition("\n\n")[0].rstrip()


def update() -> list[Progress]:
    """Write the template and bring every catalog up to it; texts that are gone become comments."""
    template = extracted()
    path = template_path()
    path.write_text(with_header(header_of(path), template), encoding="utf-8")
    progress = []
    for language in LANGUAGES:
        if language == SOURCE:
            continue
        path = catalog_path(language)
        with path.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
        catalog.update(template, no_fuzzy_matching=True)
        path.write_text(with_header(header_of(path), catalog), encoding="utf-8")
        done = [message for message in catalog if message.id and is_translated(message)]
        progress.append(Progress(language.tag, len(done), len(catalog)))
    return progress
