"""The gate that every call to Telegram passes: what it waits for, and when it is retried.

A call waits until what the ledger has decided is durable, so that nothing untrue gets out; then for
its turn in the send queue. What Telegram doesn't execute is retried:

- A reply or a notice is promised, so it is retried until Telegram has answered or the program
  stops. When only the answer was lost, it may arrive twice. After the stop, replies wait for
  nothing any more. Only when it keeps failing for a while although other messages get through,
  it is given up (`GivenUpError`).
- A message to somebody else than the person who is being answered is no reply: it waits behind the
  replies to that chat. When that takes long, the person's next updates don't wait for it.
- A broadcast is retried by `bot/notify/broadcaster.py`, because it must not arrive twice.
- Other calls, such as the answer to a button press, matter for a moment: a few tries.
- Calls that connect or receive (`CONNECTION_METHODS`) are retried by their callers.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import NetworkError, TelegramError

from bot.metrics_hooks import BotHooks
from bot.receive.in_flight import InFlight, current
from bot.send.api_answers import RetryAfter
from bot.send.delivery_errors import is_transient
from bot.send.methods import CONNECTION_METHODS, writes_to_chat
from bot.send.queue import SendQueue
from bot.send.queued_call import QueuedCall
from bot.send.rate_limits import TELEGRAM_LIMITS, ChatId, Priority, RateLimits
from bot.text.connection_texts import Problem
from ledger.ledger import Ledger

log = logging.getLogger(__name__)

T = TypeVar("T")


class GivenUpError(NetworkError):
    """A message kept failing while others got through.

    Attributes:
        chat_id: the chat that it was for.
    """

    def __init__(self, chat_id: ChatId | None, cause: TelegramError) -> None:
        """Give up a call whose last error this was."""
        super().__init__(f"given up after a while: {type(cause).__name__}")
        self.chat_id = chat_id


POSTPONEMENTS_MAX = {Priority.REPLY: 5, Priority.NOTICE: 5, Priority.BROADCAST: 2}
"""A call that Telegram has asked to wait with this often, for a minute or more, is given up."""
MOMENTARY_TRIES_MAX = 3
MOMENTARY_WAIT_MAX_S = 5.0
"""A press is not answered later than that: its button no longer waits for it."""
OTHERS_WITHIN_S = 2.0
_NAMES = {priority: priority.name.lower() for priority in Priority}


class OutgoingGate:
    """The one way out: what a text says is durable before it leaves, within Telegram's limits.

    A handler may build its text from the state of that instant, which may be ahead of the disk.
    The wait is here, once, so that no handler can forget it.
    """

    def __init__(
        self,
        ledger: Ledger,
        limits: RateLimits = TELEGRAM_LIMITS,
        hooks: BotHooks | None = None,
        *,
        admin_ids: frozenset[int] = frozenset(),
    ) -> None:
        """Nothing waits.

        Args:
            ledger: what it has decided is durable before anything leaves.
            limits: how many messages may leave.
            hooks: called for every call.
            admin_ids: whose replies leave first.
        """
        self._ledger = ledger
        self._hooks = hooks or BotHooks()
        self._queue = SendQueue(limits, admin_ids)

    @property
    def stopped(self) -> bool:
        """Whether nothing is retried any more."""
        return self._queue.stopped

    def stop(self) -> None:
        """From now on no reply waits for anything but the disk, and nothing is retried.

        Notices and broadcasts go on waiting: their senders decide when to give up.
        """
        self._queue.stop()

    def retry_now(self) -> None:
        """End the pauses after failures: another connection shows that Telegram is reachable."""
        self._queue.retry_now()

    def problem(self) -> Problem | None:
        """Why messages don't get through now; None if they do."""
        return self._queue.problem()

    async def call(
        self,
        method: str,
        send: Callable[[], Awaitable[T]],
        *,
        chat_id: ChatId | None = None,
        priority: Priority = Priority.REPLY,
    ) -> T:
        """Make one call, once all that was decided before it is durable and its turn has come.

        Args:
            method: the Bot API's name.
            send: makes one try. It may be called several times.
            chat_id: the chat it writes to, if any.
            priority: what it is for.

        Raises:
            LedgerFailed: the disk failed; nobody is notified of anything any more.
            TelegramError: Telegram refuses it, or it can't be retried any more.
        """
        await self._ledger.settled()
        if method in CONNECTION_METHODS:
            return await self._try(method, send)
        chat_id = chat_id if writes_to_chat(method) else None
        in_flight = current.get() if priority is Priority.REPLY else None
        if in_flight is None:
            return await self._deliver(method, send, chat_id, priority)
        in_flight.note_durable()
        if chat_id is not None and not in_flight.is_from(chat_id):
            return await self._deliver_to_other(in_flight, method, send, chat_id)
        async with in_flight.waiting():
            result = await self._deliver(method, send, chat_id, priority)
        in_flight.note_answered()
        return result

    async def _deliver_to_other(
        self, in_flight: InFlight, method: str, send: Callable[[], Awaitable[T]], chat_id: ChatId
    ) -> T:
        """Write to somebody else than who is being answered, and who may have trouble."""
        loop = asyncio.get_running_loop()
        timer = loop.call_later(OTHERS_WITHIN_S, in_flight.step_aside)
        try:
            async with in_flight.waiting():
                result = await self._deliver(method, send, chat_id, Priority.NOTICE)
        finally:
            timer.cancel()
        in_flight.note_answered()
        return result

    async def _deliver(
        self,
        method: str,
        send: Callable[[], Awaitable[T]],
        chat_id: ChatId | None,
        priority: Priority,
    ) -> T:
        """Make a call when its turn comes, and retry it if need be and if that is allowed."""
        call, wait_s = None, 0.0
        if not self._queue.may_leave_at_once(chat_id, priority):
            call = self._queue.new_call(chat_id, priority)
            wait_s = await self._queue.wait(call)
        if chat_id is not None:
            self._hooks.call_waited(_NAMES[priority], wait_s)
        while True:
            try:
                result = await self._try(method, send)
            except TelegramError as error:
                call = call or self._queue.new_call(chat_id, priority)
                if not self._may_retry(call, error):
                    raise
            except BaseException:
                if call is not None:
                    self._queue.abandoned(call)
                raise
            else:
                self._queue.answered(chat_id)
                return result
            await self._queue.wait(call)

    async def _try(self, method: str, send: Callable[[], Awaitable[T]]) -> T:
        try:
            result = await send()
        except TelegramError as error:
            self._hooks.call_ended(method, type(error).__name__)
            raise
        self._hooks.call_ended(method, "ok")
        return result

    def _may_retry(self, call: QueuedCall, error: TelegramError) -> bool:
        """Note what has become of a call; whether to retry it when its turn comes.

        Raises:
            GivenUpError: it has been retried long enough.
        """
        if isinstance(error, RetryAfter):
            self._queue.postponed(call, error.wait_s)
            again = call.postponements < POSTPONEMENTS_MAX[call.priority]
            again = again or not self._queue.is_long_postponed(call)
            if call.chat_id is None:
                again = error.wait_s <= MOMENTARY_WAIT_MAX_S
            elif not again:
                raise self._given_up(call, error)
        elif is_transient(error):
            self._queue.failed(call, error)
            again = call.priority is not Priority.BROADCAST
            if again and self._queue.is_hopeless(call):
                raise self._given_up(call, error)
        else:
            self._queue.answered(call.chat_id)
            again = False
        if call.chat_id is None:
            again = again and call.failures + call.postponements < MOMENTARY_TRIES_MAX
        return again and not self._queue.stopped

    def _given_up(self, call: QueuedCall, error: TelegramError) -> GivenUpError:
        log.warning("A message to %s is given up: %s", call.chat_id, type(error).__name__)
        self._hooks.call_given_up()
        given_up = GivenUpError(call.chat_id, error)
        # Whether it may have arrived is still to be known.
        given_up.__cause__ = error.__cause__
        return given_up
