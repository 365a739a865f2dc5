"""Takes the address of a link apart, and matches it with the rows of a site.

A link that a user sends is parsed once, here, and a new one is built from the parts that name
what it leads to. Only the new link is used: other parsers differ on backslashes, at signs and
tabs, and could read another host out of the same text.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit

import msgspec

from orders.links.platforms import Owners, forwards, site_of
from orders.links.results import (
    LONGEST_LINK_CHARS,
    DisguisedLink,
    LinkedItem,
    NotALink,
    ShortenedLink,
    TooLong,
    UnknownSite,
)
from orders.links.shapes import Page, Platform, Shape, Site

# The last label begins with a letter, so that neither `127.0.0.1` nor `3.50` is a host name.
HOST_NAME: Final = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]+", re.ASCII)

_IP_ADDRESS: Final = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}", re.ASCII)
"""Only an address with a scheme gets this far."""

_AFTER_HOST: Final = re.compile(r"[,;!*~$].*", re.DOTALL)
_AFTER_ID: Final = re.compile(
    r"/?(?:(?:[^A-Za-z0-9_%/@\\\x00-\x1f\x7f-\x9f-]|%(?:20|22|23|26|3[ABDF])).*)?",
    re.DOTALL | re.IGNORECASE,
)
"""Words glued to a link begin with a sign that no id has, maybe encoded: `%3Figsh=…`."""

_MORE_OF_NAME: Final = re.compile(r"[./_-]*\w")


class Located(msgspec.Struct, frozen=True):
    """A link whose host is in the table. `domain` is the one of the site's that it is in."""

    platform: Platform
    site: Site
    domain: str
    parts: SplitResult

    @property
    def host(self) -> str:
        """The link's host name, with its sub-domains."""
        return host_name(self.parts)

    def item(self, shapes: Iterable[Shape]) -> LinkedItem | None:
        """What the link leads to, by the first of these shapes that it has."""
        found = next(self._matches(shapes), None)
        return found and _item(self.platform, found[0], self.domain, found[1])

    def is_opaque(self, shapes: Iterable[Shape]) -> bool:
        """Whether it is a short link, by the first of these shapes that it has."""
        found = next(self._matches(shapes), None)
        return found is not None and found[0].opaque

    def forwards(self) -> bool:
        """Whether the link only redirects."""
        forwards = self.site.forwards
        return forwards is not None and forwards.fullmatch(self._path()) is not None

    def page(self) -> Page:
        """What the site's table says that the link leads to."""
        path = self._path()
        return next((page for pattern, page in self.site.pages if pattern.match(path)), Page.OTHER)

    def _path(self) -> str:
        path = re.sub("/{2,}", "/", self.parts.path).removesuffix("/")
        name = self.host.removesuffix(self.domain).removesuffix(".")
        has_name = self.site.name_in_host and name not in {"", "www"}
        return f"/{name}{path}" if has_name else path

    def _matches(self, shapes: Iterable[Shape]) -> Iterator[tuple[Shape, re.Match[str]]]:
        path, values = self._path(), _values_of(self.parts.query)
        every = tuple(shapes)
        # Some browsers show and copy the names of pages in their own letters.
        for way in dict.fromkeys((path, quote(path, safe="/%@:+,;=~!$&*"))):
            for shape in every:
                text = way + _decisive(shape, values)
                match = shape.pattern.match(text)
                if match and _ends_there(shape, text[match.end() :]):
                    yield shape, match


def located(
    link: str, owners: Owners
) -> Located | NotALink | TooLong | DisguisedLink | ShortenedLink | UnknownSite:
    """Whose a link is, by its host."""
    if len(link) > LONGEST_LINK_CHARS:
        return TooLong(length_chars=len(link), limit_chars=LONGEST_LINK_CHARS)
    parts = split(link)
    if not isinstance(parts, SplitResult):
        return parts
    host = host_name(parts)
    if forwards(host):
        return ShortenedLink(host)
    owner = site_of(host, owners)
    if owner is None:
        is_host = HOST_NAME.fullmatch(host) or _IP_ADDRESS.fullmatch(host)
        return UnknownSite(host) if is_host else NotALink()
    return Located(*owner, parts)


def split(link: str) -> SplitResult | NotALink | DisguisedLink:
    """Split a link into its parts, and check that nothing disguises its host."""
    try:
        parts = urlsplit(link)
        parts = parts._replace(netloc=_AFTER_HOST.sub("", parts.netloc))
        port = parts.port
    except ValueError:  # a broken bracket or port
        return DisguisedLink()
    if "." not in host_name(parts):
        return NotALink()
    # Checked before lower-casing, which turns the Kelvin sign into a plain k.
    plain = parts.netloc.isascii() and not {"@", "\\"} & set(parts.netloc)
    plain = plain and port in {None, 80, 443}
    return parts if plain else DisguisedLink()


def host_name(parts: SplitResult) -> str:
    """The host in lower case, without the dot that may end it."""
    return (parts.hostname or "").removesuffix(".")


def _ends_there(shape: Shape, rest: str) -> bool:
    """Whether nothing follows a match that could name another video or another page."""
    if any(f"?{name}=" in rest for name in shape.parameters):
        return False
    if shape.ends_with_name and _MORE_OF_NAME.match(rest):
        return False
    return _AFTER_ID.fullmatch(rest) is not None


def _item(platform: Platform, shape: Shape, domain: str, match: re.Match[str]) -> LinkedItem:
    fields = {"host": domain, **match.groupdict()}
    if "kind" in fields:
        fields["kind"] = fields["kind"].lower()
    key = shape.key.format_map(fields)
    return LinkedItem(
        link=shape.link.format_map(fields),
        key=f"{platform.tag}:{key.lower() if shape.key_ignores_case else key}",
        platform=platform.name,
    )


def _values_of(query: str) -> dict[str, list[str]]:
    """The different values of each parameter. The same value twice is one."""
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        found = values.setdefault(name.lower(), [])
        if value not in found:
            found.append(value)
    return values


def _decisive(shape: Shape, values: dict[str, list[str]]) -> str:
    """The query parameters that the shape depends on, as text; several values are repeated."""
    return "".join(
        f"?{name}={value}" for name in shape.parameters for value in values.get(name, ())
    )
