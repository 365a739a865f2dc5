"""Small parts that many texts share: amounts, moments, names, links, bars."""

from datetime import datetime
from functools import lru_cache

from i18n import Html, Translator, escape
from i18n.words import points, views
from ledger.state import User

__all__ = ["bar", "day_and_time", "gain", "linked", "name_of", "points", "shortened", "views"]

BAR_SQUARES = 10


def gain(t: Translator, amount_points: int) -> Html:
    """A change of a balance with its sign: `+1 point`, or with a minus sign."""
    sign = Html("+") if amount_points > 0 else Html()
    return sign + points(t, amount_points)


def name_of(t: Translator, user: User) -> str:
    """How to call a person, as plain text: their first name, their @username, or their number."""
    if user.first_name:
        return user.first_name
    if user.username:
        return f"@{user.username}"
    return t("User {user_id}", user_id=str(user.user_id)).text


def day_and_time(t: Translator, moment: str) -> Html:
    """`22 Nov 2026, 16:20` (UTC) from a moment of the log."""
    return t.day_and_time(_parsed(moment))


@lru_cache(1024)
def _parsed(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def linked(link: str) -> Html:
    """A link as an explicit one: Telegram's own detection cuts off some last characters."""
    address = escape(link)
    return Html(f'<a href="{address}">{address}</a>')


def shortened(text: str, limit_chars: int) -> str:
    """A text cut to this length, with a sign that there is more."""
    return text if len(text) <= limit_chars else f"{text[: limit_chars - 1].rstrip()}…"


def bar(done: int, total: int) -> Html:
    """Ten squares that show how far something is."""
    full = BAR_SQUARES if total <= 0 else min(BAR_SQUARES, BAR_SQUARES * done // total)
    return Html("▓" * full + "░" * (BAR_SQUARES - full))
