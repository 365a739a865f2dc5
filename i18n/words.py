"""Counted words that the bot and the web pages share."""

from collections.abc import Callable

from i18n.markup import Html
from i18n.translator import Translator


def points(t: Translator, amount_points: int) -> Html:
    """`1 point`, `1,234 points`."""
    return t.plural("{n} point", "{n} points", amount_points)


def views(t: Translator, count: int) -> Html:
    """`1 view`, `1,234 views`."""
    return t.plural("{n} view", "{n} views", count)


def units(t: Translator, count: int) -> Html:
    """`1 unit`, `1,234 units`: of what has no word of its own."""
    return t.plural("{n} unit", "{n} units", count)


COUNTED: dict[str, Callable[[Translator, int], Html]] = {
    "views": views,
    "likes": lambda t, n: t.plural("{n} like", "{n} likes", n),
    "followers": lambda t, n: t.plural("{n} follower", "{n} followers", n),
    "subscribers": lambda t, n: t.plural("{n} subscriber", "{n} subscribers", n),
    "members": lambda t, n: t.plural("{n} member", "{n} members", n),
    "comments": lambda t, n: t.plural("{n} comment", "{n} comments", n),
    "reactions": lambda t, n: t.plural("{n} reaction", "{n} reactions", n),
    "shares": lambda t, n: t.plural("{n} share", "{n} shares", n),
}
"""What can be ordered, by its metric. Everything else is counted in `units`."""
