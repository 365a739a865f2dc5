"""The menu below the input: its actions, and their labels in every language.

Telegram sends a pressed label back as a plain message, and keyboards stay in chats for years. So
the labels of all languages stand for an action, whatever language their sender reads now.
"""

from collections.abc import Iterable
from enum import Enum, auto

from bot.send.client import Keyboard
from i18n import N_, Message, Translator
from ledger.economy import Economy


class Action(Enum):
    """What a button of the menu does."""

    WATCH_ADS = auto()
    REFER = auto()
    BUY_VIEWS = auto()
    BALANCE = auto()
    CONTACT = auto()


# Translators: buttons, two in a row; at most 20 characters with the emoji. Keep the emoji.
WATCH_ADS = N_("🪧 Watch Ads")
REFER = N_("👥 Refer &amp; Earn")
BUY_VIEWS = N_("📦 Buy Views")
BALANCE = N_("💳 Balance")
CONTACT = N_("📞 Contact Admin")

LABELS: dict[Action, Message] = {
    Action.WATCH_ADS: WATCH_ADS,
    Action.REFER: REFER,
    Action.BUY_VIEWS: BUY_VIEWS,
    Action.BALANCE: BALANCE,
    Action.CONTACT: CONTACT,
}
ROWS = (
    (Action.WATCH_ADS, Action.REFER),
    (Action.BUY_VIEWS, Action.BALANCE),
    (Action.CONTACT,),
)


def label(t: Translator, action: Action) -> str:
    """What stands on an action's button, as plain text."""
    return t.message(LABELS[action]).text


def keyboard(t: Translator, economy: Economy) -> Keyboard:
    """The menu in one language, without what isn't offered now."""
    offered = set(Action) if economy.ads_per_day_max else set(Action) - {Action.WATCH_ADS}
    return {
        "keyboard": [
            [{"text": label(t, action)} for action in row if action in offered] for row in ROWS
        ],
        "resize_keyboard": True,
        "is_persistent": True,
    }


def actions_by_label(translators: Iterable[Translator]) -> dict[str, Action]:
    """The action of each label, in all languages."""
    return {label(t, action): action for t in translators for action in Action}
