"""Circuit breaker for messages to Telegram: whose failures open it, and what it then holds back.

One chat's failing messages back off alone. Only when messages to several chats fail, and none to
any chat is answered in between, Telegram itself may be away. Then messages that can wait, and those
that have failed already, leave one at a time as probes. A first reply to a person never waits here:
it finds out whether Telegram is there at least as well as a probe does.

Pure, as the breaker that it builds on: time is an argument, in seconds of any one clock.
"""

import math

from bot.send.chat_evidence import ChatEvidence
from bot.send.queued_call import QueuedCall
from bot.send.rate_limits import ChatId, SendClass
from bot.text.connection_texts import MESSAGES_NOT_TAKEN, Problem
from resilience.backoff import Backoff
from resilience.circuit_breaker import CircuitBreaker

SEND_BACKOFF = Backoff(first_s=1.0, max_s=30.0)
FIRST_TRY_BACKOFF = Backoff(first_s=0.1, max_s=1.0)
"""For what has not failed yet: each is for somebody else, who may have no trouble at all."""
FRESH_S = 90.0
"""Longer than the longest pause and a call's timeout: an older failure says nothing of now."""
SEVERAL = 2
"""So many chats in a row are no coincidence."""
PROBLEM_AFTER_S = 10.0
"""Open for longer, it is a problem of the bot's: until then, somebody else may be answered."""
GIVE_UP_AFTER_S = 60.0
"""A call that has failed for so long while others were answered will not get through."""


class SendBreaker:
    """The circuit breaker of all calls to chats.

    Attributes:
        backoff: the pauses of a call that fails, and of all of these.
    """

    def __init__(self) -> None:
        """Closed."""
        self.backoff = SEND_BACKOFF
        self._first_tries = CircuitBreaker(FIRST_TRY_BACKOFF)
        self._retries = CircuitBreaker(self.backoff)
        self._evidence = ChatEvidence()
        self._answers = 0
        self._opened_at_s = math.inf
        self._failed_at_s = -math.inf
        self._error_name = ""

    @property
    def is_open(self) -> bool:
        """Whether messages that can wait do so, but for probes."""
        return not self._retries.is_closed

    def opens_at_s(self, kind: SendClass) -> float:
        """When a call may leave: always, after a pause, or never while a probe is out."""
        breaker = self._breaker_of(kind)
        return -math.inf if breaker is None else breaker.opens_at_s

    def failed(self, call: QueuedCall, error_name: str, now_s: float) -> bool:
        """A call got no answer, and backs off; true if this opens the breaker."""
        call.failures += 1
        call.is_in_trouble = True
        if call.failures == 1:
            call.failed_at_s, call.answers_before = now_s, self._answers
        call.not_before_s = now_s + self.backoff.pause_s(call.failures)
        self._failed_at_s = now_s
        self._error_name = error_name
        self._evidence.add(call.chat_id)
        if self.is_open:
            # Calls that left before it opened don't count; the probes do.
            for breaker in (self._first_tries, self._retries):
                if breaker.is_probe(call):
                    breaker.trip(now_s)
            return False
        if len(self._evidence) < SEVERAL:
            return False
        self._opened_at_s = now_s
        self._retries.trip(now_s)
        self._first_tries.trip(now_s)
        # Whose messages have not failed yet may try at once: it may not be about them.
        self._first_tries.retry_now(now_s)
        return True

    def leaves(self, call: QueuedCall, kind: SendClass) -> None:
        """Note that this call leaves now; it may be a probe."""
        breaker = self._breaker_of(kind)
        if breaker is not None and self.is_open:
            breaker.start_probe(call)

    def abandoned(self, call: QueuedCall, now_s: float) -> None:
        """This call was cancelled without an answer; if it was a probe, another may try."""
        for breaker in (self._first_tries, self._retries):
            if breaker.is_probe(call):
                breaker.retry_now(now_s)

    def retry_now(self, now_s: float) -> None:
        """End the pauses: the next probes may leave."""
        self._first_tries.retry_now(now_s)
        self._retries.retry_now(now_s)

    def has_failed(self, chat_id: ChatId) -> bool:
        """Whether this chat's last call got no answer."""
        return chat_id in self._evidence

    def answered(self, chat_id: ChatId) -> bool:
        """Note that a call to a chat was answered; true if this closes an open circuit."""
        self._answers += 1
        self._evidence.answered(chat_id)
        self._first_tries.close()
        return self._retries.close()

    def heard(self) -> bool:
        """Note that Telegram answered without executing a call; true if that closes it."""
        self._evidence.clear()
        self._first_tries.close()
        return self._retries.close()

    def is_hopeless(self, call: QueuedCall, now_s: float) -> bool:
        """Whether a call has failed for long while others were answered."""
        lasts_s = now_s - call.failed_at_s
        return lasts_s >= GIVE_UP_AFTER_S and self._answers > call.answers_before

    def problem(self, now_s: float) -> Problem | None:
        """What is wrong; None if nothing is, or nothing recent is known."""
        if not self.is_open or now_s - self._opened_at_s < PROBLEM_AFTER_S:
            return None
        if now_s - self._failed_at_s > FRESH_S:
            return None
        return Problem(MESSAGES_NOT_TAKEN, self._error_name)

    def _breaker_of(self, kind: SendClass) -> CircuitBreaker | None:
        """What calls of this class wait for, if for anything."""
        match kind:
            case SendClass.RETRY:
                return self._retries
            case SendClass.NOTICE | SendClass.BROADCAST:
                return self._first_tries
            case _:
                return None
