"""What Telegram shows of the bot itself: its commands, and what it is for."""

from bot.text.admin.admin_texts import ADMIN_COMMANDS
from i18n import N_, Html, Translator

USER_COMMANDS = (
    ("start", N_("Show the menu")),
    ("balance", N_("Your points")),
    ("history", N_("What changed your points")),
    ("orders", N_("Your orders")),
    ("language", N_("Change the language")),
    ("help", N_("How it works")),
    ("cancel", N_("Stop what you are doing")),
)

# Translators: these lines are shown in the chat before somebody presses START; all together at most
# 512 characters.
_WHAT_FOR = N_("Get views for your videos and pay with points, not with money.")
_ADS_AND_FRIENDS = N_("🪧 Watch ads and invite friends to earn points.")
_FRIENDS = N_("👥 Invite friends to earn points.")
_HOW = N_(
    "📦 Spend your points on views for your videos: send a link, say how many, done.\n"
    "🧾 See every change of your points in your history.\n\n"
    "Press START to begin."
)

# Translators: shown in the bot's profile and beside shared links; at most 120 characters.
_SHORT = N_("Views for your videos: earn points with ads and friends, spend them here.")
# Translators: the same, where there are no ads.
_SHORT_WITHOUT_ADS = N_("Views for your videos: earn points with friends, spend them here.")


def description(t: Translator, *, ads: bool) -> str:
    """What the bot is for, in the chat before START. `ads`: whether there are any."""
    earning = t(_ADS_AND_FRIENDS) if ads else t(_FRIENDS)
    how = Html("\n").join([earning, t(_HOW)])
    return Html("\n\n").join([t(_WHAT_FOR), how]).text


def short_description(t: Translator, *, ads: bool) -> str:
    """The same in one line, for the bot's profile and beside shared links."""
    return t(_SHORT).text if ads else t(_SHORT_WITHOUT_ADS).text


def commands(t: Translator, *, for_admin: bool) -> dict[str, str]:
    """The commands with their descriptions, as plain text, in the order of the list."""
    rows = [*USER_COMMANDS, *(ADMIN_COMMANDS if for_admin else ())]
    return {name: t.message(description).text for name, description in rows}
