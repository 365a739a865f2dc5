"""The bot's table of contents: every command and button, and who may use it.

The order of looking them up stands in `bot/dispatcher.py`.
"""

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from bot.context import Context
from bot.handlers import (
    account,
    ads,
    buy,
    buy_taps,
    channel,
    confirm_order,
    contact,
    general,
    language,
    my_orders,
    refer,
    start,
)
from bot.handlers.admin import (
    answers,
    broadcast,
    commands,
    fraud,
    freezes,
    history,
    orders,
    panel,
    people,
    set_aside,
    settings,
    waiting_orders,
)
from bot.handlers.free_text import take_anything
from bot.text.menu import Action
from bot.updates import Update

Handler: TypeAlias = Callable[[Update, Context], Coroutine[Any, Any, None]]


COMMANDS: dict[str, Handler] = {
    "start": start.start,
    "help": general.show_help,
    "cancel": general.cancel,
    "balance": account.show_balance,
    "orders": my_orders.show_orders,
    "history": account.show_history,
    "language": language.show,
}
MENU: dict[Action, Handler] = {
    Action.WATCH_ADS: channel.members_only(ads.offer),
    Action.REFER: refer.show,
    Action.BUY_VIEWS: buy.begin,
    Action.BALANCE: account.show_balance,
    Action.CONTACT: contact.begin,
}
BUTTONS: dict[str, Handler] = {
    "ad": channel.members_only(ads.watched),
    "next_ad": channel.members_only(ads.offer_another),
    "joined": channel.joined,
    "friends": refer.turn_page,
    "mine": account.leaf_history,
    "orders": my_orders.show_orders,
    "contact": contact.begin,
    "invite": refer.show_from_button,
    "video": buy_taps.tap_link,
    "services": buy_taps.tap_services,
    "service": buy_taps.tap_service,
    "end_contact": contact.end,
    "views": buy_taps.tap_quantity,
    "change": buy_taps.tap_change,
    "order": confirm_order.confirm,
    "no_order": confirm_order.give_up,
    "my_order": my_orders.show_order,
    "again": my_orders.order_again,
    "ask_for": my_orders.ask_provider,
    "ask_now": my_orders.ask_provider_now,
    "language": language.choose,
}
ADMIN_COMMANDS: dict[str, Handler] = {
    "admin": panel.show_panel,
    "adjust": commands.adjust,
    "refund": waiting_orders.refund,
    "ban": commands.ban,
    "unban": commands.unban,
    "freeze": freezes.freeze,
    "unfreeze": freezes.unfreeze,
    "set": settings.change_setting,
}
ADMIN_BUTTONS: dict[str, Handler] = {
    "panel": panel.show_panel,
    "stats": panel.show_stats,
    "settings": settings.show_settings,
    "users": people.show_users,
    "user": people.show_user,
    "search": people.ask_for_search,
    "audit": history.turn_page,
    "ban": commands.tap_ban,
    "unban": commands.tap_ban,
    "freeze": freezes.tap_freeze,
    "unfreeze": freezes.tap_unfreeze,
    "take_back": freezes.ask_to_take_back,
    "taken": freezes.take_back,
    "fraud": fraud.show_signs,
    "sign": fraud.show_sign,
    "answer": answers.begin,
    "broadcast": broadcast.begin,
    "send_all": broadcast.confirm,
    "no_broadcast": broadcast.give_up,
    "unclear": orders.show_unclear,
    "arrived": orders.settle,
    "refund": orders.settle,
    "waiting": waiting_orders.show_waiting,
    "refund_waiting": waiting_orders.ask_to_confirm,
    "refund_not": waiting_orders.ask_to_confirm,
    "refund_now": waiting_orders.confirm,
    "retry": set_aside.retry,
}

ADMIN_COMMANDS_WITH_WORDS: dict[str, Handler] = {
    "history": history.show_history,
}
ANY_MESSAGE: Handler = take_anything
UNKNOWN_COMMAND: Handler = general.unknown_command
OLD_BUTTON: Handler = general.old_button
BLOCKED_OR_NOT: Handler = start.follow_block
