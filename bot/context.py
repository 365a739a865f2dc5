"""The context of an update: the bot's services, and each person's step in a conversation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias
from uuid import uuid4

import msgspec
from telegram.error import BadRequest, TelegramError

from bot.channel_members import ChannelMembers
from bot.conversations import Conversations
from bot.notify.ad_sittings import AdSittings
from bot.notify.ask_later import AskLater
from bot.provider_ports import Catalogue, ProviderAccount
from bot.receive.albums import Album, Albums
from bot.send.client import BotClient, Keyboard
from bot.send.delivery_errors import is_transient
from bot.text import menu
from bot.updates import Message, Press, Update
from i18n import Html, Translator, Translators
from ledger.economy import Economy, Offer, reference_offer
from ledger.fraud.signs import SessionCount, Sign
from ledger.ledger import Ledger
from ledger.state import State, User
from orders.links.results import LinkedItem
from orders.shop.offers import on_sale

AD_PAGE_PATH = "/ads"
"""Where the web server has the ad page."""


class OrderDraft(msgspec.Struct, frozen=True):
    """Buying: an order that is not placed yet. The next message answers what is missing.

    Attributes:
        service_id: the offer; None: not chosen yet.
        item: what it is ordered for; None: not said yet.
        quantity: 0: not said yet.
        comments: the texts to post, one a line, where such are ordered.
        order_id: empty before there is a question to confirm it.
        message_id: the message with the question and its buttons; 0: unknown, or it has none.
    """

    service_id: str | None = None
    item: LinkedItem | None = None
    quantity: int = 0
    comments: str = ""
    order_id: str = ""
    message_id: int = 0


class WritingToAdmin(msgspec.Struct, frozen=True):
    """The next message goes to the admins."""


class AnsweringUser(msgspec.Struct, frozen=True):
    """An admin's next message goes to this person."""

    user_id: int


class SearchingUser(msgspec.Struct, frozen=True):
    """An admin's next message is an id, or a name or a part of it."""


class WritingBroadcast(msgspec.Struct, frozen=True):
    """An admin's next message goes to everybody."""


class AskedAboutOrder(msgspec.Struct, frozen=True):
    """An admin's next message says something of an order: `what` as in `bot/routes.py`."""

    what: str
    order_id: str


class AskedAboutOffer(msgspec.Struct, frozen=True):
    """An admin's next message is a new value of an offer: of its field `what`."""

    what: str
    service_id: str


class SearchingService(msgspec.Struct, frozen=True):
    """An admin's next message is words to search the provider's services for.

    `words` are those of the last search, whose pages can still be turned.
    """

    words: str = ""


AdminStep: TypeAlias = AskedAboutOrder | AskedAboutOffer | SearchingService
"""The steps that a button on the same page ends."""

Step: TypeAlias = (
    OrderDraft | WritingToAdmin | AnsweringUser | SearchingUser | WritingBroadcast | AdminStep
)


def new_referral_code() -> str:
    """8 hex characters; the ledger refuses one that is in use."""
    return uuid4().hex[:8]


def new_order_id() -> str:
    """12 hex characters, as the predecessor's orders had."""
    return uuid4().hex[:12]


class SetAsideUpdates(Protocol):
    """Updates that the program died of, by the keys on their buttons."""

    def is_set_aside(self, key: str) -> bool:
        """Whether there is one with this key."""

    async def try_again(self, key: str) -> None:
        """Have it handled once more."""


