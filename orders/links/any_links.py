"""Reads a link to any public site, for services of platforms that are in no table.

Such a link can't be rebuilt from an id. It is checked and written in one way: what could be read
in two ways is refused.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import SplitResult, quote, unquote

from ledger.untrusted.typed_text import cleaned
from orders.links.addresses import HOST_NAME, Located, host_name, located, split
from orders.links.found_links import found_links
from orders.links.platforms import ORDER_SITE_OF_DOMAIN
from orders.links.results import (
    DisguisedLink,
    LinkedItem,
    NotALink,
    OrderLinkRefusal,
    SeveralLinks,
    TooLong,
    UnknownSite,
    most_telling,
)
from orders.links.targets import Target

LONGEST_ANY_LINK_CHARS: Final = 500

_WEB: Final = re.compile(r"https?://", re.IGNORECASE)
_AT_BEGIN: Final = "([{<'\"`*_«„“‘"
_AT_END: Final = ".,;:!?*~'\"`>»”’"
_BRACKETS: Final = {")": "(", "]": "[", "}": "{"}

# Names that mean this machine, this network, or nothing.
_NOT_PUBLIC: Final = frozenset(
    {
        *("corp", "home", "internal", "intranet", "lan", "local", "localdomain", "private"),
        *("alt", "arpa", "example", "invalid", "localhost", "onion", "test"),
    }
)
_DEFAULT_PORTS: Final = {"http": {None, 80}, "https": {None, 443}}

_TRACKING: Final = re.compile(
    r"utm_.*|(?:dcl|fbcl|gcl|mscl|ttcl|twcl|ycl|yscl)id|gbraid|wbraid|igshi?d?|mc_[ce]id|mkt_tok"
    r"|_ga|_gl|_openstat"
)
_PLAIN: Final = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[89A-F][0-9A-F])*", re.ASCII)
_ESCAPES: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+", re.ASCII)
_DOTS: Final = re.compile(r"/\.{1,2}(?:/|\Z)")


def read_any_link(text: str, target: Target) -> LinkedItem | OrderLinkRefusal:
    """Read the one link in a text. A site in the tables has the same link and key as there."""
    items: dict[str, LinkedItem] = {}
    refusals: list[OrderLinkRefusal] = []
    for link in _links_in(text):
        read = _read_link(link, target)
        if isinstance(read, LinkedItem):
            items.setdefault(read.key, read)
        else:
            refusals.append(read)
    if len(items) > 1:
        return SeveralLinks(tuple(items.values()))
    for item in items.values():
        return item
    return most_telling(text, refusals)


def _links_in(text: str) -> Iterator[str]:
    """Links without a scheme, or glued to something, may not have brackets in them. Others may."""
    rest = []
    for written in cleaned(text).split():
        word = written.lstrip(_AT_BEGIN)
        if _WEB.match(word) and len(_WEB.findall(word)) == 1:
            yield _without_end(word.replace("&amp;", "&"))
        else:
            rest.append(written)
    yield from found_links(" ".join(rest))


def _without_end(word: str) -> str:
    """A link without the signs that end the sentence or the brackets around it."""
    while True:
        link = word.rstrip(_AT_END)
        opening = _BRACKETS.get(link[-1:])
        if opening and link.count(opening) < link.count(link[-1:]):
            link = link[:-1]
        if link == word:
            return link
        word = link


def _read_link(
    link: str, target: Target
) -> LinkedItem | NotALink | TooLong | DisguisedLink | UnknownSite:
    at = located(link, ORDER_SITE_OF_DOMAIN)
    if isinstance(at, TooLong | NotALink | DisguisedLink):
        return at
    if isinstance(at, Located) and (item := _known(at, target)):
        return item
    parts = split(link)
    return _canonical(parts) if isinstance(parts, SplitResult) else parts


def _known(at: Located, target: Target) -> LinkedItem | None:
    posts = (*at.site.post_shapes, *at.site.shapes)
    pages = at.site.page_shapes
    return at.item((*pages, *posts) if target is Target.PAGE else (*posts, *pages))


def _canonical(parts: SplitResult) -> LinkedItem | TooLong | DisguisedLink | UnknownSite:
    scheme, host = parts.scheme.lower(), host_name(parts)
    if not HOST_NAME.fullmatch(host) or host.rpartition(".")[2] in _NOT_PUBLIC:
        return UnknownSite(host)
    path, query = _plain(parts.path or "/"), _plain(_without_tracking(parts.query))
    if path is None or query is None or _DOTS.search(path):
        return DisguisedLink()
    if parts.port not in _DEFAULT_PORTS[scheme]:
        return DisguisedLink()
    address = f"{host}{path}{'?' if query else ''}{query}"
    link = f"{scheme}://{address}"
    if len(link) > LONGEST_ANY_LINK_CHARS:
        return TooLong(length_chars=len(link), limit_chars=LONGEST_ANY_LINK_CHARS)
    # Neither the scheme nor the order of the parameters makes it another page.
    same = f"{host}{path}?{'&'.join(sorted(query.split('&')))}"
    return LinkedItem(
        link=link, key=f"link:{hashlib.sha256(same.encode()).hexdigest()[:16]}", platform=""
    )


def _without_tracking(query: str) -> str:
    """The parameters that decide what is shown, in their order."""
    return "&".join(
        one
        for one in query.split("&")
        if one and not _TRACKING.fullmatch(unquote(one.partition("=")[0]).lower())
    )


def _plain(text: str) -> str | None:
    """A path or query with only those letters encoded that need it; None if another sign is.

    Some panels decode a link once more. That must not make another link of it, so no sign of plain
    Latin text may be encoded.
    """
    decoded = _ESCAPES.sub(lambda escapes: _decoded(escapes[0]), text)
    encoded = quote(decoded, safe="%~!$&'()*+,;=:@/?", encoding="utf-8", errors="replace")
    return encoded if _PLAIN.fullmatch(encoded) else None


def _decoded(escapes: str) -> str:
    """What is encoded, if it may be: a letter of another alphabet, or one that needn't be."""
    try:
        text = unquote(escapes, errors="strict")
    except UnicodeDecodeError:
        return "%"
    allowed = all(one in "-._~" or one.isalnum() or not one.isascii() for one in text)
    return text if allowed else "%"
