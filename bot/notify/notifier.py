"""Owns the sending of notices: it follows what is on the disk, and drops nothing that it promises.

An event that is on the disk is a promise to those who are to hear of it. What was not out when the
program ended, killed or not, is sent after the next start (`bot/notify/cursor.py`), in the words of
that moment. Only Telegram's plain no to a message or its reader ends a promise.
"""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.notify.backlog import backlog
from bot.notify.cursor import NOTICES_NAME, NotificationCursor
from bot.notify.notifications import Notice, Readers, alert_notices, notices, reminders
from bot.receive.user_queues import UserQueues
from bot.send.client import TelegramBot
from bot.send.delivery_errors import note_unreachable
from bot.send.rate_limits import Priority
from i18n import Translators
from ledger import events as e
from ledger.ledger import Ledger, LedgerFailed
from orders.alerts import Alert

log = logging.getLogger(__name__)

Pause: TypeAlias = Callable[[float], Awaitable[object]]

SENT_AT_ONCE_MAX = 64
PAUSE_FIRST_S = 1.0
PAUSE_MAX_S = 60.0
STOP_WITHIN_S = 1.0

_LASTING = (BadRequest, Forbidden, ChatMigrated)
"""A no to this message or chat. Anything else, a refused token too, may be over some day."""


class _Promise(NamedTuple):
    """A notice on its way to one chat. `seq`: of its event; 0 for what no event says."""

    chat_id: int
    notice: Notice
    seq: int


class Notifier:
    """Sends notices as events reach the disk, in order for each person."""

    def __init__(
        self,
        bot: TelegramBot,
        ledger: Ledger,
        admin_ids: frozenset[int],
        folder: Path,
        translators: Translators,
        *,
        pause: Pause = asyncio.sleep,
    ) -> None:
        """Use `start` to begin.

        Args:
            bot: sends.
            ledger: followed, and asked for what the texts say.
            admin_ids: who hears what is for admins.
            folder: the data folder, with the file of the cursor.
            translators: the texts in every language.
            pause: waits so many seconds before a notice is tried again.
        """
        self._bot = bot
        self._ledger = ledger
        self._admin_ids = sorted(admin_ids)
        self._translators = translators
        self._cursor = NotificationCursor(folder / NOTICES_NAME)
        self._pause = pause
        self._places = asyncio.Semaphore(SENT_AT_ONCE_MAX)
        self._queues = UserQueues(self._tell, share_max=sys.maxsize)
        self._stopped = False

    @property
    def waiting(self) -> int:
        """How many notices of events are neither out nor given up."""
        return len(self._cursor.waiting)

    async def start(self) -> None:
        """Promise again what the last process left, then follow the ledger.

        Of what they missed, admins are only reminded of what waits for their word.

        Raises:
            BadLog: the log doesn't check.
            OSError: the log can't be read.
        """
        await self._cursor.open(self._ledger.head.seq)
        untold = backlog(self._cursor, self._ledger)
        async for event, chats in untold:
            for notice in self._notices(event):
                if not notice.to_admins and (chats is None or notice.chat_id in chats):
                    self._promise(notice, event.seq)
        # Without awaiting since the last look at the head, so that no event is missed.
        self._ledger.follow(self._hear)
        for notice in reminders(self._readers()):
            self._tell_admin(notice)

    async def stop(self) -> None:
        """Send what can be sent in a moment; the rest is for the next start."""
        self._stopped = True
        try:
            await self._queues.close(STOP_WITHIN_S)
        finally:
            await self._cursor.close()
        if self.waiting:
            log.warning("%s notices are not out yet: they follow after the start.", self.waiting)

    def alert_admins(self, alert: Alert) -> None:
        """Send every admin an alert of the order dispatcher."""
        for notice in alert_notices(alert, self._readers()):
            self._tell_admin(notice)

    def _hear(self, event: e.AnyEvent) -> None:
        if self._stopped:
            return
        for notice in self._notices(event):
            if notice.to_admins:
                self._tell_admin(notice)
            else:
                self._promise(notice, event.seq)
        self._cursor.take(event.seq)

    def _notices(self, event: e.AnyEvent) -> list[Notice]:
        try:
            return notices(event, self._readers())
        except Exception:
            log.exception("Nobody could be told of line %s.", event.seq)
            return []

    def _readers(self) -> Readers:
        return Readers(self._ledger.state, self._translators, self._admin_ids)

    def _promise(self, notice: Notice, seq: int) -> None:
        self._cursor.promise(seq, notice.chat_id)
        self._queues.add(notice.chat_id, _Promise(notice.chat_id, notice, seq))

    def _tell_admin(self, notice: Notice) -> None:
        """Not noted in the cursor: what waits for admins they are reminded of at every start."""
        if not self._stopped:
            self._queues.add(notice.chat_id, _Promise(notice.chat_id, notice, 0))

    async def _tell(self, promise: _Promise) -> None:
        """Keep a promise, through any outage. Cancelled, it is kept after the next start."""
        pause_s = PAUSE_FIRST_S
        try:
            async with self._places:
                while not await self._is_over(promise):
                    await self._pause(pause_s)
                    pause_s = min(2 * pause_s, PAUSE_MAX_S)
        except LedgerFailed:
            return  # The program ends; this one is for the next start.
        if promise.seq:
            self._cursor.done(promise.seq, promise.chat_id)

    async def _is_over(self, promise: _Promise) -> bool:
        """Try once; false if it is worth trying again.

        Raises:
            LedgerFailed: the disk said no.
        """
        chat_id, notice, _ = promise
        try:
            await self._bot.say(chat_id, notice.text, notice.keyboard, priority=Priority.NOTICE)
        except _LASTING as error:
            gone = await note_unreachable(self._ledger, chat_id, error)
            if not gone or chat_id in self._admin_ids:
                log.warning("A notice to %s could not be sent: %s", chat_id, error)
        except TelegramError as error:
            log.info("A notice waits: %s", type(error).__name__)
            return False
        except LedgerFailed:
            raise
        except Exception:
            # A fault of ours would come again with every try, and hold up all that is behind it.
            log.exception("A notice to %s could not be made.", chat_id)
        return True