@dataclass(slots=True)
class Services:
    """What handlers work with, passed in by `viewbank`.

    Attributes:
        ad_url: what the ad button opens; empty: there are no ads.
        go_url: our own address that records the opening and leads there, in front of the session;
            empty: we have none.
        ad_page_url: our page inside Telegram that shows ads, which their networks confirm; empty:
            there is none.
        ad_key: signs ad sessions.
        translators: the texts in every language.
        steps: the step of each person who is in the middle of a conversation.
        ads_thanked_for: the message in which each person was last thanked for an ad.
        expect_order: called when an order is likely soon; returns at once.
        set_aside: what was set aside; None where nothing ever is, as in a test.
        albums: those whose parts come in now.
        support: the conversations with the admins.
        ad_sittings: who is watching ads.
        channel_members: who is in the required channel.
        fraud_signs: what the last search for signs of fraud has found.
        ad_sessions: each person's ads at the ad networks, as far as they are counted.
        ad_addresses: what stands for each person's network address, as far as it is known; the
            address itself is not known here.
        sells_views: whether views are sold as long as the admin has made no offers.
        has_services: whether the provider has services that can be offered.
        ask_later: the orders of which an admin wants to hear again in some hours.
        catalogue: the provider's services; None if it has no list of them.
        provider_account: our account at the provider; None if it doesn't report that.
    """

    ledger: Ledger
    admin_ids: frozenset[int]
    ad_url: str
    ad_key: bytes
    go_url: str = ""
    ad_page_url: str = ""
    translators: Translators = field(default_factory=Translators)
    new_code: Callable[[], str] = new_referral_code
    new_order_id: Callable[[], str] = new_order_id
    steps: dict[int, Step] = field(default_factory=dict)
    ads_thanked_for: dict[int, int] = field(default_factory=dict)
    expect_order: Callable[[], None] = lambda: None
    set_aside: SetAsideUpdates | None = None
    albums: Albums = field(default_factory=Albums)
    support: Conversations = field(default_factory=Conversations)
    channel_members: ChannelMembers = field(default_factory=ChannelMembers)
    fraud_signs: list[Sign] = field(default_factory=list)
    ad_sessions: Callable[[], Mapping[int, SessionCount]] = dict
    ad_addresses: Callable[[], Mapping[int, str]] = dict
    ad_sittings: AdSittings = field(default_factory=AdSittings)
    sells_views: bool = True
    has_services: bool = True
    ask_later: AskLater = field(default_factory=AskLater)
    catalogue: Catalogue | None = None
    provider_account: ProviderAccount | None = None

    @property
    def has_ads(self) -> bool:
        """Whether there are any ads, behind a link or on a page."""
        return bool(self.ad_url or self.ad_page_url)


_HARMLESS = ("not modified", "not found", "can't be edited")
"""Errors of an edit that can be ignored."""


