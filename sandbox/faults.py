"""Planned faults: which calls of the bot fail, how, and how often, with a count of each."""

from collections import deque
from typing import Literal

from msgspec import Struct

from sandbox.botapi.errors import ApiError, too_many_requests
from sandbox.feed import Pulse

FaultKind = Literal["429", "500", "drop", "slow", "drip", "error"]
SLOW_MAX_S = 120.0
DRIP_EVERY_S = 1.0


class Fault(Struct):
    """One fault, for the next calls that match."""

    kind: FaultKind
    method: str = "*"
    chat_id: int | None = None
    times: int | None = 1
    """None: until cleared."""
    after: bool = False
    """Execute the call and then fail: the caller cannot know that it succeeded."""
    retry_after_s: int = 1
    delay_s: float = SLOW_MAX_S
    """How long a slow call takes, unless it is released sooner."""
    code: int = 400
    description: str = "Bad Request: planned by the test"
    hits: int = 0

    def fits(self, method: str, chat_id: int | None) -> bool:
        """Whether this call is one that should fail."""
        if self.times is not None and self.hits >= self.times:
            return False
        if self.chat_id is not None and self.chat_id != chat_id:
            return False
        return self.method == "*" or self.method.lower() == method.lower()


class Faults:
    """All planned faults, and the limit on messages a second."""

    def __init__(self) -> None:
        self.planned: list[Fault] = []
        self.gate = Gate()
        self.messages_per_s: int | None = None
        self._sent_at: deque[float] = deque()

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault for this call, if any, which is counted."""
        for fault in self.planned:
            if fault.fits(method, chat_id):
                fault.hits += 1
                return fault
        return None

    def count_message(self, at: float) -> None:
        """Refuse a message beyond the limit, if there is one."""
        if self.messages_per_s is None:
            return
        while self._sent_at and self._sent_at[0] <= at - 1:
            self._sent_at.popleft()
        if len(self._sent_at) >= self.messages_per_s:
            raise too_many_requests(1)
        self._sent_at.append(at)

    def clear(self) -> list[Fault]:
        """Clear all faults, release slow calls, and return what was planned."""
        planned, self.planned = self.planned, []
        self.gate.release()
        return planned


class Gate:
    """Delays slow answers until they are released or time out."""

    def __init__(self) -> None:
        self.pulse = Pulse()
        self.waiting = 0
        self._released = 0

    def release(self) -> int:
        """Release all that wait now; return how many."""
        self._released += 1
        self.pulse.beat()
        return self.waiting

    async def hold(self, delay_s: float) -> bool:
        """Wait here; whether it was released before the time was up."""
        before = self._released
        self.waiting += 1
        self.pulse.beat()
        try:
            within_s = min(delay_s, SLOW_MAX_S)
            return bool(await self.pulse.until(lambda: self._released > before, within_s))
        finally:
            self.waiting -= 1

    async def until_waiting(self, count: int, timeout_s: float) -> bool:
        """Wait until that many wait here."""
        return bool(await self.pulse.until(lambda: self.waiting >= count, timeout_s))


def as_error(fault: Fault) -> ApiError | None:
    """The fault's answer; None for a fault that only delays or disconnects."""
    match fault.kind:
        case "429":
            return too_many_requests(fault.retry_after_s)
        case "500":
            return ApiError(500, "Internal Server Error")
        case "error":
            return ApiError(fault.code, fault.description)
        case "drop" | "slow" | "drip":
            return None
