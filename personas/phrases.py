"""The bot's English texts, as far as personas recognize them by a part that never varies."""

import re

from bot.text import contact_texts, user_texts
from bot.text.menu import Action, label
from bot.text.orders import shop_texts
from i18n import Translator

_ENGLISH = Translator()

WATCH_ADS = label(_ENGLISH, Action.WATCH_ADS)
BALANCE = label(_ENGLISH, Action.BALANCE)
REFER = label(_ENGLISH, Action.REFER)
BUY_VIEWS = label(_ENGLISH, Action.BUY_VIEWS)
CONTACT = label(_ENGLISH, Action.CONTACT)
"""The menu's buttons; a press sends their text."""

WELCOME = "Welcome"
HELP = "How it works"
AD_OFFERED = "It pays"
AD_PAID = "Thank you!"
AD_PAID_ALREADY = "This ad has been paid already"
INVITATION = "Your link"
NO_HISTORY = "Nothing has changed your points yet"
HISTORY = "What changed your points"
NO_ORDERS = "You have no orders yet"
ORDERS = "Your orders"
ASKS_FOR_LINK = "Send me the link"
TOO_POOR_TO_BUY = "The smallest order is"
CHECK_ORDER = "Please check your order"
POINTS_GONE = "(you have "
ORDER_PLACED_ALREADY = shop_texts.ORDERED_ALREADY.source
ORDER_GIVEN_UP = shop_texts.ORDER_GIVEN_UP.source
ASKS_FOR_MESSAGE = "Write your message now"
MESSAGE_SENT = contact_texts.MESSAGE_SENT.source
WRITTEN_ENOUGH = "You have written a lot"
CANCELLED = (user_texts.CANCELLED.source, user_texts.NOTHING_TO_CANCEL.source)
NOT_UNDERSTOOD = user_texts.NOT_UNDERSTOOD.source

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
