"""The table's rows for sites without video rows: VK, OK, Threads, LinkedIn and so on."""

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

_VK_ID = "(?P<id>-?[1-9][0-9]{0,11}_[1-9][0-9]{0,11})"
_VK_PATH = "(?:/[A-Za-z0-9_.@%-]*)*"
_VK_REST = "(?:/[A-Za-z0-9_-]*|_r[0-9]+)?"
_VK_RESERVED = (
    "about|apps|audio|audios|away|blog|bookmarks|clips|dev|docs|feed|friends|groups|im|join|jobs"
    "|login|mail|market|music|photos|restore|search|settings|share|support|terms|video|videos"
    "|vkvideo|wall"
)
_VK_NO_NAME = (
    rf"{not_any_of(_VK_RESERVED)}(?![a-z0-9_]+\.php)"
    "(?!(?:album|app|audio|clip|doc|market|note|page|photo|poll|product|story|topic|video|wall|write)s?"
    "-?[0-9])"
)

VK = Platform(
    "VK",
    "vk",
    (
        Site(
            ("vk.com", "vk.ru", "vkvideo.ru"),
            forwards=pattern_of(r"/away(?:\.php)?"),
            pages=pages((r"/(?:feed|search|groups|video|clips)$", Page.SEARCH)),
            # A post opens over another page, which the path names: the parameter decides.
            post_shapes=(
                *(
                    shape(
                        rf"{place}(?P<kind>wall|photo){_VK_ID}{_VK_REST}",
                        "https://vk.com/{kind}{id}",
                        "{kind}{id}",
                        parameters,
                    )
                    for place, parameters in (
                        ("/", ("w", "z")),
                        (_VK_PATH + r"\?w=", ("w", "z")),
                        (_VK_PATH + r"\?z=", ("w", "z")),
                    )
                ),
                # A clip is a video too, with the same number.
                *(
                    shape(
                        rf"{place}(?:video|clip){_VK_ID}{_VK_REST}",
                        "https://vk.com/video{id}",
                        "video{id}",
                        parameters,
                    )
                    for place, parameters in (("/", ("w", "z")), (_VK_PATH + r"\?z=", ("w", "z")))
                ),
            ),
            page_shapes=(
                page_shape(
                    "/(?:club|public|event)(?P<id>[1-9][0-9]{0,11})(?![A-Za-z0-9_.])",
                    "https://vk.com/club{id}",
                    "club{id}",
                    ("w", "z"),
                ),
                page_shape(
                    rf"/{_VK_NO_NAME}(?P<name>[A-Za-z](?:[A-Za-z0-9_.]{{0,62}}[A-Za-z0-9_]))",
                    "https://vk.com/{name}",
                    parameters=("w", "z"),
                ),
            ),
        ),
    ),
    handle_link="https://vk.com/{name}",
)

_OK_ID = "(?P<id>[1-9][0-9]{4,19})"
_OK_NAME = "(?P<name>[A-Za-z](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_]))"
_OK_RESERVED = (
    "app|apps|feed|games|gifts|group|groups|help|live|login|market|messages|music|online|post"
    "|profile|search|settings|video|videos"
)

OK = Platform(
    "OK",
    "ok",
    (
        Site(
            ("ok.ru", "odnoklassniki.ru"),
            post_shapes=(
                shape(
                    rf"/(?P<kind>group|profile)/(?P<owner>[1-9][0-9]{{4,19}})"
                    rf"/(?P<what>topic|statuses|album/[0-9]+)/{_OK_ID}",
                    "https://ok.ru/{kind}/{owner}/{what}/{id}",
                ),
                shape(
                    rf"/{not_any_of(_OK_RESERVED)}{_OK_NAME}/topic/{_OK_ID}",
                    "https://ok.ru/{name}/topic/{id}",
                ),
                shape(rf"/(?:video|videoembed|live)/{_OK_ID}", "https://ok.ru/video/{id}"),
            ),
            page_shapes=(
                page_shape(
                    rf"/(?P<kind>group|profile)/{_OK_ID}",
                    "https://ok.ru/{kind}/{id}",
                    "{kind}/{id}",
                ),
                page_shape(f"/{not_any_of(_OK_RESERVED)}{_OK_NAME}", "https://ok.ru/{name}"),
            ),
        ),
    ),
)

