"""The function that builds the state: `apply`, with what each event does to it.

Points move by the event's postings (`ledger.postings`); everything else that an event changes is
in one function per event, here or in `ledger.order_projections`.
"""

from collections.abc import Callable
from typing import Any

from ledger import events as e
from ledger import order_projections
from ledger.broken_books import BrokenBooks
from ledger.clocks.steady_time import last_ad_ms, stepped
from ledger.clocks.timestamps import DAY_LENGTH, DAY_MS, day_of, to_ms
from ledger.economy import BOUNDS, Economy
from ledger.postings import RULES, Posting, account_name
from ledger.state import (
    Appeal,
    BonusDay,
    Broadcast,
    Digest,
    Freeze,
    Opening,
    Referral,
    State,
    User,
)


def apply(state: State, event: e.AnyEvent) -> None:
    """Apply one event to the state.

    Raises:
        BrokenBooks: the event contradicts the state (an account below zero, an unknown order).
            The state is unusable then.
    """
    try:
        applier, rule, about_user, about_order = _ROWS[type(event)]
        if applier is not None:
            if about_order:
                event = order_projections.with_spent_points(state, event)  # type: ignore[arg-type, assignment] # the row says so
            applier(state, event)
        if rule is not None:
            _post(state, event, rule(event))
        if about_order:
            order_projections.note_line(state, event)  # type: ignore[arg-type] # likewise
        if about_user:
            user = state.users[event.user_id]  # type: ignore[union-attr] # the row says so
            if user.last_seq != event.prev:  # type: ignore[union-attr] # likewise
                raise BrokenBooks(_wrong_prev(event, user.last_seq))
            user.last_seq = event.seq
    except KeyError as error:
        raise BrokenBooks(
            f"seq {event.seq} speaks of {error}, which the log doesn't know"
        ) from None
    books = state.books
    books.seq = event.seq
    books.at = event.at


def _wrong_prev(event: e.AnyEvent, last_seq: int) -> str:
    return f"seq {event.seq}: prev is {getattr(event, 'prev', 0)}, not {last_seq}"


def _post(state: State, event: e.AnyEvent, moves: tuple[Posting, ...]) -> None:
    total = 0
    for kind, owner, points in moves:
        total += points
        if kind == "user":
            user = state.users[owner]  # type: ignore[index] # a user account's owner is an id
            user.balance = left = user.balance + points
            state.users_points += points
        elif kind == "order":
            order = state.orders[owner]  # type: ignore[index] # an order account's owner is text
            order.reserve_points = left = order.reserve_points + points
            state.orders_points += points
        else:
            state.accounts[owner] = state.accounts.get(owner, 0) + points  # type: ignore[index, arg-type] # a name
            continue
        if left < 0 and not _may_be_below_zero(event, kind, points):
            raise BrokenBooks(f"seq {event.seq}: {account_name(kind, owner)} would be {left}")
    if total:
        raise BrokenBooks(f"seq {event.seq}: its postings sum to {total}, not to zero")


def _may_be_below_zero(event: e.AnyEvent, kind: str, points: int) -> bool:
    """A balance that an admin let go below zero after a fraud: it may rise, or stay as it is."""
    return kind == "user" and (points >= 0 or getattr(event, "below_zero", False))


def _apply_joined(state: State, event: e.UserJoined) -> None:
    if event.user_id in state.users:
        raise BrokenBooks(f"seq {event.seq}: user {event.user_id} joined before")
    state.users[event.user_id] = User(
        user_id=event.user_id,
        referral_code=event.referral_code,
        referred_by=event.referred_by,
        join_date=event.at,
    )
    state.user_ids.append(event.user_id)
    state.user_by_code[event.referral_code] = event.user_id
    if event.referred_by is not None:
        state.users[event.referred_by].referrals_count += 1
        state.unpaid_referrals[event.user_id] = referral = Referral(event.user_id, event.at)
        state.referrals.setdefault(event.referred_by, []).append(referral)


