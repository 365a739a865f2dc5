"""Rules for referrals: when the bonus for an invited friend is paid, and what it consists of.

A person gets at most `referrals_per_day_max` bonuses in a UTC day. One above that is not lost: it
waits, and each later ad of that friend asks again. So does the bonus of a banned inviter.
"""

from ledger import events as e
from ledger.economy import Economy
from ledger.state import State, User
from ledger.timestamps import day_of, to_text


def earned_with_next_ad(state: State, user: User, at_ms: int) -> tuple[e.AnyEvent, ...]:
    """What this person's next paid ad earns their inviter and themselves, if they qualify."""
    if user.referred_by is None or user.referral_paid:
        return ()
    if user.ads_watched + 1 < state.economy.referral_after_ads:
        return ()
    return earned(state, user.user_id, state.users[user.referred_by], at_ms)


def earned(state: State, referee_id: int, inviter: User, at_ms: int) -> tuple[e.AnyEvent, ...]:
    """The bonus for the inviter if it can be paid now, and the friend's gift if there is one."""
    if inviter.banned:
        return ()
    economy = state.economy
    events: list[e.AnyEvent] = []
    number = bonuses_today(state, inviter, at_ms) + 1
    if number <= economy.referrals_per_day_max:
        paid = e.ReferralBonusPaid(
            user_id=inviter.user_id,
            referee_id=referee_id,
            amount_points=economy.referral_bonus_points,
            number_today=number,
            day_max=economy.referrals_per_day_max,
        )
        events.append(paid)
    # The gift was promised to the friend, who has no part in how many others were invited.
    if economy.referral_welcome_points and referee_id not in state.books.early_gifts:
        welcome = e.ReferralWelcomePaid(
            user_id=referee_id,
            referrer_id=inviter.user_id,
            amount_points=economy.referral_welcome_points,
        )
        events.append(welcome)
    return tuple(events)


def bonuses_today(state: State, inviter: User, at_ms: int) -> int:
    """How many bonuses this person has got on the UTC day of this moment."""
    return state.books.bonus_day.count_of(inviter.user_id, day_of(to_text(at_ms)))


def is_waiting(economy: Economy, friend: User) -> bool:
    """Whether this invited friend has watched enough ads, and the inviter's bonus still waits."""
    return not friend.referral_paid and friend.ads_watched >= economy.referral_after_ads
