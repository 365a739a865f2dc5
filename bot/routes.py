"""The bot's table of contents: every command and button, and who may use it.

The order of looking them up stands in `bot/dispatcher.py`.
"""

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from bot.context import Context
from bot.handlers import (
    account,
    ads,
    channel,
    contact,
    general,
    language,
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
    panel,
    people,
    set_aside,
    settings,
)
from bot.handlers.admin.desk import (
    add_service,
    edit_offer,
    order_acts,
    orders,
    provider,
    services,
    settle_orders,
)
from bot.handlers.buying import buy, buy_taps, confirm_order, my_orders
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
    "shop": buy_taps.tap_services,
    "choose": buy_taps.tap_service,
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
    "refund": orders.refund,
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
    "desk": orders.show_desk,
    "orders_of": orders.show_pile,
    "one_order": orders.show_order,
    **dict.fromkeys(order_acts.ACTS, settle_orders.tap),
    "later": settle_orders.put_off,
    "services": services.show_services,
    "read_services": services.read_again,
    "offer": services.show_offer,
    "switch": services.switch,
    "move": services.move,
    "edit": edit_offer.ask,
    "categories": add_service.show_categories,
    "category": add_service.show_category,
    "search_services": add_service.ask_for_words,
    "found": add_service.turn_found,
    "service": add_service.show_service,
    "add": add_service.add,
    "provider": provider.show_provider,
    "differences": provider.show_differences,
    "retry": set_aside.retry,
}

ADMIN_COMMANDS_WITH_WORDS: dict[str, Handler] = {
    "history": history.show_history,
}
ANY_MESSAGE: Handler = take_anything
UNKNOWN_COMMAND: Handler = general.unknown_command
OLD_BUTTON: Handler = general.old_button
BLOCKED_OR_NOT: Handler = start.follow_block
