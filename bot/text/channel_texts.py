"""Texts about the channel that people must join before they can earn."""

from i18n import N_, Html, Message, Translator
from i18n.markup import escape

OPEN_CHANNEL = N_("📢 Open the channel")
JOINED = N_("✅ I joined")
THANKS: Message = N_("✅ Thank you! You can earn points now.")

# For admins.
REQUIRED_NOBODY = N_("✅ Nobody has to join a channel any more.")
NOT_A_CHANNEL = N_(
    "I need the @name of a public channel, as in <code>/set required_channel @name</code>, or "
    "<code>off</code>. A private channel, or one that only has a number, can't be used: people "
    "could not find it."
)


def must_join(t: Translator, channel: str) -> Html:
    """To a person who is no member yet."""
    return t(
        "📢 To earn points, please join our channel {channel} first. Then come back here and tap "
        "“{joined}”.",
        channel=channel,
        joined=t(JOINED),
    )


def not_joined_yet(t: Translator, channel: str) -> Html:
    """'I joined' was tapped by somebody who has not."""
    return t("You are not in {channel} yet. Please open the channel and join it.", channel=channel)


def friends_must_join(t: Translator, channel: str) -> Html:
    """To an inviter: what their friends must do; empty if nothing."""
    if not channel:
        return Html()
    return t("Before they can watch ads, friends must join {channel}.", channel=channel)


def channel_required(t: Translator, channel: str, *, can_check: bool) -> Html:
    """To an admin who has set the channel."""
    done = t("✅ From now on people must join {channel} before they can earn.", channel=channel)
    if can_check:
        return done
    return Html("\n\n").join([done, cannot_check(t, channel, "")])


def cannot_check(t: Translator, channel: str, why: str) -> Html:
    """To the admins: Telegram doesn't say who is a member. `why`: its words, if any."""
    text = t(
        "⚠️ I can't see who is in {channel}, so everybody can earn without joining it. Please make "
        "me an administrator of the channel, or switch this off with "
        "<code>/set required_channel off</code>.",
        channel=channel,
    )
    if not why:
        return text
    return Html("\n\n").join([text, t("Telegram says: {why}", why=escape(why[:200]))])


def current(t: Translator, channel: str) -> Html:
    """The line in the list of settings."""
    return t(
        "<code>required_channel</code> = <b>{channel}</b>\n"
        "   channel that people must join before they can earn (off: none)",
        channel=channel or "off",
    )
