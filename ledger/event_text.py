"""Owns how an event is told in full to whoever audits: plain text, one line, without names."""

from typing import assert_never

from ledger import events as e


def one_line(text: str) -> str:
    """The text without line ends and without what could steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def describe(event: e.AnyEvent) -> str:  # noqa: C901, PLR0912 - one row per event
    """The event in words, with its reason where it has one."""
    match event:
        case e.AdRewarded():
            return f"watched ad {event.ad_number:,}"
        case e.OrderPlaced():
            return f"ordered {event.quantity:,} views of {event.video_link}{_order(event)}"
        case e.OrderSending():
            return f"sending to the provider, attempt {event.attempt}{_order(event)}"
        case e.OrderAccepted():
            number = f" as its {event.provider_order_id}" if event.provider_order_id else ""
            return f"the provider accepted{number}{_order(event)}"
        case e.UserJoined():
            by = f", invited by user {event.referred_by}" if event.referred_by is not None else ""
            return f"joined{by}"
        case e.ReferralBonusPaid():
            return f"bonus for inviting user {event.referee_id}"
        case e.ReferralWelcomePaid():
            return f"welcome gift for coming with user {event.referrer_id}"
        case e.OrderRejected():
            return f"rejected, points given back{_order(event)}{_because(event.reason)}"
        case e.OrderUnclear():
            return f"unclear whether it arrived{_order(event)}{_because(event.reason)}"
        case e.OrderNotSent():
            return f"not sent, waits again{_order(event)}{_because(event.reason)}"
        case e.BalanceAdjusted():
            return f"balance changed by hand{_because(event.reason)}"
        case e.UserBanned():
            return f"banned{_because(event.reason)}"
        case e.UserUnbanned():
            return "ban lifted"
        case e.UserUnreachable():
            return f"can't be reached any more{_because(event.reason)}"
        case e.UserReachable():
            return "can be reached again"
        case e.SettingChanged():
            return f"setting {event.name} is now {event.value:,}"
        case e.BroadcastStarted():
            return f"message to {event.audience:,} people started"
        case e.BroadcastProgressed():
            return f"message to everybody: up to person {event.cursor:,}{_counts(event)}"
        case e.BroadcastFinished():
            return f"message to everybody finished{_counts(event)}"
        case e.OpeningBalanceRecorded():
            return f"brought along from the bot before, with {event.ads_watched:,} ads watched"
        case e.OrderImported():
            was = f", {event.old_status} there" if event.old_status else ""
            return (
                f"had ordered {event.quantity:,} views of {event.video_link} for "
                f"{event.price_points:,} points in the bot before{was}{_order(event)}"
            )
        case e.DigestSent():
            return f"the admins were told of line {event.head_seq:,}, hash {event.head_hash}"
        case e.TailCut():
            return (
                f"{event.length_bytes:,} unfinished bytes cut off at byte {event.offset_bytes:,}, "
                f"kept in {event.kept_as}"
            )
        case e.LogStarted():
            return f"the log started, format {event.format}"
        case _:
            assert_never(event)


def _order(event: e.OrderEvent) -> str:
    return f", order {event.order_id}"


def _because(reason: str) -> str:
    return f": {reason}" if reason else ""


def _counts(event: e.BroadcastProgressed | e.BroadcastFinished) -> str:
    return f" ({event.sent:,} sent, {event.unreachable:,} unreachable, {event.failed:,} failed)"