def _apply_ad(state: State, event: e.AdRewarded) -> None:
    user = state.users[event.user_id]
    same_day = user.last_ad_at[:DAY_LENGTH] == event.at[:DAY_LENGTH]
    if user.ad_clock_steps_ms != state.books.clock_steps_ms:
        same_day = _is_day_of_last_ad(state, user, event.at)
        user.ad_clock_steps_ms = state.books.clock_steps_ms
    user.ads_today = user.ads_today + 1 if same_day else 1
    user.ads_watched = event.ad_number
    user.last_ad_at = event.at
    if state.openings:
        state.openings.pop(event.user_id, None)
    if event.price_microusd:
        income = state.ad_income_microusd
        income[event.network] = income.get(event.network, 0) + event.price_microusd


def _apply_opened(state: State, event: e.AdOpened) -> None:
    state.openings[event.user_id] = Opening(
        event.ad_number, event.at, event.network, event.session_id
    )


def _is_day_of_last_ad(state: State, user: User, at: str) -> bool:
    """Whether the last ad was on the UTC day of this moment, as the present clock counts days."""
    last_ms = last_ad_ms(state, user)
    return last_ms is not None and last_ms // DAY_MS == to_ms(at) // DAY_MS


def _apply_bonus(state: State, event: e.ReferralBonusPaid) -> None:
    state.users[event.referee_id].referral_paid = True
    state.books.early_gifts.pop(event.referee_id, None)
    state.books.waiting_bonuses.pop(event.referee_id, None)
    if event.number_today:
        _count_bonus(state.books.bonus_day, event)
    referral = state.unpaid_referrals.pop(event.referee_id, None)
    if referral is not None:
        referral.reward = event.amount_points


def _count_bonus(today: BonusDay, event: e.ReferralBonusPaid) -> None:
    day = day_of(event.at)
    if day != today.day:
        today.day = day
        today.counts.clear()
    today.counts[event.user_id] = event.number_today


def _apply_waiting_bonus(state: State, event: e.ReferralBonusWaits) -> None:
    state.books.waiting_bonuses[event.referee_id] = event.at


def _apply_welcome(state: State, event: e.ReferralWelcomePaid) -> None:
    if not state.users[event.user_id].referral_paid:
        state.books.early_gifts[event.user_id] = event.amount_points


def _apply_opening(state: State, event: e.OpeningBalanceRecorded) -> None:
    user = state.users[event.user_id]
    user.imported = True
    user.ads_watched += event.ads_watched
    user.join_date = event.joined_at or user.join_date
    if event.referral_code:
        state.old_codes[event.referral_code] = event.user_id
        state.user_by_code[event.referral_code] = event.user_id
    referral = state.unpaid_referrals.get(event.user_id)
    if referral is not None:
        referral.date = user.join_date
        if event.referral_paid:
            user.referral_paid = True
            referral.reward = event.referral_reward_points
            state.books.early_gifts.pop(event.user_id, None)
            state.books.waiting_bonuses.pop(event.user_id, None)
            del state.unpaid_referrals[event.user_id]


def _apply_digest(state: State, event: e.DigestSent) -> None:
    state.books.digest = Digest(
        day=event.day,
        head_seq=event.head_seq,
        head_hash=event.head_hash,
        people=event.people,
        ads=event.ads,
        orders=event.orders,
    )


def _apply_clock_step(state: State, event: e.ClockStepped) -> None:
    state.books.clock_steps_ms = stepped(state.books.clock_steps_ms, event.step_ms)


def _apply_adjusted(state: State, event: e.BalanceAdjusted | e.EarningsTakenBack) -> None:
    state.admin_keys[event.key] = event.seq


def _apply_ban(state: State, event: e.UserBanned | e.UserUnbanned) -> None:
    state.users[event.user_id].banned = banned = isinstance(event, e.UserBanned)
    if not banned:
        state.books.appeals.pop(event.user_id, None)
    state.banned_count += 1 if banned else -1
    state.admin_keys[event.key] = event.seq


