"""Parses video links, and gives each video its canonical form.

A link that a user sends is parsed once, here, and a new one is built from the parts that name the
video. Only the new link is used: other parsers differ on backslashes, at signs and tabs, and
could read another host out of the same text. Nothing here asks the network, so a `Video` may be
deleted or private; nobody knows before the provider answers.
"""

import re
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit

import msgspec

from orders.links.found_links import found_links
from orders.links.platforms import PLATFORMS, forwards, site_of
from orders.links.shapes import Page, Platform, Shape, Site

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


class SeveralVideos(msgspec.Struct, frozen=True, tag="several_videos"):
    """The text has links to different videos."""

    videos: tuple[Video, ...]


class TooLong(msgspec.Struct, frozen=True, tag="too_long"):
    """The text is longer than any link that is accepted."""

    length_chars: int
    limit_chars: int


class DisguisedLink(msgspec.Struct, frozen=True, tag="disguised_link"):
    """The host has a user name, a port or a backslash, or letters that aren't plain Latin."""


class ShortenedLink(msgspec.Struct, frozen=True, tag="shortened_link"):
    """The link redirects, and only opening it would show where to."""

    host: str


class UnknownSite(msgspec.Struct, frozen=True, tag="unknown_site"):
    """A web link to a host that isn't in the table."""

    host: str


class NotAVideo(msgspec.Struct, frozen=True, tag="not_a_video"):
    """A link to a known platform, but not to exactly one video there."""

    platform: str
    page: Page = Page.OTHER


LinkRefusal = (
    NotALink | SeveralVideos | TooLong | DisguisedLink | ShortenedLink | UnknownSite | NotAVideo
)

# Of several refused links, the person hears about the one that was most probably meant.
_MOST_TELLING_FIRST: Final = (NotAVideo, ShortenedLink, DisguisedLink, UnknownSite)

# The last label begins with a letter, so that neither `127.0.0.1` nor `3.50` is a host name.
_HOST_NAME: Final = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]+", re.ASCII)

_IP_ADDRESS: Final = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}", re.ASCII)
"""Only an address with a scheme gets this far."""

_AFTER_HOST: Final = re.compile(r"[,;!*~$].*", re.DOTALL)
_AFTER_VIDEO: Final = re.compile(
    r"/?(?:(?:[^A-Za-z0-9_%/@\\\x00-\x1f\x7f-\x9f-]|%(?:20|22|23|26|3[ABDF])).*)?",
    re.DOTALL | re.IGNORECASE,
)
"""Words glued to a link begin with a sign that no id has, maybe encoded: `%3Figsh=…`."""


def read_video_link(text: str) -> Video | LinkRefusal:
    """Read the one video that a text has a link to, whatever stands around it.

    The same video linked twice is one video.
    """
    videos: dict[str, Video] = {}
    refusals: list[LinkRefusal] = []
    for link in found_links(text):
        read = _read_link(link)
        if isinstance(read, Video):
            videos.setdefault(read.key, read)
        else:
            refusals.append(read)
    if len(videos) > 1:
        return SeveralVideos(tuple(videos.values()))
    for video in videos.values():
        return video
    return _most_telling(text.strip(), refusals)


def _most_telling(text: str, refusals: list[LinkRefusal]) -> LinkRefusal:
    for kind in _MOST_TELLING_FIRST:
        for refusal in refusals:
            if isinstance(refusal, kind):
                return refusal
    if len(text) > LONGEST_LINK_CHARS and not re.search(r"\s", text):
        return TooLong(length_chars=len(text), limit_chars=LONGEST_LINK_CHARS)
    return NotALink()


def _read_link(link: str) -> Video | LinkRefusal:
    if len(link) > LONGEST_LINK_CHARS:
        return TooLong(length_chars=len(link), limit_chars=LONGEST_LINK_CHARS)
    parts = _split(link)
    if isinstance(parts, NotALink | DisguisedLink):
        return parts
    host = _host_name(parts)
    if forwards(host):
        return ShortenedLink(host)
    owner = site_of(host)
    if owner is None:
        is_host = _HOST_NAME.fullmatch(host) or _IP_ADDRESS.fullmatch(host)
        return UnknownSite(host) if is_host else NotALink()
    platform, site, domain = owner
    return _read_on_site(platform, site, domain, parts)


def _split(link: str) -> SplitResult | NotALink | DisguisedLink:
    """Split a link into its parts, and check that nothing disguises its host."""
    try:
        parts = urlsplit(link)
        parts = parts._replace(netloc=_AFTER_HOST.sub("", parts.netloc))
        port = parts.port
    except ValueError:  # a broken bracket or port
        return DisguisedLink()
    if "." not in _host_name(parts):
        return NotALink()
    # Checked before lower-casing, which turns the Kelvin sign into a plain k.
    plain = parts.netloc.isascii() and not {"@", "\\"} & set(parts.netloc)
    plain = plain and port in {None, 80, 443}
    return parts if plain else DisguisedLink()


def _host_name(parts: SplitResult) -> str:
    return (parts.hostname or "").removesuffix(".")


def _read_on_site(
    platform: Platform, site: Site, domain: str, parts: SplitResult
) -> Video | ShortenedLink | NotAVideo:
    host, path = _host_name(parts), re.sub("/{2,}", "/", parts.path).removesuffix("/")
    name = host.removesuffix(domain).removesuffix(".")
    if site.name_in_host and name not in {"", "www"}:
        path = f"/{name}{path}"
    values = _values_of(parts.query)
    # Some browsers show and copy the names of pages in their own letters.
    for way in dict.fromkeys((path, quote(path, safe="/%@:+,;=~!$&*"))):
        for shape in site.shapes:
            text = way + _decisive(shape, values)
            match = shape.pattern.match(text)
            if match and _ends_there(shape, text[match.end() :]):
                return _video(platform, shape, domain, match)
    if site.forwards and site.forwards.fullmatch(path):
        return ShortenedLink(host)
    pages = (page for pattern, page in site.pages if pattern.match(path))
    return NotAVideo(platform.name, next(pages, Page.OTHER))


def _ends_there(shape: Shape, rest: str) -> bool:
    """Whether nothing follows a match that could name another video or another page."""
    if any(f"?{name}=" in rest for name in shape.parameters):
        return False
    return _AFTER_VIDEO.fullmatch(rest) is not None


def _video(platform: Platform, shape: Shape, domain: str, match: re.Match[str]) -> Video:
    fields = {"host": domain, **match.groupdict()}
    if "kind" in fields:
        fields["kind"] = fields["kind"].lower()
    key = shape.key.format_map(fields)
    return Video(
        link=shape.link.format_map(fields),
        key=f"{platform.tag}:{key.lower() if platform.keys_ignore_case else key}",
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
