"""Receiver: what happens to an update between its delivery and its acknowledgement.

An update is done when its effects are durable and its replies are out, or when it is refused.
Telegram may forget it then, or once it is in the inbox (`bot/receive/inbox.py`), from which it is
handled again after a kill.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial

from telegram.error import TelegramError

from bot.dispatcher import Dispatcher
from bot.metrics_hooks import BotHooks, Outcome
from bot.receive.flood_meter import FloodMeter
from bot.receive.in_flight import InFlight, current, until_half_ended
from bot.receive.inbox import Inbox
from bot.receive.inbox_lines import InboxEntry
from bot.receive.suspects import Suspects
from bot.receive.user_queues import UserQueues
from bot.send.rate_limits import TELEGRAM_LIMITS, RateLimits
from bot.text import user_texts
from bot.updates import UnreadableUpdate, Update, decode_update
from ledger.ledger import LedgerFailed

log = logging.getLogger(__name__)

IN_FLIGHT_MAX = 4096
"""Then Telegram waits. Those that take a while are in the inbox, so this bounds memory alone."""
SHARED_MAX = IN_FLIGHT_MAX * 3 // 4
"""The rest is for people who have nothing in flight."""
SHARE_DIVISOR = 8
"""One person may have an eighth of the places that are free: fewer, the fewer there are."""
PERSIST_AFTER_S = 0.005
"""How long Telegram's next updates wait for those in flight, before these go into the inbox."""
REMEMBERED_MAX = 4096
"""How many ended updates are recognised if Telegram delivers them again, and how many people who
were warned."""
WARN_EVERY_S = 30.0
"""One answer for a whole flood."""