def _apply_frozen(state: State, event: e.EarningFrozen) -> None:
    state.books.frozen[event.user_id] = Freeze(
        at=event.at, by=event.by, reason=event.reason, sign=event.sign
    )
    state.admin_keys[event.key] = event.seq


def _apply_unfrozen(state: State, event: e.EarningUnfrozen) -> None:
    del state.books.frozen[event.user_id]
    state.admin_keys[event.key] = event.seq


def _apply_channel(state: State, event: e.ChannelRequired) -> None:
    state.books.required_channel = event.channel
    state.admin_keys[event.key] = event.seq


def _apply_appeal(state: State, event: e.AppealSent) -> None:
    state.books.appeals[event.user_id] = Appeal(event.message_id, event.at)


def _apply_reach(state: State, event: e.UserUnreachable | e.UserReachable) -> None:
    state.users[event.user_id].unreachable = gone = isinstance(event, e.UserUnreachable)
    state.unreachable_count += 1 if gone else -1


def _apply_setting(state: State, event: e.SettingChanged) -> None:
    if event.name not in Economy.__struct_fields__:
        raise KeyError(event.name)
    # Some settings are divisors, so zero must not get in. Upper limits may change with a version.
    if event.value < BOUNDS[event.name].low:
        raise BrokenBooks(f"seq {event.seq}: {event.name} can't be {event.value}")
    setattr(state.economy, event.name, event.value)
    state.admin_keys[event.key] = event.seq


def _apply_broadcast_start(state: State, event: e.BroadcastStarted) -> None:
    state.broadcasts[event.broadcast_id] = Broadcast(
        chat_id=event.chat_id,
        message_id=event.message_id,
        more_message_ids=event.more_message_ids,
        audience=event.audience,
        by=event.by,
        started_at=event.at,
    )


def _apply_broadcast(state: State, event: e.BroadcastProgressed | e.BroadcastFinished) -> None:
    broadcast = state.broadcasts[event.broadcast_id]
    broadcast.sent = event.sent
    broadcast.unreachable = event.unreachable
    broadcast.failed = event.failed
    if isinstance(event, e.BroadcastProgressed):
        broadcast.cursor = event.cursor
    else:
        broadcast.finished = True


# A table and no match, because a replay looks it up for every event. A test compares it with the
# union, so that no event is missing.
_APPLIERS: dict[type[e.Event], Callable[[State, Any], None] | None] = {
    e.AdRewarded: _apply_ad,
    **order_projections.APPLIERS,
    e.UserJoined: _apply_joined,
    e.ReferralBonusPaid: _apply_bonus,
    e.ReferralWelcomePaid: _apply_welcome,
    e.BalanceAdjusted: _apply_adjusted,
    e.UserBanned: _apply_ban,
    e.UserUnbanned: _apply_ban,
    e.AppealSent: _apply_appeal,
    e.AdOpened: _apply_opened,
    e.ReferralBonusWaits: _apply_waiting_bonus,
    e.EarningFrozen: _apply_frozen,
    e.EarningUnfrozen: _apply_unfrozen,
    e.EarningsTakenBack: _apply_adjusted,
    e.UserUnreachable: _apply_reach,
    e.UserReachable: _apply_reach,
    e.SettingChanged: _apply_setting,
    e.ChannelRequired: _apply_channel,
    e.BroadcastStarted: _apply_broadcast_start,
    e.BroadcastProgressed: _apply_broadcast,
    e.BroadcastFinished: _apply_broadcast,
    e.OpeningBalanceRecorded: _apply_opening,
    e.DigestSent: _apply_digest,
    e.TailCut: None,
    e.ClockStepped: _apply_clock_step,
    e.LogStarted: None,
}
_ROWS = {
    kind: (
        applier,
        RULES.get(kind),
        issubclass(kind, e.UserEvent),
        issubclass(kind, e.OrderEvent),
    )
    for kind, applier in _APPLIERS.items()
}
