"""Events in words, for admins: one short text each.

`ledger.words.event_text` says the same in plain English, for the command line and the exports.
"""

from typing import TypeAlias, assert_never

from bot.text.formats import because
from bot.text.orders.order_event_texts import describe_order
from i18n import N_, Html, Message, Translator, escape
from ledger import events as e
from ledger.state import Freeze

SIGNS: dict[str, Message] = {
    "together": N_("ads together with other accounts"),
    "steady": N_("the pace of a robot"),
    "ring": N_("friends who stop once they are paid for"),
    "rush": N_("friends who join within minutes"),
    "unpaid": N_("ads that the ad network never confirms"),
}
"""By code (`ledger.fraud.signs`). A freeze may name one as its cause."""

_UserEvent: TypeAlias = (
    e.UserJoined
    | e.AdRewarded
    | e.ReferralBonusPaid
    | e.ReferralWelcomePaid
    | e.BalanceAdjusted
    | e.UserBanned
    | e.UserUnbanned
    | e.AppealSent
    | e.AdOpened
    | e.ReferralBonusWaits
    | e.EarningFrozen
    | e.EarningUnfrozen
    | e.EarningsTakenBack
    | e.UserUnreachable
    | e.UserReachable
    | e.OpeningBalanceRecorded
)
_BroadcastEvent: TypeAlias = e.BroadcastStarted | e.BroadcastProgressed | e.BroadcastFinished


def actor(t: Translator, by: str) -> Html:
    """Who caused an event, from its field `by`."""
    kind, _, number = by.partition(":")
    match kind:
        case "user":
            return t("user {user_id}", user_id=number)
        case "admin":
            return t("admin {user_id}", user_id=number)
        case "provider":
            return t("the provider")
        case "system":
            return t("the program")
        case _:
            return escape(by)  # an ad network, which goes by its own name


def describe(t: Translator, event: e.AnyEvent) -> Html:  # noqa: C901 - one row per event
    """The event in words, with the reason if it has one."""
    match event:
        case e.OrderEvent() | e.OfferChanged() | e.OrdersReconciled():
            return describe_order(t, event)
        case e.UserEvent():
            return _user(t, event)
        case e.BroadcastEvent():
            return _broadcast(t, event)
        case e.SettingChanged():
            return t("setting {name} is now {value}", name=event.name, value=event.value)
        case e.ChannelRequired(channel=""):
            return t("nobody has to join a channel any more")
        case e.ChannelRequired():
            return t("people must join {channel} before they can earn", channel=event.channel)
        case e.DigestSent():
            return t(
                "daily digest sent, with the hash of line {line}: {head_hash}",
                line=event.head_seq,
                head_hash=event.head_hash,
            )
        case e.TailCut():
            return t.plural(
                "{n} unfinished byte cut off at byte {offset}, kept in {file}",
                "{n} unfinished bytes cut off at byte {offset}, kept in {file}",
                event.length_bytes,
                offset=event.offset_bytes,
                file=event.kept_as,
            )
        case e.ClockStepped():
            by = t.duration(-(-abs(event.step_ms) // 1000))
            if event.step_ms < 0:
                return t("the clock of this machine was set back by {time}", time=by)
            return t("the clock of this machine was set forward by {time}", time=by)
        case e.LogStarted():
            return t("the log started, format {format}", format=event.format)
        case _:
            assert_never(event)


def _user(  # noqa: C901, PLR0912 - one row per event
    t: Translator, event: _UserEvent
) -> Html:
    match event:
        case e.UserJoined():
            return _joined(t, event)
        case e.AdRewarded():
            return t("watched ad {number}", number=event.ad_number)
        case e.ReferralBonusPaid():
            return t("bonus for inviting user {user_id}", user_id=str(event.referee_id))
        case e.ReferralWelcomePaid():
            return t("welcome gift, invited by user {user_id}", user_id=str(event.referrer_id))
        case e.BalanceAdjusted():
            return because(t, t("balance changed by hand"), event.reason)
        case e.UserBanned():
            return because(t, t("banned"), event.reason)
        case e.UserUnbanned():
            return t("ban lifted")
        case e.ReferralBonusWaits():
            friend = str(event.referee_id)
            return t("bonus for inviting user {user_id} must wait", user_id=friend)
        case e.EarningFrozen():
            return why_frozen(t, t("earning frozen"), event)
        case e.EarningUnfrozen():
            return t("earning no longer frozen")
        case e.EarningsTakenBack():
            return because(t, t("points earned by fraud taken back"), event.reason)
        case e.AppealSent():
            return t("wrote to the admins although banned")
        case e.AdOpened():
            return t("opened ad {number}", number=event.ad_number)
        case e.UserUnreachable() | e.UserReachable():
            return _reach(t, event)
        case e.OpeningBalanceRecorded():
            return t.plural(
                "brought from the previous bot, with {n} ad watched",
                "brought from the previous bot, with {n} ads watched",
                event.ads_watched,
            )
        case _:
            assert_never(event)


def _joined(t: Translator, event: e.UserJoined) -> Html:
    if event.referred_by is None:
        return t("joined")
    return t("joined, invited by user {user_id}", user_id=str(event.referred_by))


def _reach(t: Translator, event: e.UserUnreachable | e.UserReachable) -> Html:
    match event:
        case e.UserReachable():
            return t("can be reached again")
        case e.UserUnreachable(reason="blocked"):
            return t("can't be reached: blocked the bot")
        case e.UserUnreachable(reason="deactivated"):
            return t("can't be reached: deleted the account")
        case e.UserUnreachable():
            return because(t, t("can't be reached"), event.reason)


def _broadcast(t: Translator, event: _BroadcastEvent) -> Html:
    match event:
        case e.BroadcastStarted():
            return t.plural(
                "message to {n} person started",
                "message to {n} people started",
                event.audience,
            )
        case e.BroadcastProgressed():
            return t(
                "message to everybody, up to person {cursor}: {sent} delivered, {unreachable} not "
                "reachable, {failed} failed",
                cursor=event.cursor,
                sent=event.sent,
                unreachable=event.unreachable,
                failed=event.failed,
            )
        case e.BroadcastFinished():
            return t(
                "message to everybody finished: {sent} delivered, {unreachable} not reachable, "
                "{failed} failed",
                sent=event.sent,
                unreachable=event.unreachable,
                failed=event.failed,
            )
        case _:
            assert_never(event)


def why_frozen(t: Translator, what: Html, freeze: e.EarningFrozen | Freeze) -> Html:
    """A freeze with the admin's reason, or the sign that it rests on."""
    sign = SIGNS.get(freeze.sign)
    return because(t, what, freeze.reason or (t.message(sign).text if sign else ""))
