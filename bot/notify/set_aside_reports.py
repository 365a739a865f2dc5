"""Tells each admin once of each update that was set aside (`bot/receive/set_aside.py`)."""

import asyncio
import logging

from telegram.error import TelegramError

from bot.context import clean, translator_for
from bot.receive.set_aside import AsideUpdate, SetAside
from bot.send.client import BotClient
from bot.send.delivery_errors import note_unreachable
from bot.send.rate_limits import Priority
from bot.text.admin import admin_keyboards
from bot.text.admin.set_aside_texts import set_aside
from bot.updates import UnreadableUpdate, Update, decode_update
from i18n import Html, Translator, Translators
from ledger.clocks.timestamps import to_text
from ledger.ledger import Ledger, LedgerFailed
from ledger.state import User

log = logging.getLogger(__name__)


class SetAsideReports:
    """Sends them after a start: only then are updates set aside."""

    def __init__(
        self,
        bot: BotClient,
        ledger: Ledger,
        admin_ids: frozenset[int],
        translators: Translators,
        aside: SetAside,
    ) -> None:
        """Use `start` to begin.

        Args:
            bot: sends.
            ledger: knows people.
            admin_ids: who is told.
            translators: the texts in every language.
            aside: what was set aside, and who was told of it.
        """
        self._bot = bot
        self._ledger = ledger
        self._admin_ids = sorted(admin_ids)
        self._translators = translators
        self._aside = aside
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Send what is due; an admin who can't be reached delays no other."""
        updates = self._aside.updates(self._bot.id)
        for admin_id in self._admin_ids:
            due = [one for one in updates if admin_id not in one.told]
            if due:
                task = asyncio.create_task(self._report(admin_id, due), name="set-aside reports")
                self._tasks.append(task)

    async def stop(self) -> None:
        """Stop at once. What was not sent is sent after the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _report(self, admin_id: int, due: list[AsideUpdate]) -> None:
        for update in due:
            try:
                await self._bot.say(
                    admin_id,
                    self._text(admin_id, update),
                    admin_keyboards.set_aside(self._t_for(admin_id), update.key),
                    priority=Priority.NOTICE,
                )
                await asyncio.to_thread(self._aside.note_told, update.key, admin_id)
            except LedgerFailed:
                return
            except TelegramError as error:
                await note_unreachable(self._ledger, admin_id, error)
                log.warning("What was set aside could not be reported to %s: %s", admin_id, error)
            except OSError as error:
                log.warning("What was set aside may be reported twice: %s", error)

    def _t_for(self, admin_id: int) -> Translator:
        return translator_for(self._translators, self._ledger.state.users.get(admin_id))

    def _text(self, admin_id: int, aside: AsideUpdate) -> Html:
        update = decode_update(bytes(aside.update))
        return set_aside(
            self._t_for(admin_id),
            _person_of(update),
            update.kind,
            _text_of(update),
            sent_at=_sent_at(update),
            at=aside.at,
            deaths=aside.deaths,
        )


def _person_of(update: Update | UnreadableUpdate) -> User | None:
    """Who caused it, under the name that it says itself: they may be unknown yet."""
    if isinstance(update, UnreadableUpdate) or update.person is None:
        return None
    who = update.person
    return User(user_id=who.id, username=clean(who.username), first_name=clean(who.first_name)[:64])


def _sent_at(update: Update | UnreadableUpdate) -> str:
    """When a message was sent, as in `ledger.clocks.timestamps`; presses don't say."""
    if isinstance(update, UnreadableUpdate) or update.message is None:
        return ""
    try:
        return to_text(update.message.date * 1000)
    except (OverflowError, ValueError):
        return ""


def _text_of(update: Update | UnreadableUpdate) -> str:
    """What a person wrote, or the data of the button that they tapped."""
    if isinstance(update, UnreadableUpdate):
        return update.reason
    message = update.message or update.edited_message
    if message is not None:
        return message.text or message.caption
    return update.callback_query.data if update.callback_query is not None else ""
