"""Rules for ads: when one may be opened, when it is paid, and how long to wait for the next."""

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.rules import referrals
from ledger.rules.decision import Decision
from ledger.state import State, User
from ledger.timestamps import DAY_MS, to_ms


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
    return (rewarded, *referrals.bonus_if_qualified(state, user))


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
) -> r.UserIsBanned | r.CooldownActive | r.DailyCapReached | None:
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
) -> r.CooldownActive | r.DailyCapReached | None:
    """Why this person has to wait before the next ad; None if they don't.

    A clock that was set back locks nobody out: if time seems to run backwards, the cooldown
    counts as over. The arguments are as in `why_no_ad`.
    """
    cap = state.economy.ads_per_day_max
    last_ms = _moment_ms(user.last_ad_at)
    if ads_today(user, at_ms) >= cap:
        return r.DailyCapReached(cap, _seconds_up(DAY_MS - at_ms % DAY_MS))
    since_ms = (at_ms if asked_ms is None else asked_ms) - last_ms
    left_ms = state.economy.ad_cooldown_s * 1000 - since_ms
    if since_ms >= 0 and left_ms > 0:
        return r.CooldownActive(_seconds_up(left_ms))
    return None


def ads_today(user: User, at_ms: int) -> int:
    """How many ads this person was paid for on the UTC day of this moment."""
    return user.ads_today if _moment_ms(user.last_ad_at) // DAY_MS == at_ms // DAY_MS else 0


def opened_at_ms(state: State, user_id: int, ad_number: int, network: str = "") -> int | None:
    """When a person opened this ad last, in epoch milliseconds; None if they have not."""
    opening = state.openings.get(user_id)
    if opening is None or (opening.ad_number, opening.network) != (ad_number, network):
        return None
    return _moment_ms(opening.at)


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
        return r.AdNotWatchedLongEnough(_seconds_up(watch_ms - watched_ms))
    return None


def _moment_ms(text: str) -> int:
    """A moment of the log in epoch milliseconds; 0 if there is none."""
    if not text:
        return 0
    try:
        return to_ms(text)
    except ValueError:
        # A forged line, which `verify` reports; it must not lock anybody out.
        return 0


def _seconds_up(milliseconds: int) -> int:
    return -(-milliseconds // 1000)
