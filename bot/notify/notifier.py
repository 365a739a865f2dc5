"""Notifier: follows durable events and sends the notices that they promise, losing none.

A durable event is a promise to everybody who is to be notified of it. Notices that were not sent
when the program ended, by a kill or not, are sent after the next start (`bot/notify/cursor.py`), in
the words of that moment. What ends a promise is Telegram's plain refusal of a message or its
reader, or an hour in which others get through and this one doesn't.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple, TypeAlias

from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.notify.ad_sittings import AdSittings, CreditedAds
from bot.notify.ask_later import AskLater
from bot.notify.backlog import backlog
from bot.notify.cursor import NOTICES_NAME, NotificationCursor
from bot.notify.friend_news import FriendNews, Joined
from bot.notify.notifications import (
    AnyNotice,
    Notice,
    Readers,
    alert_notices,
    friends_joined_notice,
    notices,
)
from bot.notify.order_notices import PausedOffers, order_notices, reminder, reminders
from bot.receive.user_queues import UserQueues
from bot.send.client import BotClient
from bot.send.delivery_errors import note_unreachable
from bot.send.gate import GivenUpError
from bot.send.rate_limits import Priority
from i18n import Translators
from ledger import events as e
from ledger.ledger import Ledger, LedgerFailed
from orders.alerts import Alert
from resilience.backoff import Backoff

log = logging.getLogger(__name__)

Pause: TypeAlias = Callable[[float], Awaitable[object]]

SENT_AT_ONCE_MAX = 64
PLACE_FOR_S = 10.0
"""A notice that takes longer has trouble of its own, and lets others be sent meanwhile."""
GIVEN_UP_MAX = 30
"""So often the gate may give a notice up, a minute or two each, before it is given up for good."""
NOTICE_BACKOFF = Backoff(first_s=1.0, max_s=60.0)
STOP_WITHIN_S = 1.0

_PERMANENT = (BadRequest, Forbidden, ChatMigrated)
"""A refusal of this message or chat. Anything else, a refused token too, may end some day."""


class _PendingNotice(NamedTuple):
    """What is on its way to one chat. `seqs`: the lines of its events; none if no event says it."""

    chat_id: int
    notice: Notice | CreditedAds
    seqs: Sequence[int] = ()


class Notifier:
    """Sends notices as events become durable, in order for each person."""

    def __init__(
        self,
        bot: BotClient,
        ledger: Ledger,
        admin_ids: frozenset[int],
        folder: Path,
        translators: Translators,
        *,
        sittings: AdSittings | None = None,
        ask_later: AskLater | None = None,
        pause: Pause = asyncio.sleep,
        collect: Pause = asyncio.sleep,
    ) -> None:
        """Use `start` to begin.

        Args:
            bot: sends.
            ledger: followed, and asked for what the texts say.
            admin_ids: who gets the notices for admins.
            folder: the data folder, with the file of the cursor.
            translators: the texts in every language.
            sittings: who is watching ads.
            ask_later: the orders of which admins want to hear again.
            pause: waits for seconds before a notice is retried.
            collect: waits for seconds while news of friends are collected.
        """
        self._bot = bot
        self._ledger = ledger
        self._admin_ids = sorted(admin_ids)
        self._translators = translators
        self._cursor = NotificationCursor(folder / NOTICES_NAME)
        self._sittings = sittings or AdSittings()
        self._ask_later = ask_later or AskLater()
        self._paused_offers = PausedOffers()
        self._pause = pause
        self._places = asyncio.Semaphore(SENT_AT_ONCE_MAX)
        self._queues = UserQueues(self._deliver)
        self._friend_news = FriendNews(self._tell_of_friends, collect)
        self._stopped = False

    @property
    def waiting(self) -> int:
        """How many notices of events are neither sent nor given up."""
        return len(self._cursor.waiting)

    async def start(self) -> None:
        """Queue again what the last process left, then follow the ledger.

        Admins don't get what they missed; they are reminded of what waits for their decision.

        Raises:
            BadLog: the log doesn't check.
            OSError: the log can't be read.
        """
        await self._cursor.open(self._ledger.head.seq)
        unsent = backlog(self._cursor, self._ledger)
        async for event, chats in unsent:
            for notice in self._notices(event):
                if not notice.to_admins and (chats is None or notice.chat_id in chats):
                    self._promise(notice, event.seq)
        # Without awaiting since the last look at the head, so that no event is missed.
        self._paused_offers = PausedOffers(self._ledger.state)
        self._ledger.follow(self._notify)
        for notice in await reminders(self._ledger, self._readers()):
            self._notify_admin(notice)
        self._ask_later.start(self._remind)

    async def stop(self) -> None:
        """Send what can be sent in a moment; the rest is for the next start."""
        self._stopped = True
        await self._ask_later.stop()
        await self._friend_news.stop()
        try:
            await self._queues.close(STOP_WITHIN_S)
        finally:
            await self._cursor.close()
        if self.waiting:
            log.warning("%s notices are pending; the next start sends them.", self.waiting)

    def alert_admins(self, alert: Alert) -> None:
        """Send every admin an alert of the order dispatcher."""
        for notice in alert_notices(alert, self._readers()):
            self._notify_admin(notice)

    def _notify(self, event: e.AnyEvent) -> None:
        if self._stopped:
            return
        for notice in self._notices(event):
            if isinstance(notice, Notice) and notice.to_admins:
                self._notify_admin(notice)
            else:
                self._promise(notice, event.seq)
        self._cursor.advance(event.seq)

    def _notices(self, event: e.AnyEvent) -> Sequence[AnyNotice]:
        readers = self._readers()
        try:
            return [*notices(event, readers), *order_notices(event, readers, self._paused_offers)]
        except Exception:
            log.exception("The notices of line %s could not be made.", event.seq)
            return []

    async def _remind(self, admin_id: int, order_id: str) -> None:
        try:
            notice = await reminder(admin_id, order_id, self._ledger, self._readers())
        except Exception:
            log.exception("A reminder of order %s could not be made.", order_id)
            return
        if notice is not None:
            self._notify_admin(notice)

    def _readers(self) -> Readers:
        return Readers(self._ledger.state, self._translators, self._admin_ids)

    def _promise(self, notice: AnyNotice, seq: int) -> None:
        chat_id = notice.chat_id
        self._cursor.add(seq, chat_id)
        if not isinstance(notice, Notice):
            if ads := self._sittings.add(chat_id, notice.amount_points, seq):
                self._queues.add(chat_id, _PendingNotice(chat_id, ads, ads.seqs))
        elif notice.friends:
            for friend_id in notice.friends:
                self._friend_news.add(chat_id, Joined(seq, friend_id))
        else:
            self._queues.add(chat_id, _PendingNotice(chat_id, notice, (seq,)))

    def _tell_of_friends(self, inviter_id: int, joined: list[Joined]) -> None:
        notice = Notice(inviter_id, "", friends=tuple(one.friend_id for one in joined))
        seqs = tuple(one.seq for one in joined)
        self._queues.add(inviter_id, _PendingNotice(inviter_id, notice, seqs))

    def _notify_admin(self, notice: Notice) -> None:
        """Not noted in the cursor: what waits for admins they are reminded of at every start."""
        if not self._stopped:
            self._queues.add(notice.chat_id, _PendingNotice(notice.chat_id, notice))

    async def _deliver(self, pending: _PendingNotice) -> None:
        """Send a notice, with retries until it succeeds. If cancelled, the next start sends it."""
        given_up = 0
        if isinstance(pending.notice, CreditedAds):
            self._sittings.begin(pending.notice)
        try:
            for failures in count(1):
                try:
                    if await self._is_settled(pending):
                        break
                except GivenUpError:
                    given_up += 1
                    if given_up >= GIVEN_UP_MAX:
                        log.warning("A notice to %s is given up for good.", pending.chat_id)
                        break
                await self._pause(NOTICE_BACKOFF.pause_s(failures))
        except LedgerFailed:
            return  # The program ends; this one is for the next start.
        for seq in pending.seqs:
            self._cursor.done(seq, pending.chat_id)

    async def _is_settled(self, pending: _PendingNotice) -> bool:
        """Try once; false if a retry may succeed.

        Raises:
            LedgerFailed: the disk failed.
            GivenUpError: it keeps failing while others get through.
        """
        chat_id, notice, _ = pending
        try:
            async with self._place():
                await self._send(chat_id, notice)
        except _PERMANENT as error:
            gone = await note_unreachable(self._ledger, chat_id, error)
            if not gone or chat_id in self._admin_ids:
                log.warning("A notice to %s could not be sent: %s", chat_id, error)
        except GivenUpError:
            raise
        except TelegramError as error:
            log.info("A notice waits: %s", type(error).__name__)
            return False
        except LedgerFailed:
            raise
        except Exception:
            # A fault of ours would come again with every try, and hold up all that is behind it.
            log.exception("A notice to %s could not be made.", chat_id)
        return True

    async def _send(self, chat_id: int, notice: Notice | CreditedAds) -> None:
        if isinstance(notice, Notice):
            await self._bot.say(
                chat_id,
                self._text_of(notice),
                notice.keyboard,
                quiet=bool(notice.friends),
                priority=Priority.NOTICE,
            )
            return
        readers = self._readers()
        await self._sittings.tell(self._bot, readers.t_for(chat_id), readers.state, notice)

    def _text_of(self, notice: Notice) -> str:
        """Names come after the events that people join with: those of friends are read last."""
        if not notice.friends:
            return notice.text
        return friends_joined_notice(notice.friends, notice.chat_id, self._readers())

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """One of the places for sending, for a while: who is slow must not hold up the others."""
        await self._places.acquire()
        loop = asyncio.get_running_loop()
        timer = loop.call_later(PLACE_FOR_S, self._places.release)
        try:
            yield
        finally:
            if timer.when() > loop.time():
                timer.cancel()
                self._places.release()
