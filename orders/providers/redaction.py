"""Redaction: keys and other secrets are taken out of what a provider answered."""

import html
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

KEPT_BYTES = 2048
_PREFIX_LENGTH_MIN = 4
_MARK = "***"


class Redaction:
    """Replaces secrets in texts, also as URLs, HTML and JSON write them, in any case."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        self._forms = sorted(forms, key=len, reverse=True)
        choices = "|".join(map(re.escape, self._forms))
        self._pattern = re.compile(choices, re.IGNORECASE) if choices else None

    def hide(self, text: str) -> str:
        """The text without secrets."""
        return self._pattern.sub(_MARK, text) if self._pattern else text

    def kept(self, text: str) -> str:
        """What is recorded of an answer: its first 2 kB, without secrets.

        A text that was cut or broke off may end with the beginning of a secret.
        """
        text = self.hide(text[: 4 * KEPT_BYTES])
        lowered = text.lower()
        for form in self._forms:
            for length in range(len(form) - 1, _PREFIX_LENGTH_MIN - 1, -1):
                if lowered.endswith(form[:length].lower()):
                    text = text[:-length] + _MARK
                    return _cut(text)
        return _cut(text)


def _cut(text: str) -> str:
    return text.encode("utf-8", "replace")[:KEPT_BYTES].decode(errors="ignore")


def _forms(secret: str) -> Iterable[str]:
    escaped = json.dumps(secret)[1:-1]
    yield from (secret, quote(secret), quote(secret, safe=""), quote_plus(secret))
    yield from (html.escape(secret), escaped, escaped.replace("/", r"\/"))
