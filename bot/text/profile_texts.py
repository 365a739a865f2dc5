"""What Telegram shows of the bot itself: its commands, and what it is for."""

from bot.text.admin.admin_texts import ADMIN_COMMANDS
from i18n import N_, Translator

USER_COMMANDS = (
    ("start", N_("Show the menu")),
    ("balance", N_("Your points")),
    ("history", N_("What changed your points")),
    ("orders", N_("Your orders")),
    ("language", N_("Change the language")),
    ("help", N_("How it works")),
    ("cancel", N_("Stop what you are doing")),
)

# Translators: shown in the chat before somebody presses START; at most 512 characters.
DESCRIPTION = N_(
    "Get views for your videos and pay with points, not with money.\n\n"
    "🪧 Watch ads and invite friends to earn points.\n"
    "📦 Spend your points on views for your videos: send a link, say how many, done.\n"
    "🧾 See every change of your points in your history.\n\n"
    "Press START to begin."
)

# Translators: shown in the bot's profile and beside shared links; at most 120 characters.
SHORT_DESCRIPTION = N_("Views for your videos: earn points with ads and friends, spend them here.")


def commands(t: Translator, *, for_admin: bool) -> dict[str, str]:
    """The commands with their descriptions, as plain text, in the order of the list."""
    rows = [*USER_COMMANDS, *(ADMIN_COMMANDS if for_admin else ())]
    return {name: t.message(description).text for name, description in rows}
