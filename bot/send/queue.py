"""Send queue: lets calls leave in order, as the rate limits and the circuit breaker allow.

Each chat has a lane: its calls leave by priority, then first come, first served, and a chat that
has to wait holds up no other. A call that has failed gets a lane of its own, so that it holds up
nothing in its chat either. The first call of each lane is on offer in its class (`SendClass`), and
a class without room holds up no other class. A step costs no more than the logarithm of the number
of waiting calls.
"""

import asyncio
import logging
import math
from collections.abc import Iterable
from heapq import heappop, heappush
from typing import TypeAlias

from bot.send.circuit_breaker import GIVE_UP_AFTER_S, SendBreaker
from bot.send.global_pause import GlobalPause
from bot.send.queued_call import QueuedCall
from bot.send.rate_limits import Allowance, ChatId, Priority, RateLimits, SendClass
from bot.text.connection_texts import ASKED_TO_SEND_LESS, Problem

log = logging.getLogger(__name__)

RECOVERY_EVERY_S = 1.0
"""How often a chat that gets through again may end the others' pauses."""
RETRY_EVERY_S = 0.1
"""Calls that failed before leave no faster, so that they cost the others little."""

_Entry: TypeAlias = tuple[tuple[int, int], QueuedCall]
_Lane: TypeAlias = ChatId | QueuedCall
"""A chat, or a call that waits for no other: one without a chat, or one that has failed."""
_CLASSES = tuple(SendClass)
_IMPROVING = (SendClass.FOLLOW_UP, SendClass.BUSY)
"""A reply that has waited in one of these gets a better class when its chat has got nothing since.
"""
PATIENCE_S = 3.0
"""Not sooner: replies that follow one another quickly would be as many as first ones."""
_OWED = (SendClass.NOTICE, SendClass.BUSY, SendClass.BROADCAST, SendClass.RETRY)
"""One a second of each of these leaves however many replies there are."""
OVERDUE_S = 2.0


