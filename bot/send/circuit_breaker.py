"""Circuit breaker for calls to Telegram: which failures open it, and which answers close it.

A single chat's failing call backs off alone, and other chats go on. When a second chat's call fails
and none was answered in between, Telegram is away: all calls wait, and one at a time probes it
(`resilience/circuit_breaker.py`). An answer to a call in any chat closes it.

Pure, as the breaker that it builds on: time is an argument.
"""

import math

from bot.send.rate_limits import ChatId
from bot.text.connection_texts import MESSAGES_NOT_TAKEN, Problem
from resilience.backoff import Backoff
from resilience.circuit_breaker import CircuitBreaker

SEND_BACKOFF = Backoff(first_s=1.0, max_s=30.0)
FRESH_S = 90.0
"""Longer than the longest pause and a call's timeout: an older failure says nothing of now."""


class SendBreaker:
    """The circuit breaker of all calls to chats.

    Attributes:
        backoff: the pauses, for one call and for all.
        failures: calls that failed in a row, none answered in between.
    """

    def __init__(self) -> None:
        """Closed."""
        self.backoff = SEND_BACKOFF
        self.failures = 0
        self._breaker = CircuitBreaker(self.backoff)
        self._failed_chat: ChatId | None = None
        self._failed_at_s = -math.inf
        self._error_name = ""

    @property
    def is_open(self) -> bool:
        """Whether all calls wait, but for a probe."""
        return not self._breaker.is_closed

    @property
    def opens_at_s(self) -> float:
        """When a call may leave: always, after a pause, or never while a probe is out."""
        return self._breaker.opens_at_s

    def failed(self, call: object, chat_id: ChatId | None, error_name: str, now_s: float) -> bool:
        """A call got no answer; true if this opens the breaker."""
        self.failures += 1
        self._failed_at_s = now_s
        self._error_name = error_name
        if self.is_open:
            # Calls that left before the circuit opened don't count; the probe does.
            if self._breaker.is_probe(call):
                self._breaker.trip(now_s)
            return False
        if self.failures > 1 and chat_id != self._failed_chat:
            self._breaker.trip(now_s)
            return True
        self._failed_chat = chat_id
        return False

    def leaves(self, call: object) -> None:
        """Note that this call leaves now; while the circuit is open, it is the probe."""
        if self.is_open:
            self._breaker.start_probe(call)

    def abandoned(self, call: object, now_s: float) -> None:
        """This call was cancelled without an answer; if it was the probe, another may try."""
        if self._breaker.is_probe(call):
            self._breaker.retry_now(now_s)

    def retry_now(self, now_s: float) -> None:
        """End the pause: the next probe may leave."""
        self._breaker.retry_now(now_s)

    def answered(self) -> bool:
        """Note that a call to a chat was answered; true if this closes an open circuit."""
        self.failures = 0
        self._failed_chat = None
        return self._breaker.close()

    def problem(self, now_s: float) -> Problem | None:
        """What is wrong; None if nothing is, or nothing recent is known."""
        if self.failures < 2 or now_s - self._failed_at_s > FRESH_S:  # noqa: PLR2004 - once is no outage
            return None
        return Problem(MESSAGES_NOT_TAKEN, self._error_name)
