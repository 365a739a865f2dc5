"""One outgoing call that waits, with its place in the send queue."""

import asyncio
import math

from bot.send.rate_limits import ChatId, Priority


class QueuedCall:
    """A call's place in the queue, which it keeps when it has to be retried.

    Attributes:
        chat_id: the chat it writes to; None for a call that the rate limits don't concern.
        place: what a chat's calls are sorted by: priority first, then first come, first served.
        turn: done when the call may leave, cancelled when nobody waits for that any more.
        failures: how often it got no answer.
        is_in_trouble: whether it has failed, and nothing has shown that the trouble is over.
        failed_at_s: when it first got no answer.
        answers_before: how many calls had been answered by then.
        postponements: how often Telegram asked for a pause instead of executing it.
        not_before_s: when its own pause after a failure ends.
    """

    __slots__ = (
        "answers_before",
        "chat_id",
        "failed_at_s",
        "failures",
        "is_in_trouble",
        "not_before_s",
        "place",
        "postponements",
        "priority",
        "turn",
    )

    def __init__(self, chat_id: ChatId | None, priority: Priority, number: int) -> None:
        """Use `SendQueue.new_call`, which numbers the calls."""
        self.chat_id = chat_id
        self.priority = priority
        self.place = (int(priority), number)
        self.turn: asyncio.Future[None] | None = None
        self.failures = 0
        self.is_in_trouble = False
        self.failed_at_s = math.inf
        self.answers_before = 0
        self.postponements = 0
        self.not_before_s = -math.inf

    @property
    def is_abandoned(self) -> bool:
        """Whether nobody waits for its turn any more."""
        return self.turn is not None and self.turn.cancelled()

    def let_leave(self) -> None:
        """Its turn has come: wake the task that waits for it."""
        if self.turn is not None and not self.turn.done():
            self.turn.set_result(None)
