"""Owns the bot's table of contents: every command and button, and who may use it.

The order of looking them up stands in `bot/dispatch.py`.
"""

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from bot import (
    account,
    admin_commands,
    admin_panel,
    ads,
    broadcasts,
    buying,
    contact,
    joining,
    order_review,
    referrals,
    replies,
    texts,
)
from bot.context import Context
from bot.talk import take_anything
from bot.updates import Update

Handler: TypeAlias = Callable[[Update, Context], Coroutine[Any, Any, None]]


COMMANDS: dict[str, Handler] = {
    "start": joining.start,
    "help": replies.show_help,
    "cancel": replies.cancel,
    "balance": account.show_balance,
    "orders": account.show_orders,
    "history": account.show_history,
}
MENU: dict[str, Handler] = {
    texts.WATCH_ADS: ads.offer,
    texts.REFER: referrals.show,
    texts.BUY_VIEWS: buying.begin,
    texts.BALANCE: account.show_balance,
    texts.CONTACT: contact.begin,
}
BUTTONS: dict[str, Handler] = {
    "ad": ads.watched,
    "next_ad": ads.offer_another,
    "mine": account.leaf_history,
    "orders": account.show_orders,
    "contact": contact.begin,
    "views": buying.tap_quantity,
    "order": buying.confirm,
    "no_order": buying.give_up,
}
ADMIN_COMMANDS: dict[str, Handler] = {
    "admin": admin_panel.show_panel,
    "adjust": admin_commands.adjust,
    "ban": admin_commands.ban,
    "unban": admin_commands.unban,
    "set": admin_commands.change_setting,
}
ADMIN_BUTTONS: dict[str, Handler] = {
    "panel": admin_panel.show_panel,
    "stats": admin_panel.show_stats,
    "settings": admin_panel.show_settings,
    "users": admin_panel.show_users,
    "user": admin_panel.show_user,
    "search": admin_panel.ask_for_search,
    "audit": admin_panel.leaf_history,
    "ban": admin_commands.tap_ban,
    "unban": admin_commands.tap_ban,
    "answer": contact.begin_answer,
    "broadcast": broadcasts.begin,
    "send_all": broadcasts.confirm,
    "no_broadcast": broadcasts.give_up,
    "unclear": order_review.show_unclear,
    "arrived": order_review.settle,
    "refund": order_review.settle,
}

ADMIN_COMMANDS_WITH_WORDS: dict[str, Handler] = {
    "history": admin_panel.history,
}
ANY_MESSAGE: Handler = take_anything
OLD_BUTTON: Handler = replies.old_button
BLOCKED_OR_NOT: Handler = joining.follow_block