class Context:
    """One update's context: what its handler works with.

    Attributes:
        bot: calls Telegram.
        services: the bot's services.
        args: the words behind a command.
        album: the album that the update's message begins, if any.
        joined: whether the person joined with this update.
    """

    __slots__ = ("album", "args", "bot", "joined", "services", "user_id")

    def __init__(self, bot: BotClient, services: Services, user_id: int) -> None:
        """For an update that this person caused."""
        self.bot = bot
        self.services = services
        self.user_id = user_id
        self.args: list[str] = []
        self.album: Album | None = None
        self.joined = False

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        return self.services.ledger

    @property
    def state(self) -> State:
        """The current state, which may include events that are not durable yet.

        Messages that are built from it wait at the gate until they are (`bot/send/gate.py`).
        """
        return self.services.ledger.state

    @property
    def economy(self) -> Economy:
        """The settings as they are in force here: without an ad page there are no ads."""
        economy = self.state.economy
        if self.services.has_ads:
            return economy
        return msgspec.structs.replace(economy, ads_per_day_max=0)

    @property
    def on_sale(self) -> list[Offer]:
        """What can be bought now."""
        services = self.services
        return on_sale(
            self.state, sells_views=services.sells_views, has_services=services.has_services
        )

    @property
    def reference_offer(self) -> Offer | None:
        """The offer in which people are told what their balance is worth, if there is any."""
        return reference_offer(self.on_sale)

    @property
    def menu(self) -> Keyboard:
        """The menu below the input, in the language of the person who caused the update."""
        return menu.keyboard(self.t, self.economy)

    @property
    def t(self) -> Translator:
        """The texts in the language of the person who caused the update."""
        return self.t_for(self.user_id)

    def t_for(self, user_id: int) -> Translator:
        """The texts in this person's language: their choice, else their app's, else English."""
        return translator_for(self.services.translators, self.state.users.get(user_id))

    def is_admin(self, user_id: int) -> bool:
        """Whether this person is one of the admins."""
        return user_id in self.services.admin_ids

    def step_of(self, user_id: int) -> Step | None:
        """The person's step in a conversation, if any."""
        return self.services.steps.get(user_id)

    def go_to(self, user_id: int, step: Step | None) -> None:
        """Set the person's step in a conversation; None ends it."""
        if step is None:
            self.services.steps.pop(user_id, None)
        else:
            self.services.steps[user_id] = step

    async def reply(self, update: Update, text: str, keyboard: Keyboard | None = None) -> None:
        """Send a message to the person who caused the update."""
        await self.bot.say(sender_id(update), text, keyboard)

    async def edit(self, press: Press, text: str, keyboard: Keyboard | None = None) -> None:
        """Edit the message of the pressed button; ignore it if that is unchanged or gone.

        If Telegram no longer shows the message to the bot, the text is sent as a new one.
        """
        message = message_under(press)
        if message is None:
            await self.bot.say(press.from_user.id, text, keyboard)
            return
        await self.edit_message(message.chat.id, message.message_id, text, keyboard)

    async def edit_message(
        self, chat_id: int, message_id: int, text: str, keyboard: Keyboard | None = None
    ) -> None:
        """Edit a message of the bot; ignore it if that is unchanged or gone."""
        try:
            await self.bot.edit(chat_id, message_id, text, keyboard)
        except BadRequest as error:
            # The library capitalises what Telegram says, so compare without case.
            words = str(error).lower()
            if not any(known in words for known in _HARMLESS):
                raise

    async def delete_message(self, chat_id: int, message_id: int, otherwise: str) -> None:
        """Delete a message of the bot; where Telegram refuses that, replace its text and buttons.

        Raises:
            TelegramError: neither can be done.
        """
        try:
            await self.bot.delete(chat_id, message_id)
        except TelegramError as error:
            if "not found" not in str(error).lower():
                await self.edit_message(chat_id, message_id, otherwise)

    async def answer(self, press: Press, text: str = "", *, alert: bool = False) -> None:
        """Answer a press. If it is too late for that, the text is sent as a message.

        It is too late after some minutes, and when the last process was killed after answering. An
        answer that the network loses is not sent again: it only ends the button's progress bar.
        """
        plain = text.text if isinstance(text, Html) else text
        try:
            await self.bot.answer_callback_query(press.id, plain, alert=alert)
        except TelegramError as error:
            if "query is too old" in str(error).lower():
                if text:
                    await self.bot.say(press.from_user.id, text)
            elif not is_transient(error):
                raise


def translator_for(translators: Translators, user: User | None) -> Translator:
    """The texts in the language of a person, who may be unknown."""
    if user is None:
        return translators.default
    return translators.choose(user.language_choice, user.language)


def sender_id(update: Update) -> int:
    """Who caused the update. Handlers are only given updates that a person caused."""
    assert update.person is not None  # noqa: S101 - bot/dispatcher.py ensures it
    return update.person.id


def message_of(update: Update) -> Message:
    """The message of a message update."""
    assert update.message is not None  # noqa: S101 - likewise
    return update.message


def press_of(update: Update) -> tuple[Press, list[str]]:
    """The press of a button, and the parts of the button's data."""
    assert update.callback_query is not None  # noqa: S101 - likewise
    return update.callback_query, update.callback_query.data.split(":")


def message_under(press: Press) -> Message | None:
    """The message of the pressed button, unless Telegram no longer shows it to the bot."""
    return press.message if press.message is not None and press.message.date else None


def clean(text: str) -> str:
    """What people typed, as text that any file can hold: half surrogate pairs are replaced."""
    return text.encode("utf-8", "replace").decode()
