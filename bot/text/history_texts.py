"""How an event reads: for the person it concerns, and in full for an audit."""

from bot.text.formats import day_and_time, name_of, shortened, views
from i18n import Html, Translator, escape
from ledger import events as e
from ledger.event_text import describe
from ledger.history import HistoryLine
from ledger.projections import State

SHOWN_CHARS_MAX = 200
"""Of each line's words: ten lines must fit into one message (4,096 characters)."""


def user_line(t: Translator, line: HistoryLine, state: State) -> Html:
    """A line of one's own history."""
    return t(
        "<b>{change}</b> · {what}\n{when} · balance {balance}",
        change=t.signed(line.change_points),
        what=_what(t, line.event, state),
        when=day_and_time(t, line.event.at),
        balance=line.balance_points,
    )


def audit_line(t: Translator, line: HistoryLine) -> Html:
    """A line of anybody's history for an admin: number, actor, reason."""
    words = escape(shortened(describe(line.event), SHOWN_CHARS_MAX))
    if line.change_points:
        words = t("<b>{change}</b> · {what}", change=t.signed(line.change_points), what=words)
    return t(
        "#{seq} · {when} · by {actor}\n{what}\nbalance {balance}",
        seq=str(line.event.seq),
        when=day_and_time(t, line.event.at),
        actor=line.event.by,
        what=words,
        balance=line.balance_points,
    )


def _what(t: Translator, event: e.AnyEvent, state: State) -> Html:
    """Every event that moves points has its own words here; a test compares."""
    match event:
        case e.AdRewarded():
            return t("ad no. {number} watched", number=event.ad_number)
        case e.ReferralBonusPaid():
            friend = state.users[event.referee_id]
            return t("for your friend {name}", name=name_of(t, friend))
        case e.ReferralWelcomePaid():
            return t("welcome gift")
        case e.OrderPlaced():
            return t(
                "order <code>{order_id}</code>: {views}",
                order_id=event.order_id,
                views=views(t, event.quantity),
            )
        case e.OrderRejected():
            return t(
                "order <code>{order_id}</code> not possible, points returned",
                order_id=event.order_id,
            )
        case e.BalanceAdjusted():
            reason = shortened(event.reason, SHOWN_CHARS_MAX)
            return t("changed by the admin: {reason}", reason=reason)
        case e.OpeningBalanceRecorded():
            return t("from the bot before this one")
        case _:
            return escape(shortened(describe(event), SHOWN_CHARS_MAX))
