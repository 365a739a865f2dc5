"""Counted words that the bot and the web pages share."""

from i18n.markup import Html
from i18n.translator import Translator


def points(t: Translator, amount_points: int) -> Html:
    """`1 point`, `1,234 points`."""
    return t.plural("{n} point", "{n} points", amount_points)


def views(t: Translator, count: int) -> Html:
    """`1 view`, `1,234 views`."""
    return t.plural("{n} view", "{n} views", count)
