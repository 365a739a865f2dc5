"""The table's rows for sites that are about videos: YouTube, TikTok, Vimeo, Twitch."""

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

_YOUTUBE_ID = r"(?P<id>[A-Za-z0-9_-]{11})"
_YOUTUBE_LINK = "https://www.youtube.com/watch?v={id}"
_YOUTUBE_SHAPES = (
    # `/?v=ID` and `watch.php` are old, but they still lead to the video.
    shape(
        rf"(?:/(?:watch|movie)(?:_popup)?(?:\.php)?)?/?\?v={_YOUTUBE_ID}",
        _YOUTUBE_LINK,
        parameters=("v",),
    ),
    shape(rf"/(?:shorts|live|v|e|watch)/{_YOUTUBE_ID}", _YOUTUBE_LINK),
    # As the studio has it for the owner: `/video/ID/edit`.
    shape(rf"/video/{_YOUTUBE_ID}(?:/[a-z].*)?", _YOUTUBE_LINK),
    # Two players that are no single video have names as long as an id.
    shape(rf"/embed/(?!live_stream|videoseries){_YOUTUBE_ID}", _YOUTUBE_LINK),
    shape(
        rf"/attribution_link\?u=/watch\?(?:[^?&]*&)*?v={_YOUTUBE_ID}(?:&.*)?",
        _YOUTUBE_LINK,
        parameters=("u",),
    ),
)
_YOUTUBE_PAGES = pages(
    (r"/embed/live_stream|/live$|/@[^/]*/live|/(?:c|channel|user)/[^/]*/live", Page.LIVE),
    (r"/playlist|/embed/videoseries|/show/", Page.PLAYLIST),
    (r"/post/|/@[^/]*/(?:community|posts)", Page.POST),
    (r"/@|/(?:c|channel|user)/", Page.PROFILE),
    (r"/results|/hashtag/|/feed/|/gaming|/shorts$", Page.SEARCH),
    (r"/(?:watch|shorts|live|embed|v|e)\b", Page.INCOMPLETE),
)
_YOUTUBE_POSTS = (
    # A comment has its video's address. Only services for comments look at posts here.
    shape(
        rf"(?:/watch)?/?\?v={_YOUTUBE_ID}\?lc=(?P<comment>[A-Za-z0-9_.-]{{10,80}})",
        "https://www.youtube.com/watch?v={id}&lc={comment}",
        "{id}/comment/{comment}",
        ("v", "lc"),
    ),
    shape(
        r"/(?:post/|channel/[A-Za-z0-9_-]+/community\?lb=)(?P<post>Ug[A-Za-z0-9_-]{10,80})",
        "https://www.youtube.com/post/{post}",
        "post/{post}",
        ("lb",),
    ),
)
_YOUTUBE_NAME = "(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,98}[A-Za-z0-9_-])?)"
_YOUTUBE_TABS = tabs(
    "about",
    "channels",
    "community",
    "featured",
    "join",
    "live",
    "playlists",
    "podcasts",
    "posts",
    "releases",
    "shorts",
    "store",
    "streams",
    "videos",
)
_YOUTUBE_CHANNELS = (
    page_shape(
        rf"/@{_YOUTUBE_NAME}{_YOUTUBE_TABS}", "https://www.youtube.com/@{name}", "@{name}", ("lb",)
    ),
    page_shape(
        rf"/channel/(?P<id>UC[A-Za-z0-9_-]{{22}}){_YOUTUBE_TABS}",
        "https://www.youtube.com/channel/{id}",
        "{id}",
        ("lb",),
        ignores_case=False,
    ),
    page_shape(
        rf"/(?P<kind>c|user)/{_YOUTUBE_NAME}{_YOUTUBE_TABS}",
        "https://www.youtube.com/{kind}/{name}",
        "{kind}/{name}",
    ),
)

YOUTUBE = Platform(
    "YouTube",
    "youtube",
    (
        Site(
            ("youtube.com", "youtube-nocookie.com", "youtubekids.com"),
            _YOUTUBE_SHAPES,
            _YOUTUBE_PAGES,
            forwards=pattern_of("/redirect"),
            post_shapes=_YOUTUBE_POSTS,
            page_shapes=_YOUTUBE_CHANNELS,
        ),
        Site(
            ("youtu.be",),
            (shape(rf"/{_YOUTUBE_ID}", _YOUTUBE_LINK), *_YOUTUBE_SHAPES),
            pages((r"/@", Page.PROFILE), (r"/.", Page.INCOMPLETE)),
            page_shapes=_YOUTUBE_CHANNELS[:1],
        ),
    ),
    handle_link="https://www.youtube.com/@{name}",
)

