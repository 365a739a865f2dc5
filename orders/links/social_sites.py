"""The table's rows for social networks: Instagram, Facebook, X, Telegram."""

from orders.links.shapes import Page, Platform, Site, pages, pattern_of, shape

# Without this list, `/share/reel/CODE` would read as a reel by a user named share.
_INSTAGRAM_RESERVED = "accounts|direct|explore|p|reels?|share|stories|tv"
_INSTAGRAM_OWNER = rf"(?:/(?!(?:{_INSTAGRAM_RESERVED})/)[A-Za-z0-9_.]{{1,64}})?"
_INSTAGRAM_CODE = r"(?P<code>[A-Za-z0-9_-]{5,64})"
_INSTAGRAM_VIEW = r"(?:/(?:embed(?:/captioned)?|comments|liked_by|media|insights|c(?:/[0-9]+)?))?"

INSTAGRAM = Platform(
    "Instagram",
    "instagram",
    (
        Site(
            ("instagram.com", "instagr.am"),
            (
                shape(
                    rf"{_INSTAGRAM_OWNER}/(?P<kind>p|tv|reel)/{_INSTAGRAM_CODE}{_INSTAGRAM_VIEW}",
                    "https://www.instagram.com/{kind}/{code}/",
                    "{code}",
                ),
                # The path of sounds is as long as a code.
                shape(
                    rf"{_INSTAGRAM_OWNER}/reels/(?!audio(?![A-Za-z0-9_-])){_INSTAGRAM_CODE}",
                    "https://www.instagram.com/reel/{code}/",
                    "{code}",
                ),
                # It hides the code that the key is made of, so it stays as it is.
                shape(
                    rf"/share/(?P<kind>p|tv|reel)/{_INSTAGRAM_CODE}",
                    "https://www.instagram.com/share/{kind}/{code}/",
                    "share/{code}",
                ),
            ),
            pages(
                (r"/(?:stories|s|highlights)/", Page.STORY),
                (r"/reels/audio\b|/music/", Page.SOUND),
                (r"/(?:explore|reels$|accounts|direct|web)\b", Page.SEARCH),
                (rf"{_INSTAGRAM_OWNER}/(?:p|tv|reel)(?:/|$)|/reels/.", Page.INCOMPLETE),
                (r"/[A-Za-z0-9_.]+/live\b", Page.LIVE),
                (r"/[A-Za-z0-9_.]", Page.PROFILE),
            ),
            forwards=pattern_of("/share/.+"),
        ),
    ),
)

_FACEBOOK_ID = r"(?P<id>[1-9][0-9]{5,19})"
_FACEBOOK_PAGE = r"(?!(?:events|groups|share|watch)/)[A-Za-z0-9_.%-]+"
_FACEBOOK_TITLE = r"[A-Za-z0-9_.%-]+"
_FACEBOOK_LINK = "https://www.facebook.com/watch/?v={id}"
_FACEBOOK_REEL_LINK = "https://www.facebook.com/reel/{id}"
_FACEBOOK_PLAYER = r"/plugins/video\.php\?href=https?://(?:[a-z-]+\.)?facebook\.com"

FACEBOOK = Platform(
    "Facebook",
    "facebook",
    (
        Site(
            ("facebook.com", "fb.com"),
            (
                shape(
                    rf"/(?:watch|watch/live|video\.php|video/video\.php)/?\?v={_FACEBOOK_ID}",
                    _FACEBOOK_LINK,
                    parameters=("v",),
                ),
                shape(
                    rf"(?:/{_FACEBOOK_PAGE})?/videos(?:/{_FACEBOOK_TITLE})?/{_FACEBOOK_ID}",
                    _FACEBOOK_LINK,
                ),
                shape(rf"/reels?/{_FACEBOOK_ID}", _FACEBOOK_REEL_LINK),
                # The code for web pages that Facebook offers names the video in a parameter.
                shape(
                    rf"{_FACEBOOK_PLAYER}(?:(?:/{_FACEBOOK_PAGE})?/videos(?:/{_FACEBOOK_TITLE})?/"
                    rf"|/watch/?\?v=){_FACEBOOK_ID}",
                    _FACEBOOK_LINK,
                    parameters=("href",),
                ),
                shape(
                    rf"{_FACEBOOK_PLAYER}/reel/{_FACEBOOK_ID}",
                    _FACEBOOK_REEL_LINK,
                    parameters=("href",),
                ),
                shape(
                    r"/share/(?P<kind>[vr])/(?P<code>[A-Za-z0-9_-]{6,64})",
                    "https://www.facebook.com/share/{kind}/{code}/",
                    "share/{code}",
                ),
            ),
            pages(
                (r"/stories/", Page.STORY),
                (r"/photo|/[^/]+/photos", Page.PHOTO),
                (r"/groups/[^/]+/(?:posts|permalink)/", Page.POST),
                (r"/groups/", Page.GROUP),
                (r"/(?:permalink|story)\.php|/[^/]+/posts", Page.POST),
                (r"/(?:watch|reels?|video\.php)$", Page.INCOMPLETE),
                (r"/reels?/|/[^/]+/videos/.|/videos/", Page.INCOMPLETE),
                (r"/[^/]+/live\b|/live\b", Page.LIVE),
                (r"/(?:hashtag|search|events|marketplace|gaming)\b", Page.SEARCH),
                (r"/profile\.php|/people/|/pages/", Page.PROFILE),
                (r"/[A-Za-z0-9_.%-]+(?:/(?:videos|reels|about))?$", Page.PROFILE),
            ),
            forwards=pattern_of(r"/l\.php|/share/.+"),
        ),
        Site(
            ("fb.watch",),
            (
                shape(
                    r"/(?P<code>[A-Za-z0-9_-]{5,64})",
                    "https://fb.watch/{code}/",
                    "fb.watch/{code}",
                ),
            ),
            pages((r"/.", Page.INCOMPLETE)),
        ),
    ),
)

