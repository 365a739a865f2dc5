"""The table's rows for music: Spotify, SoundCloud."""

from orders.links.shapes import (
    Platform,
    Site,
    not_any_of,
    page_shape,
    pattern_of,
    shape,
    tabs,
)

_SPOTIFY_ID = "(?P<id>[A-Za-z0-9]{22})"
_SPOTIFY_LANGUAGE = "(?:/intl-[a-z]{2}(?:-[a-z]{2})?)?(?:/embed)?"
_SPOTIFY_LINK = "https://open.spotify.com/{kind}/{id}"

SPOTIFY = Platform(
    "Spotify",
    "spotify",
    (
        # A playlist is played, and followed.
        Site(
            ("open.spotify.com",),
            post_shapes=(
                shape(
                    f"{_SPOTIFY_LANGUAGE}/(?P<kind>track|album|episode|playlist)/{_SPOTIFY_ID}",
                    _SPOTIFY_LINK,
                    "{kind}/{id}",
                ),
            ),
            page_shapes=(
                page_shape(
                    f"{_SPOTIFY_LANGUAGE}/(?P<kind>artist|show|playlist)/{_SPOTIFY_ID}",
                    _SPOTIFY_LINK,
                    "{kind}/{id}",
                    ignores_case=False,
                ),
                page_shape(
                    f"{_SPOTIFY_LANGUAGE}/user/(?P<name>[A-Za-z0-9_]{{1,40}})",
                    "https://open.spotify.com/user/{name}",
                    "user/{name}",
                    ignores_case=False,
                ),
            ),
        ),
        Site(("spotify.link",), forwards=pattern_of("/.+")),
    ),
)

_SOUNDCLOUD_NAME = "(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9_])?)"
_SOUNDCLOUD_TRACK = "(?P<track>[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,198}[A-Za-z0-9_])?)"
_SOUNDCLOUD_RESERVED = (
    "charts|discover|feed|jobs|login|messages|mobile|pages|search|settings|signin|stations|stream"
    "|terms-of-use|upload|you"
)
_SOUNDCLOUD_TABS = (
    "albums|comments|followers|following|likes|playlists|popular-tracks|reposts|sets|tracks"
)

SOUNDCLOUD = Platform(
    "SoundCloud",
    "soundcloud",
    (
        Site(
            ("soundcloud.com",),
            post_shapes=(
                shape(
                    f"/{not_any_of(_SOUNDCLOUD_RESERVED)}{_SOUNDCLOUD_NAME}"
                    f"/(?P<kind>sets/|){not_any_of(_SOUNDCLOUD_TABS)}{_SOUNDCLOUD_TRACK}",
                    "https://soundcloud.com/{name}/{kind}{track}",
                    "{name}/{kind}{track}",
                    ignores_case=True,
                ),
            ),
            page_shapes=(
                page_shape(
                    f"/{not_any_of(_SOUNDCLOUD_RESERVED)}{_SOUNDCLOUD_NAME}"
                    + tabs(*_SOUNDCLOUD_TABS.split("|")),
                    "https://soundcloud.com/{name}",
                ),
            ),
        ),
        Site(("on.soundcloud.com",), forwards=pattern_of("/.+")),
    ),
    handle_link="https://soundcloud.com/{name}",
)