# A short link hides the video's id, so it stays as it is, with a key of its own. A code means the
# same on every short host, so the host is not part of the key.
_TIKTOK_ID = r"(?P<id>[1-9][0-9]{9,20})"
_TIKTOK_CODE = r"(?P<code>[A-Za-z0-9_]{6,64})"
_TIKTOK_LANGUAGE = "(?:/[a-z]{2}(?:-[a-z]{2,4})?)?"
_TIKTOK_USER = r"@(?P<user>[A-Za-z0-9_.-]{1,64})"
_TIKTOK_NAME = "@(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_]))"

TIKTOK = Platform(
    "TikTok",
    "tiktok",
    (
        Site(
            ("tiktok.com", "tiktokv.com"),
            (
                shape(
                    rf"{_TIKTOK_LANGUAGE}/{_TIKTOK_USER}/video/{_TIKTOK_ID}",
                    "https://www.tiktok.com/@{user}/video/{id}",
                ),
                # Without a user's name. TikTok looks at the id alone, and takes any name.
                shape(
                    rf"/(?:@/video|video|v|embed|embed/v[1-3]|player/v1|(?:i18n/)?share/video)/{_TIKTOK_ID}(?:\.html?)?",
                    "https://www.tiktok.com/@_/video/{id}",
                ),
                shape(
                    rf"/t/{_TIKTOK_CODE}",
                    "https://www.tiktok.com/t/{code}/",
                    "short/{code}",
                    opaque=True,
                ),
            ),
            pages(
                (r"/@[^/]*/photo\b", Page.PHOTO),
                (r"/@[^/]*/live\b|/live\b", Page.LIVE),
                (r"/@[^/]*/(?:playlist|collection)\b", Page.PLAYLIST),
                (r"/@[^/]*/video\b|/(?:t|v|embed|share/video)(?:/|$)", Page.INCOMPLETE),
                (r"/@", Page.PROFILE),
                (r"/music/", Page.SOUND),
                (r"/(?:tag|discover|search|explore|foryou|following)\b", Page.SEARCH),
            ),
            post_shapes=(
                shape(
                    rf"{_TIKTOK_LANGUAGE}/{_TIKTOK_USER}/photo/{_TIKTOK_ID}",
                    "https://www.tiktok.com/@{user}/photo/{id}",
                ),
            ),
            page_shapes=(
                page_shape(
                    rf"{_TIKTOK_LANGUAGE}/{_TIKTOK_NAME}{tabs('live')}",
                    "https://www.tiktok.com/@{name}",
                ),
            ),
        ),
        Site(
            ("vm.tiktok.com", "vt.tiktok.com"),
            (shape(rf"/{_TIKTOK_CODE}", "https://{host}/{code}/", "short/{code}", opaque=True),),
            pages((r"/.", Page.INCOMPLETE)),
        ),
    ),
    handle_link="https://www.tiktok.com/@{name}",
)

_VIMEO_ID = "(?P<id>[1-9][0-9]{4,11})"
_VIMEO_HASH = "(?P<hash>[0-9A-Fa-f]{6,64})"
_VIMEO_WORD = "[A-Za-z0-9_-]+"
_VIMEO_LINK = "https://vimeo.com/{id}"
_VIMEO_UNLISTED_LINK = "https://vimeo.com/{id}/{hash}"
_VIMEO_NAME = "(?P<name>[A-Za-z][A-Za-z0-9_-]{1,63})"
_VIMEO_RESERVED = (
    "about|album|blog|business|categories|channels|create|enterprise|event|explore|features|groups"
    "|help|home|jobs|join|log_in|manage|ondemand|ott|pricing|privacy|search|settings|showcase"
    "|solutions|stock|terms|upgrade|upload|video|watch"
)

