"""Rules for referrals: when the bonus for an invited friend is paid, and what it consists of."""

from ledger import events as e
from ledger.state import State, User


def bonus_if_qualified(state: State, user: User) -> tuple[e.AnyEvent, ...]:
    """The bonus that this person's next paid ad earns their inviter, if it earns one."""
    if user.referred_by is None or user.referral_paid:
        return ()
    if user.ads_watched + 1 < state.economy.referral_after_ads:
        return ()
    inviter = state.users[user.referred_by]
    # While the inviter is banned the bonus waits: every later ad of the friend checks again.
    return () if inviter.banned else bonus(state, user.user_id, inviter)


def bonus(state: State, referee_id: int, inviter: User) -> tuple[e.AnyEvent, ...]:
    """The bonus for the inviter, and the welcome gift for the friend if there is one."""
    paid = e.ReferralBonusPaid(
        user_id=inviter.user_id,
        referee_id=referee_id,
        amount_points=state.economy.referral_bonus_points,
    )
    welcome_points = state.economy.referral_welcome_points
    if welcome_points == 0:
        return (paid,)
    welcome = e.ReferralWelcomePaid(
        user_id=referee_id, referrer_id=inviter.user_id, amount_points=welcome_points
    )
    return (paid, welcome)
