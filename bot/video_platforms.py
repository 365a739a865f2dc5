"""The sites whose videos we serve: their hosts, and the shapes their links take.

This module owns the table and nothing that reads it: `bot.video_links` does that. A new platform,
or a new shape of link on an old one, is a new row here.

How a row is read:
- A shape's pattern must match the whole path, without its last slash. Classes are spelled out,
  since `\\d` and `\\w` would take digits and letters of other scripts.
- Parameters named in `parameters` are put behind the path before it is matched, as `?name=value`,
  once for each time they occur. So a pattern says by itself that an id must be there, may be there,
  must not be there, or must not be there twice. All other parameters are never looked at.
- `link` and `key` are templates, filled with the pattern's named groups and the `host`.
- Numeric ids don't begin with 0: `/0123` and `/123` would be one video under two keys.
"""

import re
from typing import Final

import msgspec


class Shape(msgspec.Struct, frozen=True):
    """One form of link to a video, and how to write its canonical link and its key."""

    pattern: re.Pattern[str]
    link: str
    key: str
    parameters: tuple[str, ...]


class Site(msgspec.Struct, frozen=True):
    """Hosts that all take the same shapes; `forwards` are paths that only lead elsewhere."""

    hosts: tuple[str, ...]
    shapes: tuple[Shape, ...]
    forwards: re.Pattern[str] | None = None


class Platform(msgspec.Struct, frozen=True):
    """A platform: its name for people, and its tag, the lasting first word of its videos' keys."""

    name: str
    tag: str
    sites: tuple[Site, ...]
    keys_ignore_case: bool = False


def _shape(pattern: str, *, link: str, key: str, parameters: tuple[str, ...] = ()) -> Shape:
    return Shape(re.compile(pattern, re.ASCII), link, key, parameters)


_YOUTUBE_ID = r"(?P<id>[A-Za-z0-9_-]{11})"
_YOUTUBE_LINK = "https://www.youtube.com/watch?v={id}"

_YOUTUBE = Platform(
    name="YouTube",
    tag="youtube",
    sites=(
        Site(
            hosts=("youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com"),
            shapes=(
                _shape(
                    rf"/watch\?v={_YOUTUBE_ID}", link=_YOUTUBE_LINK, key="{id}", parameters=("v",)
                ),
                _shape(rf"/(?:shorts|live|v)/{_YOUTUBE_ID}", link=_YOUTUBE_LINK, key="{id}"),
                # Two players that are no video have names as long as an id.
                _shape(
                    rf"/embed/(?!live_stream|videoseries){_YOUTUBE_ID}",
                    link=_YOUTUBE_LINK,
                    key="{id}",
                ),
            ),
            forwards=re.compile(r"/redirect"),
        ),
        Site(
            hosts=("youtu.be",),
            shapes=(_shape(rf"/{_YOUTUBE_ID}", link=_YOUTUBE_LINK, key="{id}"),),
        ),
    ),
)

# A short link hides the video's id, so it is kept as it is, with a key of its own. Which of the
# short hosts it came by makes no difference to a code, and so none to the key.
_TIKTOK_CODE = r"(?P<code>[A-Za-z0-9_]{6,64})"

_TIKTOK = Platform(
    name="TikTok",
    tag="tiktok",
    sites=(
        Site(
            hosts=("tiktok.com", "www.tiktok.com", "m.tiktok.com"),
            shapes=(
                _shape(
                    r"/@(?P<user>[A-Za-z0-9_.-]{1,64})/(?:video|photo)/(?P<id>[1-9][0-9]{9,20})",
                    link="https://www.tiktok.com/@{user}/video/{id}",
                    key="{id}",
                ),
                _shape(
                    rf"/t/{_TIKTOK_CODE}",
                    link="https://www.tiktok.com/t/{code}/",
                    key="short/{code}",
                ),
            ),
        ),
        Site(
            hosts=("vm.tiktok.com", "vt.tiktok.com"),
            shapes=(_shape(rf"/{_TIKTOK_CODE}", link="https://{host}/{code}/", key="short/{code}"),),
        ),
    ),
)

# Without the list, the short link `/share/reel/CODE` would read as a reel of a user named share.
_INSTAGRAM_USER = (
    r"(?!(?:accounts|direct|explore|p|reels?|share|stories|tv)/)[A-Za-z0-9_.]{1,64}"
)
_INSTAGRAM_CODE = r"(?P<code>[A-Za-z0-9_-]{5,64})"