_X_VIEW = "(?:/(?:video|photo)/[1-9][0-9]?|(?:/[a-z_]+)+)?"
_X_POST = rf"(?P<id>[1-9][0-9]{{0,19}}){_X_VIEW}"

X = Platform(
    "X",
    "x",
    (
        Site(
            ("x.com", "twitter.com"),
            (
                # A post without its user is at `/i/status/ID`; `i` matches like a user's name.
                shape(
                    rf"/(?P<user>[A-Za-z0-9_]{{1,15}})/status(?:es)?/{_X_POST}",
                    "https://x.com/{user}/status/{id}",
                ),
                shape(
                    rf"/(?:i/web/status|i/videos(?:/tweet)?|statuses)/{_X_POST}",
                    "https://x.com/i/status/{id}",
                ),
            ),
            pages(
                (r"/i/(?:spaces|broadcasts)/", Page.LIVE),
                (r"/i/lists/|/[^/]+/lists\b", Page.PLAYLIST),
                (r"/i/communities/", Page.GROUP),
                (r"/(?:search|hashtag|explore|home|i/topics|i/events)\b", Page.SEARCH),
                (r"/[^/]+/status(?:es)?(?:/|$)|/i/web/status|/statuses(?:/|$)", Page.INCOMPLETE),
                (r"/(?:i|intent|share|settings|messages|notifications)\b", Page.OTHER),
                (r"/[A-Za-z0-9_]", Page.PROFILE),
            ),
        ),
    ),
)

# First parts of a path that Telegram reserves, except those too short to be a name.
_TELEGRAM_RESERVED = (
    "addemoji|addlist|addstickers|addstyle|addtheme|auction|auth|boost|call|confirmphone|contact"
    "|giftcode|invoice|joinchat|login|proxy|setlanguage|share|socks"
)
_TELEGRAM_NAME = (
    rf"(?P<name>(?!(?:{_TELEGRAM_RESERVED})(?![A-Za-z0-9_]))[A-Za-z][A-Za-z0-9_]{{3,31}})"
)
_TELEGRAM_NUMBER = "[1-9][0-9]{0,9}"
_TELEGRAM_BOT = r"[A-Za-z0-9_]*(?:bot)"

TELEGRAM = Platform(
    "Telegram",
    "telegram",
    (
        Site(
            ("t.me", "telegram.me", "telegram.dog"),
            tuple(
                # Links that start a bot have the same path; no pattern matches their parameters.
                shape(
                    rf"{place}/(?P<id>{_TELEGRAM_NUMBER})",
                    "https://t.me/{name}/{id}",
                    "{name}/{id}",
                    parameters=("start", "startapp", "startgroup"),
                )
                for place in (
                    f"/{_TELEGRAM_NAME}",
                    f"/s/{_TELEGRAM_NAME}",
                    f"/{_TELEGRAM_NAME}/{_TELEGRAM_NUMBER}",
                )
            ),
            pages(
                (r"/c/", Page.PRIVATE_CHANNEL),
                (r"/\+|/joinchat\b", Page.INVITATION),
                (rf"/{_TELEGRAM_NAME}/s/", Page.STORY),
                (rf"/{_TELEGRAM_BOT}(?:/|$)", Page.BOT),
                (rf"/(?:{_TELEGRAM_RESERVED})\b|/[A-Za-z](?:/(?!{_TELEGRAM_NAME}$)|$)", Page.OTHER),
                (rf"/(?:s/)?{_TELEGRAM_NAME}$", Page.PROFILE),
                (rf"/(?:s/)?{_TELEGRAM_NAME}/", Page.INCOMPLETE),
            ),
            name_in_host=True,
        ),
    ),
    keys_ignore_case=True,
)
