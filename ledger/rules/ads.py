"""Rules for ads: when one may be opened, when it is paid, and how long to wait for the next."""

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.clocks.steady_time import last_ad_ms, moment_ms
from ledger.clocks.steady_time import newest_ms as newest_ms_of
from ledger.clocks.timestamps import DAY_MS, seconds_up
from ledger.rules import referrals
from ledger.rules.decision import Decision
from ledger.state import State, User


def reward(state: State, command: c.RewardAd, at_ms: int) -> Decision:
    """Pay a person for an ad, and their inviter if the person qualifies with it."""
    user = state.users.get(command.user_id)
    if user is None:
        return r.UnknownUser(command.user_id)
    # The key is checked first, so that a second delivery gets "paid already", not "too soon".
    refusal: r.AnyRefusal | None
    if refusal := _not_the_next(user, command.ad_number):
        return refusal
    # A network's confirmation comes when it comes: what counts is when the person asked for the ad.
    asked_ms = command.opened_at_ms if command.network else at_ms
    if refusal := why_no_ad(state, user, at_ms, asked_ms):
        return refusal
    if command.timed and (refusal := _too_early(state, command, at_ms)):
        return refusal
    rewarded = e.AdRewarded(
        user_id=user.user_id,
        ad_number=command.ad_number,
        amount_points=state.economy.ad_reward_points,
        network=command.network,
        session_id=command.session_id,
        price_microusd=min(max(0, command.price_microusd), e.PRICE_MAX_MICROUSD),
    )
    return (rewarded, *referrals.earned_with_next_ad(state, user, at_ms))


def open_ad(state: State, command: c.OpenAd) -> Decision:
    """Record that a person opened their next ad."""
    user = state.users.get(command.user_id)
    if user is None:
        return r.UnknownUser(command.user_id)
    if refusal := _not_the_next(user, command.ad_number):
        return refusal
    if user.banned:
        return r.UserIsBanned()
    opened_ms = opened_at_ms(state, user.user_id, command.ad_number, command.network)
    if opened_ms is not None and opened_ms >= command.since_ms:
        return r.AlreadyDone()
    return (
        e.AdOpened(
            user_id=user.user_id,
            ad_number=command.ad_number,
            network=command.network,
            session_id=command.session_id,
        ),
    )


def why_no_ad(
    state: State, user: User, at_ms: int, asked_ms: int | None = None
) -> r.UserIsBanned | r.EarningIsFrozen | r.CooldownActive | r.DailyCapReached | None:
    """Why this person gets no ad now; None if they get one.

    Args:
        state: the ledger's.
        user: the person.
        at_ms: now; which day it is counts for the daily cap.
        asked_ms: when the person asked for the ad, for the cool-down; None: now.
    """
    if user.banned:
        return r.UserIsBanned()
    return ad_wait(state, user, at_ms, asked_ms)


def ad_wait(
    state: State, user: User, at_ms: int, asked_ms: int | None = None
) -> r.EarningIsFrozen | r.CooldownActive | r.DailyCapReached | None:
    """Why this person has to wait before the next ad; None if they don't.

    A clock that was set neither shortens the pause nor prolongs it: see
    `ledger.clocks.steady_time`. The arguments are as in `why_no_ad`.
    """
    if user.user_id in state.books.frozen:
        return r.EarningIsFrozen()
    economy = state.economy
    if ads_today(state, user, at_ms) >= economy.ads_per_day_max:
        return r.DailyCapReached(economy.ads_per_day_max, seconds_up(DAY_MS - at_ms % DAY_MS))
    last_ms = _last_ad_ms(state, user, at_ms)
    # Asked before the last ad or in the future: the clock was set since, and only now is known.
    if asked_ms is None or not last_ms <= asked_ms <= at_ms:
        asked_ms = at_ms
    left_ms = economy.ad_cooldown_s * 1000 - (asked_ms - last_ms)
    return r.CooldownActive(seconds_up(left_ms)) if left_ms > 0 else None


def ads_today(state: State, user: User, at_ms: int) -> int:
    """How many ads this person was paid for on the UTC day of this moment."""
    is_today = _last_ad_ms(state, user, at_ms) // DAY_MS == at_ms // DAY_MS
    return user.ads_today if is_today else 0


def opened_at_ms(state: State, user_id: int, ad_number: int, network: str = "") -> int | None:
    """When a person opened this ad last, in epoch milliseconds; None if they have not."""
    opening = state.openings.get(user_id)
    if opening is None or (opening.ad_number, opening.network) != (ad_number, network):
        return None
    return moment_ms(opening.at)


def _not_the_next(user: User, ad_number: int) -> r.AdAlreadyPaid | r.UnknownAd | None:
    if ad_number <= user.ads_watched:
        return r.AdAlreadyPaid()
    return r.UnknownAd() if ad_number != user.ads_watched + 1 else None


def _too_early(
    state: State, command: c.RewardAd, at_ms: int
) -> r.AdNotOpened | r.AdNotWatchedLongEnough | None:
    """Whether the ad has not been opened, or not for the minimum time."""
    from_ms = command.opened_at_ms
    if command.after_opening:
        opened_ms = opened_at_ms(state, command.user_id, command.ad_number)
        if opened_ms is None or opened_ms < command.opened_at_ms:
            return r.AdNotOpened()
        from_ms = opened_ms
    watched_ms = at_ms - from_ms
    watch_ms = state.economy.ad_watch_s * 1000
    if 0 <= watched_ms < watch_ms:
        return r.AdNotWatchedLongEnough(seconds_up(watch_ms - watched_ms))
    return None


def _last_ad_ms(state: State, user: User, at_ms: int) -> int:
    """When the last ad was paid, by the present clock and never later than now; 0 if none was."""
    last_ms, newest_ms = last_ad_ms(state, user), newest_ms_of(state)
    if last_ms is None or newest_ms is None:
        return 0
    # Time can't have run backwards since the newest event: the clock was set back, and the next
    # command will record it.
    last_ms += min(0, at_ms - newest_ms)
    # Later than now: of a version that recorded no steps. When that was, nobody can tell.
    return last_ms if last_ms <= at_ms else 0
