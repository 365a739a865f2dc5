"""Rules for ads: when one is paid, and how long a person has to wait for the next."""

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.rules import referrals
from ledger.rules.decision import Decision
from ledger.state import State, User
from ledger.timestamps import DAY_MS, moment_ms, seconds_up


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


def ad_wait(state: State, user: User, at_ms: int) -> r.CooldownActive | r.DailyCapReached | None:
    """Why this person has to wait before the next ad; None if they don't.

    A clock that was set back locks nobody out: if time seems to run backwards, the cooldown
    counts as over.
    """
    cap = state.economy.ads_per_day_max
    last_ms = moment_ms(user.last_ad_at)
    today = user.ads_today if last_ms // DAY_MS == at_ms // DAY_MS else 0
    if today >= cap:
        return r.DailyCapReached(cap, seconds_up(DAY_MS - at_ms % DAY_MS))
    since_ms = at_ms - last_ms
    left_ms = state.economy.ad_cooldown_s * 1000 - since_ms
    if since_ms >= 0 and left_ms > 0:
        return r.CooldownActive(seconds_up(left_ms))
    return None
