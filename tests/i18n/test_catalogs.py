"""The catalogs are well-formed, valid in Telegram, and up to date with the code.

They are read with polib here, independently of the reader that the program uses.
"""

from gettext import c2py
from xml.etree import ElementTree as ET

import polib
import pytest
from babel import Locale

from i18n import Translators
from i18n.catalog import catalog_path
from i18n.checks import faults
from i18n.extraction import extracted, header_of, template_path, with_header
from i18n.languages import LANGUAGES, SOURCE
from i18n.template import parse

TRANSLATED = [language for language in LANGUAGES if language != SOURCE]
COUNTS = (0, 1, 2, 5, 11, 21, 22, 101)
DUMMY = "<&\N{GRINNING FACE}>"


def read(path):
    return polib.pofile(str(path), encoding="utf-8", check_for_duplicates=True)


def entries(language):
    """What is in the catalog, without what is there no more."""
    return [entry for entry in read(catalog_path(language)) if not entry.obsolete]


def key(entry):
    return (entry.msgctxt, entry.msgid, entry.msgid_plural)


def source_of(entry):
    return (entry.msgid, entry.msgid_plural) if entry.msgid_plural else (entry.msgid,)


def forms_of(entry):
    if entry.msgid_plural:
        return [entry.msgstr_plural[index] for index in sorted(entry.msgstr_plural)]
    return [entry.msgstr]


def name_of(language):
    return language.tag


def test_the_template_is_up_to_date():
    path = template_path()
    fresh = with_header(header_of(path), extracted())
    assert path.read_text(encoding="utf-8") == fresh, "run: make texts"
    assert len(read(path)) >= 5


@pytest.mark.parametrize("language", TRANSLATED, ids=name_of)
class TestCatalog:
    def test_it_has_every_text_of_the_code(self, language):
        assert {key(e) for e in entries(language)} == {key(e) for e in read(template_path())}, (
            "run: make texts"
        )

    def test_its_plural_rule_is_cldr_s_for_whole_numbers(self, language):
        header = read(catalog_path(language)).metadata["Plural-Forms"]
        count, rule = header.removesuffix(";").split("; plural=")
        index_of, locale = c2py(rule), Locale.parse(language.locale)
        pairs = {(index_of(n), locale.plural_form(n)) for n in (*range(1000), 10**6, 10**6 + 1)}
        assert count == f"nplurals={len(pairs)}"
        assert {index for index, _ in pairs} == set(range(len(pairs)))
        assert len({form for _, form in pairs}) == len(pairs)

    def test_no_entry_is_fuzzy(self, language):
        assert [e.msgid for e in entries(language) if e.fuzzy] == []

    def test_plural_forms_are_filled_in_together(self, language):
        header = read(catalog_path(language)).metadata["Plural-Forms"]
        for entry in entries(language):
            forms = forms_of(entry)
            assert all(forms) or not any(forms), entry.msgid
            if entry.msgid_plural:
                assert header.startswith(f"nplurals={len(forms)};"), entry.msgid

    def test_every_translation_is_fit_to_be_shown(self, language):
        translated = [e for e in entries(language) if all(forms_of(e))]
        assert len(translated) >= 5
        found = [fault for e in translated for fault in faults(source_of(e), forms_of(e))]
        assert found == []

    def test_nothing_is_left_in_english(self, language):
        assert [entry.msgid for entry in entries(language) if not all(forms_of(entry))] == []

    def test_every_translation_is_used(self, language):
        """Reading and compiling lost none of them."""
        t = Translators(strict=True)[language]
        for entry in entries(language):
            if all(forms_of(entry)):
                shown = {form_shown(t, entry, n) for n in range(200)}
                assert shown == set(forms_of(entry)), entry.msgid


def form_shown(t, entry, n):
    """The form of a text for a number, with its placeholders as they are."""
    shown = {name: f"{{{name}}}" for name in names_of(entry)}
    if entry.msgid_plural:
        return t.plural(entry.msgid, entry.msgid_plural, n, **shown)
    if entry.msgctxt:
        return t.ctx(entry.msgctxt, entry.msgid, **shown)
    return t(entry.msgid, **shown)


def names_of(entry):
    return set().union(*(parse(text).names for text in source_of(entry)))


@pytest.mark.parametrize("language", LANGUAGES, ids=name_of)
def test_every_text_renders(language):
    t = Translators(strict=True)[language]
    texts = read(template_path())
    for entry in texts:
        dummies = dict.fromkeys(names_of(entry) - {"n"}, DUMMY)
        if entry.msgid_plural:
            shown = [t.plural(entry.msgid, entry.msgid_plural, n, **dummies) for n in COUNTS]
            assert all(t.number(n) in text for n, text in zip(COUNTS, shown, strict=True))
        elif entry.msgctxt:
            shown = [t.ctx(entry.msgctxt, entry.msgid, **dummies)]
        else:
            numbers = {"n": 1} if "n" in names_of(entry) else {}
            shown = [t(entry.msgid, **dummies, **numbers)]
        for html in shown:
            # Well-formed XML is well-formed Telegram HTML: read by a parser that isn't ours.
            page = ET.fromstring(f"<p>{html}</p>")
            assert "".join(page.itertext()).strip(), html
    assert len(texts) >= 5
