"""The table's rows for social networks: Instagram, Facebook, X."""

from orders.links.shapes import (
    Page,
    Platform,
    Site,
    not_any_of,
    page_shape,
    pages,
    pattern_of,
    shape,
    tabs,
)

# Without this list, `/share/reel/CODE` would read as a reel by a user named share.
_INSTAGRAM_RESERVED = "accounts|direct|explore|p|reels?|share|stories|tv"
_INSTAGRAM_OWNER = rf"(?:/(?!(?:{_INSTAGRAM_RESERVED})/)[A-Za-z0-9_.]{{1,64}})?"
_INSTAGRAM_CODE = r"(?P<code>[A-Za-z0-9_-]{5,64})"
_INSTAGRAM_VIEW = r"(?:/(?:embed(?:/captioned)?|comments|liked_by|media|insights|c(?:/[0-9]+)?))?"
_INSTAGRAM_NO_NAME = (
    f"{_INSTAGRAM_RESERVED}|about|ads|api|ar|challenge|developer|directory|download|emails|graphql"
    "|highlights|legal|lite|music|oauth|popular|press|privacy|s|session|static|tags|terms|topics|web"
)

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
            page_shapes=(
                page_shape(
                    rf"(?:/_u)?/{not_any_of(_INSTAGRAM_NO_NAME)}"
                    r"(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?)"
                    rf"{tabs('channel', 'guides', 'live', 'reels', 'tagged')}",
                    "https://www.instagram.com/{name}/",
                ),
            ),
        ),
    ),
    handle_link="https://www.instagram.com/{name}/",
)

_FACEBOOK_ID = r"(?P<id>[1-9][0-9]{5,19})"
_FACEBOOK_PAGE = r"(?!(?:events|groups|share|watch)/)[A-Za-z0-9_.%-]+"
_FACEBOOK_TITLE = r"[A-Za-z0-9_.%-]+"
_FACEBOOK_LINK = "https://www.facebook.com/watch/?v={id}"
_FACEBOOK_REEL_LINK = "https://www.facebook.com/reel/{id}"
_FACEBOOK_PLAYER = r"/plugins/video\.php\?href=https?://(?:[a-z-]+\.)?facebook\.com"
_FACEBOOK_CODE = "(?P<code>[A-Za-z0-9_-]{6,64})"
_FACEBOOK_POST_ID = "(?P<id>pfbid[A-Za-z0-9]{20,120}|[1-9][0-9]{5,19})"
_FACEBOOK_OWNER = r"(?P<page>[A-Za-z0-9_.-]{1,100})"
_FACEBOOK_GROUP = "(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,98}[A-Za-z0-9_])?)"
_FACEBOOK_PHOTO_LINK = "https://www.facebook.com/photo/?fbid={id}"
_FACEBOOK_PROFILE_LINK = "https://www.facebook.com/profile.php?id={id}"
_FACEBOOK_RESERVED = (
    "about|ads|bookmarks|business|careers|checkpoint|dialog|directory|events|friends|fundraisers"
    "|games|gaming|groups|hashtag|help|home|jobs|l|latest|legal|lite|live|login|marketplace|me|media"
    "|memories|messages|notes|notifications|p|pages|people|permalink|photos?|plugins|policies|policy"
    "|posts|privacy|profile|public|recover|reels?|reg|saved|search|settings|sharer?|stories|story"
    "|terms|tr|videos?|watch"
)

