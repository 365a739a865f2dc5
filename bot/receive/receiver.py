"""Owns what happens to an update between Telegram's giving it to us and our saying that we have it.

It is done when its effects are on the disk and its replies are out, or when it is refused. Telegram
may forget it then, or when it is in the inbox (`bot/receive/inbox.py`), from which it is done after
a kill.
"""

import asyncio
import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence

import msgspec
from telegram.error import TelegramError

from bot.dispatcher import Dispatcher
from bot.metrics_hooks import BotHooks, Outcome
from bot.receive.handling import Handling, current
from bot.receive.in_flight import Held, RawUpdate, half_over
from bot.receive.inbox import Inbox
from bot.receive.user_queues import UserQueues
from bot.text import user_texts
from bot.updates import Update, kind_of, read_update
from ledger.ledger import LedgerFailed

log = logging.getLogger(__name__)

IN_HAND_MAX = 256
SHARE_MAX = 30
"""So many of one person's updates may be in hand; the largest album has ten."""
HOLD_S = 0.005
"""So long Telegram's next updates wait for what is in hand, before that goes into the inbox."""
REMEMBERED = 4096
"""So many updates are known again if Telegram gives them twice."""


class Receiver:
    """The updates in hand: `IN_HAND_MAX` at most, and of one person no more than their share."""

    def __init__(
        self,
        app: Dispatcher,
        inbox: Inbox,
        hooks: BotHooks,
        *,
        alive: Callable[[], bool] = lambda: True,
    ) -> None:
        """Use `recover` before the first `take`.

        Args:
            app: has updates handled; its bot must be initialized by then.
            inbox: for updates that take longer than a moment.
            hooks: is told what becomes of updates.
            alive: false once the ledger takes nothing more: then nothing counts as done.
        """
        self._app = app
        self._inbox = inbox
        self._hooks = hooks
        self._alive = alive
        self._queues = UserQueues(self._handle, SHARE_MAX, self._calm)
        self._held: dict[int, Held] = {}
        self._over: OrderedDict[int, None] = OrderedDict()
        self._flooding: set[int] = set()
        self._warnings: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()
        self._room.set()
        self._stopping = False

    @property
    def full(self) -> bool:
        """Whether Telegram should wait before it gives more."""
        return not self._room.is_set()

    async def room(self) -> None:
        """Wait until there is room for more."""
        await self._room.wait()

    def recover(self) -> int:
        """Take in hand what the last process left in the inbox; how many that is."""
        for kept in self._inbox.begin():
            if self.take(msgspec.json.decode(kept.update), kept=True) is None:
                self._inbox.done(kept.update_id)
        return len(self._inbox.left)

    def take(self, raw: RawUpdate, *, kept: bool = False) -> Held | None:
        """Take an update in hand; None if there is nothing to be done about it any more.

        Raises:
            ValueError: it has no number, so it is no update.
        """
        update_id = raw.get("update_id")
        if type(update_id) is not int:
            raise ValueError("an update has a number, update_id")
        if update_id in self._held or update_id in self._over:
            self._hooks.update_ended(kind_of(raw), "repeated")
            return self._held.get(update_id)
        try:
            update = read_update(raw)
        except msgspec.ValidationError as error:
            # Telegram would give it again and again.
            log.warning("Update %s makes no sense: %s.", update_id, error)
            self._note_end(update_id, kind_of(raw), "failed")
            return None
        if update.chat is None or not update.chat.is_private:
            # Groups and channels are not our business, so nobody there has a share, or a warning.
            self._note_end(update_id, kind_of(raw), "done")
            return None
        held = Held(raw, update, asyncio.get_running_loop().time(), kept=kept)
        person = _person(update)
        if not self._queues.add(person, held):
            self._refuse(person, held)
            return None
        self._held[update_id] = held
        self._note_load()
        return held

    async def safe(self, helds: Sequence[Held | None]) -> bool:
        """Return when Telegram may forget these; False if the program ends before."""
        open_ = [held for held in helds if held is not None and not held.done]
        if open_ and not self._stopping:
            await half_over(open_, HOLD_S)
        slow = [held for held in open_ if not held.done and not held.kept]
        if not slow or await self._kept(slow):
            return True
        if not self._stopping:
            await asyncio.wait([held.over for held in slow])
        return all(held.done or held.kept for held in slow)

    async def _kept(self, helds: Sequence[Held]) -> bool:
        """Whether all of them are in the inbox, on the disk.

        The writing goes on if whoever waits is cancelled, and whoever comes later waits for it too.
        """
        new = [held for held in helds if held.keeping is None]
        if new:
            keeping = asyncio.create_task(self._keep(new), name="into the inbox")
            for held in new:
                held.keeping = keeping
        tasks = {held.keeping for held in helds if held.keeping is not None}
        return all(await asyncio.gather(*map(asyncio.shield, tasks)))

    async def _keep(self, helds: Sequence[Held]) -> bool:
        try:
            await self._inbox.keep({held.update_id: _as_json(held.raw) for held in helds})
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing counts as kept
            log.warning("Updates could not be kept: %s", error)
            for held in helds:
                held.keeping = None
            return False
        for held in helds:
            held.kept = True
            if held.done:
                self._inbox.done(held.update_id)
        self._hooks.kept(len(helds))
        return True

    async def close(self, within_s: float) -> None:
        """Finish what is in hand, for so many seconds; the rest is for the next start."""
        self._stopping = True
        await self._queues.close(within_s)
        for task in self._warnings:
            task.cancel()
        await asyncio.gather(*self._warnings, return_exceptions=True)

    async def _handle(self, held: Held) -> None:
        handling = Handling(held.began_s, self._hooks)
        current.set(handling)
        try:
            await self._app.process_update(held.update)
        except Exception:
            # What handlers raise is answered by bot/error_handler.py; this comes from there.
            log.exception("An update could not be handled.")
            handling.failed = True
        finally:
            self._held.pop(held.update_id, None)
            # Those who wait go on behind what follows here: futures call back later.
            held.end()
        if handling.broken_off or not self._alive():
            return
        held.done = True
        if held.kept:
            self._inbox.done(held.update_id)
        self._note_end(held.update_id, kind_of(held.raw), "failed" if handling.failed else "done")

    def _refuse(self, person: int, held: Held) -> None:
        """One answer for a whole flood."""
        self._note_end(held.update_id, kind_of(held.raw), "flooded")
        if person not in self._flooding:
            self._flooding.add(person)
            log.warning("Person %s sends faster than can be handled.", person)
            task = asyncio.create_task(self._warn(held.update), name="a word to a flood")
            self._warnings.add(task)
            task.add_done_callback(self._warnings.discard)

    async def _warn(self, update: Update) -> None:
        text = self._app.translator_for(update)(user_texts.TOO_FAST)
        try:
            if update.callback_query is not None:
                await self._app.bot.answer_press(update.callback_query.id, text.text, alert=True)
            elif update.chat is not None:
                await self._app.bot.say(update.chat.id, text)
        except (TelegramError, LedgerFailed) as error:
            log.info("A flood was not answered: %s", error)

    def _calm(self, person: int) -> None:
        self._flooding.discard(person)

    def _note_end(self, update_id: int, kind: str, outcome: Outcome) -> None:
        self._over[update_id] = None
        if len(self._over) > REMEMBERED:
            self._over.popitem(last=False)
        self._hooks.update_ended(kind, outcome)
        self._note_load()

    def _note_load(self) -> None:
        count = len(self._held)
        self._hooks.in_hand(count)
        if count >= IN_HAND_MAX:
            self._room.clear()
        else:
            self._room.set()


def _as_json(raw: RawUpdate) -> bytes:
    try:
        return msgspec.json.encode(raw)
    except ValueError:  # half of an emoji, which no file can hold
        return json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace")


def _person(update: Update) -> int:
    who = update.person or update.chat
    return who.id if who else 0