class Receiver:
    """The updates in flight: `IN_FLIGHT_MAX` at most, and of one person never too many of them."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        inbox: Inbox,
        hooks: BotHooks,
        *,
        alive: Callable[[], bool] = lambda: True,
        admin_ids: frozenset[int] = frozenset(),
        limits: RateLimits = TELEGRAM_LIMITS,
        arrived: Callable[[Update], None] = lambda _: None,
    ) -> None:
        """Use `recover` before the first `accept`.

        Args:
            dispatcher: handles updates; its bot must be connected by then.
            inbox: for updates that take longer than a moment.
            hooks: called with what becomes of updates.
            alive: false once the ledger accepts nothing more: then nothing counts as done.
            admin_ids: who is never taken for a flood.
            limits: how fast replies may leave, and so what a flood is.
            arrived: called with each update that will be handled, long before it may be.
        """
        self._dispatcher = dispatcher
        self._inbox = inbox
        self._hooks = hooks
        self._alive = alive
        self._arrived = arrived
        self._admin_ids = admin_ids
        self._queues = UserQueues(self._handle)
        self._meter = FloodMeter(limits)
        self._in_flight: dict[int, InFlight] = {}
        self._ended: OrderedDict[int, None] = OrderedDict()
        self._warned_at_s: OrderedDict[int, float] = OrderedDict()
        self._warnings: set[asyncio.Task[None]] = set()
        self._suspects = Suspects(inbox, lambda one: self._persisted([one]))
        self._room = asyncio.Event()
        self._room.set()
        self._stopping = False

    @property
    def is_full(self) -> bool:
        """Whether Telegram should wait before it delivers more."""
        return not self._room.is_set()

    async def wait_for_room(self) -> None:
        """Wait until there is room for more."""
        await self._room.wait()

    def recover(self) -> int:
        """Accept what the last process left in the inbox; returns how many updates that is."""
        left = self._inbox.left
        for aside in self._inbox.set_aside.updates(self._inbox.bot_id):
            # Telegram may deliver it once more: what a process dies of is often not acknowledged.
            self._ended[aside.update_id] = None
        self._suspects.begin(left)
        updates = [decode_update(bytes(entry.update)) for entry in left]
        # Who caused what processes have died with comes last, with all their updates, in order.
        last = {_user_id(one) for one, entry in zip(updates, left, strict=True) if entry.deaths}
        for is_last in (False, True):
            for update, entry in zip(updates, left, strict=True):
                if (_user_id(update) in last) == is_last:
                    self._accept_kept(update, entry)
        return len(left)

    def _accept_kept(self, update: Update | UnreadableUpdate, entry: InboxEntry) -> None:
        """Accept an update from the inbox."""
        if self.accept(update, bytes(entry.update), is_persisted=True) is None:
            self._inbox.done(entry.update_id)
            self._suspects.dismiss(entry.update_id)

    def is_set_aside(self, key: str) -> bool:
        """Whether an update with this key was set aside, and not tried again."""
        return self._inbox.set_aside.find(key) is not None

    async def try_again(self, key: str) -> None:
        """Have an update handled that was set aside, as if it came for the first time.

        Raises:
            OSError: the disk failed; the update stays where it is.
        """
        aside = self._inbox.set_aside.find(key)
        if aside is None:
            return
        data = bytes(aside.update)
        await self._inbox.keep({aside.update_id: data})
        await asyncio.to_thread(self._inbox.set_aside.remove, key)
        self._ended.pop(aside.update_id, None)
        self._suspects.watch(aside.update_id)
        entry = InboxEntry(aside.bot_id, aside.update_id, aside.update)
        self._accept_kept(decode_update(data), entry)

    def accept(
        self,
        update: Update | UnreadableUpdate,
        data: bytes,
        *,
        is_persisted: bool = False,
        sent_at_s: float | None = None,
    ) -> InFlight | None:
        """Have an update handled; None if nothing (more) has to be done about it.

        Args:
            update: decoded from `data`.
            data: as it came.
            is_persisted: whether it is in the inbox. Then it was accepted once already.
            sent_at_s: when it was sent, by the event loop's clock, if that is known.
        """
        update_id = update.update_id
        if update_id in self._in_flight or update_id in self._ended:
            self._hooks.update_ended(update.kind, "repeated")
            return self._in_flight.get(update_id)
        if isinstance(update, UnreadableUpdate):
            # Telegram would deliver it again and again.
            log.warning("Update %s is invalid: %s.", update_id, update.reason)
            self._note_end(update, "failed")
            return None
        if update.chat is None or not update.chat.is_private:
            # Groups and channels are not served, so nobody there has a queue or gets a warning.
            self._note_end(update, "done")
            return None
        in_flight = InFlight(update, data, self._hooks, is_persisted=is_persisted)
        user_id = _user_id(update)
        if not is_persisted and not self._has_place(user_id, update, sent_at_s):
            self._refuse(user_id, update)
            return None
        self._arrived(update)
        self._queues.add(user_id, in_flight)
        self._in_flight[update_id] = in_flight
        self._note_load()
        return in_flight

    def _has_place(self, user_id: int, update: Update, sent_at_s: float | None) -> bool:
        """Whether a person may send one more: neither a flood nor most of what is in flight."""
        if user_id in self._admin_ids:
            return True
        share = max((SHARED_MAX - len(self._in_flight)) // SHARE_DIVISOR, 1)
        if self._queues.count(user_id) >= share:
            return False
        # Messages are dated by Telegram, presses are not: two clocks, so two buckets.
        if update.message is not None and update.message.date:
            return self._meter.accepts(user_id, update.message.date)
        return sent_at_s is None or self._meter.accepts((user_id, "undated"), sent_at_s)

    async def ready_to_acknowledge(self, updates: Sequence[InFlight | None]) -> bool:
        """Wait until Telegram may forget these; false if the program ends before that."""
        open_ = [one for one in updates if one is not None and not one.is_done]
        if open_ and not self._stopping:
            await until_half_ended(open_, PERSIST_AFTER_S)
        slow = [one for one in open_ if not one.is_done and not one.is_persisted]
        if not slow or await self._persisted(slow):
            return True
        if not self._stopping:
            await asyncio.wait([one.ended for one in slow])
        return all(one.is_done or one.is_persisted for one in slow)

    async def _persisted(self, updates: Sequence[InFlight]) -> bool:
        """Whether all of them are in the inbox, durably.

        The write continues if a waiting caller is cancelled, and later callers wait for it too.
        """
        new = [one for one in updates if one.persisting is None]
        if new:
            persisting = asyncio.create_task(self._persist(new), name="into the inbox")
            for one in new:
                one.persisting = persisting
        tasks = {one.persisting for one in updates if one.persisting is not None}
        return all(await asyncio.gather(*map(asyncio.shield, tasks)))

    async def _persist(self, updates: Sequence[InFlight]) -> bool:
        try:
            await self._inbox.keep({one.update.update_id: one.data for one in updates})
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing counts as persisted
            log.warning("Updates could not be written to the inbox: %s", error)
            for one in updates:
                one.persisting = None
            return False
        for one in updates:
            one.is_persisted = True
            if one.is_done:
                self._inbox.done(one.update.update_id)
        self._hooks.updates_persisted(len(updates))
        return True

    async def close(self, within_s: float) -> None:
        """Finish what is in flight within this time; the rest is for the next start."""
        self._stopping = True
        self._suspects.close()
        await self._queues.close(within_s)
        for task in self._warnings:
            task.cancel()
        await asyncio.gather(*self._warnings, return_exceptions=True)

    async def _handle(self, in_flight: InFlight) -> None:
        update = in_flight.update
        in_flight.step_aside = partial(self._queues.step_aside, _user_id(update), in_flight)
        current.set(in_flight)
        try:
            async with self._suspects.handling(in_flight):
                await self._dispatcher.dispatch(update)
        except Exception:
            # What handlers raise is answered by bot/error_handler.py; this comes from there.
            log.exception("An update could not be handled.")
            in_flight.failed = True
        finally:
            self._in_flight.pop(update.update_id, None)
            # Those who wait go on behind what follows here: futures call back later.
            in_flight.end()
        if in_flight.interrupted or not self._alive():
            return
        in_flight.is_done = True
        if in_flight.is_persisted:
            self._inbox.done(update.update_id)
        self._note_end(update, "failed" if in_flight.failed else "done")

    def _refuse(self, user_id: int, update: Update) -> None:
        self._note_end(update, "flooded")
        now_s = asyncio.get_running_loop().time()
        if now_s - self._warned_at_s.get(user_id, -WARN_EVERY_S) >= WARN_EVERY_S:
            self._warned_at_s[user_id] = now_s
            self._warned_at_s.move_to_end(user_id)
            if len(self._warned_at_s) > REMEMBERED_MAX:
                self._warned_at_s.popitem(last=False)
            log.warning("Person %s sends faster than can be handled.", user_id)
            task = asyncio.create_task(self._warn(update), name="warning a flood")
            self._warnings.add(task)
            task.add_done_callback(self._warnings.discard)

    async def _warn(self, update: Update) -> None:
        bot = self._dispatcher.bot
        text = self._dispatcher.translator_for(update)(user_texts.TOO_FAST)
        try:
            if update.callback_query is not None:
                query_id = update.callback_query.id
                await bot.answer_callback_query(query_id, text.text, alert=True)
            elif update.chat is not None:
                await bot.say(update.chat.id, text)
        except (TelegramError, LedgerFailed) as error:
            log.info("A flood was not answered: %s", error)

    def _note_end(self, update: Update | UnreadableUpdate, outcome: Outcome) -> None:
        self._ended[update.update_id] = None
        if len(self._ended) > REMEMBERED_MAX:
            self._ended.popitem(last=False)
        self._hooks.update_ended(update.kind, outcome)
        self._note_load()

    def _note_load(self) -> None:
        count = len(self._in_flight)
        self._hooks.updates_in_flight(count)
        if count >= IN_FLIGHT_MAX:
            self._room.clear()
        else:
            self._room.set()


def _user_id(update: Update | UnreadableUpdate) -> int:
    if isinstance(update, UnreadableUpdate):
        return 0
    who = update.person or update.chat
    return who.id if who else 0
