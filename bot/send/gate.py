"""Owns the gate that every call to Telegram passes: what it waits for, and when it is tried again.

It waits until what the ledger has decided is on the disk, so that nothing untrue gets out; then
for its turn (`bot/send/queue.py`). What Telegram doesn't take is tried again:

- A reply or a notice is promised, so it is tried until Telegram has answered or the program stops.
  When only the answer was lost, it may arrive twice. At the stop replies wait for nothing any more.
- A broadcast is tried again by `bot/handlers/admin/broadcast.py`, because that must not happen.
- Other calls, such as the answer to a press, matter for a moment: a few times.
- What the link to Telegram calls (`bot.initialize`, polls, webhooks) has its own pauses there.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot.metrics_hooks import BotHooks
from bot.receive.handling import current
from bot.send.delivery_errors import may_pass, retry_after_s
from bot.send.queue import SendQueue
from bot.send.queued_call import QueuedCall
from bot.send.rate_limits import TELEGRAM_LIMITS, ChatId, Priority, RateLimits
from ledger.ledger import Ledger

WRITES = ("send", "copy", "edit", "forward")
"""Methods that begin so put messages into chats, and have a limits."""
OF_THE_LINK = frozenset(
    {
        "getUpdates",
        "getMe",
        "setWebhook",
        "deleteWebhook",
        "getWebhookInfo",
        "setMyCommands",
        "deleteMyCommands",
    }
)
PUT_OFF_MAX = 5
"""A call that Telegram has put off so often is given up."""
MOMENTARY_TRIES_MAX = 3
_NAMES = {priority: priority.name.lower() for priority in Priority}


class OutgoingGate(BaseRateLimiter[Priority]):
    """Telegram's limits, and the ledger's: what a text says is on the disk before it leaves.

    A handler may build its text from the state of that instant, which may be ahead of the disk.
    The wait is here, once, so that no handler can forget it.
    """

    def __init__(
        self, ledger: Ledger, limits: RateLimits = TELEGRAM_LIMITS, hooks: BotHooks | None = None
    ) -> None:
        """Wait for this ledger, and at this pace; `hooks` hears of every call."""
        self._ledger = ledger
        self._hooks = hooks or BotHooks()
        self._queue = SendQueue(limits)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release: `stop` ends the waiting, and is called before."""

    @property
    def stopped(self) -> bool:
        """Whether nothing is tried again any more."""
        return self._queue.stopped

    def stop(self) -> None:
        """From now on no reply waits for anything but the disk, and nothing is tried again.

        Notices and broadcasts that wait go on waiting: who sends them says when to give up.
        """
        self._queue.stop()

    def try_now(self) -> None:
        """Don't wait out a pause after a lost connection: Telegram has been heard of again."""
        self._queue.retry_now()

    def trouble(self) -> str:
        """Why messages don't get through now, in one sentence; empty if they do."""
        return self._queue.trouble()

    async def process_request(  # noqa: PLR0917 - PTB calls it so
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,  # noqa: ANN401 - PTB's signature
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Priority | None,
    ) -> Any:  # noqa: ANN401 - likewise
        """Make one call, when all that was decided before it is on the disk and its turn has come.

        Raises:
            LedgerFailed: the disk said no; nobody is told anything any more.
            TelegramError: Telegram refuses it, or it can't be tried any more.
        """
        await self._ledger.settled()
        if endpoint in OF_THE_LINK:
            return await self._call(callback, args, kwargs, endpoint)
        chat_id = data.get("chat_id") if endpoint.startswith(WRITES) else None
        priority = rate_limit_args or Priority.REPLY
        handling = current.get() if priority is Priority.REPLY else None
        if handling is None:
            return await self._deliver(callback, args, kwargs, endpoint, chat_id, priority)
        handling.durable()
        result = await self._deliver(callback, args, kwargs, endpoint, chat_id, priority)
        handling.answered()
        return result

    async def _deliver(  # noqa: PLR0917 - what PTB gives, passed on
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,  # noqa: ANN401 - PTB's
        kwargs: dict[str, Any],
        endpoint: str,
        chat_id: ChatId | None,
        priority: Priority,
    ) -> Any:  # noqa: ANN401 - likewise
        """Make a call when its turn comes, and again, if need be and it may."""
        ticket, wait_s = None, 0.0
        if not self._queue.may_leave_at_once(chat_id, priority):
            ticket = self._queue.new_call(chat_id, priority)
            wait_s = await self._queue.wait(ticket)
        if chat_id is not None:
            self._hooks.paced(_NAMES[priority], wait_s)
        while True:
            try:
                result = await self._call(callback, args, kwargs, endpoint)
            except TelegramError as error:
                ticket = ticket or self._queue.new_call(chat_id, priority)
                if not self._again(ticket, error):
                    raise
            except BaseException:
                if ticket is not None:
                    self._queue.abandoned(ticket)
                raise
            else:
                self._queue.answered(chat_id)
                return result
            await self._queue.wait(ticket)

    async def _call(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,  # noqa: ANN401 - PTB's
        kwargs: dict[str, Any],
        endpoint: str,
    ) -> Any:  # noqa: ANN401 - likewise
        try:
            result = await callback(*args, **kwargs)
        except TelegramError as error:
            self._hooks.called(endpoint, type(error).__name__)
            raise
        self._hooks.called(endpoint, "ok")
        return result

    def _again(self, ticket: QueuedCall, error: TelegramError) -> bool:
        """Note what has become of a call, and whether to try it again when its turn comes."""
        match error:
            case RetryAfter():
                self._queue.postponed(ticket, retry_after_s(error))
                again = ticket.postponements < PUT_OFF_MAX
            case _ if may_pass(error):
                self._queue.failed(ticket, error)
                again = ticket.priority is not Priority.BROADCAST
            case _:
                self._queue.answered(ticket.chat_id)
                again = False
        if ticket.chat_id is None:
            again = again and ticket.failures + ticket.postponements < MOMENTARY_TRIES_MAX
        return again and not self._queue.stopped
