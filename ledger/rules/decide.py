"""Owns the rules: what each command does, given the state of that instant. Pure.

`decide` answers a command with events, or with a refusal. It changes nothing; the events are
applied by `ledger.projections.apply` and written by `ledger.store.file`. Whatever the bot or the
web pages show beforehand, this is the only place that says yes or no.
"""

from typing import TypeAlias, assert_never

from msgspec.structs import replace

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.projections import State, User
from ledger.rules import orders
from ledger.rules.admin import decide_admin
from ledger.rules.imports import decide_import
from ledger.timestamps import to_ms, to_text

DAY_MS = 86_400_000

Decision: TypeAlias = tuple[e.AnyEvent, ...] | r.AnyRefusal


def decide(state: State, command: c.AnyCommand, at_ms: int) -> Decision:
    """What the command does at this moment (epoch milliseconds): stamped events, or a refusal."""
    decision = _rule(state, command, at_ms)
    if not isinstance(decision, tuple):
        return decision
    return stamp(state, decision, to_text(at_ms), command.by)


def stamp(state: State, events: tuple[e.AnyEvent, ...], at: str, by: str) -> Decision:
    """Give the events of one command their place in the log."""
    stamped: list[e.AnyEvent] = []
    last_of: dict[int, int] = {}
    for position, event in enumerate(events):
        seq = state.seq + 1 + position
        more = len(events) - 1 - position
        if isinstance(event, e.UserEvent):
            user = state.users.get(event.user_id)
            prev = last_of.get(event.user_id, user.last_seq if user else 0)
            last_of[event.user_id] = seq
            stamped.append(replace(event, seq=seq, at=at, by=by, more=more, prev=prev))
        else:
            stamped.append(replace(event, seq=seq, at=at, by=by, more=more))
    return tuple(stamped)


def _rule(  # noqa: C901 - one row per command
    state: State, command: c.AnyCommand, at_ms: int
) -> Decision:
    match command:
        case c.RewardAd():
            return _reward_ad(state, command, at_ms)
        case c.PlaceOrder():
            return orders.place(state, command)
        case c.SendOrder() | c.AcceptOrder() | c.RejectOrder() | c.NoteNotSent() | c.NoteUnclear():
            return orders.move(state, command)
        case c.Join():
            return _join(state, command)
        case (
            c.AdjustBalance()
            | c.Ban()
            | c.Unban()
            | c.ChangeSetting()
            | c.StartBroadcast()
            | c.ProgressBroadcast()
            | c.FinishBroadcast()
        ):
            return decide_admin(state, command)
        case c.NoteUnreachable() | c.NoteReachable():
            return _note_reach(state, command)
        case c.ImportUser() | c.ImportOrder():
            return decide_import(state, command)
        case c.NoteDigest():
            return _note_digest(state, command)
        case c.NoteTailCut():
            return (
                e.TailCut(
                    offset_bytes=command.offset_bytes,
                    length_bytes=command.length_bytes,
                    kept_as=command.kept_as,
                ),
            )
        case c.StartLog():
            return (e.LogStarted(format=e.LOG_FORMAT),) if state.seq == 0 else r.AlreadyDone()
        case _:
            assert_never(command)


def _join(state: State, command: c.Join) -> Decision:
    if command.user_id in state.users:
        return r.AlreadyJoined()
    if command.referral_code in state.user_by_code:
        return r.ReferralCodeTaken()
    inviter_id = state.user_by_code.get(command.invited_by_code)
    inviter = state.users.get(inviter_id) if inviter_id is not None else None
    if inviter is not None and inviter.banned:
        inviter = None
    joined = e.UserJoined(
        user_id=command.user_id,
        referral_code=command.referral_code,
        referred_by=inviter.user_id if inviter else None,
    )
    if inviter is None or state.economy.referral_after_ads > 0:
        return (joined,)
    return (joined, *_referral_bonus(state, command.user_id, inviter))


def _reward_ad(state: State, command: c.RewardAd, at_ms: int) -> Decision:
    user = state.users.get(command.user_id)
    if user is None:
        return r.UnknownUser(command.user_id)
    # The key comes first: a second delivery hears "paid already", not "too soon".
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
        return r.AdNotWatchedLongEnough(_seconds_up(watch_ms - watched_ms))
    rewarded = e.AdRewarded(
        user_id=user.user_id,
        ad_number=command.ad_number,
        amount_points=state.economy.ad_reward_points,
    )
    return (rewarded, *_bonus_when_qualified(state, user))


def ad_wait(state: State, user: User, at_ms: int) -> r.CooldownActive | r.DailyCapReached | None:
    """Whether this person has to wait before the next ad. None: not at all.

    A clock that was set back never locks anybody out: time that seems to run backwards counts
    as passed.
    """
    cap = state.economy.ads_per_day_max
    last_ms = _last_ad_ms(user)
    today = user.ads_today if last_ms // DAY_MS == at_ms // DAY_MS else 0
    if today >= cap:
        return r.DailyCapReached(cap, _seconds_up(DAY_MS - at_ms % DAY_MS))
    since_ms = at_ms - last_ms
    left_ms = state.economy.ad_cooldown_s * 1000 - since_ms
    if since_ms >= 0 and left_ms > 0:
        return r.CooldownActive(_seconds_up(left_ms))
    return None


def _last_ad_ms(user: User) -> int:
    """When the last ad was paid, epoch milliseconds; ages ago if none was."""
    if not user.last_ad_at:
        return 0
    try:
        return to_ms(user.last_ad_at)
    except ValueError:
        # A forged line, which `verify` names; it must lock nobody out.
        return 0


def _bonus_when_qualified(state: State, user: User) -> tuple[e.AnyEvent, ...]:
    if user.referred_by is None or user.referral_paid:
        return ()
    if user.ads_watched + 1 < state.economy.referral_after_ads:
        return ()
    inviter = state.users[user.referred_by]
    # While the inviter is banned the bonus waits; the friend's next ad asks again.
    return () if inviter.banned else _referral_bonus(state, user.user_id, inviter)


def _referral_bonus(state: State, referee_id: int, inviter: User) -> tuple[e.AnyEvent, ...]:
    bonus = e.ReferralBonusPaid(
        user_id=inviter.user_id,
        referee_id=referee_id,
        amount_points=state.economy.referral_bonus_points,
    )
    welcome_points = state.economy.referral_welcome_points
    if welcome_points == 0:
        return (bonus,)
    welcome = e.ReferralWelcomePaid(
        user_id=referee_id, referrer_id=inviter.user_id, amount_points=welcome_points
    )
    return (bonus, welcome)


def _note_reach(state: State, command: c.NoteUnreachable | c.NoteReachable) -> Decision:
    user = state.users.get(command.user_id)
    if user is None:
        return r.UnknownUser(command.user_id)
    gone = isinstance(command, c.NoteUnreachable)
    if user.unreachable == gone:
        return r.NothingChanges()
    if isinstance(command, c.NoteUnreachable):
        return (e.UserUnreachable(user_id=user.user_id, reason=command.reason),)
    return (e.UserReachable(user_id=user.user_id),)


def _note_digest(state: State, command: c.NoteDigest) -> Decision:
    last = state.books.digest
    if last is not None and command.day <= last.day:
        return r.AlreadyDone()
    return (
        e.DigestSent(
            day=command.day,
            head_seq=command.head_seq,
            head_hash=command.head_hash,
            people=command.people,
            ads=command.ads,
            orders=command.orders,
        ),
    )


def _seconds_up(milliseconds: int) -> int:
    return -(-milliseconds // 1000)
