"""Reads the link that a service is ordered for: a video, a post or a page of its platform.

The promises are those of `video_links`: only a rebuilt link is used, two spellings of one thing
have one key, and of several different things none is chosen. A canonical link, read again, gives
the same. A platform that is in no table is read by `any_links`.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from ledger.untrusted.typed_text import cleaned
from orders.links.addresses import Located, located
from orders.links.any_links import read_any_link
from orders.links.found_links import found_links
from orders.links.platforms import ORDER_PLATFORMS, ORDER_SITE_OF_DOMAIN
from orders.links.results import (
    LinkedItem,
    NotAPage,
    NotAPost,
    OrderLinkRefusal,
    OtherPlatform,
    SeveralLinks,
    SeveralVideos,
    ShortenedLink,
    most_telling,
)
from orders.links.shapes import Page, Platform
from orders.links.targets import Target
from orders.links.video_links import read_video_link, video_at

_HANDLE: Final = re.compile(r"(?<![\w.@/:+-])@([A-Za-z0-9_.-]{1,100})(?![\w@/:])", re.ASCII)
_LETTER_BESIDE: Final = re.compile(r"\w")

# A link to one of these that has none of the shapes of a page lacks a part of it.
_PAGES: Final = frozenset({Page.PROFILE, Page.GROUP, Page.INVITATION})
_POSTS: Final = frozenset({Page.POST, Page.PHOTO})


def read_order_link(text: str, target: Target, platform: str) -> LinkedItem | OrderLinkRefusal:
    """Read the one thing in a text that a service can be delivered to, whatever stands around it.

    Args:
        text: what the customer sent.
        target: what the service is delivered to. A video of a platform whose videos have no rows
            in the table is read as a post.
        platform: the key of the service's platform, such as `youtube`. For the empty key, and for
            one in no table, a video is one of any platform, and anything else any public link.
    """
    wanted = ORDER_PLATFORMS.get(platform)
    if wanted is None:
        return read_video_link(text) if target is Target.VIDEO else read_any_link(text, target)
    if target is Target.VIDEO and not any(site.shapes for site in wanted.sites):
        target = Target.POST
    items: dict[str, LinkedItem] = {}
    refusals: list[OrderLinkRefusal] = []
    links = list(found_links(text))
    if target is Target.PAGE and not links:
        links = list(_links_of_handles(text, wanted))
    for read in map(partial(_read_link, wanted, target), links):
        if isinstance(read, LinkedItem):
            items.setdefault(read.key, read)
        else:
            refusals.append(read)
    if len(items) > 1:
        several = tuple(items.values())
        return SeveralVideos(several) if target is Target.VIDEO else SeveralLinks(several)
    for item in items.values():
        return item
    return most_telling(text, refusals)


def _links_of_handles(text: str, platform: Platform) -> Iterator[str]:
    """The links of the pages that a text names as `@name`."""
    text = cleaned(text)
    for handle in _HANDLE.finditer(text) if platform.handle_link else ():
        beside = text[max(0, handle.start() - 1) : handle.start()] + text[handle.end() :][:1]
        # A name in other letters is not the name that its Latin part would be.
        if not _LETTER_BESIDE.search(beside):
            yield platform.handle_link.format(name=handle[1].rstrip(".-"))


def _read_link(wanted: Platform, target: Target, link: str) -> LinkedItem | OrderLinkRefusal:
    at = located(link, ORDER_SITE_OF_DOMAIN)
    if not isinstance(at, Located):
        return at
    if at.platform.tag != wanted.tag:
        return OtherPlatform(at.platform.name, wanted.name)
    match target:
        case Target.VIDEO:
            return video_at(at)
        case Target.POST:
            return _post_at(at)
        case Target.PAGE:
            return _page_at(at)


def _post_at(at: Located) -> LinkedItem | ShortenedLink | NotAPost:
    if item := at.item((*at.site.post_shapes, *at.site.shapes)):
        return item
    if at.forwards():
        return ShortenedLink(at.host)
    page = at.page()
    if page is Page.OTHER and at.item(at.site.page_shapes):
        page = Page.PROFILE
    return NotAPost(at.platform.name, Page.INCOMPLETE if page in _POSTS else page)


def _page_at(at: Located) -> LinkedItem | ShortenedLink | NotAPage:
    if item := at.item(at.site.page_shapes):
        return item
    posts = (*at.site.post_shapes, *at.site.shapes)
    if at.forwards() or at.is_opaque(posts):
        return ShortenedLink(at.host)
    if at.item(posts):
        return NotAPage(at.platform.name, Page.POST)
    page = at.page()
    return NotAPage(at.platform.name, Page.INCOMPLETE if page in _PAGES else page)
