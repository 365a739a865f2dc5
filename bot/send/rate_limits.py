"""Owns the pace of what goes out: how many messages Telegram takes, and what goes first.

Pure arithmetic: the time is always an argument, in seconds of any clock that never goes back.
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
    """What a message is for. PTB's calls take it as `rate_limit_args`; without, it is a reply."""

    REPLY = 0
    NOTICE = 1
    BROADCAST = 2


class RateLimits(msgspec.Struct, frozen=True):
    """How many messages may leave.

    Attributes:
        overall_per_s: in any second, to all chats together; 0 for any number.
        kept_from_notices: so many of these are left to replies.
        kept_from_broadcasts: so many of these are left to replies and notices.
        chat_burst: to one person at once.
        chat_every_s: and after such a burst one in so many seconds; 0 for any number.
        group_burst: the same for a group.
        group_every_s: likewise.
    """

    overall_per_s: int
    kept_from_notices: int
    kept_from_broadcasts: int
    chat_burst: int
    chat_every_s: float
    group_burst: int
    group_every_s: float


TELEGRAM_LIMITS = RateLimits(
    overall_per_s=30,
    kept_from_notices=3,
    kept_from_broadcasts=10,
    chat_burst=8,
    chat_every_s=1.0,
    # 8 at once and 12 more in the minute that follows: never more than 20 in any minute.
    group_burst=8,
    group_every_s=5.0,
)
"""What Telegram says it takes: 30 a second, about 1 a second in a chat, 20 a minute in a group."""

NO_LIMITS = RateLimits(
    overall_per_s=0,
    kept_from_notices=0,
    kept_from_broadcasts=0,
    chat_burst=1,
    chat_every_s=0.0,
    group_burst=1,
    group_every_s=0.0,
)
"""For a Bot API of one's own, and for tests: only what the server itself asks for is waited out."""


class Allowance:
    """What may leave, given what has left.

    Overall, the last messages are remembered, so that no second has more than the pace says. A
    chat's messages are a token bucket, kept as one number: when the bucket will be full again.
    Full buckets are forgotten, so what is remembered is bounded by the pace itself.
    """

    def __init__(self, limits: RateLimits) -> None:
        """Nothing has left yet."""
        self._limits = limits
        overall = limits.overall_per_s
        self._places = (
            overall,
            overall - limits.kept_from_notices,
            overall - limits.kept_from_broadcasts,
        )
        self._left_at_s = deque([-math.inf] * overall, maxlen=overall)
        self._last_at_s = [-math.inf] * len(Priority)
        self._full_at_s: dict[ChatId, float] = {}
        self._sweep_at = SWEEP_MIN
        self._asked_chat: ChatId | None = None
        self._asked_until_s = -math.inf
        self.held_until_s = -math.inf
        """Until then nothing may leave, as Telegram has asked for."""

    def opens_at_s(self, priority: Priority) -> float:
        """From when on there is room for one more of this priority, to whatever chat."""
        if not self._left_at_s:
            return self.held_until_s
        at_s = self._left_at_s[-self._places[priority]]
        if priority:
            # However many replies there are: one a second, if there is room at all.
            at_s = min(at_s, max(self._left_at_s[0], self._last_at_s[priority]))
        return max(at_s + WINDOW_S, self.held_until_s)

    def chat_opens_at_s(self, chat_id: ChatId) -> float:
        """From when on this chat may get one more."""
        full_at_s = self._full_at_s.get(chat_id)
        return -math.inf if full_at_s is None else full_at_s - self._slack_s(chat_id)

    def count(self, chat_id: ChatId, priority: Priority, now_s: float) -> None:
        """One leaves now."""
        if self._left_at_s:
            self._left_at_s.append(now_s)
            self._last_at_s[priority] = now_s
        every_s = self._limits.group_every_s if _is_group(chat_id) else self._limits.chat_every_s
        if every_s:
            full_at_s = max(self._full_at_s.get(chat_id, now_s), now_s) + every_s
            self._remember(chat_id, full_at_s, now_s)

    def asked_to_wait(self, chat_id: ChatId | None, wait_s: float, now_s: float) -> None:
        """Telegram wants a pause: of this chat, or of all if that is not about one chat alone."""
        until_s = now_s + wait_s
        others_wait = self._asked_until_s > now_s and self._asked_chat != chat_id
        if chat_id is None or others_wait:
            self.held_until_s = max(self.held_until_s, until_s)
        if chat_id is not None:
            full_at_s = until_s + self._slack_s(chat_id)
            self._remember(chat_id, max(self._full_at_s.get(chat_id, 0.0), full_at_s), now_s)
        if until_s > self._asked_until_s:
            self._asked_chat, self._asked_until_s = chat_id, until_s

    def _slack_s(self, chat_id: ChatId) -> float:
        """So long before its bucket is full a chat may get one more."""
        limits = self._limits
        if _is_group(chat_id):
            return (limits.group_burst - 1) * limits.group_every_s
        return (limits.chat_burst - 1) * limits.chat_every_s

    def _remember(self, chat_id: ChatId, full_at_s: float, now_s: float) -> None:
        self._full_at_s[chat_id] = full_at_s
        if len(self._full_at_s) >= self._sweep_at:
            self._full_at_s = {chat: at for chat, at in self._full_at_s.items() if at > now_s}
            # Only when as many have come as were kept is it worth looking at all of them again.
            self._sweep_at = max(2 * len(self._full_at_s), SWEEP_MIN)


def _is_group(chat_id: ChatId) -> bool:
    return isinstance(chat_id, str) or chat_id < 0