VIMEO = Platform(
    "Vimeo",
    "vimeo",
    (
        Site(
            ("vimeo.com",),
            (
                shape(
                    rf"/(?:video/|manage/videos/|m/)?{_VIMEO_ID}", _VIMEO_LINK, parameters=("h",)
                ),
                shape(
                    rf"/(?:video/)?{_VIMEO_ID}\?h={_VIMEO_HASH}",
                    _VIMEO_UNLISTED_LINK,
                    parameters=("h",),
                ),
                shape(f"/{_VIMEO_ID}/{_VIMEO_HASH}", _VIMEO_UNLISTED_LINK),
                shape(f"/channels/{_VIMEO_WORD}/{_VIMEO_ID}", _VIMEO_LINK),
                shape(f"/groups/{_VIMEO_WORD}/videos/{_VIMEO_ID}", _VIMEO_LINK),
                shape(f"/(?:album|showcase)/[0-9]+/video/{_VIMEO_ID}", _VIMEO_LINK),
            ),
            pages(
                (r"/event/", Page.LIVE),
                (r"/(?:album|showcase)/", Page.PLAYLIST),
                (r"/(?:categories|search|watch|explore)\b", Page.SEARCH),
                (r"/(?:ondemand|features|upload|log_in|join)\b", Page.OTHER),
                (r"/[0-9]|/video/", Page.INCOMPLETE),
                (r"/[A-Za-z]", Page.PROFILE),
            ),
            page_shapes=(
                page_shape(
                    rf"/(?P<kind>channels|groups)/{_VIMEO_NAME}",
                    "https://vimeo.com/{kind}/{name}",
                    "{kind}/{name}",
                ),
                page_shape(
                    f"/{not_any_of(_VIMEO_RESERVED)}{_VIMEO_NAME}{tabs('about', 'videos')}",
                    "https://vimeo.com/{name}",
                ),
            ),
        ),
    ),
    handle_link="https://vimeo.com/{name}",
)

_TWITCH_ID = "(?P<id>[1-9][0-9]{5,11})"
_TWITCH_CHANNEL = "[A-Za-z0-9_]{1,64}"
_TWITCH_SLUG = r"(?P<slug>(?!(?:create|embed)(?![A-Za-z0-9_-]))[A-Za-z0-9_-]{4,64})"
_TWITCH_LINK = "https://www.twitch.tv/videos/{id}"
_TWITCH_CLIP_LINK = "https://clips.twitch.tv/{slug}"
_TWITCH_RESERVED = (
    "bits|clip|collections|creatorcamp|directory|downloads|drops|embed|event|friends|inventory|jobs"
    "|login|moderator|p|popout|prime|products|search|settings|signup|store|subscriptions|team|turbo"
    "|user|v|videos?|wallet"
)

TWITCH = Platform(
    "Twitch",
    "twitch",
    (
        Site(
            ("twitch.tv",),
            (
                shape(f"(?:/{_TWITCH_CHANNEL})?/(?:videos?|v)/{_TWITCH_ID}", _TWITCH_LINK),
                shape(rf"/?\?video=v?{_TWITCH_ID}", _TWITCH_LINK, parameters=("video",)),
                shape(
                    f"/(?:{_TWITCH_CHANNEL}/)?clip/{_TWITCH_SLUG}", _TWITCH_CLIP_LINK, "clip/{slug}"
                ),
            ),
            pages(
                (r"/collections/", Page.PLAYLIST),
                (r"/(?:directory|search|downloads|p)\b", Page.SEARCH),
                (r"/videos/", Page.INCOMPLETE),
                (rf"/{_TWITCH_CHANNEL}/(?:videos|clips|about|schedule)\b", Page.PROFILE),
                (rf"/{_TWITCH_CHANNEL}$", Page.LIVE),
            ),
            page_shapes=(
                page_shape(
                    f"/{not_any_of(_TWITCH_RESERVED)}(?P<name>[A-Za-z0-9_]{{2,25}})"
                    f"{tabs('about', 'clips', 'followers', 'home', 'schedule', 'videos')}",
                    "https://www.twitch.tv/{name}",
                    parameters=("video",),
                ),
            ),
        ),
        Site(
            ("clips.twitch.tv",),
            (
                shape(f"/{_TWITCH_SLUG}", _TWITCH_CLIP_LINK, "clip/{slug}"),
                shape(rf"/embed\?clip={_TWITCH_SLUG}", _TWITCH_CLIP_LINK, "clip/{slug}", ("clip",)),
            ),
            pages((r"/.", Page.INCOMPLETE)),
        ),
    ),
    handle_link="https://www.twitch.tv/{name}",
)
