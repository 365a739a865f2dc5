"""The table of supported video sites: their hosts, and the shapes of their links.

`orders.links.video_links` reads it. A new platform, or a new shape of link, is a new row here.

How a row is read:
- A shape's pattern must match the whole path, without its last slash. Character classes are
  spelled out, because plain digit and word classes match digits and letters of other scripts too.
- Query parameters named in `parameters` are appended to the path before it is matched, as
  `?name=value`, once for each time they occur. So a pattern can require an id, forbid one, and
  never matches one that is given twice. All other parameters are ignored.
- `link` and `key` are templates for the pattern's named groups and the `host`.
- A number never begins with 0: `/0123` and `/123` would be one video with two keys.
"""

import re
from typing import Final

import msgspec


class Shape(msgspec.Struct, frozen=True):
    """One shape of link to a video, with the templates for its canonical link and its key."""

    pattern: re.Pattern[str]
    link: str
    key: str
    parameters: tuple[str, ...]


class Site(msgspec.Struct, frozen=True):
    """Hosts that share the same shapes; `forwards` matches paths that only redirect."""

    hosts: tuple[str, ...]
    shapes: tuple[Shape, ...]
    forwards: re.Pattern[str] | None = None


class Platform(msgspec.Struct, frozen=True):
    """A platform. `name` is for people; `tag` begins the keys of its videos and never changes."""

    name: str
    tag: str
    sites: tuple[Site, ...]
    keys_ignore_case: bool = False


def _shape(pattern: str, link: str, key: str = "{id}", parameters: tuple[str, ...] = ()) -> Shape:
    return Shape(re.compile(pattern, re.ASCII), link, key, parameters)


_YOUTUBE_ID = r"(?P<id>[A-Za-z0-9_-]{11})"
_YOUTUBE_LINK = "https://www.youtube.com/watch?v={id}"

_YOUTUBE = Platform(
    "YouTube",
    "youtube",
    (
        Site(
            ("youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com"),
            (
                _shape(rf"/watch\?v={_YOUTUBE_ID}", _YOUTUBE_LINK, parameters=("v",)),
                _shape(rf"/(?:shorts|live|v)/{_YOUTUBE_ID}", _YOUTUBE_LINK),
                # Two players that are no single video have names as long as an id.
                _shape(rf"/embed/(?!live_stream|videoseries){_YOUTUBE_ID}", _YOUTUBE_LINK),
            ),
            forwards=re.compile("/redirect"),
        ),
        Site(("youtu.be",), (_shape(rf"/{_YOUTUBE_ID}", _YOUTUBE_LINK),)),
    ),
)

# A short link hides the video's id, so it stays as it is, with a key of its own. A code means the
# same on every short host, so the host is not part of the key.
_TIKTOK_ID = r"(?P<id>[1-9][0-9]{9,20})"
_TIKTOK_CODE = r"(?P<code>[A-Za-z0-9_]{6,64})"

_TIKTOK = Platform(
    "TikTok",
    "tiktok",
    (
        Site(
            ("tiktok.com", "www.tiktok.com", "m.tiktok.com"),
            (
                _shape(
                    rf"/@(?P<user>[A-Za-z0-9_.-]{{1,64}})/(?:video|photo)/{_TIKTOK_ID}",
                    "https://www.tiktok.com/@{user}/video/{id}",
                ),
                _shape(rf"/t/{_TIKTOK_CODE}", "https://www.tiktok.com/t/{code}/", "short/{code}"),
            ),
        ),
        Site(
            ("vm.tiktok.com", "vt.tiktok.com"),
            (_shape(rf"/{_TIKTOK_CODE}", "https://{host}/{code}/", "short/{code}"),),
        ),
    ),
)

# Without this list, the short link `/share/reel/CODE` would read as a reel by a user named share.
_INSTAGRAM_RESERVED = "accounts|direct|explore|p|reels?|share|stories|tv"
_INSTAGRAM_OWNER = rf"(?:/(?!(?:{_INSTAGRAM_RESERVED})/)[A-Za-z0-9_.]{{1,64}})?"
_INSTAGRAM_CODE = r"(?P<code>[A-Za-z0-9_-]{5,64})"

