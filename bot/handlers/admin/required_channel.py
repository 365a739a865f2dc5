"""/set required_channel: the channel whose members can earn."""

import re

from bot.channel_members import Standing
from bot.context import Context, message_of, sender_id
from bot.handlers.admin.commands import key_of
from bot.text import channel_texts as texts
from bot.text.refusal_texts import refused
from bot.updates import Update
from ledger import commands as c
from ledger import refusals as r

NAME = "required_channel"
OFF = frozenset({"off", "none", "no", "0", "-", "—", "нет", "выкл", "откл"})
_LINK = re.compile(r"(?:https?://)?(?:www\.)?(?:t|telegram)\.me/(?:s/)?", re.IGNORECASE)
_NO_NAMES = frozenset({"joinchat", "addlist", "share", "proxy", "c"})
"""What may stand in a link in place of a name; `t.me/+x` is seen by its plus sign."""
_REST = re.compile(r"[/?#].*", re.DOTALL)


def read_channel(typed: str) -> str:
    """What was typed as a channel's @name; empty for off. It may still be no name at all."""
    typed = typed.strip()
    if typed.lower() in OFF:
        return ""
    link = _LINK.match(typed)
    name = _REST.sub("", typed[link.end() :]) if link else typed
    if link and name.lower() in _NO_NAMES:
        return typed
    return f"@{name.removeprefix('@')}"


async def change(typed: str, update: Update, context: Context) -> None:
    """Set it, and say at once if members can't be checked."""
    t, channel = context.t, read_channel(typed)
    outcome = await context.ledger.execute(
        c.RequireChannel(
            by=f"admin:{sender_id(update)}",
            channel=channel,
            key=key_of(message_of(update), context),
        )
    )
    if isinstance(outcome, r.NotAChannelName):
        await context.reply(update, t(texts.NOT_A_CHANNEL))
    elif not isinstance(outcome, tuple):
        await context.reply(update, refused(t, outcome))
    elif not channel:
        context.services.channel_members.forget()
        await context.reply(update, t(texts.REQUIRED_NOBODY))
    else:
        members = context.services.channel_members
        members.forget()
        # Only an administrator of a channel sees its members, and the bot sees itself then.
        own = await members.standing(context.bot, channel, context.bot.id)
        can_check = own is Standing.MEMBER
        if not can_check:
            members.reports_now(channel)
        await context.reply(update, texts.channel_required(t, channel, can_check=can_check))
