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


class SendClass(IntEnum):
    """What the send queue sorts waiting calls by; a lower number leaves first.

    - `PRESS`: answers to button presses and other calls that write to no chat.
    - `ADMIN`, `REPLY`: replies, to admins and to everybody else.
    - `FOLLOW_UP`, `BUSY`: replies to a chat that has just got one message, or several.
    - `RETRY`: whatever has failed before.
    """

    PRESS = 0
    ADMIN = 1
    REPLY = 2
    FOLLOW_UP = 3
    NOTICE = 4
    BUSY = 5
    BROADCAST = 6
    RETRY = 7


class RateLimits(msgspec.Struct, frozen=True):
    """How many messages may leave.

    Attributes:
        overall_per_s: in any second, to all chats together; 0 for no limit.
        reserved: of these, how many calls of a class must leave free for the classes before it.
        chat_burst: how many one private chat may get at once.
        chat_reserved: of these, how many notices and broadcasts must leave free for replies.
        chat_every_s: seconds for one more message to a private chat after a burst; 0: no limit.
        group_burst: as `chat_burst`, for a group.
        group_every_s: as `chat_every_s`, for a group.
    """

    overall_per_s: int
    reserved: dict[SendClass, int]
    chat_burst: int
    chat_reserved: int
    chat_every_s: float
    group_burst: int
    group_every_s: float


TELEGRAM_LIMITS = RateLimits(
    overall_per_s=30,
    reserved={
        SendClass.REPLY: 2,
        SendClass.FOLLOW_UP: 10,
        SendClass.NOTICE: 6,
        SendClass.BUSY: 12,
        SendClass.BROADCAST: 10,
        SendClass.RETRY: 12,
    },
    chat_burst=8,
    chat_reserved=3,
    chat_every_s=1.0,
    # 8 at once and 12 more in the minute that follows: never more than 20 in any minute.
    group_burst=8,
    group_every_s=5.0,
)
"""Telegram's documented limits: 30 a second, about 1 a second in a chat, 20 a minute in a group."""

NO_LIMITS = RateLimits(
    overall_per_s=0,
    reserved={},
    chat_burst=1,
    chat_reserved=0,
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
        self._share = tuple(overall - limits.reserved.get(kind, 0) for kind in SendClass)
        self._left_at_s = deque([-math.inf] * overall, maxlen=overall)
        self._last_at_s = [-math.inf] * len(SendClass)
        self._full_at_s: dict[ChatId, float] = {}
        self._sweep_at = SWEEP_MIN

    def opens_at_s(self, kind: SendClass) -> float:
        """From when on there is room for one more of this class, to whatever chat."""
        if not self._left_at_s:
            return -math.inf
        at_s = self._left_at_s[-self._share[kind]]
        if kind >= SendClass.NOTICE:
            # However many replies there are: one a second, if there is any room for replies.
            reply_at_s = self._left_at_s[-self._share[SendClass.REPLY]]
            at_s = min(at_s, max(reply_at_s, self._last_at_s[kind]))
        return at_s + WINDOW_S

    def chat_opens_at_s(self, chat_id: ChatId, priority: Priority = Priority.REPLY) -> float:
        """From when on this chat may get one more."""
        full_at_s = self._full_at_s.get(chat_id)
        if full_at_s is None:
            return -math.inf
        return full_at_s - self._burst_s(chat_id, priority)

    def reply_class(self, chat_id: ChatId, now_s: float) -> SendClass:
        """The class of a reply to this chat, after what it has just got."""
        full_at_s = self._full_at_s.get(chat_id, -math.inf)
        if now_s >= full_at_s:
            return SendClass.REPLY
        return (
            SendClass.FOLLOW_UP if now_s >= full_at_s - self._every_s(chat_id) else SendClass.BUSY
        )

    def class_improves_at_s(self, chat_id: ChatId, kind: SendClass) -> float:
        """When a reply of this class will be of a better one, if its chat gets nothing before."""
        full_at_s = self._full_at_s.get(chat_id, -math.inf)
        return full_at_s - self._every_s(chat_id) if kind is SendClass.BUSY else full_at_s

    def is_owed_one(self, kind: SendClass, now_s: float) -> bool:
        """Whether none of this class has left for a second."""
        return self._last_at_s[kind] + WINDOW_S <= now_s

    def count(self, chat_id: ChatId, kind: SendClass, now_s: float) -> None:
        """One message leaves now."""
        if self._left_at_s:
            self._left_at_s.append(now_s)
            self._last_at_s[kind] = now_s
        if every_s := self._every_s(chat_id):
            full_at_s = max(self._full_at_s.get(chat_id, now_s), now_s) + every_s
            self._remember(chat_id, full_at_s, now_s)

    def pause(self, chat_id: ChatId, wait_s: float, now_s: float) -> None:
        """Telegram asks for a pause in this chat (429)."""
        full_at_s = now_s + wait_s + self._burst_s(chat_id, Priority.REPLY)
        self._remember(chat_id, max(self._full_at_s.get(chat_id, 0.0), full_at_s), now_s)

    def _every_s(self, chat_id: ChatId) -> float:
        limits = self._limits
        return limits.group_every_s if _is_group(chat_id) else limits.chat_every_s

    def _burst_s(self, chat_id: ChatId, priority: Priority) -> float:
        """How long before its bucket is full a chat may get one more."""
        limits = self._limits
        if _is_group(chat_id):
            return (limits.group_burst - 1) * limits.group_every_s
        burst = limits.chat_burst - (limits.chat_reserved if priority else 0)
        return (burst - 1) * limits.chat_every_s

    def _remember(self, chat_id: ChatId, full_at_s: float, now_s: float) -> None:
        self._full_at_s[chat_id] = full_at_s
        if len(self._full_at_s) >= self._sweep_at:
            self._full_at_s = {chat: at for chat, at in self._full_at_s.items() if at > now_s}
            # The next sweep is worth its cost only when as many have been added as were left.
            self._sweep_at = max(2 * len(self._full_at_s), SWEEP_MIN)


def _is_group(chat_id: ChatId) -> bool:
    return isinstance(chat_id, str) or chat_id < 0
