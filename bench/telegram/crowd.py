"""Owns the checking: every update gets exactly one reply, and it is the right one.

The Bot API tells this file of every call of the bot's; whatever nobody has asked for is wrong,
but for notices, which are counted. What is wrong ends the measurement.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

import msgspec
from msgspec.structs import astuple

from bench.telegram.feed import Feed
from bench.telegram.objects import CallbackQuery, Chat, Message, typed
from bench.telegram.people import Ask, Visit

NOTICES = ("Thank you for inviting", "points for inviting you", "is accepted", "Daily digest")


class Wrong(Exception):  # noqa: N818 - what is wrong, not the raising, is the name
    """The bot did something that nobody asked for, or not what was asked."""


@dataclass(slots=True, eq=False)
class Turn:
    """One update on its way. Done when nothing is missing any more.

    Attributes:
        reply: what came, once it has come.
        missing: how many calls the bot still owes.
    """

    ask: Ask
    visit: Visit
    given_s: float
    reply: Message | None = None
    missing: int = 1


Done = Callable[[Turn, float], None]
"""Told of a turn that is done, and how many seconds it took."""


class Counts(msgspec.Struct, frozen=True):
    """How much came and went.

    Attributes:
        updates: sent to the bot.
        writes: of these, the ledger has to write something down for so many.
        calls: of the bot's that people see.
        notices: of these, nobody has asked for so many.
    """

    updates: int
    writes: int
    calls: int
    notices: int

    def since(self, before: "Counts") -> "Counts":
        """What has come since an earlier count."""
        now, then = astuple(self), astuple(before)
        return Counts(*(after - before for after, before in zip(now, then, strict=True)))


class Crowd:
    """Those who write to one bot, and what each of them waits for.

    Attributes:
        done: is told of each turn that is done; set by whoever drives.
        quiet: set while nobody waits for a reply.
        failed: set when something was wrong.
    """

    def __init__(self, feed: Feed, visits: Iterator[Visit]) -> None:
        """Nobody has written yet."""
        self.done: Done = lambda *_: None
        self.quiet = asyncio.Event()
        self.failed: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._feed = feed
        self._visits = visits
        self._resting: deque[tuple[Visit, Message | None]] = deque()
        self._by_chat: dict[int, Turn] = {}
        self._by_press: dict[str, Turn] = {}
        self._message_ids = count(1)
        self._press_ids = count(1)
        self._updates = self._writes = self._calls = self._notices = 0

    @property
    def counts(self) -> Counts:
        """Up to now."""
        return Counts(self._updates, self._writes, self._calls, self._notices)

    @property
    def waiting(self) -> int:
        """How many wait for a reply."""
        return len(self._by_chat)

    def next_message_id(self) -> int:
        """For a message of anybody's."""
        return next(self._message_ids)

    def go_on(self) -> None:
        """Somebody does the next thing: who has rested longest, or somebody new."""
        visit, last = self._resting.popleft() if self._resting else (next(self._visits), None)
        while True:
            try:
                ask = next(visit) if last is None else visit.send(last)
                break
            except StopIteration:
                visit, last = next(self._visits), None
        self._send(Turn(ask, visit, time.perf_counter()))

    def rest(self, turn: Turn) -> None:
        """Whose turn is done waits until somebody is to go on."""
        self._resting.append((turn.visit, turn.reply))

    def _send(self, turn: Turn) -> None:
        ask, who = turn.ask, turn.ask.who
        if who.id in self._by_chat:
            raise AssertionError("somebody goes on without having been answered")
        self._by_chat[who.id] = turn
        self.quiet.clear()
        self._updates += 1
        self._writes += ask.writes
        if ask.under is not None:
            turn.missing = 2
            press_id = str(next(self._press_ids))
            self._by_press[press_id] = turn
            self._feed.put(CallbackQuery(press_id, who, ask.under, ask.data))
            return
        seen, chat = typed(ask.text), Chat(who.id, who.first_name)
        self._feed.put(
            Message(self.next_message_id(), who, chat, int(time.time()), seen.text, seen.entities)
        )

    def sent(self, message: Message) -> Turn | None:
        """The bot sends a message: a reply, or a notice."""
        self._calls += 1
        turn = self._by_chat.get(message.chat.id)
        if turn and not turn.reply and not turn.ask.edits and turn.ask.fits(message.text):
            turn.reply = message
            return turn
        if not any(words in message.text for words in NOTICES):
            raise self._wrong(f"{message.text!r} was sent", turn)
        self._notices += 1
        return None

    def edited(self, message: Message) -> Turn:
        """The bot changes a message."""
        self._calls += 1
        turn = self._by_chat.get(message.chat.id)
        under = turn.ask.under if turn and turn.ask.edits and not turn.reply else None
        fits = under and under.message_id == message.message_id
        if not turn or not fits or not turn.ask.fits(message.text):
            raise self._wrong(f"a message was changed into {message.text!r}", turn)
        turn.reply = message
        return turn

    def answered(self, press_id: str, toast: str) -> Turn:
        """The bot answers a press."""
        self._calls += 1
        turn = self._by_press.pop(press_id, None)
        if turn is None or not toast.startswith(turn.ask.toast):
            raise self._wrong(f"a press was answered with {toast!r}", turn)
        return turn

    def call_ended(self, turn: Turn) -> None:
        """One of the calls that a turn needs has got its answer."""
        turn.missing -= 1
        if not turn.missing:
            del self._by_chat[turn.ask.who.id]
            self.done(turn, time.perf_counter() - turn.given_s)
            if not self._by_chat:
                self.quiet.set()

    def fail(self, error: BaseException) -> None:
        """Something was wrong: whoever drives hears of it."""
        if not self.failed.done():
            self.failed.set_exception(error)

    def _wrong(self, what: str, turn: Turn | None) -> Wrong:
        asked = turn.ask.text or turn.ask.data if turn else "nothing"
        return Wrong(f"{what}, but what was asked for was {asked!r}")
