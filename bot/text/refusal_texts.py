"""Owns the words for a no: one clear sentence that says what was wrong and what would be right."""

from html import escape
from typing import assert_never

from bot.text.user_texts import WATCH_ADS, points, seconds
from ledger import refusals as r
from orders.links import video_links as v


def refused(refusal: r.AnyRefusal) -> str:  # noqa: C901, PLR0912 - one row per refusal
    """Why the ledger said no, as Telegram's HTML."""
    match refusal:
        case r.AlreadyDone():
            return "This was done already. Nothing changed."
        case r.UnknownUser():
            return f"I know nobody with the id {refusal.user_id}."
        case r.AlreadyJoined() | r.ReferralCodeTaken():
            return "You have joined already."
        case r.UserIsBanned():
            return "You can't earn or order at the moment. Please write to the admin."
        case r.AdAlreadyPaid():
            return "This ad has been paid already. Open the next one."
        case r.UnknownAd():
            return "This ad isn't known. Please open a new one."
        case r.AdNotWatchedLongEnough():
            return f"Please stay on the ad for {seconds(refusal.seconds_left)} more."
        case r.CooldownActive():
            return f"The next ad is ready in {seconds(refusal.seconds_left)}."
        case r.DailyCapReached():
            return (
                f"You have watched all {refusal.cap:,} ads of today. "
                f"There are new ones in {seconds(refusal.seconds_left)}."
            )
        case r.QuantityOutOfRange():
            return f"An order can have {refusal.low:,} to {refusal.high:,} views."
        case r.PriceChanged():
            return (
                f"The price is {points(refusal.price_points)} now. Nothing was ordered; please "
                "start again if you still want it."
            )
        case r.NotEnoughPoints():
            return (
                f"That is {points(refusal.short_by_points)} too much: the balance is "
                f"{points(refusal.balance_points)}."
            )
        case r.UnknownOrder():
            return "I don't know this order."
        case r.WrongOrderStatus():
            return f"This order is settled already: it is {refusal.status}."
        case r.NothingToAdjust():
            return "Please give an amount other than 0, and not larger than a balance can be."
        case r.AlreadyBanned():
            return "This person is banned already."
        case r.NotBanned():
            return "This person isn't banned."
        case r.UnknownSetting():
            return f"There is no setting called {escape(refusal.name)}. /set shows them all."
        case r.SettingOutOfRange():
            return (
                f"{escape(refusal.name)} can be a whole number from {refusal.low:,} to "
                f"{refusal.high:,}."
            )
        case r.NothingChanges():
            return "It is like that already. Nothing changed."
        case r.NobodyToWrite():
            return "Nobody has joined yet, so there is nobody to write to."
        case r.UnknownBroadcast():
            return "This message to everybody has ended already."
        case r.ImpossibleOpening():
            return "Nobody can bring along so many points or ads."
        case _:
            assert_never(refusal)


def link_refused(refusal: v.LinkRefusal) -> str:
    """Why a text is not a link to a video that we can take."""
    match refusal:
        case v.NotALink():
            return (
                "That doesn't look like a link. Please copy the link of your video and send it, "
                "for example https://youtu.be/AbCdEfGhI_k"
            )
        case v.TextAroundLink():
            return "Please send the link alone, without other words around it."
        case v.TooLong():
            return f"This is too long for a link (over {refusal.limit_chars:,} characters)."
        case v.DisguisedLink():
            return "This link looks disguised. Please copy the plain link from the video's page."
        case v.ShortenedLink():
            return (
                f"{escape(refusal.host)} only forwards to somewhere else. Please open it and send "
                "me the link of the video itself."
            )
        case v.UnknownSite():
            names = ", ".join(v.PLATFORM_NAMES)
            return f"I can't take links of {escape(refusal.host)}. I can take: {names}."
        case v.NotAVideo():
            return (
                f"This is {escape(refusal.platform)}, but not one single video. Please open the "
                "video and copy the link from there."
            )
        case _:
            assert_never(refusal)


def ad_not_ready(refusal: r.AnyRefusal) -> str:
    """Why there is no ad right now, as the answer to the menu's button."""
    return f"{WATCH_ADS}\n\n⏳ {refused(refusal)}"
