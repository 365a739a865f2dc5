"""The required channel: only its members earn, and nobody loses anything on the way there.

People join the bot, with their inviter, before they are asked to join the channel.
"""

import asyncio
import logging
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.channel_members import Standing
from bot.context import Context, press_of, sender_id
from bot.text import channel_texts as texts
from bot.text import keyboards
from bot.updates import Update

if TYPE_CHECKING:
    from bot.routes import Handler

log = logging.getLogger(__name__)

ADMINS_WITHIN_S = 3.0


def members_only(handler: "Handler") -> "Handler":
    """The handler, for people who may earn; others are shown the way to the channel."""

    @wraps(handler)
    async def checked(update: Update, context: Context) -> None:
        if await may_earn(sender_id(update), context):
            await handler(update, context)
        else:
            await _ask_to_join(update, context)

    return checked


async def may_earn(user_id: int, context: Context) -> bool:
    """Whether the required channel lets this person earn; so it does if it can't be checked."""
    state = context.state
    channel = state.books.required_channel
    user = state.users[user_id]
    # Who can't earn anyway, or finds no ads, is told of that and not sent to a channel for nothing.
    cannot_earn = user.banned or user_id in state.books.frozen
    if not channel or cannot_earn or not context.economy.ads_per_day_max:
        return True
    members = context.services.channel_members
    standing = await members.standing(context.bot, channel, user_id)
    if standing is Standing.UNKNOWN and members.reports_now(channel):
        await _report(channel, context)
    return standing is not Standing.NO_MEMBER


async def joined(update: Update, context: Context) -> None:
    """'I joined': asked again."""
    query, _ = press_of(update)
    t, channel = context.t, context.state.books.required_channel
    if not await may_earn(query.from_user.id, context):
        await context.answer(query, texts.not_joined_yet(t, channel), alert=True)
        return
    await context.answer(query)
    await context.edit(query, t.message(texts.THANKS), keyboards.next_ad(t))


async def _ask_to_join(update: Update, context: Context) -> None:
    user_id = sender_id(update)
    if update.callback_query is not None:
        await context.answer(update.callback_query)
    else:
        context.go_to(user_id, None)
    t, channel = context.t, context.state.books.required_channel
    keyboard = keyboards.join_channel(t, f"https://t.me/{channel.removeprefix('@')}")
    await context.bot.say(user_id, texts.must_join(t, channel), keyboard)


async def _report(channel: str, context: Context) -> None:
    """To all admins, as long as that takes a moment: the person waits meanwhile."""
    why = context.services.channel_members.problem
    log.warning("Members of %s can't be checked: %s", channel, why)

    async def say(admin_id: int) -> None:
        try:
            text = texts.cannot_check(context.t_for(admin_id), channel, why)
            await context.bot.say(admin_id, text)
        except TelegramError as error:
            log.warning("Admin %s could not be told of that: %s", admin_id, error)

    with suppress(TimeoutError):
        async with asyncio.timeout(ADMINS_WITHIN_S):
            await asyncio.gather(*map(say, sorted(context.services.admin_ids)))
