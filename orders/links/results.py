"""What reading a link gives: the thing that it leads to, or why it can't be taken."""

import re
from collections.abc import Iterable
from typing import Final, TypeVar

import msgspec

from orders.links.shapes import Page

LONGEST_LINK_CHARS: Final = 2048
"""Longer than any link to a video, and short enough for the parser to be fast."""


class LinkedItem(msgspec.Struct, frozen=True):
    """What a link leads to: a link for the provider, and a key that is equal for all links to it.

    Compare keys, never links: the same Instagram code has a link as a post and one as a reel.

    Attributes:
        platform: the platform's name for people; empty if the site is in no table.
    """

    link: str
    key: str
    platform: str


Video = LinkedItem
"""A linked item that is one video."""


class NotALink(msgspec.Struct, frozen=True, tag="not_a_link"):
    """Nothing in the text reads as a web link with a host name."""


class SeveralVideos(msgspec.Struct, frozen=True, tag="several_videos"):
    """The text has links to different videos."""

    videos: tuple[LinkedItem, ...]


class SeveralLinks(msgspec.Struct, frozen=True, tag="several_links"):
    """The text has links to different posts or pages, of which only one can be meant."""

    items: tuple[LinkedItem, ...]


class TooLong(msgspec.Struct, frozen=True, tag="too_long"):
    """The text is longer than any link that is accepted."""

    length_chars: int
    limit_chars: int


class DisguisedLink(msgspec.Struct, frozen=True, tag="disguised_link"):
    """The link is not as plain as it looks, so that others could read another one out of it.

    The host has a user name, a port or a backslash, or letters that aren't plain Latin; or the
    path has parts that are encoded without need.
    """


class ShortenedLink(msgspec.Struct, frozen=True, tag="shortened_link"):
    """The link redirects, and only opening it would show where to."""

    host: str


class UnknownSite(msgspec.Struct, frozen=True, tag="unknown_site"):
    """A web link to a host that isn't in the table, or isn't public."""

    host: str


class NotAVideo(msgspec.Struct, frozen=True, tag="not_a_video"):
    """A link to a known platform, but not to exactly one video there."""

    platform: str
    page: Page = Page.OTHER


class NotAPage(msgspec.Struct, frozen=True, tag="not_a_page"):
    """A link to the right platform, but not to a profile, channel or group there.

    Attributes:
        page: what it leads to instead. `POST` is a post or a video.
    """

    platform: str
    page: Page = Page.OTHER


class NotAPost(msgspec.Struct, frozen=True, tag="not_a_post"):
    """A link to the right platform, but not to one post or video there."""

    platform: str
    page: Page = Page.OTHER


class OtherPlatform(msgspec.Struct, frozen=True, tag="other_platform"):
    """A link to another platform than the one that the service is for. Both by their names."""

    platform_of_link: str
    platform_wanted: str


LinkRefusal = (
    NotALink | SeveralVideos | TooLong | DisguisedLink | ShortenedLink | UnknownSite | NotAVideo
)
OrderLinkRefusal = LinkRefusal | SeveralLinks | NotAPage | NotAPost | OtherPlatform

# Of several refused links, the person hears about the one that was most probably meant.
_MOST_TELLING_FIRST: Final = (
    *(NotAVideo, NotAPage, NotAPost, OtherPlatform),
    *(ShortenedLink, DisguisedLink, UnknownSite, TooLong),
)


_RefusalT = TypeVar("_RefusalT", LinkRefusal, OrderLinkRefusal)


def most_telling(text: str, refusals: Iterable[_RefusalT]) -> _RefusalT | NotALink | TooLong:
    """Why no link of a text can be taken, from why each can't."""
    found = list(refusals)
    for kind in _MOST_TELLING_FIRST:
        for refusal in found:
            if isinstance(refusal, kind):
                return refusal
    return no_link_in(text)


def no_link_in(text: str) -> NotALink | TooLong:
    """Why a text without any link can't be taken."""
    text = text.strip()
    if len(text) > LONGEST_LINK_CHARS and not re.search(r"\s", text):
        return TooLong(length_chars=len(text), limit_chars=LONGEST_LINK_CHARS)
    return NotALink()
