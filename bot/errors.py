"""Owns failures: the person gets one sentence, the log everything, the admins a word an hour."""

import logging
import time
import traceback
from collections.abc import Callable

from telegram import Update
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from bot import admin_texts, texts
from bot.context import Context
from bot.reach import note_unreachable

log = logging.getLogger(__name__)

TELL_AGAIN_AFTER_S = 3600.0


class Failures:
    """The bot's error handler."""

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        """Nothing has failed yet."""
        self._monotonic_s = monotonic_s
        self._told_at: dict[str, float] = {}

    async def handle(self, update: object, context: Context) -> None:
        """Answer, log and tell, whatever went wrong."""
        error = context.error
        if error is None:
            return
        chat = update.effective_chat if isinstance(update, Update) else None
        if chat is not None and isinstance(error, Forbidden):
            await note_unreachable(context.ledger, chat.id, error)
            log.info("The answer to %s did not arrive: %s", chat.id, error)
            return
        kind = kind_of(error)
        log.error("Handling an update failed: %s", kind, exc_info=error)
        if chat is not None:
            await _quietly(context, chat.id, texts.SOMETHING_WRONG)
        # A lost connection isn't our failure, and a message about it would not arrive anyway.
        if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
            return
        now_s = self._monotonic_s()
        if now_s - self._told_at.get(kind, -TELL_AGAIN_AFTER_S) >= TELL_AGAIN_AFTER_S:
            self._told_at[kind] = now_s
            for admin_id in sorted(context.services.admin_ids):
                await _quietly(context, admin_id, admin_texts.failure(kind))


def kind_of(error: BaseException) -> str:
    """What failed and where, without anything that people wrote: `KeyError in watched, line 41`."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/site-packages/" not in frame.filename] or frames
    place = f" in {ours[-1].name}, line {ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}"


async def _quietly(context: Context, chat_id: int, text: str) -> None:
    try:
        await context.bot.send_message(chat_id, text)
    except TelegramError as error:
        log.warning("Could not tell %s of a failure: %s", chat_id, error)
