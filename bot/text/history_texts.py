"""Owns how an event is told: to the person it concerns, and in full to whoever audits."""

from html import escape

from bot.context import name_of
from bot.text.user_texts import day_and_time, shortened, views
from ledger import events as e
from ledger.event_text import describe
from ledger.history import HistoryLine
from ledger.state import State

SHOWN_CHARS_MAX = 200
"""Of each line's words: ten lines must fit into one message (4,096 characters)."""


def user_line(line: HistoryLine, state: State) -> str:
    """A line of one's own history, as Telegram's HTML."""
    return (
        f"<b>{line.change_points:+,}</b> · {_what(line.event, state)}\n"
        f"{day_and_time(line.event.at)} · balance {line.balance_points:,}"
    )


def audit_line(line: HistoryLine) -> str:
    """A line of anybody's history for an admin: number, actor, reason, as Telegram's HTML."""
    change = f"<b>{line.change_points:+,}</b> · " if line.change_points else ""
    return (
        f"#{line.event.seq} · {day_and_time(line.event.at)} · by {escape(line.event.by)}\n"
        f"{change}{escape(shortened(describe(line.event), SHOWN_CHARS_MAX))}\n"
        f"balance {line.balance_points:,}"
    )


def _what(event: e.AnyEvent, state: State) -> str:
    match event:
        case e.AdRewarded():
            return f"ad no. {event.ad_number:,} watched"
        case e.ReferralBonusPaid():
            friend = state.users.get(event.referee_id)
            return f"for your friend {escape(name_of(friend) if friend else '')}"
        case e.ReferralWelcomePaid():
            return "welcome gift"
        case e.OrderPlaced():
            return f"order <code>{escape(event.order_id)}</code>: {views(event.quantity)}"
        case e.OrderRejected():
            return f"order <code>{escape(event.order_id)}</code> not possible, points returned"
        case e.BalanceAdjusted():
            return f"changed by the admin: {escape(shortened(event.reason, SHOWN_CHARS_MAX))}"
        case _:
            return escape(shortened(describe(event), SHOWN_CHARS_MAX))
