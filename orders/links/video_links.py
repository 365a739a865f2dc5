"""Reads the one video that a text has a link to, and gives each video its canonical form.

Nothing here asks the network, so a `Video` may be deleted or private; nobody knows before the
provider answers.
"""

from typing import Final

from orders.links.addresses import Located, located
from orders.links.found_links import found_links
from orders.links.platforms import PLATFORMS, SITE_OF_DOMAIN
from orders.links.results import (
    LONGEST_LINK_CHARS,
    DisguisedLink,
    LinkRefusal,
    NotALink,
    NotAVideo,
    SeveralVideos,
    ShortenedLink,
    TooLong,
    UnknownSite,
    Video,
    most_telling,
)

__all__ = [
    "LONGEST_LINK_CHARS",
    "PLATFORM_NAMES",
    "DisguisedLink",
    "LinkRefusal",
    "NotALink",
    "NotAVideo",
    "SeveralVideos",
    "ShortenedLink",
    "TooLong",
    "UnknownSite",
    "Video",
    "read_video_link",
    "video_at",
]

PLATFORM_NAMES: Final = tuple(platform.name for platform in PLATFORMS)


def read_video_link(text: str) -> Video | LinkRefusal:
    """Read the one video that a text has a link to, whatever stands around it.

    The same video linked twice is one video.
    """
    videos: dict[str, Video] = {}
    refusals: list[LinkRefusal] = []
    for link in found_links(text):
        at = located(link, SITE_OF_DOMAIN)
        read = video_at(at) if isinstance(at, Located) else at
        if isinstance(read, Video):
            videos.setdefault(read.key, read)
        else:
            refusals.append(read)
    if len(videos) > 1:
        return SeveralVideos(tuple(videos.values()))
    for video in videos.values():
        return video
    return most_telling(text, refusals)


def video_at(at: Located) -> Video | ShortenedLink | NotAVideo:
    """The video that a link of a known site leads to."""
    if video := at.item(at.site.shapes):
        return video
    return ShortenedLink(at.host) if at.forwards() else NotAVideo(at.platform.name, at.page())
