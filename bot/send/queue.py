"""Send queue: lets calls leave in order, as the rate limits and the circuit breaker allow.

Calls leave by priority, then first come, first served. Each chat has a lane: a chat that has to
wait holds up no other. A step costs no more than the logarithm of the number of waiting calls.

A circuit breaker per chat instead of one for all would go here: `_lane_opens_at_s` is asked for a
lane, `_opens_at_s` for what concerns all lanes.
"""

import asyncio
import logging
import math
from heapq import heappop, heappush
from typing import TypeAlias

from bot.send.circuit_breaker import SendBreaker
from bot.send.queued_call import QueuedCall
from bot.send.rate_limits import Allowance, ChatId, Priority, RateLimits
from bot.text.connection_texts import ASKED_TO_SEND_LESS, Problem

log = logging.getLogger(__name__)

_Entry: TypeAlias = tuple[tuple[int, int], QueuedCall]
_Lane: TypeAlias = ChatId | QueuedCall
"""A chat, or a call without a chat, which waits for no other."""


class SendQueue:
    """All calls that wait for their turn, in the event loop, with one timer.

    The first call of each lane is on offer: in `_ready` if its chat may get a message, else in
    `_later` until it may. Offers get out of date, so each is checked when it comes to the top.

    Attributes:
        stopped: whether replies leave without waiting, and nothing is retried.
    """

    def __init__(self, limits: RateLimits) -> None:
        """Empty."""
        self.stopped = False
        self._allowance = Allowance(limits)
        self._breaker = SendBreaker()
        self._calls_made = 0
        self._lanes: dict[_Lane, list[_Entry]] = {}
        self._ready: list[_Entry] = []
        self._later: list[tuple[float, int, _Lane]] = []
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """How many chats, and calls without a chat, have something waiting."""
        return len(self._lanes)

    def new_call(self, chat_id: ChatId | None, priority: Priority) -> QueuedCall:
        """A place behind all calls of the same priority."""
        self._calls_made += 1
        return QueuedCall(chat_id, priority, self._calls_made)

    def may_leave_at_once(self, chat_id: ChatId | None, priority: Priority) -> bool:
        """Whether a new call need not wait. If so it counts as having left."""
        now_s = _now_s()
        if self._has_room(chat_id, priority, now_s) or (
            self.stopped and priority is Priority.REPLY
        ):
            self._count(chat_id, priority, now_s)
            return True
        return False

    def _has_room(self, chat_id: ChatId | None, priority: Priority, now_s: float) -> bool:
        allowance = self._allowance
        if self._breaker.is_open or allowance.paused_until_s > now_s:
            return False
        if chat_id is None:
            return True
        if self._lanes:
            return False
        return max(allowance.opens_at_s(priority), allowance.chat_opens_at_s(chat_id)) <= now_s

    async def wait(self, call: QueuedCall) -> float:
        """Wait until it may leave; returns how many seconds that took."""
        began_s = _now_s()
        call.turn = asyncio.get_running_loop().create_future()
        self._add(call, began_s)
        self._let_calls_leave()
        try:
            await call.turn
        except asyncio.CancelledError:
            self.abandoned(call)
            raise
        return _now_s() - began_s

    # What became of a call.

    def answered(self, chat_id: ChatId | None) -> None:
        """Note that Telegram answered a call. A call to a chat closes an open circuit.

        A call without a chat shows only that Telegram is reachable, not that it accepts messages:
        the next message may probe that.
        """
        if not self._breaker.failures:
            return
        now_s = _now_s()
        if chat_id is None:
            self._breaker.retry_now(now_s)
            self._let_calls_leave()
        elif self._breaker.answered():
            log.warning("Messages get through to Telegram again.")
            self._end_pauses(now_s)
            self._let_calls_leave()

    def failed(self, call: QueuedCall, error: Exception) -> None:
        """A call got no answer: it backs off, and maybe all do."""
        now_s = _now_s()
        call.failures += 1
        call.not_before_s = now_s + self._breaker.backoff.pause_s(call.failures)
        if self._breaker.failed(call, call.chat_id, type(error).__name__, now_s):
            log.warning("Messages wait: Telegram doesn't take them (%s).", type(error).__name__)
        self._let_calls_leave()

    def postponed(self, call: QueuedCall, wait_s: float) -> None:
        """Telegram has asked for a pause instead of executing a call (429)."""
        call.postponements += 1
        log.info("Telegram asks the bot to wait %s s before it writes on.", wait_s)
        self._allowance.pause(call.chat_id, wait_s, _now_s())
        self.answered(call.chat_id)

    def abandoned(self, call: QueuedCall) -> None:
        """A call was cancelled: its outcome will never be known."""
        self._breaker.abandoned(call, _now_s())
        self._let_calls_leave()

    def retry_now(self) -> None:
        """End the pauses after failures: another connection shows that Telegram is reachable."""
        now_s = _now_s()
        self._breaker.retry_now(now_s)
        self._end_pauses(now_s)
        self._let_calls_leave()

    def stop(self) -> None:
        """Let all replies leave now, and those that come later: there is no time left to wait.

        Notices and broadcasts keep to the limits until their senders give up.
        """
        self.stopped = True
        self._let_replies_leave()
        self._let_calls_leave()

    def problem(self) -> Problem | None:
        """Why messages don't get through now; None if they do."""
        now_s = _now_s()
        if self._allowance.paused_until_s > now_s:
            return ASKED_TO_SEND_LESS
        return self._breaker.problem(now_s)

    # Whose turn it is.

    def _let_calls_leave(self) -> None:
        """Let every call leave whose turn it is, and set the timer for the next one's turn."""
        loop = asyncio.get_running_loop()
        now_s = loop.time()
        while (call := self._next(now_s)) is not None:
            call.let_leave()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        at_s = self._next_at_s()
        if at_s != math.inf:
            self._timer = loop.call_at(at_s, self._let_calls_leave)

    def _next(self, now_s: float) -> QueuedCall | None:
        """The call that leaves now, if any; call it until there is none."""
        while self._later and self._later[0][0] <= now_s:
            self._offer(heappop(self._later)[2], now_s)
        while self._ready:
            entry = self._ready[0]
            call = entry[1]
            key = _lane_of(call)
            if (lane := self._lanes.get(key)) is None or lane[0] is not entry:
                heappop(self._ready)
            elif call.is_abandoned or self._lane_opens_at_s(call) > now_s:
                heappop(self._ready)
                self._offer(key, now_s)
            elif self._opens_at_s(call) > now_s:
                return None
            else:
                heappop(self._ready)
                heappop(lane)
                self._breaker.leaves(call)
                self._count(call.chat_id, call.priority, now_s)
                self._offer(key, now_s)
                return call
        return None

    def _next_at_s(self) -> float:
        """When to look again if nothing else happens, after `_next` has found nothing."""
        later_s = self._later[0][0] if self._later else math.inf
        return min(later_s, self._opens_at_s(self._ready[0][1])) if self._ready else later_s

    def _let_replies_leave(self) -> None:
        """All replies leave, whatever they wait for; in their order."""
        now_s = _now_s()
        entries: list[_Entry] = []
        for key, lane in list(self._lanes.items()):
            # In a lane too, replies are first.
            while lane and lane[0][1].priority is Priority.REPLY:
                entries.append(heappop(lane))
            self._offer(key, now_s)
        for _, call in sorted(entries):
            if not call.is_abandoned:
                self._count(call.chat_id, call.priority, now_s)
                call.let_leave()

    def _add(self, call: QueuedCall, now_s: float) -> None:
        key = _lane_of(call)
        lane = self._lanes.setdefault(key, [])
        entry = (call.place, call)
        heappush(lane, entry)
        if lane[0] is entry:
            self._offer(key, now_s)

    def _offer(self, key: _Lane, now_s: float) -> None:
        """Put a lane's first call where it will be found in time."""
        lane = self._lanes.get(key)
        while lane and lane[0][1].is_abandoned:
            heappop(lane)
        if not lane:
            self._lanes.pop(key, None)
            return
        place, call = entry = lane[0]
        at_s = self._lane_opens_at_s(call)
        if at_s <= now_s:
            heappush(self._ready, entry)
        else:
            heappush(self._later, (at_s, place[1], key))

    def _end_pauses(self, now_s: float) -> None:
        """Forget the pauses of calls that got no answer."""
        for key, lane in list(self._lanes.items()):
            for _, call in lane:
                call.not_before_s = -math.inf
            self._offer(key, now_s)

    def _count(self, chat_id: ChatId | None, priority: Priority, now_s: float) -> None:
        if chat_id is not None:
            self._allowance.count(chat_id, priority, now_s)

    def _lane_opens_at_s(self, call: QueuedCall) -> float:
        """When a call may leave as far as its own lane is concerned."""
        if call.chat_id is None:
            return call.not_before_s
        return max(call.not_before_s, self._allowance.chat_opens_at_s(call.chat_id))

    def _opens_at_s(self, call: QueuedCall) -> float:
        """When a call may leave as far as all lanes together are concerned."""
        if call.chat_id is None:
            at_s = self._allowance.paused_until_s
        else:
            at_s = self._allowance.opens_at_s(call.priority)
        return max(at_s, self._breaker.opens_at_s)


def _lane_of(call: QueuedCall) -> _Lane:
    return call if call.chat_id is None else call.chat_id


def _now_s() -> float:
    return asyncio.get_running_loop().time()
