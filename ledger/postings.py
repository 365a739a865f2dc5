"""Owns double entry: which accounts an event moves points between. The one place that says so.

Every list of postings sums to zero: points only move, from somewhere to somewhere. Accounts are
`user:42`, `order:ab12` (points reserved for an order) and the house's own: `house:ads`,
`house:referrals`, `house:orders`, `house:adjustments`, which go below zero by what the house gave.
"""

from typing import Literal, TypeAlias, assert_never

from ledger import events as e

AccountKind: TypeAlias = Literal["user", "order", "house"]
Posting: TypeAlias = tuple[AccountKind, int | str, int]
"""Kind of account, whose, and the points added to it (with a minus: taken)."""

_NONE: tuple[Posting, ...] = ()


def account_name(kind: AccountKind, owner: int | str) -> str:
    """The account's name as people and exports write it: `user:42`."""
    return f"{kind}:{owner}"


def postings(event: e.AnyEvent) -> tuple[Posting, ...]:
    """What the event moves, in points. Empty for an event that moves nothing."""
    match event:
        case e.AdRewarded():
            return _from_house("ads", event.user_id, event.amount_points)
        case e.ReferralBonusPaid() | e.ReferralWelcomePaid():
            return _from_house("referrals", event.user_id, event.amount_points)
        case e.BalanceAdjusted():
            return _from_house("adjustments", event.user_id, event.amount_points)
        case e.OrderPlaced():
            price = event.price_points
            return (("user", event.user_id, -price), ("order", event.order_id, price))
        case e.OrderRejected():
            back = event.refund_points
            return (("order", event.order_id, -back), ("user", event.user_id, back))
        case (
            e.UserJoined()
            | e.OrderSending()
            | e.OrderNotSent()
            | e.OrderAccepted()
            | e.OrderUnclear()
            | e.UserBanned()
            | e.UserUnbanned()
            | e.UserUnreachable()
            | e.UserReachable()
            | e.SettingChanged()
            | e.BroadcastStarted()
            | e.BroadcastProgressed()
            | e.BroadcastFinished()
            | e.TailCut()
            | e.LogStarted()
        ):
            return _NONE
        case _:
            assert_never(event)


def _from_house(account: str, user_id: int, points: int) -> tuple[Posting, ...]:
    return (("house", account, -points), ("user", user_id, points))