_INSTAGRAM = Platform(
    name="Instagram",
    tag="instagram",
    sites=(
        Site(
            hosts=("instagram.com", "www.instagram.com", "m.instagram.com"),
            shapes=(
                _shape(
                    rf"(?:/{_INSTAGRAM_USER})?/(?P<kind>p|tv|reel)/{_INSTAGRAM_CODE}",
                    link="https://www.instagram.com/{kind}/{code}/",
                    key="{code}",
                ),
                # The page of all sounds is as long as a code.
                _shape(
                    rf"(?:/{_INSTAGRAM_USER})?/reels/(?!audio\Z){_INSTAGRAM_CODE}",
                    link="https://www.instagram.com/reel/{code}/",
                    key="{code}",
                ),
            ),
            forwards=re.compile(r"/share/.+"),
        ),
    ),
)

_FACEBOOK_ID = r"(?P<id>[1-9][0-9]{5,19})"
_FACEBOOK_PAGE = r"(?!(?:events|groups|share|watch)/)[A-Za-z0-9_.%-]+"
_FACEBOOK_LINK = "https://www.facebook.com/watch/?v={id}"

_FACEBOOK = Platform(
    name="Facebook",
    tag="facebook",
    sites=(
        Site(
            hosts=(
                "facebook.com",
                "www.facebook.com",
                "m.facebook.com",
                "web.facebook.com",
                "mbasic.facebook.com",
            ),
            shapes=(
                _shape(
                    rf"/(?:watch|watch/live|video\.php)/?\?v={_FACEBOOK_ID}",
                    link=_FACEBOOK_LINK,
                    key="{id}",
                    parameters=("v",),
                ),
                _shape(
                    rf"/{_FACEBOOK_PAGE}/videos(?:/[A-Za-z0-9_.%-]+)?/{_FACEBOOK_ID}",
                    link=_FACEBOOK_LINK,
                    key="{id}",
                ),
                _shape(
                    rf"/reel/{_FACEBOOK_ID}", link="https://www.facebook.com/reel/{id}", key="{id}"
                ),
                _shape(
                    r"/share/(?P<kind>[vr])/(?P<code>[A-Za-z0-9_-]{6,64})",
                    link="https://www.facebook.com/share/{kind}/{code}/",
                    key="share/{code}",
                ),
            ),
            forwards=re.compile(r"/l\.php|/share/.+"),
        ),
        Site(
            hosts=("fb.watch", "www.fb.watch"),
            shapes=(
                _shape(
                    r"/(?P<code>[A-Za-z0-9_-]{5,64})",
                    link="https://fb.watch/{code}/",
                    key="fb.watch/{code}",
                ),
            ),
        ),
    ),
)

# A post without a user's name stands at `/i/status/ID`: the first pattern takes i for a name.
_X_POST = r"status/(?P<id>[1-9][0-9]{0,19})(?:/(?:video|photo)/[1-9][0-9]?)?"

_X = Platform(
    name="X",
    tag="x",
    sites=(
        Site(
            hosts=(
                "x.com",
                "www.x.com",
                "mobile.x.com",
                "twitter.com",
                "www.twitter.com",
                "m.twitter.com",
                "mobile.twitter.com",
            ),
            shapes=(
                _shape(
                    rf"/(?P<user>[A-Za-z0-9_]{{1,15}})/{_X_POST.replace('status', 'status(?:es)?')}",
                    link="https://x.com/{user}/status/{id}",
                    key="{id}",
                ),
                _shape(rf"/i/web/{_X_POST}", link="https://x.com/i/status/{id}", key="{id}"),
            ),
        ),
    ),
)

# First parts of a path that Telegram keeps for itself. Those under four characters are no names.
_TELEGRAM_RESERVED = (
    "addemoji|addlist|addstickers|addstyle|addtheme|auction|auth|boost|call|confirmphone|contact"
    "|giftcode|invoice|joinchat|login|proxy|setlanguage|share|socks"
)
_TELEGRAM_NAME = rf"(?P<name>(?!(?i:{_TELEGRAM_RESERVED})/)[A-Za-z][A-Za-z0-9_]{{3,31}})"
_TELEGRAM_ID = r"(?P<id>[1-9][0-9]{0,9})"
_TELEGRAM_BOT_PARAMETERS = ("start", "startapp", "startgroup")

