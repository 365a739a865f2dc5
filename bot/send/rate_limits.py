"""Rate limits for outgoing messages: how many may leave, and when there is room for the next one.

Pure arithmetic: time is always an argument, in seconds of any clock that never goes back.
"""

import math
from collections import deque
from enum import IntEnum
from typing import TypeAlias

import msgspec

ChatId: TypeAlias = int | str
"""A number, negative for a group; or the @name of a channel, which counts as a group."""

WINDOW_S = 1.0
SWEEP_MIN = 1024


class Priority(IntEnum):
    """What a call is for; a lower number leaves first."""

    REPLY = 0
    NOTICE = 1
    BROADCAST = 2


class RateLimits(msgspec.Struct, frozen=True):
    """How many messages may leave.

    Attributes:
        overall_per_s: in any second, to all chats together; 0 for no limit.
        reserved_from_notices: of these, how many notices must leave free for replies.
        reserved_from_broadcasts: of these, how many broadcasts must leave free for the others.
        chat_burst: how many one private chat may get at once.
        chat_every_s: seconds for one more message to a private chat after a burst; 0: no limit.
        group_burst: as `chat_burst`, for a group.
        group_every_s: as `chat_every_s`, for a group.
    """

    overall_per_s: int
    reserved_from_notices: int
    reserved_from_broadcasts: int
    chat_burst: int
    chat_every_s: float
    group_burst: int
    group_every_s: float


TELEGRAM_LIMITS = RateLimits(
    overall_per_s=30,
    reserved_from_notices=3,
    reserved_from_broadcasts=10,
    chat_burst=8,
    chat_every_s=1.0,
    # 8 at once and 12 more in the minute that follows: never more than 20 in any minute.
    group_burst=8,
    group_every_s=5.0,
)
"""Telegram's documented limits: 30 a second, about 1 a second in a chat, 20 a minute in a group."""

NO_LIMITS = RateLimits(
    overall_per_s=0,
    reserved_from_notices=0,
    reserved_from_broadcasts=0,
    chat_burst=1,
    chat_every_s=0.0,
    group_burst=1,
    group_every_s=0.0,
)
"""For a self-hosted Bot API and for tests: only the server's own pauses (429) apply."""


class Allowance:
    """What may leave now, given what has left.

    Overall, the times of the last messages are remembered, so that no window has more than the
    limit. A chat's messages are a token bucket, stored as one number: when the bucket will be full
    again. Full buckets are forgotten, so memory is bounded by the limits themselves.
    """

    def __init__(self, limits: RateLimits) -> None:
        """Nothing has left yet."""
        self._limits = limits
        overall = limits.overall_per_s
        self._share = (
            overall,
            overall - limits.reserved_from_notices,
            overall - limits.reserved_from_broadcasts,
        )
        self._left_at_s = deque([-math.inf] * overall, maxlen=overall)
        self._last_at_s = [-math.inf] * len(Priority)
        self._full_at_s: dict[ChatId, float] = {}
        self._sweep_at = SWEEP_MIN
        self._paused_chat: ChatId | None = None
        self._chat_paused_until_s = -math.inf
        self.paused_until_s = -math.inf
        """Until then nothing may leave, as Telegram has asked for."""

    def opens_at_s(self, priority: Priority) -> float:
        """From when on there is room for one more of this priority, to whatever chat."""
        if not self._left_at_s:
            return self.paused_until_s
        at_s = self._left_at_s[-self._share[priority]]
        if priority:
            # However many replies there are: one a second, if there is room at all.
            at_s = min(at_s, max(self._left_at_s[0], self._last_at_s[priority]))
        return max(at_s + WINDOW_S, self.paused_until_s)

    def chat_opens_at_s(self, chat_id: ChatId) -> float:
        """From when on this chat may get one more."""
        full_at_s = self._full_at_s.get(chat_id)
        return -math.inf if full_at_s is None else full_at_s - self._burst_s(chat_id)

    def count(self, chat_id: ChatId, priority: Priority, now_s: float) -> None:
        """One message leaves now."""
        if self._left_at_s:
            self._left_at_s.append(now_s)
            self._last_at_s[priority] = now_s
        every_s = self._limits.group_every_s if _is_group(chat_id) else self._limits.chat_every_s
        if every_s:
            full_at_s = max(self._full_at_s.get(chat_id, now_s), now_s) + every_s
            self._remember(chat_id, full_at_s, now_s)

    def pause(self, chat_id: ChatId | None, wait_s: float, now_s: float) -> None:
        """Telegram asks for a pause (429).

        It concerns this chat; or all, if the call had no chat, or another chat is paused already.
        """
        until_s = now_s + wait_s
        another_is_paused = self._chat_paused_until_s > now_s and self._paused_chat != chat_id
        if chat_id is None or another_is_paused:
            self.paused_until_s = max(self.paused_until_s, until_s)
        if chat_id is not None:
            full_at_s = until_s + self._burst_s(chat_id)
            self._remember(chat_id, max(self._full_at_s.get(chat_id, 0.0), full_at_s), now_s)
        if until_s > self._chat_paused_until_s:
            self._paused_chat, self._chat_paused_until_s = chat_id, until_s

    def _burst_s(self, chat_id: ChatId) -> float:
        """How long before its bucket is full a chat may get one more."""
        limits = self._limits
        if _is_group(chat_id):
            return (limits.group_burst - 1) * limits.group_every_s
        return (limits.chat_burst - 1) * limits.chat_every_s

    def _remember(self, chat_id: ChatId, full_at_s: float, now_s: float) -> None:
        self._full_at_s[chat_id] = full_at_s
        if len(self._full_at_s) >= self._sweep_at:
            self._full_at_s = {chat: at for chat, at in self._full_at_s.items() if at > now_s}
            # The next sweep is worth its cost only when as many have been added as were left.
            self._sweep_at = max(2 * len(self._full_at_s), SWEEP_MIN)


def _is_group(chat_id: ChatId) -> bool:
    return isinstance(chat_id, str) or chat_id < 0
