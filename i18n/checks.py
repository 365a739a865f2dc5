"""What must be true of a translation before anybody gets to read it.

The tests refuse a catalog with a fault. At start, a faulty translation is left out, and its
readers get the English text.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from i18n.template import TemplateError, parse

TAGS = frozenset(("a", "b", "blockquote", "code", "i", "pre", "s", "tg-spoiler", "u"))
"""What Telegram accepts and pages understand as well."""

_TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)( [^<>]*)?>")


def faults(source: Sequence[str], forms: Sequence[str]) -> list[str]:
    """What is wrong with the forms of a translation, in words; nothing if all is well.

    Args:
        source: the English text; for a plural, singular and plural.
        forms: the translation; for a plural, every form. The source itself can be checked too.
    """
    try:
        names = frozenset[str]().union(*(parse(text).names for text in source))
    except TemplateError as error:
        return [str(error)]
    return [fault for form in forms for fault in _faults(source[-1], names, form)]


def _faults(source: str, names: frozenset[str], form: str) -> Iterator[str]:
    try:
        found = parse(form).names
    except TemplateError as error:
        yield str(error)
        return
    if found != names:
        yield f"placeholders {sorted(found)} instead of {sorted(names)} in {form!r}"
    if _opening_tags(form) != _opening_tags(source):
        yield f"other tags than in {source!r}: {form!r}"
    if _margins(form) != _margins(source):
        yield f"other white space at the ends than in {source!r}: {form!r}"
    yield from _bad_html(form)


def _bad_html(form: str) -> Iterator[str]:
    """Tags that are unknown, unclosed or crossed, and angle brackets of no tag."""
    opened: list[str] = []
    for match in _TAG.finditer(form):
        closing, tag, _ = match.groups()
        if tag not in TAGS:
            yield f"the tag <{tag}> is not allowed: {form!r}"
        if not closing:
            opened.append(tag)
        elif not opened or opened.pop() != tag:
            yield f"</{tag}> closes nothing: {form!r}"
            return
    if opened:
        yield f"<{opened[-1]}> is not closed: {form!r}"
    if set("<>") & set(_TAG.sub("", form)):
        yield f"an angle bracket that is no tag (write &lt; or &gt;): {form!r}"


def _opening_tags(form: str) -> Counter[str]:
    return Counter(match[0] for match in _TAG.finditer(form) if not match[1])


def _margins(form: str) -> tuple[str, str]:
    return form[: len(form) - len(form.lstrip())], form[len(form.rstrip()) :]
