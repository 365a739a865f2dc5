"""What failed: the person gets one sentence, the log everything, the admins a word an hour."""

import logging
import time
import traceback
from collections.abc import Callable

from telegram.error import Forbidden, TelegramError

from bot.context import Context
from bot.receive.handling import current
from bot.send.delivery_errors import may_pass, note_unreachable
from bot.send.gate import OutgoingGate
from bot.text import admin_texts, user_texts
from bot.updates import Update
from ledger.ledger import LedgerFailed

log = logging.getLogger(__name__)

TELL_AGAIN_AFTER_S = 3600.0


class ErrorHandler:
    """The bot's error handler."""

    def __init__(
        self, gate: OutgoingGate, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        """Nothing has failed yet. After the gate's stop, what doesn't get out is no failure."""
        self._gate = gate
        self._monotonic_s = monotonic_s
        self._told_at: dict[str, float] = {}

    async def handle(self, error: Exception, update: Update, context: Context) -> None:
        """Answer, log and tell, whatever went wrong."""
        chat = update.chat
        if chat is not None and isinstance(error, Forbidden):
            await note_unreachable(context.ledger, chat.id, error)
            log.info("The answer to %s did not arrive: %s", chat.id, error)
            return
        handling = current.get()
        ending = isinstance(error, LedgerFailed) or (
            self._gate.stopped and isinstance(error, TelegramError) and may_pass(error)
        )
        if ending:
            # Nothing can be told now; the next start handles the update again.
            if handling is not None:
                handling.broken_off = True
            log.warning("An update is left for the next start: %s", type(error).__name__)
            return
        if handling is not None:
            handling.failed = True
        kind = kind_of(error)
        log.error("Handling an update failed: %s", kind, exc_info=error)
        if chat is not None:
            await _quietly(context, chat.id, context.t(user_texts.SOMETHING_WRONG))
        now_s = self._monotonic_s()
        if now_s - self._told_at.get(kind, -TELL_AGAIN_AFTER_S) >= TELL_AGAIN_AFTER_S:
            self._told_at[kind] = now_s
            for admin_id in sorted(context.services.admin_ids):
                text = admin_texts.failure(context.t_for(admin_id), kind)
                await _quietly(context, admin_id, text)


def kind_of(error: BaseException) -> str:
    """What failed and where, without anything that people wrote: `KeyError in watched, line 41`."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/site-packages/" not in frame.filename] or frames
    place = f" in {ours[-1].name}, line {ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}"


async def _quietly(context: Context, chat_id: int, text: str) -> None:
    try:
        await context.bot.say(chat_id, text)
    except (TelegramError, LedgerFailed) as error:
        log.warning("Could not tell %s of a failure: %s", chat_id, error)
