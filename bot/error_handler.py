"""What happens when an update can't be handled: its person and the admins get a sentence each.

Every failure is logged. Admins are notified of each kind of failure once an hour.
"""

import asyncio
import logging
import time
import traceback
from collections.abc import Callable
from contextlib import suppress

from telegram.error import Forbidden, TelegramError

from bot.context import Context
from bot.receive.in_flight import current
from bot.send.delivery_errors import is_transient, note_unreachable
from bot.send.gate import GivenUpError, OutgoingGate
from bot.text import user_texts
from bot.text.admin import admin_texts
from bot.updates import Update
from ledger.ledger import LedgerFailed

log = logging.getLogger(__name__)

TELL_AGAIN_AFTER_S = 3600.0
ADMINS_WITHIN_S = 3.0


class ErrorHandler:
    """Answers, logs and reports what handlers raise."""

    def __init__(
        self, gate: OutgoingGate, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        """Nothing has failed yet. After the gate's stop, an undelivered answer is no failure."""
        self._gate = gate
        self._monotonic_s = monotonic_s
        self._told_at_s: dict[str, float] = {}

    async def handle(self, error: Exception, update: Update, context: Context) -> None:
        """Deal with whatever went wrong."""
        chat = update.chat
        if chat is not None and isinstance(error, Forbidden):
            await note_unreachable(context.ledger, chat.id, error)
            log.info("The reply to %s was not delivered: %s", chat.id, error)
            return
        in_flight = current.get()
        if chat is not None and isinstance(error, GivenUpError) and error.chat_id == chat.id:
            # Telegram takes nothing for this person: one more message would wait as long again.
            if in_flight is not None:
                in_flight.failed = True
            return
        if self._is_shutting_down(error):
            # Nobody can be answered now; the next start handles the update again.
            if in_flight is not None:
                in_flight.interrupted = True
            log.warning("An update is left for the next start: %s", type(error).__name__)
            return
        if in_flight is not None:
            in_flight.failed = True
        kind = kind_of(error)
        log.error("Handling an update failed: %s", kind, exc_info=error)
        if chat is not None:
            await _say_or_log(context, chat.id, context.t(user_texts.SOMETHING_WRONG))
        now_s = self._monotonic_s()
        if now_s - self._told_at_s.get(kind, -TELL_AGAIN_AFTER_S) >= TELL_AGAIN_AFTER_S:
            self._told_at_s[kind] = now_s
            await _say_to_admins(context, place_of(error))

    def _is_shutting_down(self, error: Exception) -> bool:
        """Whether this failed only because the program ends."""
        return isinstance(error, LedgerFailed) or (
            self._gate.stopped and isinstance(error, TelegramError) and is_transient(error)
        )


def kind_of(error: BaseException) -> str:
    """What failed and where, without anything that people wrote: `KeyError in watched, line 41`."""
    return f"{type(error).__name__} in {place_of(error)}"


def place_of(error: BaseException) -> str:
    """Where it failed, as the program's log has it: `watched, line 41`."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/site-packages/" not in frame.filename] or frames
    return f"{ours[-1].name}, line {ours[-1].lineno}" if ours else "?"


async def _say_to_admins(context: Context, place: str) -> None:
    """Notify all admins, as long as that takes a moment: the person's next update waits for it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(ADMINS_WITHIN_S):
            texts = {
                admin_id: admin_texts.failure(context.t_for(admin_id), place)
                for admin_id in sorted(context.services.admin_ids)
            }
            await asyncio.gather(
                *(_say_or_log(context, admin_id, text) for admin_id, text in texts.items())
            )


async def _say_or_log(context: Context, chat_id: int, text: str) -> None:
    try:
        await context.bot.say(chat_id, text)
    except (TelegramError, LedgerFailed) as error:
        log.warning("Could not notify %s of a failure: %s", chat_id, error)
