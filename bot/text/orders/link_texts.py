"""The words for a link that can't be taken: what was wrong, and what would be right.

A site that was refused is shown as code: Telegram makes no link of that, so no later reading of our
own message can take it for the link of an order.
"""

from collections.abc import Sequence
from typing import assert_never

from i18n import N_, Html, Message, Translator
from i18n.markup import escape
from ledger.economy import Offer
from orders.links.platforms import ORDER_PLATFORMS
from orders.links.results import (
    DisguisedLink,
    NotALink,
    NotAPage,
    NotAPost,
    NotAVideo,
    OrderLinkRefusal,
    OtherPlatform,
    SeveralLinks,
    SeveralVideos,
    ShortenedLink,
    TooLong,
    UnknownSite,
)
from orders.links.shapes import Page
from orders.links.targets import Target
from orders.links.video_links import PLATFORM_NAMES
from orders.shop.offers import target_of

_INSTEAD: dict[Page, Message] = {
    Page.PROFILE: N_("This is a profile or channel on {platform}."),
    Page.PLAYLIST: N_("This is a playlist on {platform}."),
    Page.SEARCH: N_("This page of {platform} shows many things."),
    Page.STORY: N_("This is a story on {platform}. Stories disappear, so I can't take them."),
    Page.LIVE: N_("This is a live broadcast on {platform}."),
    Page.PHOTO: N_("This is a photo on {platform}."),
    Page.SOUND: N_("This is a sound on {platform}."),
    Page.POST: N_("This is a post or a video on {platform}."),
    Page.GROUP: N_("This is a group on {platform}."),
    Page.PRIVATE_CHANNEL: N_(
        "This is a private channel or group on {platform}. Only its members can see it, so I "
        "can't take it."
    ),
    Page.INVITATION: N_("This is an invitation to a private channel or group on {platform}."),
    Page.BOT: N_("This is a bot on {platform}."),
    Page.INCOMPLETE: N_(
        "This link to {platform} is not complete: a part of it is missing or wrong."
    ),
    Page.OTHER: N_("This is another page of {platform}."),
}


def link_refused(  # noqa: C901, PLR0912 - one row each
    t: Translator,
    refusal: OrderLinkRefusal,
    offer: Offer | None = None,
    offers: Sequence[Offer] = (),
) -> Html:
    """Why a text is not the link of what an offer is for.

    Without one, it is for any of these offers; without those, for a video.
    """
    offers = offers if offer is None else [offer]
    targets = {target_of(one) for one in offers} or {Target.VIDEO}
    target = Target.VIDEO if targets == {Target.VIDEO} else None
    match refusal:
        case NotALink() if target is Target.VIDEO:
            return t(
                "That doesn't look like a link. Please copy the link of your video and send it, "
                "for example <code>https://youtu.be/AbCdEfGhI_k</code>"
            )
        case NotALink():
            return t("That doesn't look like a link. Please copy the link and send it.")
        case SeveralVideos():
            return t("There are links to different videos in your message. Please send only one.")
        case SeveralLinks():
            return t("There are different links in your message. Please send only one.")
        case TooLong():
            return t.plural(
                "This is too long for a link (over {n} character).",
                "This is too long for a link (over {n} characters).",
                refusal.limit_chars,
            )
        case DisguisedLink():
            return t("This link looks disguised. Please copy the plain link from the video's page.")
        case ShortenedLink() if target is Target.VIDEO:
            return t(
                "{site} only forwards to somewhere else. Please open it and send me the link of "
                "the video itself.",
                site=_site(refusal.host),
            )
        case ShortenedLink():
            return t(
                "{site} only forwards to somewhere else. Please open it and send me the link that "
                "it leads to.",
                site=_site(refusal.host),
            )
        case UnknownSite():
            return _unknown_site(t, refusal, offers)
        case OtherPlatform():
            return t(
                "This is a link to {platform}, and the service is for {wanted}.",
                platform=refusal.platform_of_link,
                wanted=refusal.platform_wanted,
            )
        case NotAVideo():
            hint = t("Please open the video itself and copy its link.")
            return Html(" ").join([_instead_of_video(t, refusal), hint])
        case NotAPost():
            hint = t("Please open the post itself and copy its link.")
            return Html(" ").join([_instead(t, refusal), hint])
        case NotAPage():
            hint = t("Please open the profile or channel itself and copy its link.")
            return Html(" ").join([_instead(t, refusal), hint])
        case _:
            assert_never(refusal)


def _site(host: str) -> Html:
    return Html("<code>") + escape(host) + Html("</code>")


def _unknown_site(t: Translator, refusal: UnknownSite, offers: Sequence[Offer]) -> Html:
    site = _site(refusal.host)
    keys = list(dict.fromkeys(offer.platform for offer in offers))
    names = [ORDER_PLATFORMS[key].name for key in keys if key in ORDER_PLATFORMS]
    if len(offers) == 1 and names:
        return t(
            "I can't take links of {site}. This service is for {platform}.",
            site=site,
            platform=names[0],
        )
    if len(names) < len(keys) and any(target_of(one) is not Target.VIDEO for one in offers):
        return t("I can't take links of {site}.", site=site)
    return t(
        "I can't take links of {site}. I can take: {platforms}.",
        site=site,
        platforms=t.all_of(names if len(names) == len(keys) and names else PLATFORM_NAMES),
    )


def _instead(t: Translator, refusal: NotAPost | NotAPage) -> Html:
    """What the link leads to instead of a post or a page."""
    return t.message(_INSTEAD[refusal.page], platform=refusal.platform)


def _instead_of_video(t: Translator, refusal: NotAVideo) -> Html:  # noqa: C901, PLR0912 - one row each
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
