"""The state of the simulated Telegram: users, chats, messages, files, and the bot's settings.

Everything that changes goes through here and is published in the feed. It decides nothing about
what is allowed: that is the Bot API's (for the bot) and the people's (for the persons).
"""

import asyncio
from collections import deque
from collections.abc import Callable
from time import time

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from sandbox.botapi.files import Files
from sandbox.botapi.updates import UpdateQueue
from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.networks.network import Networks
from sandbox.panel.orders import PanelOrder
from sandbox.panel.panel import Panel
from sandbox.provider import Provider
from sandbox.shapes import Account, Callback, Channel, Json, Kept, Message, Person

CALLS_KEPT = 20_000
FIRST_PERSON_ID = 1_000_001
FIRST_CHANNEL_ID = -1_001_000_000_001
DEFAULT_TOKEN = "7000000000:SANDBOX-token-for-the-pretend-Telegram"  # noqa: S105  opens nothing


class ApiCall(Struct, omit_defaults=True):
    """One call that the bot made, for assertions."""

    number: int
    method: str
    params: Json
    at: float
    ok: bool = True
    result: object = None
    code: int = 0
    description: str = ""


class BotSettings(Struct):
    """The profile that the bot set."""

    descriptions: dict[str, str] = field(default_factory=dict)
    """By language code; the empty one is for all others."""
    short_descriptions: dict[str, str] = field(default_factory=dict)
    """Likewise."""
    commands: dict[str, dict[str, list[Json]]] = field(default_factory=dict)
    """Scope, then language code, then the commands."""
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    """By chat; 0 is the default for all."""
    logged_out: bool = False


class Sandbox:
    """The simulated Telegram of one bot, the order providers, and the ad networks."""

    def __init__(
        self,
        *,
        token: str = DEFAULT_TOKEN,
        bot_username: str = "viewbank_demo_bot",
        bot_name: str = "Viewbank",
        clock: Callable[[], float] = time,
    ) -> None:
        self.token = token
        self.clock = clock
        self.bot = Person(int(token.partition(":")[0]), True, bot_name, username=bot_username)
        self.settings = BotSettings()
        self.accounts: dict[int, Account] = {}
        self.channels: dict[str, Channel] = {}
        self.callbacks: dict[str, Callback] = {}
        self.last_message_id = 0
        self.last_callback_id = 4_000_000_000_000_000_000
        self.last_album_id = 13_000_000_000_000_000
        self.feed = Feed()
        self.files = Files()
        self.updates = UpdateQueue(clock)
        self.faults = Faults()
        self.provider = Provider(clock)
        self.panel = Panel(clock, self._panel_changed)
        self.networks = Networks.make(clock)
        self.calls: deque[ApiCall] = deque(maxlen=CALLS_KEPT)
        self.calls_made = 0
        self.background: set[asyncio.Task[None]] = set()

    def close(self) -> None:
        """End all waiting, so that the server can stop."""
        for pulse in (
            self.feed.pulse,
            self.updates.pulse,
            self.faults.gate.pulse,
            self.provider.gate.pulse,
        ):
            pulse.close()
        self.panel.close()
        self.networks.close()

    def _panel_changed(self, order: PanelOrder) -> None:
        """The page shows the panel's orders; and what changes is saved."""
        self.feed.publish("panel", 0, {"order": order.order})

    # People

    def add_person(
        self,
        first_name: str,
        *,
        id: int | None = None,  # noqa: A002  the name that Telegram uses
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "en",
        is_admin: bool = False,
    ) -> Account:
        """Add a person; an existing one stays unchanged."""
        if id is not None and id in self.accounts:
            return self.accounts[id]
        if id is None:
            taken = [known for known in self.accounts if known < self.bot.id]
            id = max([FIRST_PERSON_ID - 1, *taken]) + 1  # noqa: A001
        person = Person(id, False, first_name, last_name, username, language_code)
        account = Account(person, is_admin=is_admin)
        self.accounts[id] = account
        self.person_changed(account)
        return account

    def add_channel(self, name: str, *, bot_is_admin: bool = True) -> Channel:
        """Add a channel by its @name, or say anew whether the bot is an administrator there."""
        key = name.removeprefix("@").lower()
        known = self.channels.get(key)
        channel = known or Channel(FIRST_CHANNEL_ID - len(self.channels), name.removeprefix("@"))
        channel.bot_is_admin = bot_is_admin
        self.channels[key] = channel
        return channel

    def person_changed(self, account: Account) -> None:
        """Notify the page of a change of a person."""
        self.feed.publish("person", account.person.id, {"person": self.shown_account(account)})

    def shown_account(self, account: Account) -> Json:
        """A person, for the page and the tests."""
        last = next(reversed(account.messages.values()), None)
        return {
            **msgspec.to_builtins(account.person),
            "is_admin": account.is_admin,
            "started": account.started,
            "blocked": account.blocked,
            "deactivated": account.deactivated,
            "last_message": self.shown(account, last) if last else None,
        }

    # Messages

    def next_message_id(self) -> int:
        """Ascending over all chats, as for a bot's private chats at Telegram."""
        self.last_message_id += 1
        return self.last_message_id

    def new_album(self) -> str:
        """A `media_group_id` that no album has yet."""
        self.last_album_id += 1
        return str(self.last_album_id)

    def keep(self, account: Account, kept: Kept) -> Kept:
        """A new message in a chat."""
        account.messages[kept.message.message_id] = kept
        self._publish("message", account, kept)
        return kept

    def edited(self, account: Account, kept: Kept) -> None:
        """A message that looks different now."""
        self._publish("edited", account, kept)

    def delete(self, account: Account, kept: Kept) -> None:
        """A message that is gone, for both."""
        del account.messages[kept.message.message_id]
        self._publish("deleted", account, kept)

    def set_reply_keyboard(self, account: Account, keyboard: Json | None) -> None:
        """What lies below the input now."""
        account.reply_keyboard = keyboard
        self.feed.publish("keyboard", account.person.id, {"reply_keyboard": keyboard})

    def full(self, account: Account, kept: Kept) -> Message:
        """A message with the one it answers, as Telegram shows it to the bot."""
        replied = account.messages.get(kept.reply_to_id)
        return replace(kept.message, reply_to_message=replied.message if replied else None)

    def shown(self, account: Account, kept: Kept) -> Json:
        """A message, for the page and the tests."""
        shown: Json = msgspec.to_builtins(self.full(account, kept))
        return {**shown, "by_bot": kept.by_bot, "revision": kept.revision}

    def commands_of(self, account: Account) -> list[Json]:
        """The commands in this chat's menu: the narrowest list that was set."""
        language = account.person.language
        for scope in (f"chat:{account.person.id}", "all_private_chats", "default"):
            lists = self.settings.commands.get(scope, {})
            for code in (language, ""):
                if lists.get(code):
                    return lists[code]
        return []

    def description_for(self, account: Account) -> str:
        """What an empty chat shows this person."""
        descriptions = self.settings.descriptions
        return descriptions.get(account.person.language) or descriptions.get("", "")

    def _publish(self, kind: str, account: Account, kept: Kept) -> None:
        kept.revision = self.feed.next_revision()
        self.feed.publish(kind, account.person.id, {"message": self.shown(account, kept)})
