"""Owns the words of what people are told without asking, as Telegram's HTML.

Names and reasons are escaped here. Who hears what is decided in `bot.notify.notifications`.
"""

from html import escape

from bot.context import name_of
from bot.text.user_texts import REFER, points, views
from ledger.state import Order, User

BAN_LIFTED = "✅ You can earn and order again."


def bonus(inviter: User, friend: User, amount_points: int) -> str:
    """To the one who invited: the bonus is paid."""
    return (
        f"🎉 Thank you for inviting {escape(name_of(friend))}: <b>+{points(amount_points)}</b>! "
        f"You have {points(inviter.balance)}."
    )


def inviter_thanked(inviter: User) -> str:
    """To the one who was invited, when there is no gift for them."""
    return (
        f"🎉 {escape(name_of(inviter))} has just got points for inviting you. "
        f"You can invite friends too: tap {REFER}."
    )


def welcome_gift(amount_points: int) -> str:
    """To the one who was invited: points of their own."""
    return f"🎁 Your welcome gift: <b>+{points(amount_points)}</b>!"


def adjusted(user: User, amount_points: int, reason: str) -> str:
    """An admin changed the balance."""
    sign = "+" if amount_points > 0 else "−"
    return (
        f"💳 The admin changed your points: <b>{sign}{points(abs(amount_points))}</b>\n"
        f"Reason: {escape(reason)}\n\n"
        f"You have {points(user.balance)}."
    )


def banned(reason: str) -> str:
    """No more ads and orders for now; the reason may be empty."""
    return "⛔️ You can't earn or order for now." + (f" Reason: {escape(reason)}" if reason else "")


def order_accepted(order: Order) -> str:
    """The views come."""
    return f"🚀 Your {_name(order)} is accepted. The views are on their way."


def order_rejected(order: Order, user: User, reason: str, refund_points: int) -> str:
    """The views don't come, the points come back."""
    return (
        f"↩️ Your {_name(order)} was not possible: {escape(reason)}\n\n"
        f"<b>{points(refund_points)}</b> came back to you. You have {points(user.balance)}."
    )


def order_unclear(order: Order) -> str:
    """A person looks whether the views come."""
    return (
        f"🔎 Your {_name(order)} takes a little longer: a person is checking it. "
        "Your points are safe, and you don't need to do anything."
    )


def _name(order: Order) -> str:
    return f"order <code>{escape(order.order_id)}</code> ({views(order.quantity)})"
