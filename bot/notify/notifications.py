"""Owns who is to hear of what without asking: for every event, the messages that follow from it.

Whoever causes an event (a web page, the order desk, an admin) need not know who is to hear of
it; this file says so, and `bot/notify/notifier.py` sends it.
"""

from typing import NamedTuple

from bot.send.client import Keyboard
from bot.text import admin_texts, keyboards, notification_texts, reason_texts
from ledger import events as e
from ledger.order_status import OrderStatus
from ledger.projections import Order, State, User
from orders.alerts import Alert


class Notice(NamedTuple):
    """A message nobody asked for. `to_admins`: to every admin, and `chat_id` is not used."""

    chat_id: int
    text: str
    keyboard: Keyboard | None = None
    to_admins: bool = False


def notices(event: e.AnyEvent, state: State) -> list[Notice]:
    """Who is to hear of an event, and in which words.

    The state may be further than the event: a notice is also made after a restart.
    """
    match event:
        case e.ReferralBonusPaid():
            return _referral(event, state)
        case e.ReferralWelcomePaid():
            return [Notice(event.user_id, notification_texts.welcome_gift(event.amount_points))]
        case e.BalanceAdjusted():
            user = state.users[event.user_id]
            text = notification_texts.adjusted(user, event.amount_points, event.reason)
            return [Notice(event.user_id, text)]
        case e.UserBanned():
            return [Notice(event.user_id, notification_texts.banned(event.reason))]
        case e.UserUnbanned():
            return [Notice(event.user_id, notification_texts.BAN_LIFTED)]
        case e.OrderAccepted() | e.OrderRejected() | e.OrderUnclear():
            return _order(event, state)
        case _:
            return []


def reminders(state: State) -> list[Notice]:
    """What the admins hear at every start: the orders that wait for their word."""
    if not state.orders_by_status.get(OrderStatus.UNCLEAR):
        return []
    return [
        _for_admins(order, state.users[order.user_id])
        for order in state.orders.values()
        if order.status is OrderStatus.UNCLEAR
    ]


def alert_notice(alert: Alert) -> Notice:
    """To the admins: something that no event says."""
    return Notice(0, admin_texts.alert(alert), to_admins=True)


def _referral(event: e.ReferralBonusPaid, state: State) -> list[Notice]:
    inviter, friend = state.users[event.user_id], state.users[event.referee_id]
    told = [Notice(inviter.user_id, notification_texts.bonus(inviter, friend, event.amount_points))]
    # With a welcome gift the friend hears of that instead: it follows in the same command.
    if event.more == 0:
        told.append(Notice(friend.user_id, notification_texts.inviter_thanked(inviter)))
    return told


def _order(event: e.OrderAccepted | e.OrderRejected | e.OrderUnclear, state: State) -> list[Notice]:
    order, user = state.orders[event.order_id], state.users[event.user_id]
    match event:
        case e.OrderAccepted():
            return [Notice(user.user_id, notification_texts.order_accepted(order))]
        case e.OrderRejected():
            reason = reason_texts.of_rejection(event)
            text = notification_texts.order_rejected(order, user, reason, event.refund_points)
            return [Notice(user.user_id, text)]
        case e.OrderUnclear() if order.status is OrderStatus.UNCLEAR:
            return [
                Notice(user.user_id, notification_texts.order_unclear(order)),
                _for_admins(order, user),
            ]
        case e.OrderUnclear():
            return []  # It has been settled meanwhile, and they hear of that.


def _for_admins(order: Order, user: User) -> Notice:
    text, keyboard = admin_texts.unclear_order(order, user), keyboards.unclear_order(order.order_id)
    return Notice(0, text, keyboard, to_admins=True)
