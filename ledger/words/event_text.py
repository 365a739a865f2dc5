"""Events in plain English for auditors: one line of text each, without names.

The command line and the exports show them. What admins read is in `bot.text.event_texts`.
"""

from typing import TypeAlias, assert_never

from ledger import events as e
from ledger.reason_codes import ReasonCode
from ledger.words.wording import counted

_REASONS = {
    ReasonCode.PROVIDER_UNREACHABLE: "The provider could not be reached.",
    ReasonCode.PROVIDER_NAME_UNKNOWN: "The provider's address was not found.",
    ReasonCode.NO_SECURE_CONNECTION: "A safe connection to the provider could not be made.",
    ReasonCode.PROVIDER_FUNDS_EMPTY: (
        "Our balance at the provider is used up. Orders wait until it is filled up."
    ),
    ReasonCode.PROVIDER_SETTINGS_WRONG: (
        "The provider does not know us. Please check the order settings. Orders wait."
    ),
    ReasonCode.PROVIDER_RATE_LIMIT: "The provider asks us to send more slowly.",
    ReasonCode.PROVIDER_MAINTENANCE: (
        "The provider is under maintenance. Orders wait until it is over."
    ),
    ReasonCode.REFUSED: "The provider did not take this order.",
    ReasonCode.SERVICE_DISCONTINUED: "The provider no longer offers this service.",
    ReasonCode.QUANTITY_REFUSED: "The provider does not take an order of this size.",
    ReasonCode.EARLIER_ORDER_RUNNING: (
        "An earlier order for this link is still running. Try again when it is done."
    ),
    ReasonCode.VIDEO_LIMIT_REACHED: (
        "The provider has delivered as much for this link as it does for one."
    ),
    ReasonCode.LINK_REFUSED: "The provider did not accept the link.",
    ReasonCode.REFUNDED_BY_ADMIN: "It could not be carried out.",
    ReasonCode.ATTEMPTS_USED_UP: "The provider could not be reached, however often we tried.",
    ReasonCode.STATUS_UNKNOWN: "The provider reports a status that we do not know.",
    ReasonCode.STATUS_FAILED: "The provider reports that the order failed.",
    ReasonCode.END_KEEPS_CHANGING: "The provider keeps changing how the order ended.",
    ReasonCode.REMAINS_UNKNOWN: "The provider does not say how much was not delivered.",
    ReasonCode.UNKNOWN_TO_PROVIDER: "The provider does not know this order.",
    ReasonCode.NO_ANSWER: "The provider did not answer in time.",
    ReasonCode.CONNECTION_LOST: "The connection broke off before the answer was complete.",
    ReasonCode.ANSWER_UNREADABLE: "The provider gave an answer that we can't read.",
    ReasonCode.ANSWER_UNKNOWN: "The provider did not say clearly whether it took the order.",
    ReasonCode.ANSWER_CONTRADICTORY: "The provider's answer says both yes and no.",
    ReasonCode.PROVIDER_ADDRESS_MOVED: (
        "The provider's address has moved (HTTP {http_status}). Please check the settings."
    ),
    ReasonCode.PROVIDER_FAULT: "The provider had a fault (HTTP {http_status}).",
    ReasonCode.PROGRAM_STOPPED: "The program stopped while this order was on its way.",
    ReasonCode.PROGRAM_FAULT: (
        "Something went wrong in our program while this order was on its way."
    ),
}

_OrderEvent: TypeAlias = (
    e.OrderPlaced
    | e.OrderSending
    | e.OrderAccepted
    | e.OrderRejected
    | e.OrderUnclear
    | e.OrderEvidenceFound
    | e.OrderInProgress
    | e.OrderCompleted
    | e.OrderPartial
    | e.OrderCanceled
    | e.OrderCorrected
    | e.OrderNeedsReview
    | e.OrderRequestMade
    | e.OrderRequestAnswered
    | e.OrderNotSent
    | e.OrderImported
)


