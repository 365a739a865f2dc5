"""Parses video links, and gives each video its canonical form.

A link that a user sends is parsed once, here, and a new one is built from the parts that name the
video. Only the new link is used: other parsers differ on backslashes, at signs and tabs, and
could read another host out of the same text. Nothing here asks the network, so a `Video` may be
deleted or private; nobody knows before the provider answers.
"""

import re
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

import msgspec

from orders.links.platforms import FORWARDING_HOSTS, PLATFORMS, SITE_OF_HOST, Platform, Shape, Site

PLATFORM_NAMES: Final = tuple(platform.name for platform in PLATFORMS)

LONGEST_LINK_CHARS: Final = 2048
"""Longer than any link to a video, and short enough for the parser to be fast."""


class Video(msgspec.Struct, frozen=True):
    """A video: a link for the provider, and a key that is equal for all links to it.

    Compare keys, never links: the same Instagram code has a link as a post and one as a reel.
    """

    link: str
    key: str
    platform: str


class NotALink(msgspec.Struct, frozen=True, tag="not_a_link"):
    """Nothing in the text reads as a web link with a host name."""


class TextAroundLink(msgspec.Struct, frozen=True, tag="text_around_link"):
    """A link to a known site has other words or a second link beside it."""


class TooLong(msgspec.Struct, frozen=True, tag="too_long"):
    """The text is longer than any link that is accepted."""

    length_chars: int
    limit_chars: int


class DisguisedLink(msgspec.Struct, frozen=True, tag="disguised_link"):
    """The host has a user name or a port, or letters that aren't plain Latin."""


class ShortenedLink(msgspec.Struct, frozen=True, tag="shortened_link"):
    """The link redirects, and only opening it would show where to."""

    host: str


class UnknownSite(msgspec.Struct, frozen=True, tag="unknown_site"):
    """A web link to a host that isn't in the table."""

    host: str


class NotAVideo(msgspec.Struct, frozen=True, tag="not_a_video"):
    """A link to a known platform, but not to exactly one video there."""

    platform: str


LinkRefusal = (
    NotALink | TextAroundLink | TooLong | DisguisedLink | ShortenedLink | UnknownSite | NotAVideo
)

# White space and control characters: no link has them, and some parsers silently drop them.
_BREAK: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:", re.ASCII)

# The last label begins with a letter, so that neither `127.0.0.1` nor `3.50` is a host name.
_HOST_NAME: Final = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]+", re.ASCII)


def read_video_link(text: str) -> Video | LinkRefusal:
    """Read the one link that `text` consists of."""
    text = text.strip()
    if len(text) > LONGEST_LINK_CHARS:
        return TooLong(length_chars=len(text), limit_chars=LONGEST_LINK_CHARS)
    words = _BREAK.split(text)
    if len(words) == 1:
        return _read_word(text)
    known = (isinstance(_read_word(word), Video | NotAVideo | ShortenedLink) for word in words)
    return TextAroundLink() if any(known) else NotALink()


def _read_word(word: str) -> Video | LinkRefusal:
    parts = _split(word)
    if isinstance(parts, NotALink | DisguisedLink):
        return parts
    host = _host_name(parts)
    if host in FORWARDING_HOSTS:
        return ShortenedLink(host)
    if host not in SITE_OF_HOST:
        return UnknownSite(host) if _HOST_NAME.fullmatch(host) else NotALink()
    platform, site = SITE_OF_HOST[host]
    return _read_on_site(platform, site, host, parts)


def _split(word: str) -> SplitResult | NotALink | DisguisedLink:
    """Split a link into its parts, and check that nothing disguises its host."""
    if "\\" in word:
        return NotALink()
    try:
        parts = urlsplit(word if _SCHEME.match(word) else f"https://{word}")
        port = parts.port
    except ValueError:  # a broken bracket or port
        return NotALink()
    if parts.scheme not in {"http", "https"} or "." not in _host_name(parts):
        return NotALink()
    # Checked before lower-casing, which turns the Kelvin sign into a plain k.
    plain = parts.netloc.isascii() and "@" not in parts.netloc and port in {None, 80, 443}
    return parts if plain else DisguisedLink()


def _host_name(parts: SplitResult) -> str:
    return (parts.hostname or "").removesuffix(".")


def _read_on_site(
    platform: Platform, site: Site, host: str, parts: SplitResult
) -> Video | ShortenedLink | NotAVideo:
    path = parts.path.removesuffix("/")
    values = parse_qs(parts.query, keep_blank_values=True)
    for shape in site.shapes:
        if match := shape.pattern.fullmatch(path + _decisive(shape, values)):
            fields = {"host": host, **match.groupdict()}
            key = shape.key.format_map(fields)
            return Video(
                link=shape.link.format_map(fields),
                key=f"{platform.tag}:{key.lower() if platform.keys_ignore_case else key}",
                platform=platform.name,
            )
    if site.forwards and site.forwards.fullmatch(path):
        return ShortenedLink(host)
    return NotAVideo(platform.name)


def _decisive(shape: Shape, values: dict[str, list[str]]) -> str:
    """The query parameters that the shape depends on, as text; a repeated one is repeated."""
    return "".join(
        f"?{name}={value}" for name in shape.parameters for value in values.get(name, ())
    )