_TELEGRAM = Platform(
    name="Telegram",
    tag="telegram",
    keys_ignore_case=True,
    sites=(
        Site(
            hosts=("t.me", "telegram.me"),
            shapes=(
                _shape(
                    rf"(?:/s)?/{_TELEGRAM_NAME}/{_TELEGRAM_ID}",
                    link="https://t.me/{name}/{id}",
                    key="{name}/{id}",
                    parameters=_TELEGRAM_BOT_PARAMETERS,
                ),
                _shape(
                    rf"/{_TELEGRAM_NAME}/[1-9][0-9]{{0,9}}/{_TELEGRAM_ID}",
                    link="https://t.me/{name}/{id}",
                    key="{name}/{id}",
                    parameters=_TELEGRAM_BOT_PARAMETERS,
                ),
            ),
        ),
    ),
)

_VIMEO_ID = r"(?P<id>[1-9][0-9]{4,11})"
_VIMEO_HASH = r"(?P<hash>[0-9A-Fa-f]{6,64})"
_VIMEO_SHELF = r"(?:channels/[A-Za-z0-9_-]+|groups/[A-Za-z0-9_-]+/videos"
_VIMEO_SHELF += r"|(?:album|showcase)/[0-9]+/video)"
_VIMEO_LINK = "https://vimeo.com/{id}"

_VIMEO = Platform(
    name="Vimeo",
    tag="vimeo",
    sites=(
        Site(
            hosts=("vimeo.com", "www.vimeo.com"),
            shapes=(
                _shape(rf"(?:/{_VIMEO_SHELF})?/{_VIMEO_ID}", link=_VIMEO_LINK, key="{id}"),
                _shape(rf"/{_VIMEO_ID}/{_VIMEO_HASH}", link=_VIMEO_LINK + "/{hash}", key="{id}"),
            ),
        ),
        Site(
            hosts=("player.vimeo.com",),
            shapes=(
                _shape(rf"/video/{_VIMEO_ID}", link=_VIMEO_LINK, key="{id}", parameters=("h",)),
                _shape(
                    rf"/video/{_VIMEO_ID}\?h={_VIMEO_HASH}",
                    link=_VIMEO_LINK + "/{hash}",
                    key="{id}",
                    parameters=("h",),
                ),
            ),
        ),
    ),
)

_TWITCH_ID = r"(?P<id>[1-9][0-9]{5,11})"
_TWITCH_CHANNEL = r"[A-Za-z0-9_]{1,64}"
_TWITCH_SLUG = r"(?P<slug>(?!(?:create|embed)\Z)[A-Za-z0-9_-]{4,64})"
_TWITCH_CLIP_LINK = "https://clips.twitch.tv/{slug}"

_TWITCH = Platform(
    name="Twitch",
    tag="twitch",
    sites=(
        Site(
            hosts=("twitch.tv", "www.twitch.tv", "m.twitch.tv", "go.twitch.tv"),
            shapes=(
                _shape(
                    rf"/(?:videos|{_TWITCH_CHANNEL}/(?:video|v))/{_TWITCH_ID}",
                    link="https://www.twitch.tv/videos/{id}",
                    key="{id}",
                ),
                _shape(
                    rf"/{_TWITCH_CHANNEL}/clip/{_TWITCH_SLUG}",
                    link=_TWITCH_CLIP_LINK,
                    key="clip/{slug}",
                ),
            ),
        ),
        Site(
            hosts=("clips.twitch.tv",),
            shapes=(_shape(rf"/{_TWITCH_SLUG}", link=_TWITCH_CLIP_LINK, key="clip/{slug}"),),
        ),
    ),
)

PLATFORMS: Final = (_YOUTUBE, _TIKTOK, _INSTAGRAM, _FACEBOOK, _X, _TELEGRAM, _VIMEO, _TWITCH)

SITE_OF_HOST: Final = {
    host: (platform, site)
    for platform in PLATFORMS
    for site in platform.sites
    for host in site.hosts
}

# Hosts that only lead elsewhere. Any unlisted host is refused just the same; these are known by
# name so that the person can be told what to do: open the link, and send the address it leads to.
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
