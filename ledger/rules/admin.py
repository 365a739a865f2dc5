"""Rules for what admins do: adjustments, bans, settings, broadcasts; freezes are in `freezes`.

Who is an admin is decided where updates come in. The ledger records who did what, and counts each
message of theirs once.
"""

import re
from typing import TypeAlias, assert_never

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.economy import BOUNDS
from ledger.rules.decision import Decision
from ledger.state import State

AdminCommand: TypeAlias = (
    c.AdjustBalance
    | c.Ban
    | c.Unban
    | c.ChangeSetting
    | c.RequireChannel
    | c.StartBroadcast
    | c.ProgressBroadcast
    | c.FinishBroadcast
)

CHANNEL_NAME = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}")
"""How Telegram names a public channel or group."""

BALANCE_MAX_POINTS = 10**15
"""Far above any real balance, and far below the numbers that JSON readers round."""


def decide_admin(state: State, command: AdminCommand) -> Decision:
    """Decide a command of an admin."""
    match command:
        case c.AdjustBalance():
            return _adjust(state, command)
        case c.Ban() | c.Unban():
            return _ban(state, command)
        case c.ChangeSetting():
            return _change_setting(state, command)
        case c.RequireChannel():
            return _require_channel(state, command)
        case c.StartBroadcast():
            return _start_broadcast(state, command)
        case c.ProgressBroadcast() | c.FinishBroadcast():
            return _move_broadcast(state, command)
        case _:
            assert_never(command)


def _adjust(state: State, command: c.AdjustBalance) -> Decision:
    if command.key in state.admin_keys:
        return r.AlreadyDone()
    user = state.users.get(command.user_id)
    if user is None:
        return r.UnknownUser(command.user_id)
    after_points = user.balance + command.amount_points
    if command.amount_points == 0 or after_points > BALANCE_MAX_POINTS:
        return r.NothingToAdjust()
    if after_points < 0 and command.amount_points < 0:
        return r.NotEnoughPoints(-after_points, user.balance)
    return (
        e.BalanceAdjusted(
            user_id=user.user_id,
            amount_points=command.amount_points,
            reason=command.reason,
            key=command.key,
        ),
    )


def _ban(state: State, command: c.Ban | c.Unban) -> Decision:
    if command.key in state.admin_keys:
        return r.AlreadyDone()
    user = state.users.get(command.user_id)
    if user is None:
        return r.UnknownUser(command.user_id)
    if isinstance(command, c.Ban):
        if user.banned:
            return r.AlreadyBanned()
        return (e.UserBanned(user_id=user.user_id, key=command.key, reason=command.reason),)
    if not user.banned:
        return r.NotBanned()
    return (e.UserUnbanned(user_id=user.user_id, key=command.key),)


def _change_setting(state: State, command: c.ChangeSetting) -> Decision:
    if command.key in state.admin_keys:
        return r.AlreadyDone()
    bounds = BOUNDS.get(command.name)
    if bounds is None:
        return r.UnknownSetting(command.name)
    low, high = bounds.low, bounds.high
    if command.name == "order_views_min":
        high = state.economy.order_views_max
    elif command.name == "order_views_max":
        low = state.economy.order_views_min
    if not low <= command.value <= high:
        return r.SettingOutOfRange(command.name, low, high)
    if getattr(state.economy, command.name) == command.value:
        return r.NothingChanges()
    return (e.SettingChanged(name=command.name, value=command.value, key=command.key),)


def _require_channel(state: State, command: c.RequireChannel) -> Decision:
    if command.key in state.admin_keys:
        return r.AlreadyDone()
    if command.channel and not CHANNEL_NAME.fullmatch(command.channel):
        return r.NotAChannelName()
    if command.channel == state.books.required_channel:
        return r.NothingChanges()
    return (e.ChannelRequired(channel=command.channel, key=command.key),)


def _start_broadcast(state: State, command: c.StartBroadcast) -> Decision:
    if command.broadcast_id in state.broadcasts:
        return r.AlreadyDone()
    if not state.users:
        return r.NobodyToWrite()
    return (
        e.BroadcastStarted(
            broadcast_id=command.broadcast_id,
            chat_id=command.chat_id,
            message_id=command.message_id,
            more_message_ids=command.more_message_ids,
            audience=len(state.users),
        ),
    )


def _move_broadcast(state: State, command: c.ProgressBroadcast | c.FinishBroadcast) -> Decision:
    broadcast = state.broadcasts.get(command.broadcast_id)
    if broadcast is None or broadcast.finished:
        return r.UnknownBroadcast()
    if isinstance(command, c.FinishBroadcast):
        return (
            e.BroadcastFinished(
                broadcast_id=command.broadcast_id,
                sent=command.sent,
                unreachable=command.unreachable,
                failed=command.failed,
            ),
        )
    if not broadcast.cursor <= command.cursor <= broadcast.audience:
        return r.NothingChanges()
    # Before a stop, the results of messages in flight are recorded without going further.
    known = (broadcast.cursor, broadcast.sent, broadcast.unreachable, broadcast.failed)
    if known == (command.cursor, command.sent, command.unreachable, command.failed):
        return r.NothingChanges()
    return (
        e.BroadcastProgressed(
            broadcast_id=command.broadcast_id,
            cursor=command.cursor,
            sent=command.sent,
            unreachable=command.unreachable,
            failed=command.failed,
        ),
    )
