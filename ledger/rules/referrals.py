"""Rules for referrals: when the bonus for an invited friend is paid, and what it consists of.

A friend qualifies with `referral_after_ads` paid ads within `referral_within_days` after joining.
The settings of the moment of each ad count. Who came from the previous bot has no deadline: nobody
told them of one.

A person gets at most `referrals_per_day_max` bonuses in a UTC day. One above that is not lost: it
waits, and each later ad of that friend asks again. So does the bonus of an inviter who is banned
or whose earning is frozen. A bonus that waits has no deadline any more (`ReferralBonusWaits`).
"""

from enum import Enum, auto

from ledger import events as e
from ledger.clocks.timestamps import DAY_MS, day_of, moment_ms, to_text
from ledger.economy import Economy
from ledger.state import State, User


class FriendState(Enum):
    """How far an invited friend is, as both sides may see it."""

    PAID = auto()
    WATCHING = auto()
    WAITING = auto()
    EXPIRED = auto()
    BANNED = auto()
    FROZEN = auto()


def earned_with_next_ad(state: State, user: User, at_ms: int) -> tuple[e.AnyEvent, ...]:
    """What this person's next paid ad earns their inviter and themselves, if they qualify."""
    if user.referred_by is None or user.referral_paid:
        return ()
    if user.ads_watched + 1 < state.economy.referral_after_ads:
        return ()
    if not _is_in_time(state, user, at_ms):
        return ()
    return earned(state, user.user_id, state.users[user.referred_by], at_ms)


def earned(state: State, referee_id: int, inviter: User, at_ms: int) -> tuple[e.AnyEvent, ...]:
    """The bonus for the inviter if it can be paid now, and the friend's gift if there is one."""
    events = _waits(state, referee_id, inviter)
    if inviter.banned or inviter.user_id in state.books.frozen:
        return tuple(events)
    economy = state.economy
    number = bonuses_today(state, inviter, at_ms) + 1
    if number <= economy.referrals_per_day_max:
        paid = e.ReferralBonusPaid(
            user_id=inviter.user_id,
            referee_id=referee_id,
            amount_points=economy.referral_bonus_points,
            number_today=number,
            day_max=economy.referrals_per_day_max,
            within_days=economy.referral_within_days,
        )
        events = [paid]
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


def _waits(state: State, referee_id: int, inviter: User) -> list[e.AnyEvent]:
    """That the bonus must wait, unless this is recorded already."""
    if referee_id in state.books.waiting_bonuses:
        return []
    return [e.ReferralBonusWaits(user_id=inviter.user_id, referee_id=referee_id)]


def deadline_ms(state: State, friend: User) -> int | None:
    """Until when this friend can qualify, in epoch milliseconds; None: there is no limit."""
    days = state.economy.referral_within_days
    if not days or friend.imported or friend.user_id in state.books.waiting_bonuses:
        return None
    return moment_ms(friend.join_date) + days * DAY_MS


def _is_in_time(state: State, friend: User, at_ms: int) -> bool:
    until_ms = deadline_ms(state, friend)
    return until_ms is None or at_ms <= until_ms


def friend_state(state: State, friend: User, at_ms: int) -> FriendState:
    """How far an invited friend is at this moment."""
    if friend.referral_paid:
        return FriendState.PAID
    if friend.banned:
        return FriendState.BANNED
    if friend.user_id in state.books.frozen:
        return FriendState.FROZEN
    if not _is_in_time(state, friend, at_ms):
        return FriendState.EXPIRED
    # A setting may have been changed since the friend qualified.
    if (
        friend.user_id in state.books.waiting_bonuses
        or friend.ads_watched >= state.economy.referral_after_ads
    ):
        return FriendState.WAITING
    return FriendState.WATCHING


def can_qualify(economy: Economy) -> bool:
    """Whether a friend who watches as fast as they may gets as far as to be paid for, in time."""
    ads, days = economy.referral_after_ads, economy.referral_within_days
    if not ads or not economy.ads_per_day_max:
        return not ads
    # That many times 24 hours touch one UTC day more.
    in_time = ads <= economy.ads_per_day_max * (days + 1)
    return not days or (in_time and (ads - 1) * economy.ad_cooldown_s <= days * DAY_MS // 1000)
