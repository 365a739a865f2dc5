"""Rules for importing people and orders from the previous bot.

A person's balance there is recorded once. If they have joined here in the meantime, they keep
what they have here, and what they had there is added. Orders are history and move no points.
"""

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.rules.admin import BALANCE_MAX_POINTS
from ledger.rules.decision import Decision
from ledger.rules.orders import is_known
from ledger.state import State

ADS_MAX = 10**9
"""More than anybody can watch in a lifetime; a larger number is a mistake in the file."""


def decide_import(state: State, command: c.ImportUser | c.ImportOrder) -> Decision:
    """Decide the import of a person or an order."""
    if isinstance(command, c.ImportUser):
        return _import_user(state, command)
    return _import_order(state, command)


def _import_user(state: State, command: c.ImportUser) -> Decision:
    user = state.users.get(command.user_id)
    if user is not None and user.imported:
        return r.AlreadyDone()
    held_points = user.balance if user else 0
    if not (
        0 <= command.amount_points <= BALANCE_MAX_POINTS - held_points
        and 0 <= command.ads_watched <= ADS_MAX
        and 0 <= command.referral_reward_points <= BALANCE_MAX_POINTS
    ):
        return r.ImpossibleOpening()
    code_is_free = command.referral_code not in state.user_by_code
    if user is not None:
        # They joined here first: inviter and code stay, and their old code works too.
        paid = not user.referral_paid and user.referred_by == command.referred_by
        return (_opening(command, command.referral_code if code_is_free else "", may_pay=paid),)
    referred_by = command.referred_by
    if referred_by is not None and referred_by not in state.users:
        return r.UnknownUser(referred_by)
    if not code_is_free:
        return r.ReferralCodeTaken()
    joined = e.UserJoined(
        user_id=command.user_id, referral_code=command.referral_code, referred_by=referred_by
    )
    return (joined, _opening(command, "", may_pay=True))


def _opening(command: c.ImportUser, old_code: str, *, may_pay: bool) -> e.OpeningBalanceRecorded:
    paid = may_pay and command.referral_paid and command.referred_by is not None
    return e.OpeningBalanceRecorded(
        user_id=command.user_id,
        amount_points=command.amount_points,
        ads_watched=command.ads_watched,
        joined_at=command.joined_at,
        referral_paid=paid,
        referral_reward_points=command.referral_reward_points if paid else 0,
        referral_code=old_code,
    )


def _import_order(state: State, command: c.ImportOrder) -> Decision:
    if command.user_id not in state.users:
        return r.UnknownUser(command.user_id)
    if is_known(state, command.order_id):
        return r.AlreadyDone()
    return (
        e.OrderImported(
            user_id=command.user_id,
            order_id=command.order_id,
            video_link=command.video_link,
            quantity=command.quantity,
            price_points=command.price_points,
            created_at=command.created_at,
            old_status=command.old_status,
        ),
    )
