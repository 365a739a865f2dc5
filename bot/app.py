"""Owns the bot's table of contents: every command and button, and who may use it, in order."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias, cast

from telegram import Update
from telegram.ext import (
    Application,
    ApplicationHandlerStop,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    TypeHandler,
    filters,
)

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
from bot.context import BotApplication, Context, Services
from bot.errors import Failures
from bot.outgoing import OutgoingGate
from bot.talk import take_anything
from bot.telegram_bot import TelegramBot

Handler: TypeAlias = Callable[[Update, Context], Coroutine[Any, Any, None]]

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")

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


def build_bot(
    services: Services, token: str, telegram_api_url: str, gate: OutgoingGate
) -> BotApplication:
    """The bot, ready to be initialized.

    Its updates come from `bot.intake`, which has its own order of things; so it needs no updater,
    and is never started.

    Args:
        services: what handlers are given.
        token: the bot's.
        telegram_api_url: the Bot API server, without a slash at the end.
        gate: lets out what goes to Telegram.
    """
    bot = TelegramBot(token, telegram_api_url, gate)
    # PTB asks for a class to make `bot_data` of; ours is made already.
    holder = cast("type[Services]", lambda: services)
    app = (
        Application.builder()
        .bot(bot)
        .context_types(ContextTypes(context=Context, bot_data=holder))
        .job_queue(None)
        .updater(None)
        .build()
    )
    _add_handlers(app, services)
    app.add_error_handler(Failures(gate).handle)
    return app


def _add_handlers(app: BotApplication, services: Services) -> None:
    """The order matters: of each group, the first handler that fits takes the update."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    admins = private & filters.User(services.admin_ids)

    app.add_handler(TypeHandler(Update, _meet), group=-1)
    app.add_handler(ChatMemberHandler(joining.follow_block, ChatMemberHandler.MY_CHAT_MEMBER))

    app.add_handler(CommandHandler("history", admin_panel.history, filters=admins, has_args=True))
    for name, handler in ADMIN_COMMANDS.items():
        app.add_handler(CommandHandler(name, handler, filters=admins))
    for name, handler in COMMANDS.items():
        app.add_handler(CommandHandler(name, handler, filters=private))
    for label, handler in MENU.items():
        app.add_handler(MessageHandler(private & filters.Text([label]), handler))

    for name, handler in ADMIN_BUTTONS.items():
        app.add_handler(CallbackQueryHandler(_only_admins(handler), pattern=_starts(name)))
    for name, handler in BUTTONS.items():
        app.add_handler(CallbackQueryHandler(handler, pattern=_starts(name)))
    app.add_handler(CallbackQueryHandler(replies.old_button))
    app.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, take_anything))


def _starts(name: str) -> str:
    return rf"^{name}(:|$)"


def _only_admins(handler: Handler) -> Handler:
    async def guarded(update: Update, context: Context) -> None:
        who = update.effective_user
        if who is not None and context.is_admin(who.id):
            await handler(update, context)
        else:
            await replies.old_button(update, context)

    return guarded


async def _meet(update: Update, context: Context) -> None:
    """Groups and channels are not our business; people are met before they are served."""
    chat: Any = update.effective_chat
    if chat is None or chat.type != chat.PRIVATE:
        raise ApplicationHandlerStop
    await joining.meet(update, context)
