"""Owns how an event is told: to the person it concerns, and in full to whoever audits."""

from html import escape
from typing import assert_never

from bot.context import name_of
from bot.texts import day_and_time, views
from ledger import events as e
from ledger.history import HistoryLine
from ledger.projections import State


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
        f"{change}{escape(describe(line.event))}\n"
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
            return f"changed by the admin: {escape(event.reason)}"
        case _:
            return escape(describe(event))


def describe(event: e.AnyEvent) -> str:  # noqa: C901, PLR0912 - one row per event
    """The event in plain words, without names (they are not in the log). Plain text."""
    match event:
        case e.AdRewarded():
            return f"watched ad no. {event.ad_number}"
        case e.OrderPlaced():
            return f"ordered {views(event.quantity)} for {event.video_link}, order {event.order_id}"
        case e.OrderSending():
            return f"order {event.order_id} leaves for the provider (try {event.attempt})"
        case e.OrderAccepted():
            number = f" as {event.provider_order_id}" if event.provider_order_id else ""
            return f"order {event.order_id} accepted{number}"
        case e.UserJoined():
            invited = f", invited by {event.referred_by}" if event.referred_by is not None else ""
            return f"joined{invited}"
        case e.ReferralBonusPaid():
            return f"bonus for inviting {event.referee_id}"
        case e.ReferralWelcomePaid():
            return f"welcome gift (invited by {event.referrer_id})"
        case e.OrderRejected():
            return f"order {event.order_id} not possible, points returned: {event.reason}"
        case e.OrderUnclear():
            return f"order {event.order_id} unclear: {event.reason}"
        case e.OrderNotSent():
            return f"order {event.order_id} could not leave: {event.reason}"
        case e.BalanceAdjusted():
            return f"adjusted: {event.reason}"
        case e.UserBanned():
            return f"banned: {event.reason}" if event.reason else "banned"
        case e.UserUnbanned():
            return "ban lifted"
        case e.UserUnreachable():
            return f"can't be reached any more ({event.reason})"
        case e.UserReachable():
            return "can be reached again"
        case e.SettingChanged():
            return f"setting {event.name} is {event.value} from here on"
        case e.BroadcastStarted():
            return f"message to everybody begun ({event.audience} people)"
        case e.BroadcastProgressed():
            return f"message to everybody: {event.cursor} people taken up"
        case e.BroadcastFinished():
            return f"message to everybody done ({event.sent} delivered)"
        case e.TailCut():
            return f"an unfinished last command was cut off and kept as {event.kept_as}"
        case e.LogStarted():
            return f"the log begins (format {event.format})"
        case _:
            assert_never(event)
