"""Rules for ads: when one is paid, and how long a person has to wait for the next."""

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.rules import referrals
from ledger.rules.decision import Decision
from ledger.state import State, User
from ledger.steady_time import last_ad_ms
from ledger.steady_time import newest_ms as newest_ms_of
from ledger.timestamps import DAY_MS, seconds_up


def reward(state: State, command: c.RewardAd, at_ms: int) -> Decision:
    """Pay a person for an ad, and their inviter if the person qualifies with it."""
    user = state.users.get(command.user_id)
    if user is None:
        return r.UnknownUser(command.user_id)
    # The key is checked first, so that a second delivery gets "paid already", not "too soon".
    if command.ad_number <= user.ads_watched:
        return r.AdAlreadyPaid()
    if command.ad_number != user.ads_watched + 1:
        return r.UnknownAd()
    if user.banned:
        return r.UserIsBanned()
    if refusal := ad_wait(state, user, at_ms):
        return refusal
    watched_ms = at_ms - command.opened_at_ms
    watch_ms = state.economy.ad_watch_s * 1000
    if command.timed and 0 <= watched_ms < watch_ms:
        return r.AdNotWatchedLongEnough(seconds_up(watch_ms - watched_ms))
    rewarded = e.AdRewarded(
        user_id=user.user_id,
        ad_number=command.ad_number,
        amount_points=state.economy.ad_reward_points,
    )
    return (rewarded, *referrals.earned_with_next_ad(state, user, at_ms))


def ad_wait(
    state: State, user: User, at_ms: int
) -> r.EarningIsFrozen | r.CooldownActive | r.DailyCapReached | None:
    """Why this person has to wait before the next ad; None if they don't.

    A clock that was set neither shortens the pause nor prolongs it (`ledger.steady_time`).
    """
    if user.user_id in state.books.frozen:
        return r.EarningIsFrozen()
    cap = state.economy.ads_per_day_max
    last_ms = _last_ad_ms(state, user, at_ms)
    today = user.ads_today if last_ms // DAY_MS == at_ms // DAY_MS else 0
    if today >= cap:
        return r.DailyCapReached(cap, seconds_up(DAY_MS - at_ms % DAY_MS))
    left_ms = state.economy.ad_cooldown_s * 1000 - (at_ms - last_ms)
    if left_ms > 0:
        return r.CooldownActive(seconds_up(left_ms))
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
