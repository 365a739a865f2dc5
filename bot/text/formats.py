"""Small parts that many texts share: amounts, moments, names, links, bars."""

from datetime import datetime
from functools import lru_cache

from i18n import Html, Translator, escape
from i18n.foreign import foreign_name, foreign_text
from i18n.words import points, views
from ledger.state import User

__all__ = [
    "bar",
    "day_and_time",
    "full_name_of",
    "gain",
    "linked",
    "name_of",
    "points",
    "shortened",
    "views",
]

BAR_SQUARES = 10


def gain(t: Translator, amount_points: int) -> Html:
    """A change of a balance with its sign: `+1 point`, or with a minus sign."""
    sign = Html("+") if amount_points > 0 else Html()
    return sign + points(t, amount_points)


def name_of(t: Translator, user: User) -> str:
    """How to call a person, as plain text: their first name, their @username, or their number."""
    if name := foreign_name(user.first_name):
        return name
    if username := foreign_name(user.username):
        return f"@{username}"
    return t("User {user_id}", user_id=str(user.user_id)).text


def full_name_of(t: Translator, user: User) -> str:
    """As `name_of`, with the last name if there is one."""
    return foreign_name(f"{user.first_name} {user.last_name}") or name_of(t, user)


def day_and_time(t: Translator, moment: str) -> Html:
    """`22 Nov 2026, 16:20` (UTC) from a moment of the log."""
    return t.day_and_time(_parsed(moment))


@lru_cache(1024)
def _parsed(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def linked(link: str, limit_chars: int = 0) -> Html:
    """A link as an explicit one: Telegram's own detection cuts off some last characters.

    A longer one than `limit_chars` is shown cut, and still leads where it leads; 0: no limit.
    """
    shown = shortened(link, limit_chars) if limit_chars else link
    return Html(f'<a href="{escape(link)}">{escape(shown)}</a>')


def shortened(text: str, limit_chars: int) -> str:
    """What somebody wrote, cut to this length, with a sign that there is more."""
    if len(text) > limit_chars:
        text = f"{text[: limit_chars - 1].rstrip()}…"
    return foreign_text(text)


def bar(done: int, total: int) -> Html:
    """Ten squares that show how far something is."""
    full = BAR_SQUARES if total <= 0 else min(BAR_SQUARES, BAR_SQUARES * max(0, done) // total)
    return Html("▓" * full + "░" * (BAR_SQUARES - full))


WRITTEN_CHARS_MAX = 90
"""Of a link, or of a reason that an admin wrote, in a list.

Ten lines of a history must fit into one message: 4,096 UTF-16 units, and an emoji is two of them.
"""


def cut(written: str) -> str:
    """What a person or the provider wrote, short enough for a line of a list."""
    return shortened(written, WRITTEN_CHARS_MAX)


def because(t: Translator, what: Html, reason: str) -> Html:
    """What happened, and why, if that is known."""
    if not reason:
        return what
    # Translators: {what} is what happened, as in "banned: sent spam".
    return t("{what}: {reason}", what=what, reason=cut(reason))
