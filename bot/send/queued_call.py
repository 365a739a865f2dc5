"""One outgoing call that waits, with its place in the send queue."""

import asyncio
import math

from bot.send.rate_limits import ChatId, Priority


class QueuedCall:
    """A call's place in the queue, which it keeps when it has to be retried.

    Attributes:
        chat_id: the chat it writes to; None for a call that the rate limits don't concern.
        place: what the queue sorts by: priority first, then first come, first served.
        turn: done when the call may leave, cancelled when nobody waits for that any more.
        failures: how often it got no answer.
        postponements: how often Telegram asked for a pause instead of executing it.
        not_before_s: when its own pause after a failure ends.
    """

    __slots__ = (
        "chat_id",
        "failures",
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
        # Calls without a chat wait for Telegram alone, never for messages.
        self.place = (-1 if chat_id is None else int(priority), number)
        self.turn: asyncio.Future[None] | None = None
        self.failures = 0
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
