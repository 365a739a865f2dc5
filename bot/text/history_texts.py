"""A person's own history, in words."""

from typing import assert_never

from bot.text.event_texts import describe
from bot.text.formats import day_and_time, name_of, shortened
from bot.text.orders import metric_texts
from i18n import Html, Translator
from ledger import events as e
from ledger.history import HistoryLine
from ledger.state import State

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
        case e.OrderPlaced() | e.OrderRejected() | e.OrderPartial() | e.OrderCanceled():
            return _of_order(t, event, state)
        case e.BalanceAdjusted():
            reason = shortened(event.reason, SHOWN_CHARS_MAX)
            return t("changed by the admin: {reason}", reason=reason)
        case e.EarningsTakenBack():
            if not event.reason:
                return t("taken back by the admin after a check")
            reason = shortened(event.reason, SHOWN_CHARS_MAX)
            return t("taken back by the admin: {reason}", reason=reason)
        case e.OpeningBalanceRecorded():
            return t("from the bot before this one")
        case _:
            return describe(t, event)


def _of_order(
    t: Translator,
    event: e.OrderPlaced | e.OrderRejected | e.OrderPartial | e.OrderCanceled,
    state: State,
) -> Html:
    order_id = event.order_id
    match event:
        case e.OrderPlaced():
            return t(
                "order <code>{order_id}</code>: {amount}",
                order_id=order_id,
                amount=metric_texts.amount_of(t, state, event),
            )
        case e.OrderRejected():
            return t(
                "order <code>{order_id}</code> not possible, points returned", order_id=order_id
            )
        case e.OrderPartial():
            return t(
                "order <code>{order_id}</code> partly delivered, points for the missing {remains} "
                "returned",
                order_id=order_id,
                remains=event.remains or 0,
            )
        case e.OrderCanceled():
            return t(
                "order <code>{order_id}</code> stopped by the provider, points returned",
                order_id=order_id,
            )
        case _:
            assert_never(event)
