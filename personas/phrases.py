"""The bot's English texts, as far as personas recognize them by a part that never varies."""

import re

from bot.text import user_texts

WATCH_ADS = user_texts.WATCH_ADS
BALANCE = user_texts.BALANCE
REFER = user_texts.REFER
BUY_VIEWS = user_texts.BUY_VIEWS
CONTACT = user_texts.CONTACT
"""The menu's buttons; a press sends their text."""

WELCOME = "Welcome"
HELP = "How it works"
AD_OFFERED = "It pays"
AD_PAID = "Thank you!"
AD_PAID_ALREADY = "This ad has been paid already"
INVITATION = "Your link"
NO_HISTORY = user_texts.NO_HISTORY
HISTORY = "What changed your points"
NO_ORDERS = user_texts.NO_ORDERS
ORDERS = "Your orders"
ASKS_FOR_LINK = "Send me the link"
TOO_POOR_TO_BUY = "The smallest order is"
CHECK_ORDER = "Please check your order"
POINTS_GONE = "too much: the balance is"
ORDER_PLACED_ALREADY = user_texts.ORDERED_ALREADY
ORDER_GIVEN_UP = user_texts.ORDER_GIVEN_UP
ASKS_FOR_MESSAGE = "Write your message now"
MESSAGE_SENT = user_texts.MESSAGE_SENT
NOT_UNDERSTOOD = user_texts.NOT_UNDERSTOOD

INVITATION_CODE = re.compile(r"start=([0-9a-f]{8})")
LETTER = re.compile(r"This is from Person\d+, with the number [0-9a-f]+\.")
"""What `letter` writes."""


def ads_watched(count: int | None) -> str:
    """In the account's text; without a count, what is there for any."""
    return "Ads watched: " if count is None else f"Ads watched: {count:,}\n"


def order_placed(order_id: str) -> str:
    """The reply to a confirmed order."""
    return f"Order {order_id} is placed"


def points(amount: int) -> str:
    """A gain of points, as it is shown after an ad."""
    return f"+{amount:,} {'point' if amount == 1 else 'points'}"


def letter(user_id: int, number: int) -> str:
    """A message to the admin that only this persona writes, and only once."""
    return f"This is from Person{user_id}, with the number {number:x}."
