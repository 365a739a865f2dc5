"""What Telegram shows of the bot: its command lists, descriptions and menu button.

Telegram limits how often these are set, so each is compared first with what is set already.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.context import AD_PAGE_PATH, Context, Services, translator_for
from bot.send.client import BotClient
from bot.send.profile_calls import MenuButton, WebApp
from bot.text import menu, profile_texts
from bot.text.orders.service_texts import sells_only_views
from i18n import Translator, Translators
from orders.shop.offers import on_sale

log = logging.getLogger(__name__)

EVERYBODY = BotCommandScopeAllPrivateChats()
CODE_CHARS = 2
"""Telegram knows these texts by the two letters of ISO 639-1 only."""


async def publish(bot: BotClient, services: Services) -> None:
    """Set all that Telegram shows, wherever it differs.

    Raises:
        TelegramError: the command lists can't be set. The others are for the next start then.
    """
    languages = list(by_code(services.translators))
    await asyncio.gather(
        *(
            _set_commands(bot, profile_texts.commands(t, for_admin=False), EVERYBODY, code)
            for code, t in languages
        ),
        *(set_chat_commands(bot, services, admin_id) for admin_id in services.admin_ids),
        _set_menu_button(bot, services),
        *(_describe(bot, t, code, services) for code, t in languages),
    )


def by_code(translators: Translators) -> Iterator[tuple[str | None, Translator]]:
    """Telegram's code for each language: none for the default, which all others are shown."""
    codes = set()
    yield None, translators.default
    for t in translators:
        code = t.language.tag.partition("-")[0]
        if t is not translators.default and len(code) == CODE_CHARS and code not in codes:
            codes.add(code)
            yield code, t


async def set_chat_commands(bot: BotClient, services: Services, user_id: int) -> None:
    """Set the command list of one chat: in this person's language, with an admin's own commands.

    It can't be set before the person has started the bot; /start sets it then.

    Raises:
        TelegramError: Telegram can't be reached, or asks for a pause.
    """
    t = translator_for(services.translators, services.ledger.state.users.get(user_id))
    commands = profile_texts.commands(t, for_admin=user_id in services.admin_ids)
    try:
        await _set_commands(bot, commands, BotCommandScopeChat(user_id), None)
    except (BadRequest, Forbidden):
        return


async def refresh_chat_commands(context: Context) -> None:
    """Set the command list of the chat at hand; if that fails, the person's next /start does it."""
    try:
        await set_chat_commands(context.bot, context.services, context.user_id)
    except TelegramError as error:
        log.info("The commands of a chat are not set: %s", error)


async def _set_commands(
    bot: BotClient, commands: Mapping[str, str], scope: BotCommandScope, code: str | None
) -> None:
    wanted = [BotCommand(*row) for row in commands.items()]
    if await bot.get_my_commands(scope=scope, language_code=code) != wanted:
        await bot.set_my_commands(wanted, scope=scope, language_code=code)


async def _set_menu_button(bot: BotClient, services: Services) -> None:
    """The button beside the input opens the ad page, if there is one.

    It has one text for everybody. A button that the operator has set with @BotFather gives way to
    the page, and stays where there is none.
    """
    page_url = services.ad_page_url
    wanted = MenuButton()
    if page_url:
        text = menu.label(services.translators.default, menu.Action.WATCH_ADS)
        wanted = MenuButton("web_app", text, WebApp(page_url))
    try:
        found = await bot.get_menu_button()
        is_due = found != wanted if page_url else found.web_app.url.endswith(AD_PAGE_PATH)
        if is_due:
            await bot.set_menu_button(wanted)
    except TelegramError as error:
        log.warning("The menu button is not set (the next start tries again): %s", error)


async def _describe(bot: BotClient, t: Translator, code: str | None, services: Services) -> None:
    offers = on_sale(services.ledger.state, sells_views=services.sells_views)
    ads, only_views = services.has_ads, sells_only_views(offers)
    long = profile_texts.description(t, ads=ads, only_views=only_views)
    short = profile_texts.short_description(t, ads=ads, only_views=only_views)
    try:
        if await bot.get_my_description(language_code=code) != long:
            await bot.set_my_description(long, language_code=code)
        if await bot.get_my_short_description(language_code=code) != short:
            await bot.set_my_short_description(short, language_code=code)
    except TelegramError as error:
        log.warning("The bot's description is not set (the next start tries again): %s", error)
