"""The words for what is delivered: views, likes, followers ... The rest is called units."""

from typing import NamedTuple

from i18n import N_, Html, Message, Translator
from i18n.words import COUNTED, units
from ledger import events as e
from ledger.economy import Offer
from ledger.state import Order, State


class _Words(NamedTuple):
    """The words for one metric. Its counted forms are in `i18n.words`.

    Attributes:
        label: in front of a number.
        question: how many there shall be.
    """

    label: Message
    question: Message


_WORDS: dict[str, _Words] = {
    "views": _Words(N_("Views"), N_("How many views?")),
    "likes": _Words(N_("Likes"), N_("How many likes?")),
    "followers": _Words(N_("Followers"), N_("How many followers?")),
    "subscribers": _Words(N_("Subscribers"), N_("How many subscribers?")),
    "members": _Words(N_("Members"), N_("How many members?")),
    "comments": _Words(N_("Comments"), N_("How many comments?")),
    "reactions": _Words(N_("Reactions"), N_("How many reactions?")),
    "shares": _Words(N_("Shares"), N_("How many shares?")),
}
_UNITS = _Words(N_("Quantity"), N_("How many?"))

METRICS = tuple(_WORDS)
"""The metrics that have words of their own."""


def label(t: Translator, metric: str) -> Html:
    """`Views`, `Likes` ..., in front of a number."""
    return t.message(_words(metric).label)


def question(t: Translator, metric: str) -> Html:
    """How many there shall be."""
    return t.message(_words(metric).question)


def counted(t: Translator, metric: str, count: int) -> Html:
    """`1 like`, `1,234 followers`."""
    return COUNTED.get(metric, units)(t, count)


def amount_of(t: Translator, state: State, order: Order | e.OrderPlaced) -> Html:
    """What was ordered: `50 likes`."""
    return counted(t, metric_of(state.offers.get(order.service_id), order), order.quantity)


def metric_of(offer: Offer | None, order: Order | e.OrderPlaced) -> str:
    """The metric of an order. An order without a service is for views."""
    if offer is not None:
        return offer.metric
    return "" if order.service_id else "views"


def _words(metric: str) -> _Words:
    return _WORDS.get(metric, _UNITS)
