"""Reads what a panel calls a service, and says what it is: where, what, and delivered to what.

Names are free text of many panels. A name that sells two things at once, or something that is no
metric of one post or page, is `OTHER`: an admin may still offer it, but nothing here promises that
it is what its name resembles.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import msgspec

from orders.links.platforms import ORDER_PLATFORMS
from orders.links.targets import Target
from orders.providers.phrases import words_of
from orders.shop import service_words as w

LONGEST_NAME_CHARS: Final = 500
"""What stands further on in a name isn't read."""


class Metric(StrEnum):
    """What a service adds to."""

    VIEWS = "views"
    LIKES = "likes"
    FOLLOWERS = "followers"
    SUBSCRIBERS = "subscribers"
    MEMBERS = "members"
    COMMENTS = "comments"
    SHARES = "shares"
    REACTIONS = "reactions"
    OTHER = "other"


class ServiceKind(msgspec.Struct, frozen=True):
    """What a service is.

    Attributes:
        platform: the key of its platform in `orders.links.platforms`; empty if it is in no table.
    """

    platform: str
    metric: Metric
    target: Target


_OF_PAGES: Final = frozenset({Metric.FOLLOWERS, Metric.SUBSCRIBERS, Metric.MEMBERS})

# Where the word for an audience means those who subscribed.
_SUBSCRIBED: Final = frozenset({"youtube", "telegram", "rutube", "twitch", "kick"})
_MUSIC: Final = frozenset({"spotify", "soundcloud"})

# Where a post is a video, so that nothing else is taken for one.
_VIDEOS_ONLY: Final = frozenset({"youtube", "vimeo", "twitch"})
_HAVE_VIDEOS: Final = frozenset(
    key for key, platform in ORDER_PLATFORMS.items() if any(site.shapes for site in platform.sites)
)
# Where a broadcast has an address of its own; elsewhere it is at its owner's.
_LIVE_HAS_LINK: Final = frozenset({"youtube", "facebook", "vk", "ok", "rutube", "x"})

_OTHER_TYPES: Final = re.compile("poll|subscription|comment likes|comment replies|mention|invite")
_COMMENT_TYPES: Final = re.compile("comment")

# Behind one of these stands how it is delivered, no longer what.
_SEPARATORS: Final = re.compile(r"[|\[\](){}<>【】「」«»•·★☆➤➜→~–—:;]|\s-\s")


def kind_of(name: str, category: str, service_type: str) -> ServiceKind:
    """What a service is, from its name, then its category, then its type as the panel has them."""
    name, category = name[:LONGEST_NAME_CHARS], category[:LONGEST_NAME_CHARS]
    words = words_of(name)
    platform = _platform_in(words) or _platform_in(words_of(category))
    if w.WEB_TRAFFIC.search(words):
        return ServiceKind("", Metric.OTHER, Target.PAGE)
    # What a bot is started with is in its link, which is kept as it is only without a platform.
    if w.BOT_START.search(words):
        return ServiceKind("", Metric.OTHER, Target.PAGE)
    metrics, head = _metrics_in(name, platform)
    if not metrics and not w.OTHER_WORDS.search(words):
        metrics, head = _metrics_in(category, platform)
        head = f"{words} {head}"
    kind = words_of(service_type)
    if not metrics and _COMMENT_TYPES.search(kind):
        metrics = (Metric.COMMENTS,)
    metric = metrics[0] if len(metrics) == 1 else Metric.OTHER
    of_page = not _OF_PAGES.isdisjoint(metrics)
    live = not of_page and w.LIVE.search(f"{words} {words_of(category)}") is not None
    is_other = live or (not of_page and w.OTHER_WORDS.search(words) is not None)
    if is_other or _OTHER_TYPES.search(kind):
        metric = Metric.OTHER
    if live:
        return ServiceKind(platform, metric, _target_of_live(platform))
    return ServiceKind(platform, metric, _target(platform, metrics, words, head))


def _platform_in(words: str) -> str:
    """The platform that is named first."""
    found = ((pattern.search(words), key) for key, pattern in w.PLATFORM_WORDS.items())
    places = [(match.start(), key) for match, key in found if match]
    if w.X_AT_BEGIN.match(words):
        places.append((0, "x"))
    return min(places, default=(0, ""))[1]


def _metrics_in(text: str, platform: str) -> tuple[tuple[Metric, ...], str]:
    """What the first part of a text sells that sells anything, and the words up to there."""
    head = ""
    for part in _SEPARATORS.split(unicodedata.normalize("NFKC", text)):
        words = w.WITHOUT.sub(" ", words_of(part))
        head = f"{head} {words}"
        found = dict.fromkeys(_metrics_of(words, platform))
        if len(found) > 1:
            found = _without_synonyms(found)
        if found or w.OTHER_WORDS.search(words):
            return tuple(found), head
    return (), head


def _metrics_of(words: str, platform: str) -> Iterator[Metric]:
    places = ((pattern.search(words), key) for key, pattern in w.METRIC_WORDS.items())
    for _, key in sorted((match.start(), key) for match, key in places if match):
        if key == "audience":
            yield Metric.SUBSCRIBERS if platform in _SUBSCRIBED else Metric.FOLLOWERS
        elif key != "views" or platform not in _MUSIC:
            yield Metric(key)


def _without_synonyms(found: dict[Metric, None]) -> dict[Metric, None]:
    """A reaction may be a like; who joins a page has several names. Each is one thing to buy."""
    if set(found) <= _OF_PAGES:
        return dict.fromkeys([next(iter(found))])
    if set(found) == {Metric.LIKES, Metric.REACTIONS}:
        return {Metric.REACTIONS: None}
    return found


def _target_of_live(platform: str) -> Target:
    """A broadcast that has no address of its own is found at its owner's."""
    if platform and platform not in _LIVE_HAS_LINK:
        return Target.PAGE
    return Target.VIDEO if platform == "youtube" else Target.POST


def _target(platform: str, metrics: tuple[Metric, ...], words: str, head: str) -> Target:
    if metrics and metrics[0] in _OF_PAGES:
        return Target.PAGE
    if w.STORY.search(head):
        return Target.POST if platform == "telegram" else Target.PAGE
    if w.AUTO.search(words):
        return Target.PAGE
    if w.POST.search(head) or w.COMMENT_LIKES.search(words):
        return Target.POST
    page_words = w.PAGE if metrics else w.PAGE_WIDE
    if page_words.search(head):
        return Target.PAGE
    has_videos = platform in _VIDEOS_ONLY or Metric.VIEWS in metrics
    return Target.VIDEO if has_videos and platform in _HAVE_VIDEOS else Target.POST
