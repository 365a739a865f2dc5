"""A message to everybody: writing it, confirming it, and sending it at a low priority.

Who is next is durable before the message is sent to them. So a restart goes on after them, and
nobody gets the message twice; people whose message was in flight at a crash count as unknown.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Literal, TypeAlias

from telegram.error import TelegramError

from bot.context import (
    Context,
    WritingBroadcast,
    message_of,
    press_of,
    sender_id,
    translator_for,
)
from bot.send.client import TelegramBot
from bot.send.delivery_errors import may_have_arrived, may_pass, note_unreachable
from bot.send.rate_limits import Priority
from bot.text import admin_broadcast_texts as texts
from bot.text import admin_keyboards
from bot.text.buttons import number
from bot.text.refusal_texts import refused
from bot.updates import Press, Update
from i18n import Translators
from ledger import commands as c
from ledger import events as e
from ledger.ledger import Ledger

log = logging.getLogger(__name__)

BATCH = 20
"""As many as the rate limit (`bot/send/rate_limits.py`) lets out in an idle second."""
PROGRESS_EVERY_S = 3.0
PAUSE_FIRST_S = 1.0
PAUSE_MAX_S = 60.0
TRIES_MAX = 5
"""For one person, each while Telegram answers other calls. A longer outage takes none of them."""
MESSAGE_ID_MAX = 2**31 - 1

_Fate: TypeAlias = Literal["sent", "unreachable", "failed", "unknown"]
_Pause: TypeAlias = Callable[[float], Coroutine[Any, Any, object]]


async def begin(update: Update, context: Context) -> None:
    """The panel's button: the next message is for everybody."""
    query, _ = press_of(update)
    await context.answer(query)
    context.go_to(query.from_user.id, WritingBroadcast())
    await context.bot.say(query.from_user.id, context.t(texts.ASK_FOR_BROADCAST))


async def take_message(update: Update, context: Context) -> None:
    """The message for everybody: ask once more."""
    message, t = message_of(update), context.t
    context.go_to(sender_id(update), None)
    await context.bot.say(
        sender_id(update),
        texts.confirm_broadcast(t, len(context.state.users)),
        admin_keyboards.confirm_broadcast(t, message.message_id),
        reply_to=message.message_id,
    )


async def confirm(update: Update, context: Context) -> None:
    """Send: the broadcast is recorded in the ledger, which the `Broadcaster` follows."""
    query, parts = press_of(update)
    admin_id = query.from_user.id
    message_id = number(parts[-1]) or 0
    if query.message is None or not 0 < message_id <= MESSAGE_ID_MAX:
        await context.answer(query)
        return
    outcome = await context.ledger.execute(
        c.StartBroadcast(
            by=f"admin:{admin_id}",
            broadcast_id=_id_of(query, context),
            chat_id=query.message.chat.id,
            message_id=message_id,
        )
    )
    t = context.t
    if isinstance(outcome, tuple):
        await context.answer(query, t(texts.BROADCAST_STARTS))
    else:
        await context.answer(query, refused(t, outcome), alert=True)


def _id_of(query: Press, context: Context) -> str:
    """Bot, chat and message of the confirmation question."""
    assert query.message is not None  # noqa: S101 - the callers have checked it
    return f"{context.bot.id}:{query.message.chat.id}:{query.message.message_id}"


async def give_up(update: Update, context: Context) -> None:
    """Cancel under the last question. It is too late once the broadcast has started."""
    query, _ = press_of(update)
    t = context.t
    if query.message and _id_of(query, context) in context.state.broadcasts:
        await context.answer(query, t(texts.BROADCAST_ON_ITS_WAY), alert=True)
        return
    await context.answer(query)
    await context.edit(query, t(texts.BROADCAST_GIVEN_UP))


