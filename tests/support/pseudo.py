"""A pseudo-language, to find texts that can't be translated.

Every translated text is in brackets, with accents on its letters; text without them is written
into the code. Placeholders and tags stay as they are.
"""

import re
from gettext import NullTranslations

from i18n import Translator
from i18n.languages import SOURCE

ACCENTED = str.maketrans("aceinouyACEINOUY", "áçéíñöüÿÁÇÉÍÑÖÜŸ")
KEPT = re.compile(r"(\{\{|\}\}|\{[a-z][a-z0-9_]*\}|<[^<>]*>|&[a-z]+;|/[a-z]+)")


def pseudo(text: str) -> str:
    parts = KEPT.split(text.strip())
    parts[::2] = [part.translate(ACCENTED) for part in parts[::2]]
    return text.replace(text.strip(), f"⟦{''.join(parts)}⟧") if text.strip() else text


class PseudoTranslations(NullTranslations):
    def gettext(self, message):
        return pseudo(message)

    def ngettext(self, msgid1, msgid2, n):
        return pseudo(super().ngettext(msgid1, msgid2, n))

    def pgettext(self, _context, message):
        return pseudo(message)


def pseudo_translator() -> Translator:
    return Translator(SOURCE, PseudoTranslations(), strict=True)
