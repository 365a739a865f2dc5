"""The language of a page: `?lang=` in its address, else the browser's languages, else English."""

import re
from typing import NamedTuple

from aiohttp.web import Request

from i18n import Language, Translator, Translators
from i18n.languages import DEFAULT, nearest

TAG_CHARS_MAX = 35
"""The longest language tag that software has to know (RFC 5646, 4.4.1)."""

_RANGE = re.compile(
    r"(?P<tag>[a-z]{1,8}(?:-[a-z0-9]{1,8})*)"
    r"(?:[ \t]*;[ \t]*q[ \t]*=[ \t]*(?P<weight>0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?",
    re.IGNORECASE | re.ASCII,
)


class Reader(NamedTuple):
    """Somebody who opens a page."""

    t: Translator
    chosen: bool = False
    """Whether they chose the language on a page. If so, links to other pages keep it."""


def reader_of(request: Request, translators: Translators) -> Reader:
    """Who reads the answer to a request, as far as language goes."""
    if chosen := _known(request.query.get("lang", "")):
        return Reader(translators[chosen], chosen=True)
    accepted = ",".join(request.headers.getall("Accept-Language", []))
    return Reader(translators[negotiate(accepted)])


def negotiate(accept_language: str) -> Language:
    """The best known language for an `Accept-Language` header.

    Entries that are malformed count for nothing. So does `*`, because a reader to whom all
    languages are equal gets the default anyway.
    """
    for tag in accepted_tags(accept_language):
        if language := _known(tag):
            return language
    return DEFAULT


def accepted_tags(accept_language: str) -> list[str]:
    """The language tags in a header, most wanted first, without those that are refused (`q=0`)."""
    weighted: list[tuple[float, str]] = []
    for entry in accept_language.split(","):
        if found := _RANGE.fullmatch(entry.strip()):
            weight = float(found["weight"] or 1)
            if weight:
                weighted.append((weight, found["tag"]))
    weighted.sort(key=lambda pair: -pair[0])
    return [tag for _, tag in weighted]


def _known(tag: str) -> Language | None:
    return nearest(tag) if len(tag) <= TAG_CHARS_MAX else None
