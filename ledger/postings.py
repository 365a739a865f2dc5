"""Owns double entry: which accounts an event moves points between. The one place that says so.

Every list of postings sums to zero: points only move, from somewhere to somewhere. Accounts are
`user:42`, `order:ab12` (points reserved for an order) and the house's own: `house:ads`,
`house:referrals`, `house:orders`, `house:adjustments`, `house:opening`, which go below zero by
what the house gave.
"""

from collections.abc import Callable
from typing import Any, Literal, TypeAlias

from ledger import events as e

AccountKind: TypeAlias = Literal["user", "order", "house"]
Posting: TypeAlias = tuple[AccountKind, int | str, int]
"""Kind of account, whose, and the points added to it (with a minus: taken).

The house's accounts are known by their whole names.
"""


def account_name(kind: AccountKind, owner: int | str) -> str:
    """The account's name as people and exports write it: `user:42`."""
    return str(owner) if kind == "house" else f"{kind}:{owner}"


def postings(event: e.AnyEvent) -> tuple[Posting, ...]:
    """What the event moves, in points. Empty for an event that moves nothing."""
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


def _from_opening(event: e.OpeningBalanceRecorded) -> tuple[Posting, ...]:
    points = event.amount_points
    return (("house", "house:opening", -points), ("user", event.user_id, points))


def _reserve(event: e.OrderPlaced) -> tuple[Posting, ...]:
    price = event.price_points
    return (("user", event.user_id, -price), ("order", event.order_id, price))


def _give_back(event: e.OrderRejected) -> tuple[Posting, ...]:
    back = event.refund_points
    return (("order", event.order_id, -back), ("user", event.user_id, back))


# A table, not a match: replaying a long log asks it for every event.
RULES: dict[type[e.Event], Callable[[Any], tuple[Posting, ...]]] = {
    e.AdRewarded: _from_ads,
    e.ReferralBonusPaid: _from_referrals,
    e.ReferralWelcomePaid: _from_referrals,
    e.BalanceAdjusted: _from_adjustments,
    e.OpeningBalanceRecorded: _from_opening,
    e.OrderPlaced: _reserve,
    e.OrderRejected: _give_back,
}

MOVES_NOTHING: frozenset[type[e.Event]] = frozenset(
    {
        e.UserJoined,
        e.OrderSending,
        e.OrderNotSent,
        e.OrderAccepted,
        e.OrderUnclear,
        e.UserBanned,
        e.UserUnbanned,
        e.UserUnreachable,
        e.UserReachable,
        e.SettingChanged,
        e.BroadcastStarted,
        e.BroadcastProgressed,
        e.BroadcastFinished,
        e.OrderImported,
        e.DigestSent,
        e.TailCut,
        e.LogStarted,
    }
)
"""Said aloud, so that a new event that moves points can't be forgotten: a test compares."""