_RUTUBE_ID = "(?P<id>[0-9a-f]{32})"

RUTUBE = Platform(
    "Rutube",
    "rutube",
    (
        Site(
            ("rutube.ru",),
            post_shapes=(
                shape(
                    f"/(?:video|shorts|play/embed)/{_RUTUBE_ID}",
                    "https://rutube.ru/video/{id}/",
                    ignores_case=True,
                ),
            ),
            page_shapes=(
                page_shape(
                    f"/channel/(?P<id>[1-9][0-9]{{0,11}}){tabs('about', 'shorts', 'videos')}",
                    "https://rutube.ru/channel/{id}/",
                    "{id}",
                ),
                page_shape(
                    "/u/(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?)",
                    "https://rutube.ru/u/{name}/",
                    "u/{name}",
                ),
            ),
        ),
    ),
)

_THREADS_NAME = "(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?)"
_THREADS_CODE = "(?P<code>[A-Za-z0-9_-]{5,64})"

THREADS = Platform(
    "Threads",
    "threads",
    (
        Site(
            ("threads.net", "threads.com"),
            post_shapes=(
                shape(
                    f"/@{_THREADS_NAME}/post/{_THREADS_CODE}",
                    "https://www.threads.net/@{name}/post/{code}",
                    "{code}",
                ),
                shape(f"/t/{_THREADS_CODE}", "https://www.threads.net/t/{code}", "{code}"),
            ),
            page_shapes=(
                page_shape(
                    f"/@{_THREADS_NAME}{tabs('media', 'replies', 'reposts')}",
                    "https://www.threads.net/@{name}",
                ),
            ),
        ),
    ),
    handle_link="https://www.threads.net/@{name}",
)

_LINKEDIN_POST = "(?P<id>[1-9][0-9]{15,20})"

LINKEDIN = Platform(
    "LinkedIn",
    "linkedin",
    (
        Site(
            ("linkedin.com",),
            pages=pages((r"/(?:feed|jobs|search)\b", Page.SEARCH)),
            post_shapes=(
                shape(
                    rf"/posts/[A-Za-z0-9_.%-]{{1,400}}-(?P<kind>activity|share|ugcPost)-{_LINKEDIN_POST}"
                    "(?:-[A-Za-z0-9_-]{1,8})?",
                    "https://www.linkedin.com/feed/update/urn:li:{kind}:{id}/",
                ),
                shape(
                    rf"/(?:feed/update|embed/feed/update)/urn(?::|%3A)li(?::|%3A)"
                    rf"(?P<kind>activity|share|ugcPost)(?::|%3A){_LINKEDIN_POST}",
                    "https://www.linkedin.com/feed/update/urn:li:{kind}:{id}/",
                ),
            ),
            page_shapes=(
                page_shape(
                    "/(?P<kind>in|company|school|showcase|groups)/(?P<name>[A-Za-z0-9_-]{1,100})"
                    + tabs("about", "posts", "recent-activity"),
                    "https://www.linkedin.com/{kind}/{name}/",
                    "{kind}/{name}",
                ),
            ),
        ),
    ),
)

_PINTEREST_COUNTRIES = (
    *("at", "ca", "ch", "cl", "de", "dk", "es", "fr", "ie", "it", "jp", "nz", "ph", "pt", "se"),
)
_PINTEREST_RESERVED = "business|categories|explore|ideas|login|pin|search|settings|today|topics"

