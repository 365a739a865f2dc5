"""Dispatcher: finds an update's handler, and has it answered if that fails."""

from bot import routes
from bot.context import Context, Services, translator_for
from bot.error_handler import ErrorHandler
from bot.handlers import start
from bot.routes import Handler
from bot.send.client import BotClient
from bot.text.menu import actions_by_label
from bot.updates import Message, NewMessage, Press, Update
from i18n import Translator
from ledger.untrusted.typed_text import words_of


class Dispatcher:
    """Has each update handled by the first match in `bot/routes.py`'s tables.

    Attributes:
        bot: the client that handlers use.
    """

    def __init__(self, bot: BotClient, services: Services, failures: ErrorHandler) -> None:
        """Handlers get the services; what they raise goes to `failures`."""
        self.bot = bot
        self._services = services
        self._failures = failures
        self._menu = actions_by_label(services.translators)

    def translator_for(self, update: Update) -> Translator:
        """The texts for who caused an update, whom nobody may have met yet."""
        person, services = update.person, self._services
        user = services.ledger.state.users.get(person.id) if person else None
        if person is not None and user is None:
            return services.translators.choose(None, person.language_code)
        return translator_for(services.translators, user)

    def note_arrival(self, update: Update) -> None:
        """An update has come in and will be dispatched in its turn."""
        if update.message is not None:
            self._services.albums.note(update.message)

    async def dispatch(self, update: Update) -> None:
        """Handle one update, answer its person, and raise nothing."""
        # Groups and channels are not served.
        if update.chat is None or not update.chat.is_private or update.person is None:
            return
        context = Context(self.bot, self._services, update.person.id)
        if update.message is not None:
            self._services.ad_sittings.end(update.person.id)
        if update.message is not None and update.message.media_group_id:
            context.album = await self._services.albums.whole(update.message)
            if context.album is None:
                return
        try:
            handler = self._handler_for(update, context)
            # People join before they are served.
            await start.meet(update, context)
            if handler is not None:
                await handler(update, context)
        except Exception as error:  # noqa: BLE001 - whatever it was, the person is answered
            await self._failures.handle(error, update, context)

    def _handler_for(self, update: Update, context: Context) -> Handler | None:
        if update.message is not None:
            return self._of_message(update.message, context)
        if update.callback_query is not None:
            return self._of_press(update.callback_query, context)
        return routes.BLOCKED_OR_NOT if update.my_chat_member is not None else None

    def _of_message(self, message: NewMessage, context: Context) -> Handler | None:
        if not message.has_content:
            return None
        if message.looks_like_command:
            return self._of_command(message, context) or routes.UNKNOWN_COMMAND
        action = self._menu.get(message.text)
        return routes.ANY_MESSAGE if action is None else routes.MENU[action]

    def _of_command(self, message: Message, context: Context) -> Handler | None:
        """The command's handler; None if it is unknown, or addressed to another bot."""
        name, _, addressee = message.command.lower().partition("@")
        if addressee and addressee != self.bot.username.lower():
            return None
        context.args = words_of(message.text)[1:]
        if message.from_user is not None and context.is_admin(message.from_user.id):
            handler = routes.ADMIN_COMMANDS_WITH_WORDS.get(name) if context.args else None
            handler = handler or routes.ADMIN_COMMANDS.get(name)
            if handler is not None:
                return handler
        return routes.COMMANDS.get(name)

    def _of_press(self, press: Press, context: Context) -> Handler:
        name = press.data.partition(":")[0]
        handler = routes.ADMIN_BUTTONS.get(name)
        if handler is not None:
            return handler if context.is_admin(press.from_user.id) else routes.OLD_BUTTON
        return routes.BUTTONS.get(name, routes.OLD_BUTTON)
