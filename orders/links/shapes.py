"""What a row in the tables of sites is made of.

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
- Names end with a letter, a digit or `_`: a dot behind a name ends the sentence.
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
    """One shape of link to one thing, with the templates for its canonical link and its key.

    Attributes:
        key_ignores_case: whether the platform ignores the case of the names in the key.
        ends_with_name: what is glued to the match could be a part of the name, which may have
            letters that no pattern here knows. Then the link is not taken.
        opaque: a short link, which hides whether it leads to a video, a post or a page.
    """

    pattern: re.Pattern[str]
    link: str
    key: str
    parameters: tuple[str, ...]
    key_ignores_case: bool = False
    opaque: bool = False
    ends_with_name: bool = False


class Site(msgspec.Struct, frozen=True):
    """Domains that share the same shapes, with all their sub-domains.

    Attributes:
        shapes: links to videos, and to posts that may be one.
        post_shapes: links to other posts. They are tried before `shapes`.
        page_shapes: links to profiles, channels and groups.
        forwards: matches paths that only redirect.
        name_in_host: a sub-domain is the first part of the path, as in `name.t.me/5`.
    """

    domains: tuple[str, ...]
    shapes: tuple[Shape, ...] = ()
    pages: tuple[tuple[re.Pattern[str], Page], ...] = ()
    forwards: re.Pattern[str] | None = None
    name_in_host: bool = False
    post_shapes: tuple[Shape, ...] = ()
    page_shapes: tuple[Shape, ...] = ()


class Platform(msgspec.Struct, frozen=True):
    """A platform. `name` is for people; `tag` begins the keys of its links and never changes.

    Attributes:
        handle_link: the link of the page whose handle is `@{name}`; empty if it has no handles.
    """

    name: str
    tag: str
    sites: tuple[Site, ...]
    handle_link: str = ""


def shape(
    pattern: str,
    link: str,
    key: str = "{id}",
    parameters: tuple[str, ...] = (),
    *,
    ignores_case: bool = False,
    opaque: bool = False,
) -> Shape:
    """A row for links to videos or posts."""
    return Shape(pattern_of(pattern), link, key, parameters, ignores_case, opaque=opaque)


def page_shape(
    pattern: str,
    link: str,
    key: str = "{name}",
    parameters: tuple[str, ...] = (),
    *,
    ignores_case: bool = True,
) -> Shape:
    """A row for links to profiles, channels and groups. Their keys differ from those of posts."""
    return Shape(
        pattern_of(pattern), link, f"page:{key}", parameters, ignores_case, ends_with_name=True
    )


def tabs(*names: str) -> str:
    """A pattern for the parts of a page that have a path of their own, such as `/videos`."""
    return rf"(?:/(?:{'|'.join(names)})(?![A-Za-z0-9_-]))?"


def not_any_of(names: str) -> str:
    """A pattern that keeps what follows from being one of these words, separated by `|`."""
    return rf"(?!(?:{names})(?![.-]*[A-Za-z0-9_]))"


def pages(*rows: tuple[str, Page]) -> tuple[tuple[re.Pattern[str], Page], ...]:
    """Rows for links to anything else. `$` ends a path."""
    return tuple((pattern_of(pattern), page) for pattern, page in rows)


def pattern_of(pattern: str) -> re.Pattern[str]:
    """A pattern for paths. Ids keep their case; the words around them may have any."""
    return re.compile(pattern, re.ASCII | re.IGNORECASE)
