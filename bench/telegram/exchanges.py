"""Checks that every update gets exactly one reply, and the right one.

The Bot API reports every call of the bot's here. Whatever nobody has asked for is wrong, except for
notifications, which are counted. Anything wrong ends the measurement.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import cast

import msgspec
from msgspec.structs import astuple

from bench.telegram.objects import CallbackQuery, Chat, Message, typed
from bench.telegram.population import Visitor
from bench.telegram.update_queue import UpdateQueue
from personas.actions import Action, Reply

NOTIFICATIONS = (
    "Thank you for inviting",
    "points for inviting you",
    "joined with your link",
    "is accepted",
    "Daily digest",
)


class WrongReply(Exception):  # noqa: N818 - what is wrong, not the raising, is the name
    """The bot did something that nobody asked for, or not what was asked."""


@dataclass(slots=True, eq=False)
class Exchange:
    """One update, until the bot has done everything that it asks for.

    Attributes:
        sent_s: when the update was put into the queue.
        reply: what came, once it has come.
        missing: how many calls the bot still owes.
    """

    action: Action
    visitor: Visitor
    sent_s: float
    reply: Message | None = None
    missing: int = 1

    def awaits_message(self, text: str) -> bool:
        """Whether a new message with this text is its reply."""
        return self.reply is None and not self.action.edits and self.action.fits(text)

    def awaits_edit(self, message: Message) -> bool:
        """Whether this edited message is its reply."""
        under = self.action.under if self.action.edits and self.reply is None else None
        same = under is not None and under.message_id == message.message_id
        return same and self.action.fits(message.text)


Done = Callable[[Exchange, float], None]
"""Called with an exchange that is complete, and how many seconds it took."""


class Counts(msgspec.Struct, frozen=True):
    """How much came and went.

    Attributes:
        updates: sent to the bot.
        writes: of these, for how many the ledger must record something.
        calls: of the bot's that people see.
        notifications: of these, how many nobody has asked for.
    """

    updates: int
    writes: int
    calls: int
    notifications: int

    def since(self, before: "Counts") -> "Counts":
        """What has come since an earlier count."""
        now, then = astuple(self), astuple(before)
        return Counts(*(after - before for after, before in zip(now, then, strict=True)))


class Exchanges:
    """Everybody who writes to one bot, and what each of them waits for.

    Attributes:
        done: called when an exchange is complete; set by the load generator.
        quiet: set while nobody waits for a reply.
        failed: gets the error when something is wrong.
    """

    def __init__(self, updates: UpdateQueue, visitors: Iterator[Visitor]) -> None:
        """Nobody has written yet."""
        self.done: Done = lambda *_: None
        self.quiet = asyncio.Event()
        self.failed: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._queue = updates
        self._visitors = visitors
        self._resting: deque[tuple[Visitor, Message | None]] = deque()
        self._by_chat: dict[int, Exchange] = {}
        self._by_press: dict[str, Exchange] = {}
        self._message_ids = count(1)
        self._press_ids = count(1)
        self._updates = self._writes = self._calls = self._notifications = 0

    @property
    def counts(self) -> Counts:
        """Up to now."""
        return Counts(self._updates, self._writes, self._calls, self._notifications)

    @property
    def waiting(self) -> int:
        """How many wait for a reply."""
        return len(self._by_chat)

    def next_message_id(self) -> int:
        """For a message of anybody's."""
        return next(self._message_ids)

    def begin_next(self) -> None:
        """Let somebody act: who has rested longest, or somebody new."""
        visitor, last = self._resting.popleft() if self._resting else (next(self._visitors), None)
        while True:
            try:
                visit = visitor.visit
                action = next(visit) if last is None else visit.send(Reply(last.text, last))
                break
            except StopIteration:
                visitor, last = next(self._visitors), None
        self._send(Exchange(action, visitor, time.perf_counter()))

    def rest(self, exchange: Exchange) -> None:
        """Let somebody whose exchange is complete wait for their next turn."""
        self._resting.append((exchange.visitor, exchange.reply))

    def _send(self, exchange: Exchange) -> None:
        action, who = exchange.action, exchange.visitor.who
        if who.id in self._by_chat:
            raise AssertionError("somebody acts without having got a reply")
        self._by_chat[who.id] = exchange
        self.quiet.clear()
        self._updates += 1
        self._writes += action.writes
        if action.under is not None:
            exchange.missing = 2
            press_id = str(next(self._press_ids))
            self._by_press[press_id] = exchange
            # It came from here as the reply to an earlier action.
            under = cast("Message", action.under)
            self._queue.put(CallbackQuery(press_id, who, under, action.data))
            return
        seen, chat = typed(action.text), Chat(who.id, who.first_name)
        self._queue.put(
            Message(self.next_message_id(), who, chat, int(time.time()), seen.text, seen.entities)
        )

    def sent(self, message: Message) -> Exchange | None:
        """The bot sends a message: a reply, or a notification."""
        self._calls += 1
        exchange = self._by_chat.get(message.chat.id)
        if exchange and exchange.awaits_message(message.text):
            exchange.reply = message
            return exchange
        if not any(words in message.text for words in NOTIFICATIONS):
            raise self._wrong(f"{message.text!r} was sent", exchange)
        self._notifications += 1
        return None

    def edited(self, message: Message) -> Exchange | None:
        """The bot edits a message: the reply."""
        self._calls += 1
        exchange = self._by_chat.get(message.chat.id)
        if exchange is None or not exchange.awaits_edit(message):
            raise self._wrong(f"a message was edited to {message.text!r}", exchange)
        exchange.reply = message
        return exchange

    def deleted(self) -> None:
        """The bot deletes a question that was answered by something typed."""
        self._calls += 1

    def answered(self, press_id: str, toast: str) -> Exchange:
        """The bot gives a press its short answer."""
        self._calls += 1
        exchange = self._by_press.pop(press_id, None)
        if exchange is None or not exchange.action.fits_toast(toast):
            raise self._wrong(f"a press was answered with {toast!r}", exchange)
        return exchange

    def call_ended(self, exchange: Exchange) -> None:
        """One of the calls that an exchange needs has got its response."""
        exchange.missing -= 1
        if not exchange.missing:
            del self._by_chat[exchange.visitor.who.id]
            self.done(exchange, time.perf_counter() - exchange.sent_s)
            if not self._by_chat:
                self.quiet.set()

    def fail(self, error: BaseException) -> None:
        """End the measurement."""
        if not self.failed.done():
            self.failed.set_exception(error)

    def _wrong(self, what: str, exchange: Exchange | None) -> WrongReply:
        asked = exchange.action.text or exchange.action.data if exchange else "nothing"
        return WrongReply(f"{what}, but what was asked for was {asked!r}")