PINTEREST = Platform(
    "Pinterest",
    "pinterest",
    (
        Site(
            (
                "pinterest.com",
                *(f"pinterest.{country}" for country in _PINTEREST_COUNTRIES),
                "pinterest.co.uk",
                "pinterest.co.kr",
                "pinterest.com.au",
                "pinterest.com.mx",
            ),
            post_shapes=(
                shape(
                    "/pin/(?:[A-Za-z0-9_.%-]{1,200}--)?(?P<id>[1-9][0-9]{5,20})",
                    "https://www.pinterest.com/pin/{id}/",
                ),
            ),
            page_shapes=(
                page_shape(
                    f"/{not_any_of(_PINTEREST_RESERVED)}(?P<name>[A-Za-z0-9_]{{3,30}})"
                    + tabs("_created", "_saved"),
                    "https://www.pinterest.com/{name}/",
                ),
            ),
        ),
        Site(("pin.it",), forwards=pattern_of("/.+")),
    ),
    handle_link="https://www.pinterest.com/{name}/",
)

_REDDIT_ID = "(?P<id>[1-9a-z][0-9a-z]{4,10})"

REDDIT = Platform(
    "Reddit",
    "reddit",
    (
        Site(
            ("reddit.com",),
            forwards=pattern_of("/(?:r|u|user)/[^/]+/s/.+"),
            post_shapes=(
                shape(
                    f"(?:/(?:r|u|user)/[A-Za-z0-9_-]{{2,30}})?/comments/{_REDDIT_ID}"
                    "(?:/[A-Za-z0-9_.%-]{1,200})?",
                    "https://www.reddit.com/comments/{id}/",
                    ignores_case=True,
                ),
            ),
            page_shapes=(
                page_shape(
                    "/r/(?P<name>[A-Za-z0-9_]{2,30})",
                    "https://www.reddit.com/r/{name}/",
                    "r/{name}",
                ),
                page_shape(
                    f"/(?:u|user)/(?P<name>[A-Za-z0-9_-]{{2,30}}){tabs('comments', 'submitted')}",
                    "https://www.reddit.com/user/{name}/",
                    "user/{name}",
                ),
            ),
        ),
        Site(
            ("redd.it",),
            post_shapes=(
                shape(f"/{_REDDIT_ID}", "https://www.reddit.com/comments/{id}/", ignores_case=True),
            ),
        ),
    ),
)

_SNAPCHAT_NAME = "(?P<name>[A-Za-z](?:[A-Za-z0-9_.-]{0,30}[A-Za-z0-9_]))"

SNAPCHAT = Platform(
    "Snapchat",
    "snapchat",
    (
        Site(
            ("snapchat.com",),
            forwards=pattern_of("/t/.+"),
            post_shapes=(
                shape(
                    f"(?:/@{_SNAPCHAT_NAME})?/spotlight/(?P<code>[A-Za-z0-9_-]{{10,120}})",
                    "https://www.snapchat.com/spotlight/{code}",
                    "{code}",
                ),
            ),
            page_shapes=(
                page_shape(f"/(?:add/|@){_SNAPCHAT_NAME}", "https://www.snapchat.com/add/{name}"),
            ),
        ),
    ),
    handle_link="https://www.snapchat.com/add/{name}",
)

_KICK_NAME = "(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,30}[A-Za-z0-9_])?)"
_KICK_RESERVED = "browse|category|clips|dashboard|following|search|settings|video|videos"

KICK = Platform(
    "Kick",
    "kick",
    (
        Site(
            ("kick.com",),
            post_shapes=(
                shape(
                    f"/{_KICK_NAME}/videos/(?P<id>[0-9a-f]{{8}}(?:-[0-9a-f]{{4,12}}){{4}})",
                    "https://kick.com/{name}/videos/{id}",
                    ignores_case=True,
                ),
                shape(
                    f"/{_KICK_NAME}(?:/clips/|\\?clip=)(?P<id>clip_[A-Za-z0-9]{{10,40}})",
                    "https://kick.com/{name}/clips/{id}",
                    parameters=("clip",),
                ),
            ),
            page_shapes=(
                page_shape(
                    f"/{not_any_of(_KICK_RESERVED)}{_KICK_NAME}{tabs('about', 'clips', 'videos')}",
                    "https://kick.com/{name}",
                    parameters=("clip",),
                ),
            ),
        ),
    ),
    handle_link="https://kick.com/{name}",
)
