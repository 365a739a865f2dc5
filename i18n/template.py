"""The format of messages: HTML with `{name}` placeholders, and nothing else in braces.

Translators write templates too, so a template can't reach into its arguments: attributes,
indexes, conversions, format specifications and positions are refused. `{{` and `}}` are braces.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from i18n.markup import Html, escape

CACHED_MAX = 4096
"""More than there are messages in any language."""

_BRACES = re.compile(r"(\{\{|\}\}|\{[a-z][a-z0-9_]*\}|[{}])")


class TemplateError(ValueError):
    """A template that is malformed, or whose placeholders don't match its arguments."""


class Template(NamedTuple):
    """A template, parsed."""

    source: str
    names: frozenset[str]
    parts: tuple[str, ...]
    """What it consists of, with a gap for each placeholder."""
    gaps: tuple[tuple[int, str], ...]
    """Index in `parts` and name of each placeholder, one placeholder maybe several times."""
    whole: Html
    """The text with its gaps left empty: ready for use if there are none."""

    def filled(self, arguments: Mapping[str, str | int], number: Callable[[int], str]) -> Html:
        """The text with its arguments, each escaped unless it is HTML.

        Args:
            arguments: a value for each placeholder.
            number: writes the whole numbers among them.

        Raises:
            KeyError: an argument is missing.
        """
        parts = list(self.parts)
        for index, name in self.gaps:
            value = arguments[name]
            if isinstance(value, str):
                parts[index] = value if isinstance(value, Html) else escape(value)
            else:
                parts[index] = number(value)
        return Html("".join(parts))


@lru_cache(CACHED_MAX)
def parse(source: str) -> Template:
    """Parse a template.

    Raises:
        TemplateError: there is something in braces that is not a plain name.
    """
    parts = _BRACES.split(source)  # text, braces, text, braces, text
    gaps = []
    for index in range(1, len(parts), 2):
        found = parts[index]
        if found in ("{", "}"):
            raise TemplateError(f"only plain names can be in braces: {source!r}")
        if found in ("{{", "}}"):
            parts[index] = found[0]
        else:
            parts[index] = ""
            gaps.append((index, found[1:-1]))
    names = frozenset(name for _, name in gaps)
    return Template(source, names, tuple(parts), tuple(gaps), Html("".join(parts)))


def literally(source: str) -> Template:
    """A template that shows exactly this text, braces included."""
    return Template(source, frozenset(), (source,), (), Html(source))
