"""Passing a message or an album on to somebody, with a line under it that says whose it is.

The copy goes first. If Telegram refuses it, nothing has been sent, and the sender is told. The line
replies to the copy, so that it is clear what belongs together when several people write at once.
"""

from typing import NamedTuple

from bot.context import Context, message_of
from bot.send.client import Keyboard
from bot.updates import NewMessage, Update


class Parcel(NamedTuple):
    """What a person wrote, to be copied: one message, or the parts of an album."""

    chat_id: int
    message_ids: tuple[int, ...]
    kind: str

    @property
    def is_album(self) -> bool:
        """Whether it is more than one message; such copies can't have buttons."""
        return len(self.message_ids) > 1


def parcel_of(update: Update, context: Context) -> Parcel:
    """The message of an update, or the whole album that it begins."""
    message = message_of(update)
    kind = message.content_kind if isinstance(message, NewMessage) else ""
    ids = context.album.message_ids if context.album is not None else (message.message_id,)
    return Parcel(message.chat.id, ids, kind)


async def copy_parcel(
    parcel: Parcel, chat_id: int, keyboard: Keyboard | None, context: Context
) -> list[int]:
    """Copy all of it; returns the numbers of the copies.

    Raises:
        TelegramError: Telegram refuses it, or the person; nothing was sent.
    """
    if parcel.is_album:
        return await context.bot.copy_album(chat_id, parcel.chat_id, parcel.message_ids)
    (message_id,) = parcel.message_ids
    return [await context.bot.copy(chat_id, parcel.chat_id, message_id, keyboard)]


async def pass_on(
    parcel: Parcel,
    chat_id: int,
    line: str,
    keyboard: Keyboard,
    context: Context,
) -> list[int]:
    """Copy all of it, then say whose it is.

    Returns:
        The numbers of the copies: fewer than it has messages if parts of an album were left out.

    Raises:
        TelegramError: Telegram refuses it, or the person; nothing was sent.
    """
    copies = await copy_parcel(parcel, chat_id, keyboard, context)
    await context.bot.say(chat_id, line, keyboard, reply_to=copies[0] or None)
    return copies