class SendQueue:
    """All calls that wait for their turn, in the event loop, with one timer.

    The first call of each lane is on offer: in `_ready`, by class, if its lane may get a message,
    else in `_later` until it may, or until its class is a better one. Offers get out of date, so
    each is checked when it comes to the top.

    Attributes:
        stopped: whether replies leave without waiting, and nothing is retried.
    """

    def __init__(self, limits: RateLimits, admin_ids: frozenset[int] = frozenset()) -> None:
        """Empty. Replies to admins leave first."""
        self.stopped = False
        self._admin_ids = admin_ids
        self._allowance = Allowance(limits)
        self._breaker = SendBreaker()
        self._pause = GlobalPause()
        self._next_retry_at_s = -math.inf
        self._next_recovery_s = -math.inf
        self._calls_made = 0
        self._lanes: dict[_Lane, list[_Entry]] = {}
        self._ready: tuple[list[tuple[int, int, _Entry]], ...] = tuple([] for _ in _CLASSES)
        self._later: list[tuple[float, int, QueuedCall]] = []
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """How many chats, and calls with a lane of their own, have something waiting."""
        return len(self._lanes)

    def new_call(self, chat_id: ChatId | None, priority: Priority) -> QueuedCall:
        """A place behind all calls of the same priority."""
        self._calls_made += 1
        return QueuedCall(chat_id, priority, self._calls_made)

    def may_leave_at_once(self, chat_id: ChatId | None, priority: Priority) -> bool:
        """Whether a new call need not wait. If so it counts as having left."""
        now_s = _now_s()
        kind = self._class_of(chat_id, priority, now_s)
        if self._has_room(chat_id, priority, kind, now_s) or (
            self.stopped and priority is Priority.REPLY
        ):
            self._count(chat_id, kind, now_s)
            return True
        return False

    def _has_room(
        self, chat_id: ChatId | None, priority: Priority, kind: SendClass, now_s: float
    ) -> bool:
        if chat_id is None:
            return True
        if self._lanes or self._breaker.is_open:
            return False
        chat_opens_at_s = self._allowance.chat_opens_at_s(chat_id, priority)
        return max(self._opens_at_s(kind, now_s), chat_opens_at_s) <= now_s

    async def wait(self, call: QueuedCall) -> float:
        """Wait until it may leave; returns how many seconds that took."""
        began_s = _now_s()
        turn = call.begin_waiting()
        self._add(call, began_s)
        self._let_calls_leave()
        try:
            await turn
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
        now_s = _now_s()
        if chat_id is None:
            if self._breaker.is_open:
                self._breaker.retry_now(now_s)
                self._let_calls_leave()
            return
        recovered = self._breaker.has_failed(chat_id)
        closed = self._breaker.answered(chat_id)
        if closed:
            log.warning("Messages get through to Telegram again.")
        # An answer to a chat without trouble says nothing about those that have some.
        if recovered and (closed or now_s >= self._next_recovery_s):
            self._next_recovery_s = now_s + RECOVERY_EVERY_S
            self._end_pauses(now_s, trouble_is_over=closed)
        if self._pause.answered(chat_id) or closed or recovered:
            self._let_calls_leave()

    def failed(self, call: QueuedCall, error: Exception) -> None:
        """A call got no answer: it backs off, and maybe all do that can wait."""
        if self._breaker.failed(call, type(error).__name__, _now_s()):
            log.warning("Messages wait: Telegram doesn't take them (%s).", type(error).__name__)
        self._let_calls_leave()

    def postponed(self, call: QueuedCall, wait_s: float) -> None:
        """Telegram has asked for a pause instead of executing a call (429)."""
        now_s = _now_s()
        call.postponements += 1
        call.postponed_at_s = min(call.postponed_at_s, now_s)
        log.info("Telegram asks the bot to wait %s s before it writes on.", wait_s)
        if call.chat_id is None:
            call.not_before_s = now_s + wait_s
        else:
            self._allowance.pause(call.chat_id, wait_s, now_s)
        self._pause.limited(call.chat_id, wait_s, now_s)
        # It was heard: that closes an open circuit, though it was not executed.
        self._breaker.heard()
        self._let_calls_leave()

    def abandoned(self, call: QueuedCall) -> None:
        """A call was cancelled: its outcome will never be known."""
        now_s = _now_s()
        self._breaker.abandoned(call, now_s)
        self._offer(_lane_of(call), now_s)
        self._let_calls_leave()

    def is_hopeless(self, call: QueuedCall) -> bool:
        """Whether a call has failed for long while others were answered."""
        return self._breaker.is_hopeless(call, _now_s())

    def is_long_postponed(self, call: QueuedCall) -> bool:
        """Whether it is long ago that Telegram first asked to wait with a call."""
        return _now_s() - call.postponed_at_s >= GIVE_UP_AFTER_S

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
        if self._pause.is_on(now_s):
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
        at_s = self._next_at_s(now_s)
        if at_s != math.inf:
            self._timer = loop.call_at(at_s, self._let_calls_leave)

    def _next(self, now_s: float) -> QueuedCall | None:
        """The call that leaves now, if any; call it until there is none."""
        while self._later and self._later[0][0] <= now_s:
            at_s, _, call = heappop(self._later)
            if call.wakes_at_s == at_s:
                call.wakes_at_s = math.inf
                self._offer(_lane_of(call), now_s)
        for kind in self._in_order(now_s):
            ready = self._ready[kind]
            while ready:
                entry = ready[0][2]
                call = entry[1]
                key = _lane_of(call)
                if (lane := self._lanes.get(key)) is None or lane[0] is not entry:
                    self._take_back(kind)
                elif call.is_abandoned or self._lane_opens_at_s(call) > now_s:
                    self._take_back(kind)
                    self._offer(key, now_s)
                elif self._opens_at_s(kind, now_s) > now_s:
                    break
                else:
                    self._take_back(kind)
                    heappop(lane)
                    self._breaker.leaves(call, kind)
                    self._count(call.chat_id, kind, now_s)
                    self._offer(key, now_s)
                    return call
        return None

    def _take_back(self, kind: SendClass) -> None:
        """Remove the first offer of a class."""
        call = heappop(self._ready[kind])[2][1]
        if call.offered_in is kind:
            call.offered_in = None

    def _in_order(self, now_s: float) -> Iterable[SendClass]:
        """The classes, in the order in which they get what room there is now.

        Replies alone can use all the room, for as long as enough people write. So what has waited
        for a while, and is owed one, comes before them.
        """
        overdue = [kind for kind in _OWED if self._is_overdue(kind, now_s)]
        if not overdue:
            return _CLASSES
        return dict.fromkeys((SendClass.PRESS, SendClass.ADMIN, *overdue, *_CLASSES))

    def _is_overdue(self, kind: SendClass, now_s: float) -> bool:
        ready = self._ready[kind]
        if not ready or not self._allowance.is_owed_one(kind, now_s):
            return False
        return ready[0][2][1].offered_at_s + OVERDUE_S <= now_s

    def _next_at_s(self, now_s: float) -> float:
        """When to look again if nothing else happens, after `_next` has found nothing."""
        later_s = self._later[0][0] if self._later else math.inf
        open_s = [self._opens_at_s(kind, now_s) for kind in _CLASSES if self._ready[kind]]
        return min(later_s, *open_s) if open_s else later_s

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
                self._count(call.chat_id, SendClass.REPLY, now_s)
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
        entry = lane[0]
        call = entry[1]
        at_s = self._lane_opens_at_s(call)
        if at_s > now_s:
            self._wake(call, at_s)
            return
        kind = self._class_on_offer(call, now_s)
        if call.offered_in is not kind:
            call.offered_in = kind
            call.offered_at_s = min(call.offered_at_s, now_s)
            # Among retries, what has failed least is the likeliest to succeed.
            rank = call.failures if kind is SendClass.RETRY else 0
            heappush(self._ready[kind], (rank, call.place[1], entry))
        if kind in _IMPROVING and call.chat_id is not None:
            improves_at_s = self._allowance.class_improves_at_s(call.chat_id, kind)
            self._wake(call, max(improves_at_s, call.offered_at_s + PATIENCE_S))

    def _wake(self, call: QueuedCall, at_s: float) -> None:
        """Look at this call's lane again at that moment."""
        if at_s < call.wakes_at_s:
            call.wakes_at_s = at_s
            heappush(self._later, (at_s, call.place[1], call))

    def _class_on_offer(self, call: QueuedCall, now_s: float) -> SendClass:
        """The class of a call that waits only for room in its class."""
        if call.is_in_trouble:
            return SendClass.RETRY
        if call.offered_in in _IMPROVING and now_s < call.offered_at_s + PATIENCE_S:
            return call.offered_in
        return self._class_of(call.chat_id, call.priority, now_s)

    def _end_pauses(self, now_s: float, *, trouble_is_over: bool = False) -> None:
        """Forget the pauses of calls that got no answer."""
        for key, lane in list(self._lanes.items()):
            for _, call in lane:
                call.not_before_s = -math.inf
                call.is_in_trouble = call.is_in_trouble and not trouble_is_over
            self._offer(key, now_s)

    def _class_of(self, chat_id: ChatId | None, priority: Priority, now_s: float) -> SendClass:
        """The class of a call that has not failed."""
        if chat_id is None:
            return SendClass.PRESS
        if priority is not Priority.REPLY:
            return SendClass.NOTICE if priority is Priority.NOTICE else SendClass.BROADCAST
        if chat_id in self._admin_ids:
            return SendClass.ADMIN
        return self._allowance.reply_class(chat_id, now_s)

    def _count(self, chat_id: ChatId | None, kind: SendClass, now_s: float) -> None:
        if kind is SendClass.RETRY:
            self._next_retry_at_s = now_s + RETRY_EVERY_S
        if chat_id is not None:
            self._pause.leaves(now_s)
            self._allowance.count(chat_id, kind, now_s)

    def _lane_opens_at_s(self, call: QueuedCall) -> float:
        """When a call may leave as far as its own lane is concerned."""
        if call.chat_id is None:
            return call.not_before_s
        chat_opens_at_s = self._allowance.chat_opens_at_s(call.chat_id, call.priority)
        return max(call.not_before_s, chat_opens_at_s)

    def _opens_at_s(self, kind: SendClass, now_s: float) -> float:
        """When calls of a class may leave as far as all lanes together are concerned."""
        if kind is SendClass.PRESS:
            return -math.inf
        at_s = max(self._allowance.opens_at_s(kind), self._pause.opens_at_s(kind, now_s))
        if kind is SendClass.RETRY:
            at_s = max(at_s, self._next_retry_at_s)
        return max(at_s, self._breaker.opens_at_s(kind))


def _lane_of(call: QueuedCall) -> _Lane:
    return call if call.chat_id is None or call.failures else call.chat_id


def _now_s() -> float:
    return asyncio.get_running_loop().time()
