"""Double entry: between which accounts an event moves points. Nothing else decides that.

The postings of an event sum to zero. Accounts are `user:42`, `order:ab12` (the points reserved for
an order) and the house's own: `house:ads`, `house:referrals`, `house:orders`,
`house:adjustments`, `house:opening`, `house:taken_back`. Those are negative by the points that the
house has given.
"""

from collections.abc import Callable
from typing import Any, Literal, TypeAlias

from msgspec.structs import replace

from ledger import events as e

AccountKind: TypeAlias = Literal["user", "order", "house"]
Posting: TypeAlias = tuple[AccountKind, int | str, int]
"""Kind of account, its owner, and the points added to it (negative: removed).

The owner of a house account is its whole name.
"""


def account_name(kind: AccountKind, owner: int | str) -> str:
    """The account's name as people and exports write it: `user:42`."""
    return str(owner) if kind == "house" else f"{kind}:{owner}"


def postings(event: e.AnyEvent) -> tuple[Posting, ...]:
    """The postings of an event; none if it moves no points."""
    rule = RULES.get(type(event))
    return rule(event) if rule else ()


def _from_ads(event: e.AdRewarded) -> tuple[Posting, ...]:
    points = event.amount_points
    return (("house", "house:ads", -points), ("user", event.user_id, points))


def _from_referrals(
    event: e.ReferralBonusPaid | e.ReferralWelcomePaid,
) -> tuple[Posting, ...]:
    points = event.amount_points
    return (("house", "house:referrals", -points), ("user", event.user_id, points))


def _from_adjustments(event: e.BalanceAdjusted) -> tuple[Posting, ...]:
    points = event.amount_points
    return (("house", "house:adjustments", -points), ("user", event.user_id, points))


def _taken_back(event: e.EarningsTakenBack) -> tuple[Posting, ...]:
    points = event.amount_points
    return (("house", "house:taken_back", -points), ("user", event.user_id, points))


def _from_opening(event: e.OpeningBalanceRecorded) -> tuple[Posting, ...]:
    points = event.amount_points
    return (("house", "house:opening", -points), ("user", event.user_id, points))


def _reserve(event: e.OrderPlaced) -> tuple[Posting, ...]:
    price = event.price_points
    return (("user", event.user_id, -price), ("order", event.order_id, price))


def _give_back(event: e.OrderRejected) -> tuple[Posting, ...]:
    back = event.refund_points
    return (("order", event.order_id, -back), ("user", event.user_id, back))


def _spend(event: e.OrderAccepted) -> tuple[Posting, ...]:
    spent = event.spent_points
    return (("order", event.order_id, -spent), ("house", "house:orders", spent)) if spent else ()


def _settle(event: e.OrderEndEvent) -> tuple[Posting, ...]:
    spent, back = event.spent_points, event.refund_points
    return (
        ("order", event.order_id, -spent - back),
        ("house", "house:orders", spent),
        ("user", event.user_id, back),
    )


def _correct(event: e.OrderCorrected) -> tuple[Posting, ...]:
    back = event.refund_points
    return (("house", "house:orders", -back), ("user", event.user_id, back))


def with_spent_points(event: e.AnyEvent, reserved_points: int) -> e.AnyEvent:
    """The event; an acceptance that is an order's end says what was spent, in older lines too.

    Earlier versions left the points of accepted orders reserved, and wrote no amount.
    `reserved_points` is what is reserved for the order before the event.
    """
    if type(event) is e.OrderAccepted and not event.followed and not event.spent_points:
        return replace(event, spent_points=reserved_points)
    return event


# A table and no match, because a replay looks it up for every event.
RULES: dict[type[e.Event], Callable[[Any], tuple[Posting, ...]]] = {
    e.AdRewarded: _from_ads,
    e.ReferralBonusPaid: _from_referrals,
    e.ReferralWelcomePaid: _from_referrals,
    e.BalanceAdjusted: _from_adjustments,
    e.EarningsTakenBack: _taken_back,
    e.OpeningBalanceRecorded: _from_opening,
    e.OrderPlaced: _reserve,
    e.OrderRejected: _give_back,
    e.OrderAccepted: _spend,
    e.OrderCompleted: _settle,
    e.OrderPartial: _settle,
    e.OrderCanceled: _settle,
    e.OrderCorrected: _correct,
}

MOVES_NOTHING: frozenset[type[e.Event]] = frozenset(
    {
        e.UserJoined,
        e.OrderSending,
        e.OrderNotSent,
        e.OrderUnclear,
        e.OrderEvidenceFound,
        e.OrderInProgress,
        e.OrderNeedsReview,
        e.OrderRequestMade,
        e.OrderRequestAnswered,
        e.OfferChanged,
        e.OrdersReconciled,
        e.UserBanned,
        e.UserUnbanned,
        e.AppealSent,
        e.AdOpened,
        e.ReferralBonusWaits,
        e.EarningFrozen,
        e.EarningUnfrozen,
        e.UserUnreachable,
        e.UserReachable,
        e.SettingChanged,
        e.ChannelRequired,
        e.BroadcastStarted,
        e.BroadcastProgressed,
        e.BroadcastFinished,
        e.OrderImported,
        e.DigestSent,
        e.TailCut,
        e.ClockStepped,
        e.LogStarted,
    }
)
"""All other events. A test compares both tables with the union, so that no event is missing."""