_INSTAGRAM = Platform(
    "Instagram",
    "instagram",
    (
        Site(
            ("instagram.com", "www.instagram.com", "m.instagram.com"),
            (
                _shape(
                    rf"{_INSTAGRAM_OWNER}/(?P<kind>p|tv|reel)/{_INSTAGRAM_CODE}",
                    "https://www.instagram.com/{kind}/{code}/",
                    "{code}",
                ),
                # The path of sounds is as long as a code.
                _shape(
                    rf"{_INSTAGRAM_OWNER}/reels/(?!audio\Z){_INSTAGRAM_CODE}",
                    "https://www.instagram.com/reel/{code}/",
                    "{code}",
                ),
            ),
            forwards=re.compile("/share/.+"),
        ),
    ),
)

_FACEBOOK_ID = r"(?P<id>[1-9][0-9]{5,19})"
_FACEBOOK_PAGE = r"(?!(?:events|groups|share|watch)/)[A-Za-z0-9_.%-]+"
_FACEBOOK_TITLE = r"[A-Za-z0-9_.%-]+"
_FACEBOOK_LINK = "https://www.facebook.com/watch/?v={id}"

_FACEBOOK = Platform(
    "Facebook",
    "facebook",
    (
        Site(
            (
                "facebook.com",
                "www.facebook.com",
                "m.facebook.com",
                "web.facebook.com",
                "mbasic.facebook.com",
            ),
            (
                _shape(
                    rf"/(?:watch|watch/live|video\.php)\?v={_FACEBOOK_ID}",
                    _FACEBOOK_LINK,
                    parameters=("v",),
                ),
                _shape(
                    rf"/{_FACEBOOK_PAGE}/videos(?:/{_FACEBOOK_TITLE})?/{_FACEBOOK_ID}",
                    _FACEBOOK_LINK,
                ),
                _shape(rf"/reel/{_FACEBOOK_ID}", "https://www.facebook.com/reel/{id}"),
                _shape(
                    r"/share/(?P<kind>[vr])/(?P<code>[A-Za-z0-9_-]{6,64})",
                    "https://www.facebook.com/share/{kind}/{code}/",
                    "share/{code}",
                ),
            ),
            forwards=re.compile(r"/l\.php|/share/.+"),
        ),
        Site(
            ("fb.watch", "www.fb.watch"),
            (
                _shape(
                    r"/(?P<code>[A-Za-z0-9_-]{5,64})",
                    "https://fb.watch/{code}/",
                    "fb.watch/{code}",
                ),
            ),
        ),
    ),
)

_X_POST = r"(?P<id>[1-9][0-9]{0,19})(?:/(?:video|photo)/[1-9][0-9]?)?"

_X = Platform(
    "X",
    "x",
    (
        Site(
            (
                "x.com",
                "www.x.com",
                "mobile.x.com",
                "twitter.com",
                "www.twitter.com",
                "m.twitter.com",
                "mobile.twitter.com",
            ),
            (
                # A post without its user is at `/i/status/ID`; `i` matches like a user's name.
                _shape(
                    rf"/(?P<user>[A-Za-z0-9_]{{1,15}})/status(?:es)?/{_X_POST}",
                    "https://x.com/{user}/status/{id}",
                ),
                _shape(rf"/i/web/status/{_X_POST}", "https://x.com/i/status/{id}"),
            ),
        ),
    ),
)

# First parts of a path that Telegram reserves, except those too short to be a name.
_TELEGRAM_RESERVED = (
    "addemoji|addlist|addstickers|addstyle|addtheme|auction|auth|boost|call|confirmphone|contact"
    "|giftcode|invoice|joinchat|login|proxy|setlanguage|share|socks"
)
_TELEGRAM_NAME = rf"(?P<name>(?!(?i:{_TELEGRAM_RESERVED})/)[A-Za-z][A-Za-z0-9_]{{3,31}})"
_TELEGRAM_NUMBER = "[1-9][0-9]{0,9}"
_TELEGRAM_LINK = "https://t.me/{name}/{id}"