class Broadcaster:
    """Sends broadcasts, one after the other, and takes up those that a restart broke off."""

    def __init__(
        self,
        bot: TelegramBot,
        ledger: Ledger,
        translators: Translators,
        *,
        pause: _Pause = asyncio.sleep,
    ) -> None:
        """Use `start` to begin. `pause` waits so many seconds before somebody is tried again."""
        self._bot = bot
        self._ledger = ledger
        self._translators = translators
        self._waiting: asyncio.Queue[str] = asyncio.Queue()
        self._pause = pause
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Take up what was broken off, and wait for more."""
        for broadcast_id, broadcast in self._ledger.state.broadcasts.items():
            if not broadcast.finished:
                self._waiting.put_nowait(broadcast_id)
        self._ledger.follow(self._hear)
        self._task = asyncio.create_task(self._work(), name="broadcaster")

    def _hear(self, event: e.AnyEvent) -> None:
        if isinstance(event, e.BroadcastStarted):
            self._waiting.put_nowait(event.broadcast_id)

    async def stop(self) -> None:
        """Finish the people in hand; the rest goes on after the next start."""
        self._stopping.set()
        self._waiting.put_nowait("")
        if self._task is not None:
            await self._task

    async def _work(self) -> None:
        while not self._stopping.is_set():
            broadcast_id = await self._waiting.get()
            if broadcast_id and not self._stopping.is_set():
                try:
                    await self._send(broadcast_id)
                except Exception:
                    log.exception("A message to everybody broke off; a restart goes on with it.")

    async def _send(self, broadcast_id: str) -> None:
        broadcast = self._ledger.state.broadcasts[broadcast_id]
        counts = {
            "sent": broadcast.sent,
            "unreachable": broadcast.unreachable,
            "failed": broadcast.failed,
        }
        cursor, shown_at = broadcast.cursor, 0.0
        while cursor < broadcast.audience and not self._stopping.is_set():
            end = min(cursor + BATCH, broadcast.audience)
            await self._ledger.execute(
                c.ProgressBroadcast(by="system", broadcast_id=broadcast_id, cursor=end, **counts)
            )
            people = self._ledger.state.user_ids[cursor:end]
            source = broadcast.chat_id, broadcast.message_id
            for fate in await asyncio.gather(*(self._one(*source, who) for who in people)):
                if fate != "unknown":
                    counts[fate] += 1
            cursor = end
            now = asyncio.get_running_loop().time()
            if now - shown_at >= PROGRESS_EVERY_S and cursor < broadcast.audience:
                shown_at = now
                await self._show(broadcast_id)
        if cursor >= broadcast.audience:
            await self._ledger.execute(
                c.FinishBroadcast(by="system", broadcast_id=broadcast_id, **counts)
            )
            await self._show(broadcast_id)
        elif cursor:
            await self._ledger.execute(
                c.ProgressBroadcast(by="system", broadcast_id=broadcast_id, cursor=cursor, **counts)
            )

    async def _one(self, chat_id: int, message_id: int, user_id: int) -> _Fate:
        """Write to one person, again if need be; once more at most if it may have arrived."""
        if self._ledger.state.users[user_id].unreachable:
            return "unreachable"
        pause_s = PAUSE_FIRST_S
        unsure = False
        for _ in range(TRIES_MAX):
            try:
                await self._bot.copy(user_id, chat_id, message_id, priority=Priority.BROADCAST)
            except TelegramError as error:
                problem = error
            else:
                return "sent"
            if await note_unreachable(self._ledger, user_id, problem):
                return "unreachable"
            lost = may_have_arrived(problem)
            if not may_pass(problem) or (unsure and lost):
                break
            unsure = unsure or lost
            if not await self._telegram_answers(pause_s):
                return "unknown"
            pause_s = min(2 * pause_s, PAUSE_MAX_S)
        log.warning("A message to everybody did not reach %s: %s", user_id, problem)
        return "failed"

    async def _telegram_answers(self, pause_s: float) -> bool:
        """Pause until Telegram answers something harmless; False if the stop comes first."""
        while True:
            pausing = asyncio.ensure_future(self._pause(pause_s))
            stopping = asyncio.ensure_future(self._stopping.wait())
            await asyncio.wait((pausing, stopping), return_when=asyncio.FIRST_COMPLETED)
            pausing.cancel()
            stopping.cancel()
            if self._stopping.is_set():
                return False
            try:
                await self._bot.get_me()
            except TelegramError as error:
                log.info("A message to everybody waits for Telegram: %s", type(error).__name__)
                pause_s = min(2 * pause_s, PAUSE_MAX_S)
            else:
                return True

    async def _show(self, broadcast_id: str) -> None:
        chat_id, message_id = broadcast_id.split(":")[-2:]
        state = self._ledger.state
        t = translator_for(self._translators, state.users.get(int(chat_id)))
        text = texts.broadcast_progress(t, state.broadcasts[broadcast_id])
        try:
            await self._bot.change(int(chat_id), int(message_id), text, priority=Priority.BROADCAST)
        except TelegramError as error:
            log.info("The progress of a message to everybody could not be shown: %s", error)
