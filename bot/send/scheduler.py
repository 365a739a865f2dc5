"""Waiting for a turn: `bot/send/queue.py` in the event loop, with one timer."""

import asyncio
import logging
import math

from bot.send.circuit_breaker import CircuitBreaker, pause_after
from bot.send.queue import Line, Ticket
from bot.send.rate_limits import Allowance, ChatId, Priority, RateLimits

log = logging.getLogger(__name__)


class Turns:
    """Lets calls leave, one after the other, as pace and connection allow."""

    def __init__(self, limits: RateLimits) -> None:
        """Nobody waits."""
        self._allowance = Allowance(limits)
        self._outage = CircuitBreaker()
        self._line = Line(self._allowance, self._outage)
        self._timer: asyncio.TimerHandle | None = None
        self.stopped = False

    def leaves_at_once(self, chat_id: ChatId | None, priority: Priority) -> bool:
        """Whether a call need not wait. If so it counts as having left; it needs no ticket."""
        now_s = _now_s()
        if self._line.leaves_at_once(chat_id, priority, now_s):
            return True
        if not self.stopped or priority is not Priority.REPLY:
            return False
        self._line.left(chat_id, priority, now_s)
        return True

    def ticket(self, chat_id: ChatId | None, priority: Priority) -> Ticket:
        """For a call that has to wait, or to be tried again."""
        return self._line.ticket(chat_id, priority)

    async def wait(self, ticket: Ticket) -> float:
        """Wait until it may leave; how many seconds that took."""
        began_s = _now_s()
        ticket.future = asyncio.get_running_loop().create_future()
        self._line.join(ticket, began_s)
        self._let_go()
        try:
            await ticket.future
        except asyncio.CancelledError:
            self.given_up(ticket)
            raise
        return _now_s() - began_s

    def answered(self, chat_id: ChatId | None) -> None:
        """Telegram has answered a call. If it was one to a chat, whoever waited for that goes on.

        Else it shows that Telegram is there, not that it takes messages: the next one may try.
        """
        if not self._outage.failures:
            return
        now_s = _now_s()
        if chat_id is None:
            self._outage.try_now(now_s)
            self._let_go()
        elif self._outage.answered():
            log.warning("Messages get through to Telegram again.")
            self._line.hurry(now_s)
            self._let_go()

    def lost(self, ticket: Ticket, error: Exception) -> None:
        """This call had no answer: it pauses, and maybe all do."""
        now_s = _now_s()
        ticket.lost += 1
        ticket.not_before_s = now_s + pause_after(ticket.lost)
        if self._outage.failed(ticket, ticket.chat_id, type(error).__name__, now_s):
            log.warning("Messages wait: Telegram doesn't take them (%s).", type(error).__name__)
        self._let_go()

    def put_off(self, ticket: Ticket, wait_s: float) -> None:
        """Telegram has asked for a pause instead of taking this call."""
        ticket.put_off += 1
        log.info("Telegram asks the bot to wait %s s before it writes on.", wait_s)
        self._allowance.asked_to_wait(ticket.chat_id, wait_s, _now_s())
        self.answered(ticket.chat_id)

    def given_up(self, ticket: Ticket) -> None:
        """This call was broken off, so nothing will be heard of it."""
        self._outage.given_up(ticket, _now_s())
        self._let_go()

    def try_now(self) -> None:
        """Don't wait out the pauses: Telegram has been heard of, on another way."""
        now_s = _now_s()
        self._outage.try_now(now_s)
        self._line.hurry(now_s)
        self._let_go()

    def stop(self) -> None:
        """Let all replies leave now, and those that come later: there is no time left to wait.

        Notices and broadcasts keep to the pace, until those who send them give up.
        """
        self.stopped = True
        for ticket in self._line.replies_leave(_now_s()):
            _wake(ticket)
        self._let_go()

    def trouble(self) -> str:
        """Why messages don't get through now, in one sentence; empty if they do."""
        now_s = _now_s()
        if self._allowance.held_until_s > now_s:
            return "Messages wait, because Telegram asks the bot to write less."
        return self._outage.trouble(now_s)

    def _let_go(self) -> None:
        """Let go whose turn it is, and come back when it is the next one's."""
        loop = asyncio.get_running_loop()
        now_s = loop.time()
        while (ticket := self._line.next(now_s)) is not None:
            _wake(ticket)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        at_s = self._line.next_at_s()
        if at_s != math.inf:
            self._timer = loop.call_at(at_s, self._let_go)


def _wake(ticket: Ticket) -> None:
    if ticket.future is not None and not ticket.future.done():
        ticket.future.set_result(None)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
