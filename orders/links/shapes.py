"""What a row in the tables of video sites is made of.

How a row is read:
- A path is matched from its start, in any case, without doubled slashes. What follows the match may
  only be a slash and signs that no path has, such as a comma and a word that was glued on.
  Character classes are spelled out, because plain digit and word classes match digits and letters
  of other scripts too.
- Query parameters named in `parameters` are appended to the path before it is matched, as
  `?name=value`, once for each value. So a pattern can require an id, forbid one, and never matches
  two different ones. All other parameters are ignored.
- `link` and `key` are templates for the pattern's named groups and the `host`.
- A number never begins with 0: `/0123` and `/123` would be one video with two keys.
- `pages` name what a path that no shape matches leads to, so that the person is told. The first
  pattern that matches the start of the path counts.
"""

import re
from enum import StrEnum

import msgspec


class Page(StrEnum):
    """What a link to a platform leads to, if not to one video."""

    PROFILE = "profile"
    PLAYLIST = "playlist"
    SEARCH = "search"
    STORY = "story"
    LIVE = "live"
    PHOTO = "photo"
    SOUND = "sound"
    POST = "post"
    GROUP = "group"
    PRIVATE_CHANNEL = "private_channel"
    INVITATION = "invitation"
    BOT = "bot"
    INCOMPLETE = "incomplete"
    OTHER = "other"


class Shape(msgspec.Struct, frozen=True):
    """One shape of link to a video, with the templates for its canonical link and its key."""

    pattern: re.Pattern[str]
    link: str
    key: str
    parameters: tuple[str, ...]


class Site(msgspec.Struct, frozen=True):
    """Domains that share the same shapes, with all their sub-domains.

    Attributes:
        forwards: matches paths that only redirect.
        name_in_host: a sub-domain is the first part of the path, as in `name.t.me/5`.
    """

    domains: tuple[str, ...]
    shapes: tuple[Shape, ...]
    pages: tuple[tuple[re.Pattern[str], Page], ...] = ()
    forwards: re.Pattern[str] | None = None
    name_in_host: bool = False


class Platform(msgspec.Struct, frozen=True):
    """A platform. `name` is for people; `tag` begins the keys of its videos and never changes."""

    name: str
    tag: str
    sites: tuple[Site, ...]
    keys_ignore_case: bool = False


def shape(pattern: str, link: str, key: str = "{id}", parameters: tuple[str, ...] = ()) -> Shape:
    """A row for links to videos."""
    return Shape(pattern_of(pattern), link, key, parameters)


def pages(*rows: tuple[str, Page]) -> tuple[tuple[re.Pattern[str], Page], ...]:
    """Rows for links to anything else. `$` ends a path."""
    return tuple((pattern_of(pattern), page) for pattern, page in rows)


def pattern_of(pattern: str) -> re.Pattern[str]:
    """A pattern for paths. Ids keep their case; the words around them may have any."""
    return re.compile(pattern, re.ASCII | re.IGNORECASE)