_TELEGRAM = Platform(
    "Telegram",
    "telegram",
    (
        Site(
            ("t.me", "telegram.me"),
            tuple(
                # Links that start a bot have the same path; no pattern matches their parameters.
                _shape(
                    rf"{place}/(?P<id>{_TELEGRAM_NUMBER})",
                    _TELEGRAM_LINK,
                    "{name}/{id}",
                    parameters=("start", "startapp", "startgroup"),
                )
                for place in (
                    f"/{_TELEGRAM_NAME}",
                    f"/s/{_TELEGRAM_NAME}",
                    f"/{_TELEGRAM_NAME}/{_TELEGRAM_NUMBER}",
                )
            ),
        ),
    ),
    keys_ignore_case=True,
)

_VIMEO_ID = "(?P<id>[1-9][0-9]{4,11})"
_VIMEO_HASH = "(?P<hash>[0-9A-Fa-f]{6,64})"
_VIMEO_WORD = "[A-Za-z0-9_-]+"
_VIMEO_LINK = "https://vimeo.com/{id}"
_VIMEO_UNLISTED_LINK = "https://vimeo.com/{id}/{hash}"

_VIMEO = Platform(
    "Vimeo",
    "vimeo",
    (
        Site(
            ("vimeo.com", "www.vimeo.com"),
            (
                _shape(f"/{_VIMEO_ID}", _VIMEO_LINK),
                _shape(f"/{_VIMEO_ID}/{_VIMEO_HASH}", _VIMEO_UNLISTED_LINK),
                _shape(f"/channels/{_VIMEO_WORD}/{_VIMEO_ID}", _VIMEO_LINK),
                _shape(f"/groups/{_VIMEO_WORD}/videos/{_VIMEO_ID}", _VIMEO_LINK),
                _shape(f"/(?:album|showcase)/[0-9]+/video/{_VIMEO_ID}", _VIMEO_LINK),
            ),
        ),
        Site(
            ("player.vimeo.com",),
            (
                _shape(f"/video/{_VIMEO_ID}", _VIMEO_LINK, parameters=("h",)),
                _shape(
                    rf"/video/{_VIMEO_ID}\?h={_VIMEO_HASH}", _VIMEO_UNLISTED_LINK, parameters=("h",)
                ),
            ),
        ),
    ),
)

_TWITCH_ID = "(?P<id>[1-9][0-9]{5,11})"
_TWITCH_CHANNEL = "[A-Za-z0-9_]{1,64}"
_TWITCH_SLUG = r"(?P<slug>(?!(?:create|embed)\Z)[A-Za-z0-9_-]{4,64})"
_TWITCH_LINK = "https://www.twitch.tv/videos/{id}"
_TWITCH_CLIP_LINK = "https://clips.twitch.tv/{slug}"

_TWITCH = Platform(
    "Twitch",
    "twitch",
    (
        Site(
            ("twitch.tv", "www.twitch.tv", "m.twitch.tv", "go.twitch.tv"),
            (
                _shape(f"/videos/{_TWITCH_ID}", _TWITCH_LINK),
                _shape(f"/{_TWITCH_CHANNEL}/(?:video|v)/{_TWITCH_ID}", _TWITCH_LINK),
                _shape(f"/{_TWITCH_CHANNEL}/clip/{_TWITCH_SLUG}", _TWITCH_CLIP_LINK, "clip/{slug}"),
            ),
        ),
        Site(("clips.twitch.tv",), (_shape(f"/{_TWITCH_SLUG}", _TWITCH_CLIP_LINK, "clip/{slug}"),)),
    ),
)

PLATFORMS: Final = (_YOUTUBE, _TIKTOK, _INSTAGRAM, _FACEBOOK, _X, _TELEGRAM, _VIMEO, _TWITCH)

SITE_OF_HOST: Final = {
    host: (platform, site)
    for platform in PLATFORMS
    for site in platform.sites
    for host in site.hosts
}

# Hosts that only redirect. Every unlisted host is refused too; these are listed so that people can
# be told what to do: open the link, then send the address that it leads to.
FORWARDING_HOSTS: Final = frozenset(
    {
        "bit.ly",
        "clck.ru",
        "cutt.ly",
        "goo.gl",
        "is.gd",
        "l.facebook.com",
        "l.instagram.com",
        "lm.facebook.com",
        "ow.ly",
        "t.co",
        "t.ly",
        "tinyurl.com",
        "vk.cc",
    }
)
