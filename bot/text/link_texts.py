"""The words for a link that can't be taken: what was wrong, and what would be right."""

from typing import assert_never

from i18n import Html, Translator
from orders.links import video_links as v
from orders.links.shapes import Page


def link_refused(t: Translator, refusal: v.LinkRefusal) -> Html:
    """Why a text is not the link of a video that views can be bought for."""
    match refusal:
        case v.NotALink():
            return t(
                "That doesn't look like a link. Please copy the link of your video and send it, "
                "for example https://youtu.be/AbCdEfGhI_k"
            )
        case v.SeveralVideos():
            return t("There are links to different videos in your message. Please send only one.")
        case v.TooLong():
            return t.plural(
                "This is too long for a link (over {n} character).",
                "This is too long for a link (over {n} characters).",
                refusal.limit_chars,
            )
        case v.DisguisedLink():
            return t("This link looks disguised. Please copy the plain link from the video's page.")
        case v.ShortenedLink():
            return t(
                "{site} only forwards to somewhere else. Please open it and send me the link of "
                "the video itself.",
                site=refusal.host,
            )
        case v.UnknownSite():
            return t(
                "I can't take links of {site}. I can take: {platforms}.",
                site=refusal.host,
                platforms=t.all_of(v.PLATFORM_NAMES),
            )
        case v.NotAVideo():
            return _not_a_video(t, refusal)
        case _:
            assert_never(refusal)


def _not_a_video(t: Translator, refusal: v.NotAVideo) -> Html:
    """What the link leads to instead, and what to send."""
    return Html(" ").join([_page(t, refusal), t("Please open the video itself and copy its link.")])


def _page(t: Translator, refusal: v.NotAVideo) -> Html:  # noqa: C901, PLR0912 - one row each
    platform = refusal.platform
    match refusal.page:
        case Page.PROFILE:
            return t(
                "This is a profile or channel on {platform}, not one single video.",
                platform=platform,
            )
        case Page.PLAYLIST:
            return t("This is a playlist on {platform}, not one single video.", platform=platform)
        case Page.SEARCH:
            return t(
                "This page of {platform} shows many things, not one single video.",
                platform=platform,
            )
        case Page.STORY:
            return t(
                "This is a story on {platform}. Stories disappear, so I can't take them.",
                platform=platform,
            )
        case Page.LIVE:
            return t(
                "This is a live broadcast on {platform}, not one single video.", platform=platform
            )
        case Page.PHOTO:
            return t("This is a photo on {platform}, and no video.", platform=platform)
        case Page.SOUND:
            return t("This is a sound on {platform}, and no video.", platform=platform)
        case Page.POST:
            return t(
                "This is a post on {platform}, and the link doesn't name a video.",
                platform=platform,
            )
        case Page.GROUP:
            return t("This is a group on {platform}, not one single video.", platform=platform)
        case Page.PRIVATE_CHANNEL:
            return t(
                "This is a post in a private channel or group on {platform}. Only its members can "
                "see it, so I can't take it.",
                platform=platform,
            )
        case Page.INVITATION:
            return t(
                "This is an invitation to a private channel or group on {platform}.",
                platform=platform,
            )
        case Page.BOT:
            return t("This is a bot on {platform}, and no video.", platform=platform)
        case Page.INCOMPLETE:
            return t(
                "This link to {platform} is not complete: a part that names the video is missing "
                "or wrong.",
                platform=platform,
            )
        case Page.OTHER:
            return t("This is {platform}, but not one single video.", platform=platform)
        case _:
            assert_never(refusal.page)
