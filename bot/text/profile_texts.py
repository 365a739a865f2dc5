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

# The same, where more than views is sold. What it is changes more often than these texts.
_WHAT_FOR_MORE = N_("Make your videos, posts and pages known: pay with points, not with money.")
_HOW_MORE = N_(
    "📦 Spend your points: send a link, choose what you want for it, say how many, done.\n"
    "🧾 See every change of your points in your history.\n\n"
    "Press START to begin."
)
_SHORT_MORE = N_("For your videos, posts and pages: earn points with ads and friends, spend them.")
_SHORT_MORE_WITHOUT_ADS = N_("For your videos, posts and pages: earn points with friends.")


def description(t: Translator, *, ads: bool, only_views: bool) -> str:
    """What the bot is for, in the chat before START.

    `ads`: whether there are any; `only_views`: whether nothing else is sold.
    """
    earning = t(_ADS_AND_FRIENDS) if ads else t(_FRIENDS)
    how = Html("\n").join([earning, t(_HOW) if only_views else t(_HOW_MORE)])
    what_for = t(_WHAT_FOR) if only_views else t(_WHAT_FOR_MORE)
    return Html("\n\n").join([what_for, how]).text


def short_description(t: Translator, *, ads: bool, only_views: bool) -> str:
    """The same in one line, for the bot's profile and beside shared links."""
    if not only_views:
        return t(_SHORT_MORE).text if ads else t(_SHORT_MORE_WITHOUT_ADS).text
    return t(_SHORT).text if ads else t(_SHORT_WITHOUT_ADS).text


def commands(t: Translator, *, for_admin: bool) -> dict[str, str]:
    """The commands with their descriptions, as plain text, in the order of the list."""
    rows = [*USER_COMMANDS, *(ADMIN_COMMANDS if for_admin else ())]
    return {name: t.message(description).text for name, description in rows}
