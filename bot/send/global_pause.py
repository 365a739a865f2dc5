"""Global pause: what Telegram's requests to wait (429) mean for the chats that got none.

A request concerns its chat alone (`bot/send/rate_limits.py`). When several chats in a row get one,
the bot as a whole may be sending too much: what can wait does so then. Replies to other chats find
out whether it is so; they leave more slowly the more chats are to wait. Any answered message ends
the pause.

Pure: time is an argument, in seconds of any one clock.
"""

import math

from bot.send.chat_evidence import ChatEvidence
from bot.send.rate_limits import ChatId, SendClass

SEVERAL = 3
PAUSE_MAX_S = 60.0
"""After that, it is found out again whether Telegram still wants it."""
REPLIES = (SendClass.ADMIN, SendClass.REPLY, SendClass.FOLLOW_UP, SendClass.BUSY)
MANY = 20
REPLY_EVERY_S = 0.1
"""How fast replies leave when many chats in a row are to wait; with twice as many, half as fast."""


class GlobalPause:
    """Whether the bot as a whole is to send less."""

    def __init__(self) -> None:
        """It is not."""
        self._evidence = ChatEvidence()
        self._until_s = -math.inf
        self._next_reply_at_s = -math.inf

    def is_on(self, now_s: float) -> bool:
        """Whether it is."""
        return self._until_s > now_s

    def limited(self, chat_id: ChatId | None, wait_s: float, now_s: float) -> None:
        """Telegram asks a chat to wait."""
        self._evidence.add(chat_id)
        if len(self._evidence) >= SEVERAL:
            self._until_s = max(self._until_s, now_s + min(wait_s, PAUSE_MAX_S))

    def answered(self, chat_id: ChatId) -> bool:
        """Telegram has executed a call to a chat; true if that ends a pause."""
        self._evidence.answered(chat_id)
        was_on, self._until_s = self._until_s > -math.inf, -math.inf
        return was_on

    def opens_at_s(self, kind: SendClass, now_s: float) -> float:
        """When a call of this class may leave."""
        if not self.is_on(now_s) or kind is SendClass.PRESS:
            return -math.inf
        is_reply = kind in REPLIES
        return min(self._next_reply_at_s, self._until_s) if is_reply else self._until_s

    def leaves(self, now_s: float) -> None:
        """Note that a call to a chat leaves now."""
        self._next_reply_at_s = now_s + REPLY_EVERY_S * (len(self._evidence) // MANY)
