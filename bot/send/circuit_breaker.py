"""Owns what is known of a lost connection: who noticed, how long all wait, and who tries it again.

Pure, as `bot/send/rate_limits.py` is. One call that fails is that call's matter, and it is paused
alone. When a second chat's call fails and none has been answered in between, all wait; one at a
time leaves as a probe, after ever longer pauses; when a call to any chat is answered, all go on.
"""

import math

from bot.send.rate_limits import ChatId

PAUSE_FIRST_S = 1.0
PAUSE_MAX_S = 30.0
FRESH_S = 90.0
"""Longer than the longest pause and a call's time-out: an older failure says nothing of now."""


def pause_after(failures: int) -> float:
    """How many seconds to wait after so many failures in a row."""
    return min(PAUSE_FIRST_S * 2.0 ** min(failures - 1, 10), PAUSE_MAX_S)


class CircuitBreaker:
    """The one outage there may be."""

    def __init__(self) -> None:
        """All is well."""
        self.opens_at_s = -math.inf
        """From when on a call may leave: always, after a pause, or never while a probe is out."""
        self.failures = 0
        """Calls that failed in a row, none answered in between."""
        self._suspect: ChatId | None = None
        self._closed_times = 0
        self._probe: object = None
        self._failed_at_s = -math.inf
        self._error_name = ""

    @property
    def general(self) -> bool:
        """Whether all wait."""
        return self._closed_times > 0

    def failed(self, call: object, chat_id: ChatId | None, error_name: str, now_s: float) -> bool:
        """A call was lost; True if from now on all wait."""
        self.failures += 1
        self._failed_at_s = now_s
        self._error_name = error_name
        if self.general:
            # Calls that were under way when it began say nothing new; the probe does.
            if call is self._probe:
                self._close(now_s)
            return False
        if self.failures > 1 and chat_id != self._suspect:
            self._close(now_s)
            return True
        self._suspect = chat_id
        return False

    def _close(self, now_s: float) -> None:
        self._closed_times += 1
        self._probe = None
        self.opens_at_s = now_s + pause_after(self._closed_times)

    def leaves(self, call: object) -> None:
        """This call leaves; if all wait, it is the probe, and the others go on waiting."""
        if self.general:
            self._probe = call
            self.opens_at_s = math.inf

    def given_up(self, call: object, now_s: float) -> None:
        """This call was broken off without an answer; if it was the probe, another may try."""
        if call is self._probe:
            self.try_now(now_s)

    def try_now(self, now_s: float) -> None:
        """Let the next probe leave, unless all is well."""
        if self.general:
            self._probe = None
            self.opens_at_s = now_s

    def answered(self) -> bool:
        """Telegram has answered a call to a chat; True if all waited for that."""
        was_general = self.general
        self.opens_at_s = -math.inf
        self.failures = self._closed_times = 0
        self._probe = self._suspect = None
        return was_general

    def trouble(self, now_s: float) -> str:
        """What is wrong, in one sentence; empty if nothing is, or nothing is known any more."""
        if self.failures < 2 or now_s - self._failed_at_s > FRESH_S:  # noqa: PLR2004 - once is no outage
            return ""
        return f"Messages wait, because Telegram doesn't take them now ({self._error_name})."