def one_line(text: str) -> str:
    """The text without line ends and without what could steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def describe(event: e.AnyEvent) -> str:  # noqa: C901, PLR0912 - one row per event
    """The event in words, with the reason if it has one."""
    match event:
        case e.AdRewarded():
            by = f", confirmed by {event.network}" if event.network else ""
            return f"watched ad {event.ad_number:,}{by}"
        case e.OrderEvent():
            return _describe_order(event)
        case e.UserJoined():
            by = f", invited by user {event.referred_by}" if event.referred_by is not None else ""
            return f"joined{by}"
        case e.ReferralBonusPaid():
            return f"bonus for inviting user {event.referee_id}"
        case e.ReferralWelcomePaid():
            return f"welcome gift for coming with user {event.referrer_id}"
        case e.BalanceAdjusted():
            return f"balance changed by hand{_because(event.reason)}"
        case e.UserBanned():
            return f"banned{_because(event.reason)}"
        case e.UserUnbanned():
            return "ban lifted"
        case e.ReferralBonusWaits():
            return f"bonus for inviting user {event.referee_id} must wait"
        case e.EarningFrozen():
            return f"earning frozen{_because(event.reason or event.sign)}"
        case e.EarningUnfrozen():
            return "earning no longer frozen"
        case e.EarningsTakenBack():
            return f"points earned by fraud taken back{_because(event.reason)}"
        case e.AppealSent():
            return "wrote to the admins although banned"
        case e.AdOpened():
            return f"opened ad {event.ad_number:,}"
        case e.UserUnreachable():
            return f"can't be reached any more{_because(event.reason)}"
        case e.UserReachable():
            return "can be reached again"
        case e.SettingChanged():
            return f"setting {event.name} is now {event.value:,}"
        case e.ChannelRequired():
            if not event.channel:
                return "no channel is required any more"
            return f"only members of {event.channel} can earn now"
        case e.BroadcastStarted():
            return f"message to {counted(event.audience, 'person')} started"
        case e.BroadcastProgressed():
            return f"message to everybody: up to person {event.cursor:,}{_counts(event)}"
        case e.BroadcastFinished():
            return f"message to everybody finished{_counts(event)}"
        case e.OpeningBalanceRecorded():
            ads = counted(event.ads_watched, "ad")
            return f"brought along from the bot before, with {ads} watched"
        case e.OfferChanged():
            how = "on sale" if event.is_on else "not on sale"
            if event.is_on and event.paused_because:
                how = f"paused ({event.paused_because})"
            price = f"{counted(event.points_per_1000, 'point')} for 1,000"
            return f"service {event.service_id}, {event.name}: {price}, {how}"
        case e.OrdersReconciled():
            found = counted(event.mismatches_count, "difference")
            return f"{counted(event.orders, 'order')} of {event.day} compared, {found}"
        case e.DigestSent():
            return f"the admins were told of line {event.head_seq:,}, hash {event.head_hash}"
        case e.TailCut():
            size = counted(event.length_bytes, "unfinished byte")
            return f"{size} cut off at byte {event.offset_bytes:,}, kept in {event.kept_as}"
        case e.ClockStepped():
            way = "back" if event.step_ms < 0 else "forward"
            return f"the machine's clock was set {way} by {abs(event.step_ms) / 1000:,.3f} s"
        case e.LogStarted():
            return f"the log started, format {event.format}"
        case _:
            assert_never(event)


def _describe_order(event: _OrderEvent) -> str:  # noqa: C901, PLR0912 - one row per event
    match event:
        case e.OrderPlaced():
            if event.service_id:
                what = f"{event.quantity:,} of service {event.service_id} for {event.video_link}"
            else:
                what = f"{counted(event.quantity, 'view')} of {event.video_link}"
            return f"ordered {what}{_order(event)}"
        case e.OrderSending():
            return f"sending to the provider, attempt {event.attempt}{_order(event)}"
        case e.OrderAccepted():
            number = f" as its {event.provider_order_id}" if event.provider_order_id else ""
            return f"the provider accepted{number}{_order(event)}"
        case e.OrderRejected():
            return f"rejected, points given back{_order(event)}{_because(_reason(event))}"
        case e.OrderUnclear():
            return f"unclear whether it arrived{_order(event)}{_because(_reason(event))}"
        case e.OrderEvidenceFound():
            return f"looked for evidence whether it arrived{_order(event)}"
        case e.OrderInProgress():
            left = "" if event.remains is None else f", {event.remains:,} to go"
            return f"the provider is delivering{left}{_order(event)}"
        case e.OrderCompleted():
            return f"delivered{_order(event)}"
        case e.OrderPartial():
            return f"partly delivered, {event.remains:,} missing{_order(event)}"
        case e.OrderCanceled():
            return f"canceled by the provider{_order(event)}"
        case e.OrderCorrected():
            excess = event.excess_points
            more = f", {counted(excess, 'point')} too many were given back" if excess else ""
            return f"in the end {event.status}{more}{_order(event)}"
        case e.OrderNeedsReview():
            return f"a person must look at it{_order(event)}{_because(_reason(event))}"
        case e.OrderRequestMade():
            return f"the provider is asked to {event.what} it{_order(event)}"
        case e.OrderRequestAnswered():
            will = "will" if event.granted else "will not"
            return f"the provider {will} {event.what} it{_order(event)}"
        case e.OrderNotSent():
            return f"not sent, waits again{_order(event)}{_because(_reason(event))}"
        case e.OrderImported():
            was = f", {event.old_status} there" if event.old_status else ""
            return (
                f"had ordered {counted(event.quantity, 'view')} of {event.video_link} for "
                f"{counted(event.price_points, 'point')} in the bot before{was}{_order(event)}"
            )
        case _:
            assert_never(event)


def _order(event: e.OrderEvent) -> str:
    return f", order {event.order_id}"


def _reason(event: e.OrderReasonEvent | e.OrderRejected) -> str:
    if event.reason_code is None:
        return event.reason  # a line older than reason codes
    return _REASONS[event.reason_code].format(http_status=event.http_status)


def _because(reason: str) -> str:
    return f": {reason}" if reason else ""


def _counts(event: e.BroadcastProgressed | e.BroadcastFinished) -> str:
    return f" ({event.sent:,} sent, {event.unreachable:,} unreachable, {event.failed:,} failed)"