_FACEBOOK_POSTS = (
    shape(
        rf"/{_FACEBOOK_OWNER}/posts(?:/{_FACEBOOK_TITLE})?/{_FACEBOOK_POST_ID}",
        "https://www.facebook.com/{page}/posts/{id}",
        "posts/{id}",
    ),
    shape(
        rf"/(?:permalink|story)\.php/?\?story_fbid={_FACEBOOK_POST_ID}\?id=(?P<page>[1-9][0-9]{{4,19}})",
        "https://www.facebook.com/permalink.php?story_fbid={id}&id={page}",
        "posts/{id}",
        ("story_fbid", "id"),
    ),
    shape(
        rf"/groups/{_FACEBOOK_GROUP}/(?:posts|permalink)/{_FACEBOOK_POST_ID}",
        "https://www.facebook.com/groups/{name}/posts/{id}/",
        "posts/{id}",
    ),
    shape(
        rf"/photo(?:\.php)?/?\?fbid={_FACEBOOK_ID}",
        _FACEBOOK_PHOTO_LINK,
        "photo/{id}",
        ("fbid",),
    ),
    shape(
        rf"/{_FACEBOOK_PAGE}/photos(?:/{_FACEBOOK_TITLE})?/{_FACEBOOK_ID}",
        _FACEBOOK_PHOTO_LINK,
        "photo/{id}",
    ),
    shape(f"/share/p/{_FACEBOOK_CODE}", "https://www.facebook.com/share/p/{code}/", "share/{code}"),
)

_FACEBOOK_PAGES = (
    page_shape(
        r"/profile\.php/?\?id=(?P<id>[1-9][0-9]{4,19})", _FACEBOOK_PROFILE_LINK, "{id}", ("id",)
    ),
    # The number decides; the name before it may be any.
    page_shape(
        r"(?:/(?:people|pages)(?:/[A-Za-z0-9_.%-]+){1,3}?/|/(?:p/)?[A-Za-z0-9_.%-]+-|/)(?P<id>[1-9][0-9]{4,19})"
        r"(?![A-Za-z0-9_.-])",
        _FACEBOOK_PROFILE_LINK,
        "{id}",
    ),
    page_shape(
        f"/groups/{_FACEBOOK_GROUP}"
        f"{tabs('about', 'announcements', 'discussion', 'media', 'members')}",
        "https://www.facebook.com/groups/{name}/",
        "groups/{name}",
    ),
    page_shape(
        f"/share/g/{_FACEBOOK_CODE}",
        "https://www.facebook.com/share/g/{code}/",
        "share/{code}",
        ignores_case=False,
    ),
    page_shape(
        rf"/{not_any_of(_FACEBOOK_RESERVED)}(?![A-Za-z0-9.]*\.php)"
        r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9.]{0,98}[A-Za-z0-9]))"
        f"{tabs('about', 'followers', 'live', 'mentions', 'photos', 'posts', 'reels', 'videos')}",
        "https://www.facebook.com/{name}",
    ),
)

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
            post_shapes=_FACEBOOK_POSTS,
            page_shapes=_FACEBOOK_PAGES,
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
    handle_link="https://www.facebook.com/{name}",
)

_X_VIEW = "(?:/(?:video|photo)/[1-9][0-9]?|(?:/[a-z_]+)+)?"
_X_POST = rf"(?P<id>[1-9][0-9]{{0,19}}){_X_VIEW}"
_X_NAME = "(?P<name>[A-Za-z0-9_]{1,15})"
_X_RESERVED = (
    "about|account|communities|compose|download|explore|hashtag|home|i|intent|jobs|lists|login"
    "|logout|messages|notifications|privacy|search|settings|share|signup|tos"
)

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
            page_shapes=(
                page_shape(
                    f"/{not_any_of(_X_RESERVED)}{_X_NAME}"
                    f"{tabs('articles', 'highlights', 'likes', 'media', 'with_replies')}",
                    "https://x.com/{name}",
                ),
                page_shape(
                    rf"/intent/(?:follow|user)/?\?screen_name={_X_NAME}",
                    "https://x.com/{name}",
                    parameters=("screen_name",),
                ),
                page_shape(
                    "/i/communities/(?P<id>[1-9][0-9]{0,19})",
                    "https://x.com/i/communities/{id}",
                    "communities/{id}",
                ),
            ),
        ),
    ),
    handle_link="https://x.com/{name}",
)
