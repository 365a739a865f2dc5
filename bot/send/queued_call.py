"""One outgoing call that waits, with its place in the send queue."""

import asyncio
import math

from bot.send.rate_limits import ChatId, Priority, SendClass


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
        postponed_at_s: when it first did.
        not_before_s: when its own pause after a failure ends.
        offered_in: the class in which it is on offer in the send queue.
        offered_at_s: since when it has waited only for room in its class.
        wakes_at_s: when the send queue looks at it again.
    """

    __slots__ = (
        "answers_before",
        "chat_id",
        "failed_at_s",
        "failures",
        "is_in_trouble",
        "not_before_s",
        "offered_at_s",
        "offered_in",
        "place",
        "postponed_at_s",
        "postponements",
        "priority",
        "turn",
        "wakes_at_s",
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
        self.postponed_at_s = math.inf
        self.not_before_s = -math.inf
        self.offered_in: SendClass | None = None
        self.offered_at_s = math.inf
        self.wakes_at_s = math.inf

    @property
    def is_abandoned(self) -> bool:
        """Whether nobody waits for its turn any more."""
        return self.turn is not None and self.turn.cancelled()

    def begin_waiting(self) -> "asyncio.Future[None]":
        """It enters the queue, for the first time or for a retry; returns its turn."""
        self.turn = asyncio.get_running_loop().create_future()
        self.offered_in = None
        self.offered_at_s = self.wakes_at_s = math.inf
        return self.turn

    def let_leave(self) -> None:
        """Its turn has come: wake the task that waits for it."""
        if self.turn is not None and not self.turn.done():
            self.turn.set_result(None)
